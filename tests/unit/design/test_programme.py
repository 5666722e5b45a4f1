"""The brief's programme: every room of a plan with what it has to be like, from cited rows only."""

from dataclasses import replace
from importlib.resources import files

import pytest
from tests.folders import PROJECTS
from tests.shared import plan_example

from oncopolis.centre import read_project
from oncopolis.centre.facility import Building, Campus
from oncopolis.design.links import read_links
from oncopolis.design.programme import Programme, make_programme
from oncopolis.design.sheets import read_sheets
from oncopolis.evidence import list_sources, load_evidence
from oncopolis.evidence.checks import OWN_SOURCES
from oncopolis.foundation import InputError
from oncopolis.planning import Plan, make_plan

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_example("tashkent")


def set_value(plan: Plan, key: str, value: float) -> Plan:
    """The plan of a project that sets a number only buildings ask for."""
    evidence = plan.project.evidence.with_value(key, value, "--set")
    return replace(plan, project=replace(plan.project, evidence=evidence))


@pytest.fixture(scope="module")
def programme(plan: Plan) -> Programme:
    return make_programme(plan, lambda language, label: f"{language}:{label}")


def test_areas_are_those_of_the_plan(plan: Plan, programme: Programme) -> None:
    """Grouping places into rooms and taking shielding out loses no square metre."""
    space = plan.calculation.phases[-1].space
    assert programme.net_m2 == pytest.approx(float(space.net.central[0]))
    assert programme.gross_m2 == pytest.approx(float(space.gross.central[0]))
    assert programme.building_m2 == pytest.approx(float(space.building.central[0]))


def test_a_bunker_states_its_clear_area_and_its_walls(programme: Programme) -> None:
    """The area a drawn space must have leaves the shielding out, which the programme counts as net."""
    bunker = programme.room_types["linac_bunker"]
    assert bunker.area_m2.value == pytest.approx(108.7 - 33.4)
    assert bunker.planned_m2 == pytest.approx(108.7)
    assert bunker.shielding == "megavoltage"
    assert bunker.walls is not None
    assert bunker.walls.density_kg_m3.value == 2350
    assert bunker.labels["ru"] == "ru:Linac rooms with shielding"


def test_places_are_gathered_into_rooms(programme: Programme) -> None:
    """252 seats become eight waiting areas of the same total."""
    waiting = programme.room_types["clinic_waiting_place"]
    assert waiting.n_places == 252
    assert waiting.n == 8
    assert waiting.net_m2 == pytest.approx(252 * 1.8)


def test_neighbours_exist_in_the_same_department(programme: Programme) -> None:
    """A control room names the scanner room it belongs to; no door leads from a linac's control into it."""
    assert [(near.room, near.has_door) for near in programme.room_types["ct_control_room"].beside] == [
        ("ct_suite", True)
    ]
    assert [near.has_door for near in programme.room_types["linac_control"].beside] == [False]
    for room in programme.rooms:
        for near in room.beside:
            assert programme.room_types[near.room].department == room.department


def test_heavy_equipment_has_a_way_in(programme: Programme) -> None:
    """What weighs a tonne or more says where it comes in; an oximeter does not."""
    ways = {item.id: item.way for item in programme.equipment}
    assert ways["linac"] is not None
    assert programme.room_types[ways["linac"].start].department == "support"
    for item in programme.equipment:
        heavy = item.weight_kg is not None and item.weight_kg.value >= programme.get("heavy.from")
        assert (item.way is not None) == heavy


def test_every_number_is_a_row_and_every_source_is_cited(programme: Programme) -> None:
    """Recalled rows say so, and each source that is named has its citation."""
    rows = load_evidence().rows
    for room in programme.rooms:
        for value in (room.height_m, room.door_width_m, room.load_kn_m2, *room.gases.values()):
            assert value.key in rows
            assert value.source in {*programme.sources, *OWN_SOURCES}
            assert value.is_verified == rows[value.key].is_verified
    assert not programme.stated["design.gas.theatre.oxygen"].is_verified
    assert programme.stated["design.air.theatre"].is_verified


