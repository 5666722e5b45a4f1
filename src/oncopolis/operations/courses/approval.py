"""`Approval`: whether the centre has approved the server for care; until then it is in shadow mode."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Self

from oncopolis.operations.elements import PREFIX
from oncopolis.operations.floor import Floor
from oncopolis.operations.views import Claim, Record

APPROVAL: Final = "oncopolis-approval"
"""Id of the one record."""
SYSTEM: Final = PREFIX + "mode"
APPROVED: Final = "approved"


@dataclass(frozen=True, slots=True)
class Approval:
    """The approval, whose record others write."""

    TYPE: ClassVar[str] = "Basic"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("code", (APPROVED,))

    id: str
    is_open: bool
    record: Mapping[str, Any] = field(compare=False)

    def list_claims(self) -> tuple[Claim, ...]:
        """Nothing."""
        return ()

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether it is the one."""
        return bool(record["id"] == APPROVAL)

    def to_record(self) -> Record:
        """Return the record as it was read."""
        return dict(self.record)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read the record."""
        coding = record.get("code", {}).get("coding", [{}])[0]
        return cls(record["id"], coding == {"system": SYSTEM, "code": APPROVED}, record)


def is_approved(floor: Floor) -> bool:
    """Whether the centre uses the server for care."""
    return floor.find(Approval, APPROVAL) is not None
