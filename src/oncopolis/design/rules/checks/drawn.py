"""Whether the model itself can be believed: names, numbers, areas, heights, doors."""

from collections import defaultdict
from collections.abc import Iterator

from numpy import minimum
from shapely import area as compute_area
from shapely import intersection

from oncopolis.design.matching import NOT_FLOOR, normalise
from oncopolis.design.model import Door, Measured, Space
from oncopolis.design.reading.cobie import AS_MILLIMETRES
from oncopolis.design.rules.case import PASSED, Case, Outcome
from oncopolis.design.rules.checks.wording import to_m, to_m2
from oncopolis.design.rules.pack import Rule

SAME_M2 = 0.0005  # structure: areas are written to thousandths of a square metre
_ALIKE = 0.01  # structure: drawn to the area of the programme, to a hundredth
_MODULE = 4  # structure: so many rooms of one area are a module of the drawing, no copy
_THREE_DIGITS = 3  # structure: thousandths


def check_repeated_ids(case: Case, _: Rule) -> Iterator[Outcome]:
    """Every object has a GlobalId of its own."""
    for key in case.building.repeated:
        things = tuple(
            case.to_thing(space) for space in case.building.spaces if space.id.split("~")[0] == key
        )
        yield Outcome("failed", things or (case.whole,), f"{key} more than once", "once")
    if not case.building.repeated:
        yield PASSED


def check_repeated_numbers(case: Case, rule: Rule) -> Iterator[Outcome]:
    """No two rooms of one file have the same number."""
    by_number: dict[tuple[str, str], list[Space]] = defaultdict(list)
    for space in case.list_chosen(rule.chosen):
        if space.name:
            by_number[space.file, space.name.strip().casefold()].append(space)
    for spaces in by_number.values():
        if len(spaces) > 1:
            things = tuple(map(case.to_thing, spaces))
            yield Outcome("failed", things, f"{spaces[0].name} {len(spaces)} times", "each number once")
        else:
            yield PASSED


