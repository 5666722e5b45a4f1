"""Whether rooms are as their sheets ask. What is not stated is not checkable."""

from collections.abc import Iterator

from oncopolis.design.model import Space
from oncopolis.design.reading.areas import find_number, find_word
from oncopolis.design.required import RoomType
from oncopolis.design.rules.case import PASSED, Case, Outcome
from oncopolis.design.rules.checks.wording import to_m, to_number
from oncopolis.design.rules.pack import Rule

LENGTH_TOLERANCE_M = 0.0005  # structure: our own tolerance at an exact boundary, half a millimetre
NUMBER_TOLERANCE = (
    1e-6  # structure: our own tolerance at an exact boundary, of numbers without a digit to halve
)


def check_height(case: Case, _: Rule) -> Iterator[Outcome]:
    """The clear height is what the sheet asks for."""
    for space, room in _list_matched(case):
        least = room.height_m.value
        expected = f"at least {to_m(least)} clear"
        if space.height is None:
            body = space.body_height_m
            if body is not None and body < least - LENGTH_TOLERANCE_M:
                yield Outcome("failed", (case.to_thing(space),), f"drawn {to_m(body)} high", expected)
            else:
                yield Outcome("unknown", (case.to_thing(space),), "no clear height", expected)
        elif space.height.value < least - LENGTH_TOLERANCE_M:
            yield Outcome("failed", (case.to_thing(space),), to_m(space.height.value), expected)
        else:
            yield PASSED


def check_door(case: Case, _: Rule) -> Iterator[Outcome]:
    """The widest door of a room is as wide as its sheet asks for."""
    for space, room in _list_matched(case):
        least = room.door_width_m.value
        expected = f"a door of at least {to_m(least)}"
        doors = [door for door in case.doors_of.get(space.id, ()) if door.width or door.name]
        widths = [door.width.value for door in doors if door.width]
        if not doors:
            yield Outcome("unknown", (case.to_thing(space),), "no door", expected)
        elif widths and max(widths) >= least - LENGTH_TOLERANCE_M:
            yield PASSED
        elif len(widths) < len(doors):
            yield Outcome("unknown", (case.to_thing(space),), "a door without a width", expected)
        else:
            things = (case.to_thing(space), *map(case.to_thing, doors))
            yield Outcome("failed", things, to_m(max(widths)), expected)


def check_number(case: Case, rule: Rule) -> Iterator[Outcome]:
    """A property is at least the number of the sheet."""
    for space, room in _list_matched(case):
        least = _find_wanted(room, rule.field)
        if least is None:
            continue
        expected = f"at least {to_number(least, rule.unit)}"
        found = find_number(space.facts, tuple(f"*.{name}" for name in rule.places))
        if found is None:
            yield Outcome("unknown", (case.to_thing(space),), f"no {rule.places[0]}", expected)
        elif found.value < least - NUMBER_TOLERANCE:
            yield Outcome("failed", (case.to_thing(space),), to_number(found.value, rule.unit), expected)
        else:
            yield PASSED


def check_word(case: Case, rule: Rule) -> Iterator[Outcome]:
    """A property is the word of the sheet."""
    for space, room in _list_matched(case):
        wanted = _find_word(room, rule.field)
        if not wanted:
            continue
        found = find_word(space.facts, tuple(f"*.{name}" for name in rule.places))
        if not found:
            yield Outcome("unknown", (case.to_thing(space),), f"no {rule.places[0]}", wanted)
        elif found.strip().casefold() != wanted:
            yield Outcome("failed", (case.to_thing(space),), found, wanted)
        else:
            yield PASSED


def _list_matched(case: Case) -> Iterator[tuple[Space, RoomType]]:
    for space in case.building.spaces:
        if room := case.find_room(space):
            yield space, room


def _find_wanted(room: RoomType, field: str) -> float | None:
    if field == "load":
        return room.load_kn_m2.value
    if field == "air":
        return room.air.changes_per_hour.value if room.air else None
    gas = room.gases.get(field.removeprefix("gas."))
    return gas.value if gas else None


def _find_word(room: RoomType, field: str) -> str:
    if field == "pressure":
        return room.air.pressure if room.air else ""
    return room.shielding if field == "shielding" else ""
