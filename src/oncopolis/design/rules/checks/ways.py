"""How rooms stand to each other and how one gets to them."""

from collections.abc import Iterator

from shapely import Polygon

from oncopolis.design.model import Space
from oncopolis.design.passages import Path, get_width
from oncopolis.design.required import Beside, RoomType
from oncopolis.design.rules.case import PASSED, Case, Outcome, State
from oncopolis.design.rules.checks.clearing import is_open
from oncopolis.design.rules.checks.sheet import LENGTH_TOLERANCE_M
from oncopolis.design.rules.checks.wording import to_m
from oncopolis.design.rules.pack import Rule

_SHARED_WALL_M = 0.75  # structure: rooms no further apart than a thick wall stand beside each other
_HALVINGS = 12  # structure: a corridor's width to less than a millimetre


def check_beside(case: Case, _: Rule) -> Iterator[Outcome]:
    """A room shares a wall with one of those it belongs to, or a door where the sheet says so."""
    for space in case.building.spaces:
        room = case.find_room(space)
        wanted = [one for one in (room.beside if room else ()) if case.matches.by_room.get(one.room)]
        if room is None or not wanted:
            continue
        answers = [_judge_beside(case, space, room, one) for one in wanted]
        if PASSED in answers:
            yield PASSED
            continue
        state: State = "failed" if any(answer.state == "failed" for answer in answers) else "unknown"
        actual = next(answer.actual for answer in answers if answer.state == state)
        yield Outcome(
            state, (case.to_thing(space),), actual, " or ".join(answer.expected for answer in answers)
        )


def _judge_beside(case: Case, space: Space, room: RoomType, wanted: Beside) -> Outcome:
    others = case.matches.by_room[wanted.room]
    if {step.to for step in case.passages.list_steps(space.id)} & set(others):
        return PASSED
    thing = (case.to_thing(space),)
    if wanted.has_door:
        expected = f"a door to {wanted.room}"
        if not case.doors_of.get(space.id):
            return Outcome("unknown", thing, "no doors in the model", expected)
        return Outcome("failed", thing, "no door between them", expected)
    expected = f"a wall shared with {wanted.room}"
    shape = case.shapes.get(space.id)
    storey_of = case.building.space_by_id
    known = [other for other in others if other in case.shapes and storey_of[other].storey == space.storey]
    if shape is None or not any(other in case.shapes for other in others):
        return Outcome("unknown", thing, "no outline", expected)
    if not known:
        return Outcome("failed", thing, "on another storey", expected)
    nearest = min(float(shape.distance(case.shapes[other])) for other in known)
    if nearest <= _SHARED_WALL_M + _add_shields(case, room, wanted.room):
        return PASSED
    return Outcome("failed", thing, f"{to_m(nearest)} apart", expected)


def _add_shields(case: Case, room: RoomType, other: str) -> float:
    """Return how thick shielding between two rooms may be, each with walls of its own."""
    rooms = (room, case.programme.room_types[other]) if case.programme else (room,)
    return sum(one.walls.primary_m.value + _SHARED_WALL_M for one in rooms if one.walls)


def check_reached(case: Case, rule: Rule) -> Iterator[Outcome]:
    """From an entrance there is a way to a room that leads through nothing but what may be passed."""
    starts = _list_starts(case, rule)
    allowed = {*rule.may_pass}
    reached = _list_reached(case, starts, lambda here: case.role_of.get(here, "room") in allowed)
    expected = f"a way over {', '.join(rule.may_pass)}"
    for space in case.list_chosen(rule.chosen):
        if not starts or not case.building.doors:
            yield Outcome(
                "unknown", (case.to_thing(space),), "no entrance or no doors in the model", expected
            )
            continue
        if space.id in reached:
            yield PASSED
            continue
        around = case.passages.find_path(starts, [space.id], lambda _: True)
        said = f"only through {_name_rooms(case, around, allowed)}" if around else "no way"
        yield Outcome("failed", (case.to_thing(space),), said, expected)


def _list_starts(case: Case, rule: Rule) -> set[str]:
    if rule.other:
        return {space.id for space in case.list_chosen(rule.other)}
    return set()


def _name_rooms(case: Case, path: Path, allowed: set[str]) -> str:
    passed = [
        case.building.space_by_id[space].words
        for space in path.spaces[1:-1]
        if case.role_of.get(space, "room") not in allowed
    ]
    return ", ".join(passed) or "nothing that may be passed"


