"""Whether what was planned is there: rooms, their number, their areas, departments, the building."""

from collections import defaultdict
from collections.abc import Iterator

from shapely import unary_union

from oncopolis.design.matching import NOT_FLOOR
from oncopolis.design.model import Space
from oncopolis.design.required import Programme, RoomType
from oncopolis.design.rules.case import PASSED, WALL_M, Case, Outcome, Thing
from oncopolis.design.rules.checks.wording import to_m2
from oncopolis.design.rules.pack import Rule

TOLERANCE_M2 = 0.005  # structure: our own tolerance at an exact boundary, half of the last digit shown


def _get(case: Case) -> Programme:
    assert case.programme is not None
    return case.programme


def _to_thing(room: RoomType) -> Thing:
    return Thing(room.id, room.labels["en"], "", "room")


def check_missing(case: Case, _: Rule) -> Iterator[Outcome]:
    """Every room type of the programme is in the model."""
    for room in _get(case).rooms:
        if case.matches.by_room.get(room.id):
            yield PASSED
        else:
            yield Outcome("failed", (_to_thing(room),), "none", f"{room.n} × {to_m2(room.area_m2.value)}")


def check_count(case: Case, _: Rule) -> Iterator[Outcome]:
    """There are as many rooms of a type as the programme asks for; none at all is told by another rule."""
    for room in _get(case).rooms:
        found = case.matches.by_room.get(room.id, ())
        if found and len(found) < room.n:
            things = (_to_thing(room), *(case.to_thing(case.building.space_by_id[space]) for space in found))
            yield Outcome("failed", things, f"{len(found)}", f"{room.n}")
        elif found:
            yield PASSED


def check_surplus(case: Case, _: Rule) -> Iterator[Outcome]:
    """There are no more rooms of a type than the programme asks for."""
    for room in _get(case).rooms:
        found = case.matches.by_room.get(room.id, ())
        if len(found) > room.n:
            things = (_to_thing(room), *(case.to_thing(case.building.space_by_id[space]) for space in found))
            yield Outcome("failed", things, f"{len(found)}", f"{room.n}")
        else:
            yield PASSED


def check_extra(case: Case, _: Rule) -> Iterator[Outcome]:
    """Every room of the model is one of the programme."""
    for space in case.rooms:
        if space.id in case.matches.by_space:
            yield PASSED
            continue
        near = "; ".join(f"{match.room}: {match.reason}" for match in case.matches.near.get(space.id, ())[:1])
        area = f"{to_m2(space.area.value)}" if space.area else "no area"
        yield Outcome(
            "failed",
            (case.to_thing(space),),
            f"{area}{f' (≈ {near})' if near else ''}",
            "a room of the programme",
        )


def check_short(case: Case, _: Rule) -> Iterator[Outcome]:
    """No room is smaller than the programme allows."""
    for space in case.building.spaces:
        if room := case.find_room(space):
            least = room.area_m2.value * (1 - room.shortfall.value)
            expected = f"at least {to_m2(least)}"
            if space.area is None:
                yield Outcome("unknown", (case.to_thing(space),), "no area", expected)
            elif space.area.value < least - TOLERANCE_M2:
                yield Outcome("failed", (case.to_thing(space),), to_m2(space.area.value), expected)
            else:
                yield PASSED


def check_large(case: Case, _: Rule) -> Iterator[Outcome]:
    """No room is much larger than the programme asks for."""
    for space in case.building.spaces:
        if room := case.find_room(space):
            most = room.area_m2.value * (1 + room.excess.value)
            expected = f"at most {to_m2(most)}"
            if space.area is None:
                yield Outcome("unknown", (case.to_thing(space),), "no area", expected)
            elif space.area.value > most + TOLERANCE_M2:
                yield Outcome("failed", (case.to_thing(space),), to_m2(space.area.value), expected)
            else:
                yield PASSED