def test_a_project_may_replace_a_requirement(plan: Plan) -> None:
    """A project's own row for a door shows in its brief."""
    bunker = make_programme(set_value(plan, "design.door.bed", 1.4)).room_types["linac_bunker"]
    assert bunker.door_width_m.value == 1.4


def test_heavy_equipment_fits_through_the_door_of_its_room(programme: Programme) -> None:
    """Hot cells of six tonnes stand in a laboratory whose own door would be for trolleys."""
    assert programme.room_types["radiochemistry"].door_width_m.key == "design.door.bed"
    assert programme.room_types["hot_laboratory"].door_width_m.key == "design.door.stretcher"


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("design.places.waiting", 0.0, "DES-002"),
        ("design.layout.plate", 0.0, "DES-002"),
        ("design.shielding.linac", 109.0, "DES-003"),
    ],
)
def test_numbers_nothing_can_be_drawn_with_are_refused(plan: Plan, key: str, value: float, code: str) -> None:
    with pytest.raises(InputError) as caught:
        make_programme(set_value(plan, key, value))
    assert caught.value.code == code


def test_departments_that_no_building_names_share_one(plan: Plan) -> None:
    """A campus that forgets a department, and one with a building that is called as ours would be."""
    centre = plan.project.centre
    forgetful = Campus(buildings={"centre": Building(label="Clinics", departments=("outpatient", "imaging"))})
    project = replace(plan.project, centre=centre.model_copy(update={"campus": forgetful}))
    blocks = make_programme(replace(plan, project=project)).blocks
    assert [block.id for block in blocks] == ["centre", "centre_"]
    placed = [name for block in blocks for name in block.departments]
    assert sorted(placed) == sorted({room.department for room in make_programme(plan).rooms})


def test_a_plan_without_rooms_is_refused() -> None:
    plan = make_plan(read_project(PROJECTS / "infusion_unit"), n_draws=0, seed=0)
    with pytest.raises(InputError) as caught:
        make_programme(plan)
    assert caught.value.code == "DES-001"


def test_the_packaged_sheets_name_rows_that_exist() -> None:
    """Every word of a sheet stands for a row, every row of this room is named by one."""
    sheets, rows = read_sheets(), load_evidence().rows
    named = set()
    for kind, sheet in [*sheets.kinds.items(), *sheets.rooms.items(), ("", sheets.default)]:
        assert not sheet.code or sheet.code in sheets.codes, kind
        assert not sheet.air or sheet.air in sheets.air, kind
        words = {
            "door": sheet.door, "height": sheet.height, "load": sheet.load, "air": sheet.air,
            "gas": sheet.gases, "wall": sheet.walls, "places": sheet.places,
            "shielding": sheet.shielding_area,
        }  # fmt: skip
        named |= {f"design.{group}.{word}" for group, word in words.items() if word}
        assert {near.to for near in sheet.beside} <= set(sheets.kinds), kind
    for name in named:
        assert any(key == name or key.startswith(f"{name}.") for key in rows), name
    assert all(f"space.area.{kind}" in rows for kind in sheets.kinds)
    groups = tuple(f"design.{group}." for group in ("load", "air", "gas", "places", "shielding"))
    unnamed = [
        key
        for key in rows
        if key.startswith(groups) and not any(key == name or key.startswith(f"{name}.") for name in named)
    ]
    assert unnamed == []


def test_packaged_links_are_between_departments_of_the_library(plan: Plan) -> None:
    """Each pair stands once and names a known source."""
    pairs = [frozenset(entry.between) for entry in read_links().links]
    assert len(pairs) == len(set(pairs))
    assert frozenset().union(*pairs) <= set(plan.project.centre.departments)
    assert {entry.source for entry in read_links().links} <= set(list_sources()) | {"oncopolis"}
    assert files("oncopolis.design").is_dir()