def check_passed(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Rooms are not the only way to others: none of those chosen has to be walked through."""
    chosen = {space.id for space in case.list_chosen(rule.chosen)}
    starts = _list_starts(case, rule)
    if not starts or not case.building.doors:
        yield Outcome(
            "unknown", (case.whole,), "no entrance or no doors in the model", "ways past such rooms"
        )
        return
    reached = _list_reached(case, starts, lambda here: here not in chosen)
    every = _list_reached(case, starts, lambda _: True)
    for space in case.rooms:
        if space.id not in every or space.id in chosen:
            continue
        if space.id in reached or _belongs(case, space, chosen):
            yield PASSED
        else:
            path = case.passages.find_path(starts, [space.id], lambda _: True)
            rooms = [case.building.space_by_id[one] for one in path.spaces if one in chosen] if path else []
            names = ", ".join(one.words for one in rooms)
            things = (case.to_thing(space), *map(case.to_thing, rooms))
            yield Outcome("failed", things, f"only through {names}", "a way past it")


def _belongs(case: Case, space: Space, chosen: set[str]) -> bool:
    """A room that the programme puts beside one of the chosen, with a door, is a part of it."""
    room = case.find_room(space)
    joined = {step.to for step in case.passages.list_steps(space.id)} & chosen
    wanted = {neighbour.room for neighbour in room.beside if neighbour.has_door} if room else set()
    for one in joined:
        other = case.find_room(case.building.space_by_id[one])
        if other and (other.id in wanted or (room and room.id in {part.room for part in other.beside})):
            return True
    return False


def _list_reached(case: Case, starts: set[str], may_pass: object) -> set[str]:
    assert callable(may_pass)
    seen, queue = set(starts), list(starts)
    for here in queue:
        if here not in starts and not may_pass(here):
            continue
        for step in case.passages.list_steps(here):
            if step.to not in seen:
                seen.add(step.to)
                queue.append(step.to)
    return seen


def check_separate(case: Case, rule: Rule) -> Iterator[Outcome]:
    """No door leads straight from the chosen spaces to the others."""
    chosen = {space.id for space in case.list_chosen(rule.chosen)}
    others = {space.id for space in case.list_chosen(rule.other)} if rule.other else set()
    by_id = case.building.space_by_id
    for space in chosen:
        if not case.doors_of.get(space):
            yield Outcome(
                "unknown", (case.to_thing(by_id[space]),), "no doors", "no door between clean and dirty"
            )
            continue
        joined = [
            step
            for step in case.passages.list_steps(space)
            if step.to in others and not _is_wanted(case, space, step.to)
        ]
        for step in joined:
            things = (case.to_thing(by_id[space]), case.to_thing(by_id[step.to]))
            yield Outcome("failed", things, f"a door to {by_id[step.to].words}", "no door between them")
        if not joined:
            yield PASSED


def _is_wanted(case: Case, one: str, other: str) -> bool:
    """A hatch or lock that the programme itself asks for."""
    here, there = (case.find_room(case.building.space_by_id[space]) for space in (one, other))
    if here is None or there is None:
        return False
    return any(part.room == there.id and part.has_door for part in here.beside) or any(
        part.room == here.id and part.has_door for part in there.beside
    )


def check_own_door(case: Case, rule: Rule) -> Iterator[Outcome]:
    """A room opens onto a space of the roles it may be entered from."""
    allowed = set(rule.may_pass)
    for space in case.list_chosen(rule.chosen):
        steps = case.passages.list_steps(space.id)
        expected = f"a door to {' or '.join(rule.may_pass)}"
        if not steps:
            yield Outcome("unknown", (case.to_thing(space),), "no doors to other spaces", expected)
        elif any(case.role_of.get(step.to, "room") in allowed for step in steps):
            yield PASSED
        else:
            names = ", ".join(sorted({case.building.space_by_id[step.to].words for step in steps}))
            yield Outcome("failed", (case.to_thing(space),), f"doors to {names} only", expected)


def check_way_width(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Along the best way to a room, every door is at least so wide."""
    starts, least = _list_starts(case, rule), rule.least or 0
    allowed = {*rule.may_pass}
    widest = case.passages.compute_widest(starts, lambda here: case.role_of.get(here, "room") in allowed)
    for space in case.list_chosen(rule.chosen):
        if space.id not in starts:
            expected = f"every door at least {to_m(least)}"
            yield judge_width(case, space, widest.find(space.id), least, expected)


def judge_width(
    case: Case, space: Space, found: tuple[float, Path] | None, least: float, expected: str
) -> Outcome:
    """Judge a way to a space by its narrowest door."""
    if found is None:
        return Outcome("unknown", (case.to_thing(space),), "no way from the start in the model", expected)
    width, path = found
    if width >= least - LENGTH_TOLERANCE_M:
        return PASSED
    narrow = [step for step in path.steps if get_width(step) < least - LENGTH_TOLERANCE_M]
    doors = [step.door for step in narrow if step.door]
    if any(door.width is None for door in doors):
        return Outcome("unknown", (case.to_thing(space),), "a door without a width on the way", expected)
    return Outcome("failed", (case.to_thing(space), *map(case.to_thing, doors)), to_m(width), expected)


def check_corridor_width(case: Case, rule: Rule) -> Iterator[Outcome]:
    """A corridor is nowhere narrower than so much between its doors."""
    least = rule.least or 0
    beside = {space.id for space in case.list_chosen(rule.other)} if rule.other else None
    for space in case.list_chosen(rule.chosen):
        if beside is not None and not any(step.to in beside for step in case.passages.list_steps(space.id)):
            continue
        shape = case.shapes.get(space.id)
        expected = f"at least {to_m(least)} clear"
        if shape is None:
            yield Outcome("unknown", (case.to_thing(space),), "no outline", expected)
        elif is_open(shape, least - LENGTH_TOLERANCE_M):
            yield PASSED
        else:
            width = compute_width(shape, least)
            yield Outcome("failed", (case.to_thing(space),), to_m(round(width, 2)), expected)


def compute_width(shape: Polygon, most: float) -> float:
    """Return the width of what passes through a floor from end to end, m, up to a most."""
    low, high = 0.0, most
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if is_open(shape, middle) else (low, middle)
    return low
