"""The concept: every room drawn with its area, nothing on top of anything, everything reachable, scored."""

from dataclasses import replace

import pytest
from shapely.geometry import box
from shapely.strtree import STRtree
from tests.buildings import make_room, make_rooms, make_small_programme, state

from oncopolis.design.layout import DrawnStorey, Layout, make_layout
from oncopolis.design.layout.score import Entry, Scorer
from oncopolis.design.required import Link


@pytest.fixture(scope="module")
def layout() -> Layout:
    return make_layout(make_small_programme())


def test_every_room_is_drawn_once_with_its_area(layout: Layout) -> None:
    rooms = [space for storey in layout.storeys for space in storey.drawing.spaces if space.kind == "room"]
    wanted = [key for room in layout.programme.rooms for key in room.list_room_ids()]
    assert sorted(space.key for space in rooms) == sorted(wanted)
    for space in rooms:
        assert space.area_m2 == pytest.approx(layout.programme.room_types[space.room_type].area_m2.value)


def list_overlaps(storey: DrawnStorey) -> list[tuple[str, str]]:
    """Pairs of things on a storey that share floor."""
    things = [(space.key, rect) for space in storey.drawing.spaces for rect in space.rects]
    things += [(wall.key, wall.rect) for wall in storey.drawing.walls]
    boxes = [box(rect.x0, rect.y0, rect.x1, rect.y1) for _, rect in things]
    tree = STRtree(boxes)
    return [
        (things[i][0], things[j][0])
        for i, shape in enumerate(boxes)
        for j in tree.query(shape)
        if i < j and things[i][0] != things[j][0] and shape.intersection(boxes[j]).area > 1e-6
    ]


def test_nothing_stands_on_anything_else(layout: Layout) -> None:
    assert [pair for storey in layout.storeys for pair in list_overlaps(storey)] == []


def test_every_room_is_reached_from_the_street(layout: Layout) -> None:
    """Walking through doors from the way out of each building, all its spaces are met on each storey."""
    for storey in layout.storeys:
        reached = {f"street.{storey.key}"}
        doors = [door.joins for door in storey.drawing.doors]
        while more := {
            other
            for one, two in doors
            for here, other in ((one, two), (two, one))
            if here in reached and other and other not in reached
        }:
            reached |= more
        assert {space.key for space in storey.drawing.spaces} == reached


def test_locks_mazes_and_bathrooms_have_the_doors_the_programme_asks_for(layout: Layout) -> None:
    """A bunker is entered through its maze only, a bathroom through its bedroom only."""
    joins = {frozenset(door.joins) for storey in layout.storeys for door in storey.drawing.doors}
    bunkers = [sorted(pair - {"bunker.1"}) for pair in joins if "bunker.1" in pair]
    assert bunkers == [["maze.1"]]
    baths = [sorted(pair - {"bath.1"}) for pair in joins if "bath.1" in pair]
    assert baths == [["bedroom.1"]]
    assert not any({"control.1", "bunker.1"} == pair for pair in joins)
    locked = [pair for pair in joins if any(name.startswith("lock.") for name in pair)]
    entered = {name for pair in locked for name in pair if name.startswith("bedroom.")}
    assert len(entered) == 2
    for name in entered:
        assert not any(
            name in pair and any(other.startswith("corridor.") for other in pair) for pair in joins
        )


def test_walls_of_a_bunker_are_as_thick_as_stated(layout: Layout) -> None:
    walls = [wall for storey in layout.storeys for wall in storey.drawing.walls if wall.shields == "bunker.1"]
    thick = sorted(
        (wall.kind, round(wall.rect.depth if wall.is_along_x else wall.rect.width, 6)) for wall in walls
    )
    assert thick == [("primary", 2.3)] * 2 + [("secondary", 1.2)] * 3


def test_storeys_are_where_the_definition_puts_them(layout: Layout) -> None:
    where = {
        part.department: (storey.building, storey.level) for storey in layout.storeys for part in storey.parts
    }
    assert where == {"clinic": ("house", 0), "wards": ("house", 1), "radiotherapy": ("bunkers", -1)}
    basement = next(storey for storey in layout.storeys if storey.level == -1)
    assert basement.elevation_m == -basement.height_m
    assert basement.is_entrance


def test_a_high_room_makes_its_storey_high() -> None:
    rooms = tuple(
        replace(room, height_m=state(9.0, "m")) if room.id == "bunker" else room for room in make_rooms()
    )
    storeys = make_layout(make_small_programme(rooms)).storeys
    assert {storey.level: storey.height_m for storey in storeys}[-1] == pytest.approx(10.5)


def test_a_department_larger_than_a_storey_is_spread() -> None:
    """Without stated storeys a department of several plates takes several storeys, each with its share."""
    rooms = (*make_rooms(), make_room("single", "wards", 400, 26.0))
    programme = make_small_programme(rooms)
    blocks = (replace(programme.blocks[0], storeys={}), programme.blocks[1])
    layout = make_layout(replace(programme, blocks=blocks))
    levels = [
        storey.level for storey in layout.storeys for part in storey.parts if part.department == "wards"
    ]
    assert len(levels) == 3
    assert levels == list(range(levels[0], levels[0] + 3))


def test_the_same_programme_gives_the_same_layout(layout: Layout) -> None:
    assert make_layout(make_small_programme()).storeys == layout.storeys


def test_the_score_is_the_formula() -> None:
    """By hand: 2 min at 75 m/min and a storey of 40 m to leave; another link one storey apart."""
    programme = make_small_programme()
    entries = {
        "clinic": [Entry("house", 0, 10.0)],
        "wards": [Entry("house", 1, 5.0)],
        "radiotherapy": [Entry("bunkers", -1, 20.0)],
    }
    score = Scorer(programme).compute(entries, {"house": 0, "bunkers": -1})
    ways = [way.way_m for way in score.ways]
    assert ways == [10 + 2 * 75 + 20, 10 + 5 + 40]
    assert score.percent == pytest.approx(100 * (3 * (1 - 180 / 600) + (1 - 55 / 600)) / 4)


def test_a_link_beyond_reach_counts_for_nothing() -> None:
    programme = replace(
        make_small_programme(), walks={}, links=(Link(("clinic", "radiotherapy"), "high", 3.0, "oncopolis"),)
    )
    entries = {"clinic": [Entry("house", 0, 0.0)], "radiotherapy": [Entry("bunkers", 0, 0.0)]}
    assert Scorer(programme).compute(entries, {"house": 0, "bunkers": 0}).percent == 0


def test_the_search_never_makes_it_worse(layout: Layout) -> None:
    """The score found is at least that of the departments in the order of the definition."""
    from oncopolis.design.layout.drawing import compute_score
    from oncopolis.design.layout.stacking import raise_tower, stack_first

    programme = layout.programme
    towers = [raise_tower(programme, block) for block in programme.blocks]
    first = [stack_first(tower, programme.get("layout.plate")) for tower in towers]
    assert layout.score.percent >= compute_score(towers, first, Scorer(programme)).percent
