"""Rows of what holds specimens, and of what is done with it. Times are milliseconds since 1970 (UTC)."""

from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

Inventory: TypeAlias = Literal["research", "diagnostic", "transplant"]
"""What a place, and what is in it, is for. They are never mixed."""


@dataclass(frozen=True, slots=True)
class Container:
    """Anything that holds specimens or other containers: site, room, tank, rack, box, cane.

    Parameters
    ----------
    name
        What stands on it, alone in the biobank.
    kind
        ``site``, ``room``, ``tank``, or what people call it.
    parent, slot
        Where it is: the place in its parent counts from 0. None for what stands nowhere (a site).
    layout
        How its places are named: ``grid`` (A1, B7) or ``list`` (1, 2).
    n_rows, n_columns
        Its places.
    holds
        ``containers`` or ``specimens``.
    temperature_c
        What it is kept at, degrees Celsius; None: as what it is in.
    is_reserve
        1 for a tank that is kept empty for the contents of one that fails.
    state
        ``used``, or ``closed`` for new content.
    x_m, y_m
        Where it stands in its room, metres.
    """

    TABLE: ClassVar[str] = "bank_container"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: int
    name: str
    kind: str
    parent: int | None
    slot: int | None
    layout: str
    n_rows: int
    n_columns: int
    holds: str
    inventory: Inventory = "research"
    temperature_c: float | None = None
    is_reserve: int = 0
    state: str = "used"
    x_m: float | None = None
    y_m: float | None = None

    @property
    def n_places(self) -> int:
        """How much fits into it."""
        return self.n_rows * self.n_columns


@dataclass(frozen=True, slots=True)
class Hold:
    """A position that nothing else may take: ``reserved``, ``blocked``, or ``free`` again."""

    TABLE: ClassVar[str] = "bank_hold"
    KEY: ClassVar[tuple[str, ...]] = ("box", "place")

    box: int
    place: int
    kind: str
    reason: str
    until_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Evacuation:
    """A tank whose contents have to go elsewhere: ``begun`` or ``done``."""

    TABLE: ClassVar[str] = "bank_evacuation"
    KEY: ClassVar[tuple[str, ...]] = ("id",)

    id: int
    tank: int
    state: str
    made_ms: int
    done_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to carry in an evacuation: a container or a specimen, to a place of its new parent."""

    TABLE: ClassVar[str] = "bank_step"
    KEY: ClassVar[tuple[str, ...]] = ("evacuation", "n")

    evacuation: int
    n: int
    container: int | None
    specimen: int | None
    parent: int
    slot: int
    done_ms: int | None = None
