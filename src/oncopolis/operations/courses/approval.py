"""`Approval`: whether the centre has approved the server for care; until then it is in shadow mode."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from oncopolis.operations.floor import Floor
from oncopolis.operations.views import Claim, Record
from oncopolis.record.approval import APPROVED, ID, TYPE, is_approval


@dataclass(frozen=True, slots=True)
class Approval:
    """The approval, whose record others write."""

    TYPE: ClassVar[str] = TYPE
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
        return bool(record["id"] == ID)

    def to_record(self) -> Record:
        """Return the record as it was read."""
        return dict(self.record)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read the record."""
        return cls(record["id"], is_approval(record), record)


def is_approved(floor: Floor) -> bool:
    """Whether the centre uses the server for care."""
    return floor.find(Approval, ID) is not None