def check_department_net(case: Case, rule: Rule) -> Iterator[Outcome]:
    """The rooms of a department together have the area that was planned."""
    drawn: dict[str, float] = defaultdict(float)
    missing: set[str] = set()
    for space in case.building.spaces:
        if (room := case.find_room(space)) and not _is_counted(case, space):
            drawn[room.department] += space.area.value if space.area else 0
            if space.area is None:
                missing.add(room.department)
    programme, share = _get(case), rule.share or 0
    for part in programme.departments:
        wanted = sum(room.n * room.area_m2.value for room in programme.by_department[part.id])
        thing = Thing(part.id, part.labels["en"], "", "department")
        least = wanted * (1 - share)
        if part.id in missing:
            yield Outcome("unknown", (thing,), "rooms without an area", f"at least {to_m2(least)} net")
        elif drawn[part.id] < least - TOLERANCE_M2:
            yield Outcome("failed", (thing,), f"{to_m2(drawn[part.id])} net", f"at least {to_m2(least)} net")
        else:
            yield PASSED


def _is_counted(case: Case, space: Space) -> bool:
    """Whether the area of a space is a part of that of a room it lies in."""
    return any(whole in case.matches.by_space for whole in case.building.list_wholes(space.id))


def check_department_gross(case: Case, rule: Rule) -> Iterator[Outcome]:
    """A department with its passages takes no more floor than its net area and factor allow."""
    home: dict[str, str] = {}
    for space in case.building.spaces:
        if (room := case.find_room(space)) and space.department:
            home.setdefault(space.department, room.department)
    parts: dict[str, list[str]] = defaultdict(list)
    for space in case.building.spaces:
        if space.department in home and case.role_of.get(space.id) not in NOT_FLOOR:
            parts[home[space.department]].append(space.id)
    for part in _get(case).departments:
        thing = Thing(part.id, part.labels["en"], "", "department")
        most = part.gross_m2 * (1 + (rule.share or 0))
        spaces = parts.get(part.id, [])
        if not spaces or any(space not in case.shapes for space in spaces):
            yield Outcome(
                "unknown", (thing,), "no zone, or rooms without an outline", f"at most {to_m2(most)} gross"
            )
            continue
        gross = _compute_gross(case, spaces)
        if gross > most + TOLERANCE_M2:
            yield Outcome("failed", (thing,), f"{to_m2(gross)} gross", f"at most {to_m2(most)} gross")
        else:
            yield PASSED


def check_building_gross(case: Case, rule: Rule) -> Iterator[Outcome]:
    """The building takes no more floor than was planned."""
    spaces = [space.id for space in case.building.spaces if case.role_of.get(space.id) not in NOT_FLOOR]
    most = _get(case).building_m2 * (1 + (rule.share or 0))
    expected = f"at most {to_m2(most)} gross"
    if any(space not in case.shapes for space in spaces):
        yield Outcome("unknown", (case.whole,), "spaces without an outline", expected)
        return
    gross = _compute_gross(case, spaces)
    state = Outcome("failed", (case.whole,), f"{to_m2(gross)} gross", expected)
    yield state if gross > most + TOLERANCE_M2 else PASSED


def _compute_gross(case: Case, spaces: list[str]) -> float:
    """Return the floor that spaces take with the walls between them, m2."""
    by_storey: dict[str, list[str]] = defaultdict(list)
    for space in spaces:
        by_storey[case.building.space_by_id[space].storey].append(space)
    return sum(
        float(unary_union([case.walled[space] for space in chosen]).buffer(-WALL_M, join_style="mitre").area)
        for chosen in by_storey.values()
    )


def check_least_area(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Rooms of a kind are at least so large."""
    least = rule.least or 0
    for space in case.list_chosen(rule.chosen):
        expected = f"at least {to_m2(least)}"
        if space.area is None:
            yield Outcome("unknown", (case.to_thing(space),), "no area", expected)
        elif space.area.value < least - TOLERANCE_M2:
            yield Outcome("failed", (case.to_thing(space),), to_m2(space.area.value), expected)
        else:
            yield PASSED
