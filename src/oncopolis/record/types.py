"""What the rooms hand each other about records: a version, who acted, and what they did."""

from dataclasses import dataclass
from enum import Enum
from typing import Literal, TypeAlias

Method: TypeAlias = Literal["create", "update", "delete", "patch"]
Action: TypeAlias = Literal["C", "R", "U", "D", "E"]


class Any_(Enum):  # noqa: N801 - the type of one value
    """The type of `ANY`."""

    ANY = "any"


ANY = Any_.ANY
"""Whatever version there is, or none."""

Expected: TypeAlias = Any_ | int | None
"""What a writer expects to find: `ANY`, a version number, or None for "must not exist"."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one record, as it is stored.

    Parameters
    ----------
    type, id
        The resource type and the logical id.
    version
        1, 2, 3, ... without gaps.
    at_ms
        When it was written, milliseconds since 1970 (UTC).
    method
        What made it.
    body
        Canonical text, with ``id`` and ``meta`` right after ``resourceType``; None for a deletion, and for a
        record whose patient's key was destroyed.
    seq
        Place in the history of the whole store; later writes of one writer have larger ones.
    erased
        Whether the body is gone with its patient's key.
    patient
        Id of the patient the record is about now, None if it is about none.
    """

    type: str
    id: str
    version: int
    at_ms: int
    method: Method
    body: bytes | None
    seq: int = 0
    erased: bool = False
    patient: str | None = None


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts: a person, a machine or the house itself."""

    kind: str
    id: str
    name: str = ""

    @property
    def reference(self) -> str:
        """``Type/id``, as references, custody and signatures name them."""
        return f"{self.kind}/{self.id}"


@dataclass(frozen=True, slots=True)
class Act:
    """What is done, by whom, in which request and for which purpose of use.

    Parameters
    ----------
    what
        Name of the interaction in FHIR, such as ``read``.
    purpose
        Code of HL7 v3 PurposeOfUse.
    query
        What was asked: a type with the names of parameters. Never their values, which would name patients
        in the audit after they were erased from the record.
    outcome
        ``0`` for done, ``4`` for refused, as AuditEvent counts.
    reason
        Why the glass was broken, or why it was refused.
    address
        Network address it came from.
    client
        Id of the program through which a person acts.
    """

    action: Action
    what: str
    who: Who
    request_id: str
    purpose: str = ""
    query: str = ""
    outcome: Literal["0", "4"] = "0"
    reason: str = ""
    address: str = ""
    client: str = ""
