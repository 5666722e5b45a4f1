"""`Thing`: something with a tag that moves about the campus. Its record is a Device."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, Self, TypeAlias, cast, get_args

from oncopolis.operations.elements import (
    add_extensions,
    add_rest,
    extend,
    find_code,
    find_extended,
    make_concept,
    take_rest,
    to_instant,
    to_ms,
)
from oncopolis.operations.views import Claim, Record

Kind: TypeAlias = Literal["infusion_pump", "syringe_pump", "monitor", "ultrasound", "wheelchair", "bed"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
_OWN: Final = ("status", "type")


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing, named by its tag.

    Parameters
    ----------
    area
        Department in which it was seen last.
    seen_ms
        When, milliseconds since 1970 (UTC).
    in_use
        Whether somebody has said that it is.
    """

    TYPE: ClassVar[str] = "Device"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("status", ("active",))

    id: str
    kind: Kind
    area: str
    seen_ms: int
    in_use: bool = False
    rest: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_open(self) -> bool:
        """Always: what is there no more is not active, and not read."""
        return True

    def list_claims(self) -> tuple[Claim, ...]:
        """Nothing."""
        return ()

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        """Whether a Device is a thing with a tag."""
        return find_code(record.get("type", {}), "thing") in KINDS and bool(find_extended(record, "seen"))

    def to_record(self) -> Record:
        """Return the Device."""
        record: Record = {
            "resourceType": self.TYPE,
            "id": self.id,
            "status": "active",
            "type": make_concept("thing", self.kind),
        }
        made = extend(
            area__Code=self.area, seen__Instant=to_instant(self.seen_ms), in_use__Boolean=self.in_use
        )
        return add_rest(add_extensions(record, made), self.rest)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read a Device that is a thing with a tag."""
        return cls(
            id=record["id"],
            kind=cast("Kind", find_code(record["type"], "thing")),
            area=find_extended(record, "area", ""),
            seen_ms=to_ms(find_extended(record, "seen")),
            in_use=find_extended(record, "in-use", otherwise=False),
            rest=take_rest(record, _OWN),
        )