def check_names(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Every space says what it is."""
    for space in case.list_chosen(rule.chosen):
        if normalise(space.long_name) or normalise(space.name):
            yield PASSED
        else:
            yield Outcome("failed", (case.to_thing(space),), space.name or "no name", "a name in words")


def check_areas(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Every space has an area."""
    for space in case.list_chosen(rule.chosen):
        if space.area is None:
            yield Outcome("failed", (case.to_thing(space),), "no area", "more than 0 m²")
        elif space.area.value <= SAME_M2:
            yield Outcome("failed", (case.to_thing(space),), to_m2(space.area.value), "more than 0 m²")
        else:
            yield PASSED


def check_floor(case: Case, rule: Rule) -> Iterator[Outcome]:
    """What is drawn as a space is a floor: no roof, yard or site."""
    for space in case.list_chosen(rule.chosen):
        role = case.role_of.get(space.id, "")
        if role in NOT_FLOOR:
            area = to_m2(space.area.value) if space.area else "no area"
            yield Outcome("failed", (case.to_thing(space),), f"{role}, {area}", "rooms and passages only")
        else:
            yield PASSED


def check_copied_areas(case: Case, rule: Rule) -> Iterator[Outcome]:
    """No two rooms of different use have the very same area."""
    by_area: dict[float, list[Space]] = defaultdict(list)
    for space in case.list_chosen(rule.chosen):
        if space.area and space.area.place != "drawn outline" and space.area.value >= (rule.least or 0):
            by_area[round(space.area.value, _THREE_DIGITS)].append(space)
    for area, spaces in by_area.items():
        kinds = {normalise(space.long_name or space.name) for space in spaces}
        codes = {tuple(code.code for code in space.codes) for space in spaces}
        is_module = len(spaces) >= _MODULE
        if len(kinds) > 1 and len(codes) > 1 and not is_module and not _are_wanted_alike(case, spaces):
            names = ", ".join(sorted({space.words for space in spaces}))
            yield Outcome(
                "failed",
                tuple(map(case.to_thing, spaces)),
                f"{to_m2(area, _THREE_DIGITS)}: {names}",
                "areas of their own",
            )
        else:
            yield PASSED


def _are_wanted_alike(case: Case, spaces: list[Space]) -> bool:
    """Rooms drawn to the programme's own area are alike on purpose."""
    rooms = [case.find_room(space) for space in spaces]
    return all(
        room is not None
        and space.area is not None
        and abs(room.area_m2.value - space.area.value) <= _ALIKE * room.area_m2.value
        for room, space in zip(rooms, spaces, strict=True)
    )


def check_gross_areas(case: Case, _: Rule) -> Iterator[Outcome]:
    """Gross and net areas are not one number everywhere."""
    both = [space for space in case.building.spaces if space.area and space.gross]
    if not both:
        yield Outcome("unknown", (case.whole,), "no gross areas", "gross areas beside the net ones")
        return
    same = [space for space in both if abs(space.area.value - space.gross.value) <= SAME_M2]  # type: ignore[union-attr]  # both have them
    if len(same) == len(both):
        yield Outcome("failed", (case.whole,), f"equal in all {len(both)} spaces", "gross larger than net")
    else:
        yield PASSED


def check_heights(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Every space says how high it is."""
    for space in case.list_chosen(rule.chosen):
        if space.height is None:
            yield Outcome("failed", (case.to_thing(space),), "no clear height", "a clear height above 0 m")
        else:
            yield PASSED


def check_length_units(case: Case, _: Rule) -> Iterator[Outcome]:
    """Lengths are in the unit that the file states."""
    seen = False
    lengths: list[tuple[Space | Door, Measured | None]] = [
        *((space, space.height) for space in case.building.spaces),
        *((door, door.width) for door in case.building.doors),
    ]
    for one, measured in lengths:
        if measured is None:
            continue
        seen = True
        if measured.place.endswith(AS_MILLIMETRES):
            place = measured.place.removesuffix(AS_MILLIMETRES)
            yield Outcome(
                "failed", (case.to_thing(one),), f"{place} in millimetres", "the unit the file states"
            )
        else:
            yield PASSED
    if not seen:
        yield Outcome("unknown", (case.whole,), "no lengths", "heights of rooms or widths of doors")


def check_drawn_areas(case: Case, rule: Rule) -> Iterator[Outcome]:
    """The area that is stated is the area that is drawn."""
    share = rule.share or 0
    for space in case.list_chosen(rule.chosen):
        if space.area is None or not space.area.value:
            continue  # told by the rule on areas
        if space.drawn_m2 is None:
            yield Outcome("unknown", (case.to_thing(space),), "no outline", "an outline on the floor")
        elif abs(space.drawn_m2 - space.area.value) > share * space.area.value + SAME_M2:
            said = f"stated {to_m2(space.area.value)}, drawn {to_m2(space.drawn_m2)}"
            yield Outcome("failed", (case.to_thing(space),), said, f"within {share:.0%} of each other")
        else:
            yield PASSED


def check_storeys(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Every space lies on a storey."""
    for space in case.list_chosen(rule.chosen):
        if space.storey:
            yield PASSED
        else:
            yield Outcome("failed", (case.to_thing(space),), "no storey", "a storey")


def check_doors(case: Case, _: Rule) -> Iterator[Outcome]:
    """Every door is beside a space, so that ways can be followed."""
    for door in case.building.doors:
        if door.joins:
            yield PASSED
        else:
            yield Outcome("failed", (case.to_thing(door),), "joins no space", "one or two spaces")
    if not case.building.doors:
        yield Outcome("unknown", (case.whole,), "no doors", "doors between spaces")


def check_rooms_have_doors(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Every room has a door."""
    for space in case.list_chosen(rule.chosen):
        if case.passages.list_steps(space.id) or case.doors_of.get(space.id):
            yield PASSED
        elif not case.building.doors:
            yield Outcome("unknown", (case.to_thing(space),), "no doors in the model", "a door")
        else:
            yield Outcome("failed", (case.to_thing(space),), "no door", "a door or an open passage")


def check_overlaps(case: Case, rule: Rule) -> Iterator[Outcome]:
    """No two spaces of a storey lie over each other, save one that is a part of the other."""
    by_id = case.building.space_by_id
    over: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for here, there, common in _list_overlaps(case, rule.share or 0):
        if here not in case.building.list_wholes(there) and there not in case.building.list_wholes(here):
            over[here].append((there, common))
    for here in case.shapes:
        space = by_id[here]
        if not space.storey:
            continue
        for there, common in over[here]:
            things = (case.to_thing(space), case.to_thing(by_id[there]))
            yield Outcome("failed", things, f"{to_m2(common)} in common", "none")
        if not over[here]:
            yield PASSED


def _list_overlaps(case: Case, share: float) -> list[tuple[str, str, float]]:
    """List spaces of one storey with what they have in common, m2, where it is more than a share."""
    tree, ids = case.tree
    storeys = [case.building.space_by_id[key].storey for key in ids]
    shapes = tree.geometries
    first, second = tree.query(shapes)
    pairs = [(i, k) for i, k in zip(first, second, strict=True) if i < k and storeys[i] == storeys[k]]
    if not pairs:
        return []
    one, other = (shapes[list(side)] for side in zip(*pairs, strict=True))
    common = compute_area(intersection(one, other))
    least = minimum(compute_area(one), compute_area(other))
    return [
        (ids[i], ids[k], float(both))
        for (i, k), both, small in zip(pairs, common, least, strict=True)
        if both > share * small
    ]


def check_least_height(case: Case, rule: Rule) -> Iterator[Outcome]:
    """Clear height is at least so much."""
    least = rule.least or 0
    for space in case.list_chosen(rule.chosen):
        if space.height is None:
            if space.body_height_m is not None and space.body_height_m < least - SAME_M2:
                said = f"drawn {to_m(space.body_height_m)} high"
                yield Outcome("failed", (case.to_thing(space),), said, f"at least {to_m(least)} clear")
            else:
                yield Outcome(
                    "unknown", (case.to_thing(space),), "no clear height", f"at least {to_m(least)} clear"
                )
        elif space.height.value < least - SAME_M2:
            yield Outcome(
                "failed", (case.to_thing(space),), to_m(space.height.value), f"at least {to_m(least)} clear"
            )
        else:
            yield PASSED
