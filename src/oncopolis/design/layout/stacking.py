"""Which storeys a department is on, and in which order departments stand along the street of a storey."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from oncopolis.design.layout.blocks import Block, draw_block
from oncopolis.design.layout.suites import Suite, list_suites
from oncopolis.design.required import Block as Building
from oncopolis.design.required import Programme


@dataclass(frozen=True)
class Piece:
    """What of a department is on one storey, drawn but not yet placed."""

    department: str
    block: Block
    gross_m2: float


@dataclass(frozen=True)
class Tower:
    """A building with the pieces of its departments."""

    building: Building
    pieces: Mapping[str, tuple[Piece, ...]]
    """Department -> its pieces, one for each storey it takes, from below."""
    fixed: Mapping[str, int]
    """Department -> lowest storey, where the definition or the weight of bunkers decides."""


Floor = tuple[int, tuple[str, ...]]
"""Storey and the departments on it in the order along the street."""


@dataclass(frozen=True)
class Stack:
    """A way to stack a tower: storeys of departments, and their order along the streets."""

    start: Mapping[str, int]
    """Department -> lowest storey."""
    rank: Mapping[str, int]
    """Department -> place in the order of the building."""

    def list_floors(self, tower: Tower) -> list[Floor]:
        """Return the storeys from below with the departments on each."""
        floors: dict[int, list[str]] = {}
        for name in sorted(self.start, key=lambda name: self.rank[name]):
            for i in range(len(tower.pieces[name])):
                floors.setdefault(self.start[name] + i, []).append(name)
        return [(level, tuple(floors[level])) for level in sorted(floors)]

    def find_piece(self, tower: Tower, department: str, level: int) -> Piece:
        """Return the piece of a department on a storey."""
        return tower.pieces[department][level - self.start[department]]


def raise_tower(programme: Programme, building: Building) -> Tower:
    """Draw the pieces of a building's departments."""
    plate = programme.get("layout.plate")
    known = {part.id: part for part in programme.departments}
    pieces = {}
    for name in building.departments:
        suites = list_suites(programme, name)
        wanted = ceil(known[name].gross_m2 / plate)
        n = min(wanted, count_free(building, name, wanted), len(suites))
        pieces[name] = tuple(
            Piece(name, draw_block(programme, name, share), known[name].gross_m2 / n)
            for share in share_suites(suites, n)
        )
    heavy = {
        room.department: 0
        for room in programme.rooms
        if room.walls is not None and room.department in building.departments
    }
    return Tower(building, pieces, {**heavy, **building.storeys})


def count_free(building: Building, department: str, wanted: int) -> int:
    """Return how many storeys a department may take before the next one that the definition places."""
    start = building.storeys.get(department)
    if start is None:
        return wanted
    above = [storey for storey in building.storeys.values() if storey > start]
    return min(above) - start if above else wanted


def share_suites(suites: Sequence[Suite], n: int) -> list[list[Suite]]:
    """Spread suites over storeys so that each has its share of every kind."""
    shares: list[list[Suite]] = [[] for _ in range(n)]
    by_room: dict[str, list[Suite]] = {}
    for suite in suites:
        by_room.setdefault(suite.main.id, []).append(suite)
    offset = 0
    for group in by_room.values():
        for i, suite in enumerate(group):
            shares[(offset + i * n // max(len(group), n)) % n].append(suite)
        offset += len(group) if len(group) < n else 0
    assert all(shares)
    return shares


def stack_first(tower: Tower, plate: float) -> Stack:
    """Return a first stacking: placed departments where they belong, then the others from the ground upwards.

    Those of one storey come first, so that the many storeys of the wards stand on top.
    """
    start: dict[str, int] = {name: level for name, level in tower.fixed.items() if name in tower.pieces}
    free = [name for name in tower.pieces if name not in start]
    for name in sorted(free, key=lambda name: (len(tower.pieces[name]), -tower.pieces[name][0].gross_m2)):
        level = 0
        while not fits(tower, start, name, level, plate):
            level += 1
        start[name] = level
    return Stack(start, {name: i for i, name in enumerate(tower.pieces)})


def fits(tower: Tower, start: Mapping[str, int], name: str, level: int, plate: float) -> bool:
    """Whether a department may start on a storey without overfilling any."""
    pieces = tower.pieces[name]
    return all(
        not (load := sum_gross(tower, start, name, level + i)) or load + piece.gross_m2 <= plate
        for i, piece in enumerate(pieces)
    )


def sum_gross(tower: Tower, start: Mapping[str, int], without: str, level: int) -> float:
    """Return the gross area on a storey, one department left out, m2."""
    return sum(
        tower.pieces[name][level - first].gross_m2
        for name, first in start.items()
        if name != without and 0 <= level - first < len(tower.pieces[name])
    )


def list_changes(tower: Tower, stack: Stack, plate: float) -> Iterator[Stack]:
    """Yield stackings that differ in one swap of two departments, or one move to another storey."""
    names = list(tower.pieces)
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            yield Stack(stack.start, {**stack.rank, one: stack.rank[other], other: stack.rank[one]})
    levels = sorted({level for level, _ in stack.list_floors(tower)})
    for name in names:
        for level in levels if name not in tower.fixed else ():
            moved = {**stack.start, name: level}
            is_new = level != stack.start[name]
            if is_new and fits(tower, stack.start, name, level, plate) and is_whole(tower, moved):
                yield Stack(moved, stack.rank)


def is_whole(tower: Tower, start: Mapping[str, int]) -> bool:
    """Whether no storey from the ground to the highest one is empty."""
    taken = {first + i for name, first in start.items() for i in range(len(tower.pieces[name]))}
    free_from_ground = {level for level in taken if level >= 0}
    return free_from_ground == set(range(len(free_from_ground))) or bool(tower.building.storeys)
