"""Whether heavy machines get from where they are unloaded to their rooms."""

from collections.abc import Iterator
from dataclasses import dataclass

from oncopolis.design.model import Door, Space
from oncopolis.design.passages import Path, Step, Widest, get_width
from oncopolis.design.required import Item, Way
from oncopolis.design.rules.case import PASSED, Case, Outcome
from oncopolis.design.rules.checks.clearing import is_open
from oncopolis.design.rules.checks.sheet import LENGTH_TOLERANCE_M
from oncopolis.design.rules.checks.ways import compute_width, judge_width
from oncopolis.design.rules.checks.wording import to_m
from oncopolis.design.rules.pack import Rule

_CENTIMETRES = 2
"""Digits of a width that is searched for."""


def check_equipment_way(case: Case, _: Rule) -> Iterator[Outcome]:
    """Some way to its room lets a machine pass: doors wide and high enough, corridors too."""
    assert case.programme is not None
    known: dict[str | None, Widest] = {}
    for item in case.programme.equipment:
        if item.way is not None and item.room:
            yield from _judge_item(case, item, item.way, known)


def _judge_item(case: Case, item: Item, way: Way, known: dict[str | None, Widest]) -> Iterator[Outcome]:
    haul = _Haul(case, way)
    high, wide, door = (to_m(one.value) for one in (way.height_m, way.width_m, way.door_m))
    expected = f"{item.labels['en']}: {high} high all the way, doors of {door}, corridors of {wide}"
    docks = case.matches.by_room.get(way.start, ())
    for name, starts in ((way.start, docks), (None, case.entered)):
        if name not in known:
            known[name] = case.passages.compute_widest(starts, haul.may_roll)
    for end in case.matches.by_room.get(item.room, ()):
        # From the dock where one leads there, else from any door of the building it stands in.
        by_dock = known[way.start].find(end)
        starts, found = (docks, by_dock) if by_dock else (case.entered, known[None].find(end))
        space = case.building.space_by_id[end]
        if haul.lets(space) and case.passages.find_path(starts, [end], haul.lets_through, haul.lets_step):
            yield PASSED
            continue
        outcome = judge_width(case, space, found, way.door_m.value, expected)
        yield haul.tell(space, found[1], expected) if outcome is PASSED and found else outcome


@dataclass(frozen=True)
class _Haul:
    """What a machine needs on its way."""

    case: Case
    way: Way

    def may_roll(self, space: str) -> bool:
        return self.case.role_of.get(space) != "stair"

    def lets_step(self, step: Step) -> bool:
        is_wide = get_width(step) >= self.way.door_m.value - LENGTH_TOLERANCE_M
        return is_wide and (step.door is None or step.by == "opening" or self._is_high(step.door.height_m))

    def lets_through(self, space: str) -> bool:
        return self.may_roll(space) and self.lets(self.case.building.space_by_id[space])

    def lets(self, space: Space) -> bool:
        """Whether a space is known to be high enough and, if it is a corridor, wide enough."""
        if not self._is_high(space.height.value if space.height else None):
            return False
        return self.case.role_of.get(space.id) != "corridor" or self._is_wide(space.id)

    def tell(self, end: Space, path: Path, expected: str) -> Outcome:
        """Return what is in the way on the path whose doors are widest, or what nobody says of it."""
        spaces = [self.case.building.space_by_id[space] for space in path.spaces]
        doors = [step.door for step in path.steps if step.door and step.by != "opening"]
        between = [space for space in spaces[1:-1] if self.case.role_of.get(space.id) == "corridor"]
        for space in between:
            shape = self.case.shapes.get(space.id)
            if shape is not None and not self._is_wide(space.id):
                width = round(compute_width(shape, self.way.width_m.value), _CENTIMETRES)
                return self._refuse(end, space, f"{space.words}: {to_m(width)}", expected)
        for door in doors:
            if door.height_m is not None and not self._is_high(door.height_m):
                return self._refuse(end, door, f"only {to_m(door.height_m)} high at {door.name}", expected)
        for space in spaces[1:]:
            height = space.height.value if space.height else space.body_height_m
            if height is not None and not self._is_high(height):
                return self._refuse(end, space, f"only {to_m(height)} high at {space.words}", expected)
        silent = "no clear height"
        if any(space.id not in self.case.shapes for space in between):
            silent = "no outline"
        elif any(door.height_m is None for door in doors):
            silent = "a door without a height on the way"
        return Outcome("unknown", (self.case.to_thing(end),), silent, expected)

    def _refuse(self, end: Space, culprit: Space | Door, said: str, expected: str) -> Outcome:
        return Outcome("failed", (self.case.to_thing(end), self.case.to_thing(culprit)), said, expected)

    def _is_high(self, height_m: float | None) -> bool:
        return height_m is not None and height_m >= self.way.height_m.value - LENGTH_TOLERANCE_M

    def _is_wide(self, space: str) -> bool:
        shape = self.case.shapes.get(space)
        return shape is not None and is_open(shape, self.way.width_m.value - LENGTH_TOLERANCE_M)
