"""What stands on a floor, against what the floor is said to carry."""

from collections.abc import Iterator

from shapely import Point, Polygon

from oncopolis.design.model import Slab, Space, Wall
from oncopolis.design.reading.areas import find_number
from oncopolis.design.rules.case import PASSED, Case, Outcome
from oncopolis.design.rules.checks.wording import to_number
from oncopolis.design.rules.pack import Rule

GRAVITY_M_S2 = 9.80665  # structure: standard gravity
_CORNERS = 3  # structure: corners of the smallest floor
_KN = 0.001  # structure: kilonewtons of a newton
_TOLERANCE = 0.005  # structure: our own tolerance at an exact boundary, half of the last digit of a load


def check_equipment_load(case: Case, rule: Rule) -> Iterator[Outcome]:
    """A machine spread over the floor of its room weighs no more than the floor is said to carry."""
    for thing in case.building.equipment:
        if thing.mass_kg is None or thing.mass_kg.value < (rule.least or 0):
            continue
        space = case.building.space_by_id.get(thing.space)
        carried = _find_load(space, rule) if space else None
        area = space.area.value if space and space.area else 0
        things = (case.to_thing(thing), *((case.to_thing(space),) if space else ()))
        if carried is None or not area:
            said = "in no space" if space is None else "no floor load stated" if area else "no area"
            yield Outcome("unknown", things, said, f"a floor for {to_number(thing.mass_kg.value, 'kg')}")
            continue
        load = thing.mass_kg.value * GRAVITY_M_S2 * _KN / area
        state = Outcome(
            "failed",
            things,
            f"{to_number(load)} kN/m² ({to_number(thing.mass_kg.value, 'kg')})",
            f"at most {to_number(carried)} kN/m²",
        )
        yield state if load > carried + _TOLERANCE else PASSED


def check_wall_load(case: Case, rule: Rule) -> Iterator[Outcome]:
    """A thick wall weighs no more on its foot than the slab beneath is said to carry.

    Its weight on a square metre of its foot is density x height x g: 2,350 kg/m3 and 5 m are 115 kN/m2.
    """
    for wall in case.building.walls:
        if wall.thickness_m is None or wall.thickness_m < (rule.least or 0):
            continue
        thing = case.to_thing(wall)
        if wall.density_kg_m3 is None or wall.height_m is None:
            missing = "density" if wall.density_kg_m3 is None else "height"
            yield Outcome("unknown", (thing,), f"no {missing}", "a floor for its weight")
            continue
        weight = wall.density_kg_m3 * wall.height_m * GRAVITY_M_S2 * _KN
        said = f"{to_number(weight)} kN/m² on its foot"
        beneath = _list_beneath(case, wall)
        carried = [
            slab.load_kn_m2 for slab in beneath if slab.load_kn_m2 is not None and not slab.is_on_ground
        ]
        if carried and weight > max(carried) + _TOLERANCE:
            yield Outcome("failed", (thing,), said, f"at most {to_number(max(carried))} kN/m²")
        elif carried:
            yield PASSED
        else:
            ground = "on the ground, whose bearing is not stated" if beneath else "nothing known beneath"
            yield Outcome("unknown", (thing,), f"{said}, {ground}", "a floor for its weight")


def _list_beneath(case: Case, wall: Wall) -> list[Slab]:
    if wall.place is None:
        return []
    foot = Point(wall.place)
    return [
        slab
        for slab in case.building.slabs
        if slab.storey == wall.storey
        and len(slab.outline) >= _CORNERS
        and Polygon(slab.outline).intersects(foot)
    ]


def _find_load(space: Space, rule: Rule) -> float | None:
    found = find_number(space.facts, tuple(f"*.{name}" for name in rule.places))
    return found.value if found else None
