"""`Post`: a role of the definition that a person holds; who decides a branch must hold the role it names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from oncopolis.operations.elements import (
    add_rest,
    get_code,
    get_referred,
    make_concept,
    make_reference,
    take_rest,
)
from oncopolis.operations.views import Claim, Record

_OWN = ("active", "practitioner", "code", "location")


@dataclass(frozen=True, slots=True)
class Post:
    """Somebody in a role; its record is a PractitionerRole with a practitioner.

    Parameters
    ----------
    places
        Ids of the Locations where they work; everywhere if there are none.
    """

    TYPE: ClassVar[str] = "PractitionerRole"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("active", ("true",))

    id: str
    practitioner: str
    role: str
    is_open: bool = True
    places: tuple[str, ...] = ()
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def list_claims(self) -> tuple[Claim, ...]:
        """Nothing."""
        return ()

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether somebody holds it, and it is a role of the definition."""
        return bool(
            get_referred(record.get("practitioner"), "Practitioner")
            and get_code(record.get("code", ()), "resource")
        )

    def to_record(self) -> Record:
        """Return the PractitionerRole."""
        record: Record = {
            "resourceType": self.TYPE,
            "id": self.id,
            "active": self.is_open,
            "practitioner": make_reference("Practitioner", self.practitioner),
            "code": [make_concept("resource", self.role)],
        }
        if self.places:
            record["location"] = [make_reference("Location", place) for place in self.places]
        return add_rest(record, self.rest)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read a PractitionerRole, whoever wrote it."""
        return cls(
            record["id"],
            get_referred(record["practitioner"], "Practitioner"),
            get_code(record["code"], "resource"),
            record.get("active", True),
            tuple(id_ for one in record.get("location", ()) if (id_ := get_referred(one, "Location"))),
            take_rest(record, _OWN),
        )
