"""Who asks, as everything that decides about access needs to know them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from oncopolis.record.types import Who

_SETS = ("roles", "clinics", "patients")


@dataclass(frozen=True, slots=True)
class Caller:
    """A person or program whose identity was proved, and what they ask for this time.

    Parameters
    ----------
    who
        As the audit names them.
    roles
        Codes of the access policy.
    clinics
        Ids of the Organization records they work in.
    practitioner
        Id of their Practitioner record, None for others.
    patients
        Ids of the Patient records they are, or act for by consent.
    scopes
        SMART v2 scopes of the program they use; None if no program narrows what they may do.
    purpose
        Purpose of use (HL7 v3 PurposeOfUse), such as ``TREAT``; ``ETREAT`` breaks the glass.
    reason
        Why the glass is broken.
    client
        Id of the program through which a person acts; empty where they are in a browser of ours.
    """

    who: Who
    roles: frozenset[str] = frozenset()
    clinics: frozenset[str] = frozenset()
    practitioner: str | None = None
    patients: frozenset[str] = frozenset()
    scopes: tuple[str, ...] | None = None
    purpose: str = ""
    reason: str = ""
    client: str = ""

    def to_json(self) -> dict[str, Any]:
        """Values for what is done later in their name."""
        return asdict(self) | {name: sorted(getattr(self, name)) for name in _SETS}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """What `to_json` gave."""
        scopes = values["scopes"]
        return cls(
            **{
                **values,
                **{name: frozenset(values[name]) for name in _SETS},
                "who": Who(**values["who"]),
                "scopes": None if scopes is None else tuple(scopes),
            }
        )
