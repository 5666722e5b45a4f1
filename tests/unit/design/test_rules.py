"""Every rule of the house passes where it should and fails where it should; none is without both."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

import pytest
from tests.reviewed import (
    AIR,
    beside,
    make_building,
    make_door,
    make_equipment,
    make_item,
    make_programme,
    make_room,
    make_slab,
    make_space,
    make_wall,
)

from oncopolis.design.model import Building, Code, Measured
from oncopolis.design.required import Programme
from oncopolis.design.review import Ruling, make_case, make_review
from oncopolis.design.rules import CHECKS, HOUSE, Rule, find_pack, list_packs
from oncopolis.design.snapshots import Snapshot, take_snapshots


class Try(NamedTuple):
    """A building, what was wanted and what was before."""

    building: Building
    programme: Programme | None = None
    older: Mapping[str, Snapshot] | None = None


def of(*spaces: Any, **given: Any) -> Building:
    return make_building(spaces, **given)


def facts(**given: Any) -> dict[str, Any]:
    return {f"Oncopolis_Room.{name}": value for name, value in given.items()}


ROOM = make_space("1")
HALL = make_space("2", "Corridor", at=(0.0, 5.2, 30.0, 2.6))
DOOR = make_door("d", "1", "2")
OUT = make_door("out", "2", is_external=True)
PLAIN = make_programme()
WITH_AIR = make_programme(
    make_room(
        air=AIR,
        gases={
            "oxygen": AIR.changes_per_hour,
            "vacuum": AIR.changes_per_hour,
            "medical_air": AIR.changes_per_hour,
        },
        shielding="x_ray",
    )
)
CLEAN_DIRTY = make_programme(
    make_room("store", "Clean store", zone="clean"), make_room("waste", "Waste room", zone="dirty")
)
TWO = make_programme(
    make_room("exam"), make_room("control", "Control room", beside=(beside("exam", has_door=True),))
)
CONTROL = make_programme(
    make_room("ct_simulator_control", "Simulator control"), make_room("ct_simulator", "Simulator")
)
MACHINE = make_programme(
    make_room("exam"),
    make_room("receiving_room", "Receiving"),
    equipment=(make_item("exam", "receiving_room", 2.4),),
)
SMALL = replace(ROOM, area=Measured(10.0, "x"))
BEFORE = take_snapshots(of(ROOM))
WASTE = make_space("3", "Waste room", at=(5.0, 0.0, 4.0, 5.0))
STORE = make_space("1", "Clean store")
DOCK = make_space("4", "Receiving", at=(10.0, 0.0, 4.0, 5.0))


def haul(out: float = 2.4, high: float | None = 2.2, clear: float | None = 2.7, **more: Any) -> Building:
    """Make a way from the dock over the corridor into the room; its doors and the corridor are told."""
    hall = replace(HALL, height=None if clear is None else Measured(clear, "x"))
    doors = (
        make_door("d", "1", "2", width=2.5, height_m=2.2),
        make_door("e", "2", "4", width=out, height_m=high),
    )
    return make_building((ROOM, hall, DOCK), doors, **more)


def code(key: str) -> Code:
    return Code("OmniClass Table 13", key, "")


EXAM_CODED = replace(ROOM, codes=(code("13-41"),))
OFFICE_CODED = make_space("3", "Office", at=(9.0, 0.0, 4.0, 5.0), codes=(code("13-15"),))
BEDS = make_building((ROOM, HALL), (DOOR, OUT))
NARROW_DOOR = make_building((ROOM, HALL), (make_door("d", "1", "2", width=0.9), OUT))
NARROW_HALL = make_building(
    (
        ROOM,
        replace(
            HALL, outline=((0, 5.2), (30, 5.2), (30, 6.2), (0, 6.2)), drawn_m2=30.0, area=Measured(30.0, "x")
        ),
    ),
    (DOOR, OUT),
)
THROUGH = make_building(
    (ROOM, HALL, make_space("3", "Office", at=(5, 0, 4, 5))), (DOOR, OUT, make_door("e", "1", "3"))
)
PAST = make_building(
    (ROOM, HALL, make_space("3", "Office", at=(5, 0, 4, 5))), (DOOR, OUT, make_door("e", "2", "3"))
)
CASES: dict[str, tuple[Try, Try]] = {
    "model.repeated-id": (Try(of(ROOM)), Try(of(ROOM, repeated=("1",)))),
    "model.repeated-number": (Try(of(ROOM, HALL)), Try(of(ROOM, replace(ROOM, id="9")))),
    "model.name": (Try(of(ROOM)), Try(of(make_space("12", "")))),
    "model.area": (Try(of(ROOM)), Try(of(replace(ROOM, area=Measured(0.0, "x"))))),
    "model.floor": (Try(of(ROOM)), Try(of(make_space("9", "ROOF")))),
    "model.copied-area": (
        Try(of(EXAM_CODED, replace(OFFICE_CODED, area=Measured(20.1, "x")))),
        Try(of(EXAM_CODED, OFFICE_CODED)),
    ),
    "model.gross-is-net": (
        Try(of(replace(ROOM, gross=Measured(22.0, "x")))),
        Try(of(replace(ROOM, gross=Measured(20.0, "x")))),
    ),
    "model.height": (Try(of(ROOM)), Try(of(replace(ROOM, height=None)))),
    "model.length-unit": (
        Try(of(ROOM)),
        Try(of(replace(ROOM, height=Measured(2.7, "Space.UsableHeight, read as millimetres")))),
    ),
    "model.drawn-area": (Try(of(ROOM)), Try(of(replace(ROOM, drawn_m2=30.0)))),
    "model.storey": (Try(of(ROOM)), Try(of(replace(ROOM, storey="")))),
    "model.loose-door": (Try(BEDS), Try(make_building((ROOM,), (make_door("d"),)))),
    "model.no-door": (Try(BEDS), Try(make_building((ROOM, HALL, WASTE), (DOOR,)))),
    "model.overlap": (Try(of(ROOM, HALL)), Try(of(ROOM, make_space("3", "Office", at=(1.0, 1.0, 4.0, 5.0))))),
    "model.least-height": (Try(of(ROOM)), Try(of(replace(ROOM, height=Measured(1.9, "x"))))),
    "programme.missing": (Try(of(ROOM), PLAIN), Try(of(HALL), PLAIN)),
    "programme.count": (Try(of(ROOM), PLAIN), Try(of(ROOM), make_programme(make_room(n=2)))),
    "programme.surplus": (Try(of(ROOM), PLAIN), Try(of(ROOM, replace(ROOM, id="9", name="9")), PLAIN)),
    "programme.extra": (Try(of(ROOM), PLAIN), Try(of(ROOM, make_space("3", "Squash court")), PLAIN)),
    "programme.short": (
        Try(of(replace(ROOM, area=Measured(19.0, "x"))), PLAIN),
        Try(of(replace(ROOM, area=Measured(18.9, "x"))), PLAIN),
    ),
    "programme.large": (
        Try(of(replace(ROOM, area=Measured(24.0, "x"))), PLAIN),
        Try(of(replace(ROOM, area=Measured(24.1, "x"))), PLAIN),
    ),
    "programme.department-net": (Try(of(ROOM), PLAIN), Try(of(SMALL), PLAIN)),
    "programme.department-gross": (
        Try(of(replace(ROOM, department="Clinic")), PLAIN),
        Try(of(replace(ROOM, department="Clinic"), replace(HALL, department="Clinic")), PLAIN),
    ),
    "programme.building-gross": (Try(of(ROOM), PLAIN), Try(of(ROOM, HALL), PLAIN)),
    "sheet.height": (Try(of(ROOM), PLAIN), Try(of(replace(ROOM, height=Measured(2.6, "x"))), PLAIN)),
    "sheet.door": (Try(BEDS, PLAIN), Try(NARROW_DOOR, PLAIN)),
    "sheet.air": (
        Try(of(replace(ROOM, facts=facts(AirChangesPerHour=6.0))), WITH_AIR),
        Try(of(replace(ROOM, facts=facts(AirChangesPerHour=5.0))), WITH_AIR),
    ),
    "sheet.load": (
        Try(of(replace(ROOM, facts=facts(FloorLoad_kN_m2=3.0))), PLAIN),
        Try(of(replace(ROOM, facts=facts(FloorLoad_kN_m2=2.0))), PLAIN),
    ),
    "sheet.pressure": (
        Try(of(replace(ROOM, facts=facts(Pressure="Negative"))), WITH_AIR),
        Try(of(replace(ROOM, facts=facts(Pressure="positive"))), WITH_AIR),
    ),
    "sheet.shielding": (
        Try(of(replace(ROOM, facts=facts(Shielding="x_ray"))), WITH_AIR),
        Try(of(replace(ROOM, facts=facts(Shielding="none"))), WITH_AIR),
    ),
    "sheet.oxygen": (
        Try(of(replace(ROOM, facts=facts(Outlets_oxygen=6.0))), WITH_AIR),
        Try(of(replace(ROOM, facts=facts(Outlets_oxygen=1.0))), WITH_AIR),
    ),
    "sheet.vacuum": (
        Try(of(replace(ROOM, facts=facts(Outlets_vacuum=6.0))), WITH_AIR),
        Try(of(replace(ROOM, facts=facts(Outlets_vacuum=1.0))), WITH_AIR),
    ),
    "sheet.medical-air": (
        Try(of(replace(ROOM, facts=facts(Outlets_medical_air=6.0))), WITH_AIR),
        Try(of(replace(ROOM, facts=facts(Outlets_medical_air=1.0))), WITH_AIR),
    ),
    "ways.beside": (
        Try(
            make_building(
                (ROOM, make_space("3", "Control room", at=(5, 0, 4, 5))), (make_door("d", "1", "3"),)
            ),
            TWO,
        ),
        Try(
            make_building(
                (ROOM, HALL, make_space("3", "Control room", at=(5, 0, 4, 5))),
                (DOOR, make_door("e", "2", "3")),
            ),
            TWO,
        ),
    ),
    "ways.reached": (Try(BEDS), Try(make_building((ROOM, HALL, WASTE), (DOOR, OUT)))),
    "ways.through-treatment": (
        Try(PAST, make_programme(make_room("ct_room", "Exam room"))),
        Try(THROUGH, make_programme(make_room("ct_room", "Exam room"))),
    ),
    "ways.through-dirty": (
        Try(PAST, make_programme(make_room(zone="dirty"))),
        Try(THROUGH, make_programme(make_room(zone="dirty"))),
    ),
    "ways.clean-dirty": (
        Try(make_building((STORE, WASTE, HALL), (DOOR, make_door("e", "2", "3"))), CLEAN_DIRTY),
        Try(make_building((STORE, WASTE, HALL), (DOOR, make_door("e", "1", "3"))), CLEAN_DIRTY),
    ),
    "ways.control-room": (
        Try(make_building((make_space("1", "Simulator control"), HALL), (DOOR,)), CONTROL),
        Try(
            make_building(
                (make_space("1", "Simulator control"), make_space("3", "Simulator", at=(5, 0, 4, 5))),
                (make_door("d", "1", "3"),),
            ),
            CONTROL,
        ),
    ),
    "ways.bed-door": (Try(BEDS, PLAIN), Try(NARROW_DOOR, PLAIN)),
    "ways.machine": (Try(haul(), MACHINE), Try(haul(out=2.3), MACHINE)),
    "ways.bed-corridor": (Try(BEDS, PLAIN), Try(NARROW_HALL, PLAIN)),
    "ways.corridor": (Try(BEDS), Try(NARROW_HALL)),
    "ways.floor-load": (
        Try(of(replace(ROOM, facts=facts(FloorLoad_kN_m2=3.0)), equipment=(make_equipment("1", 5000.0),))),
        Try(of(replace(ROOM, facts=facts(FloorLoad_kN_m2=3.0)), equipment=(make_equipment("1", 7000.0),))),
    ),
    "ways.wall-load": (
        Try(of(ROOM, walls=(make_wall("w"),), slabs=(make_slab(120.0),))),
        Try(of(ROOM, walls=(make_wall("w"),), slabs=(make_slab(15.0),))),
    ),
    "revision.removed": (Try(of(ROOM), None, BEFORE), Try(of(HALL), None, BEFORE)),
    "revision.added": (Try(of(ROOM), None, BEFORE), Try(of(ROOM, HALL), None, BEFORE)),
    "revision.shrunk": (Try(of(ROOM), None, BEFORE), Try(of(SMALL), None, BEFORE)),
    "revision.renamed": (
        Try(of(ROOM), None, BEFORE),
        Try(of(replace(ROOM, long_name="Office")), None, BEFORE),
    ),
}
OWN = (*HOUSE, "revision")
AMERICAN = [name for name in list_packs() if name.startswith("va-")]


def decide(rule: Rule, tried: Try) -> Sequence[str]:
    case = make_case(tried.building, tried.programme, {}, tried.older)
    return [outcome.state for outcome in CHECKS[rule.check].decide(case, rule)]


RULES = {rule.id: rule for name in OWN for rule in find_pack(name).rules}


def test_no_rule_is_without_a_passing_and_a_failing_case() -> None:
    assert CASES.keys() == RULES.keys()


@pytest.mark.parametrize("key", CASES)
def test_rule_passes_and_fails(key: str) -> None:
    good, bad = CASES[key]
    passed, failed = decide(RULES[key], good), decide(RULES[key], bad)
    assert "passed" in passed
    assert not {"failed", "unknown"} & set(passed), passed
    assert "failed" in failed


@pytest.mark.parametrize(
    ("building", "said"),
    [
        (haul(high=2.0), "only 2 m high at e"),
        (haul(clear=2.05), "only 2.05 m high at 2 Corridor"),
        (haul(high=None), "a door without a height on the way"),
        (haul(clear=None), "no clear height"),
    ],
)
def test_a_machine_needs_height_all_the_way(building: Building, said: str) -> None:
    rule = RULES["ways.machine"]
    [outcome] = CHECKS[rule.check].decide(make_case(building, MACHINE, {}, None), rule)
    assert outcome.state == ("failed" if said.startswith("only") else "unknown")
    assert outcome.actual == said


def test_a_machine_may_take_a_way_round_the_low_door() -> None:
    around = make_space("5", "Corridor", at=(14.2, 0.0, 4.0, 7.8))
    built = haul(high=2.0)
    ways = (
        make_door("f", "4", "5", width=2.4, height_m=2.2),
        make_door("g", "5", "2", width=2.4, height_m=2.2),
    )
    building = replace(built, spaces=(*built.spaces, around), doors=(*built.doors, *ways))
    assert decide(RULES["ways.machine"], Try(building, MACHINE)) == ["passed"]


def test_no_check_is_without_a_rule() -> None:
    used = {rule.check for name in list_packs() for rule in find_pack(name).rules}
    assert used == CHECKS.keys()


@pytest.mark.parametrize("name", AMERICAN)
def test_area_minima_hold_at_their_boundary(name: str) -> None:
    for rule in find_pack(name).rules:
        assert rule.least is not None
        assert rule.dated is not None
        assert f"chapter {name.removeprefix('va-')}" in rule.clause
        called = rule.chosen.names[0]
        good, bad = (make_space("1", called, area=rule.least - short) for short in (0.0, 0.01))
        assert decide(rule, Try(of(good))) == ["passed"], rule.id
        assert decide(rule, Try(of(bad))) == ["failed"], rule.id


SILENT = {
    "programme.short": Try(of(replace(ROOM, area=None)), PLAIN),
    "programme.department-net": Try(of(replace(ROOM, area=None)), PLAIN),
    "programme.department-gross": Try(of(ROOM), PLAIN),
    "programme.building-gross": Try(of(replace(ROOM, outline=())), PLAIN),
    "model.gross-is-net": Try(of(ROOM)),
    "model.drawn-area": Try(of(replace(ROOM, drawn_m2=None))),
    "model.loose-door": Try(of(ROOM)),
    "model.no-door": Try(of(ROOM)),
    "model.least-height": Try(of(replace(ROOM, height=None))),
    "sheet.height": Try(of(replace(ROOM, height=None)), PLAIN),
    "sheet.door": Try(of(ROOM), PLAIN),
    "sheet.air": Try(of(ROOM), WITH_AIR),
    "sheet.load": Try(of(ROOM), PLAIN),
    "sheet.pressure": Try(of(ROOM), WITH_AIR),
    "sheet.shielding": Try(of(ROOM), WITH_AIR),
    "sheet.oxygen": Try(of(ROOM), WITH_AIR),
    "ways.beside": Try(of(ROOM, make_space("3", "Control room")), TWO),
    "ways.reached": Try(of(ROOM)),
    "ways.clean-dirty": Try(of(STORE, WASTE), CLEAN_DIRTY),
    "ways.control-room": Try(of(make_space("1", "Simulator control")), CONTROL),
    "ways.bed-door": Try(of(ROOM, HALL), PLAIN),
    "ways.machine": Try(of(ROOM, DOCK), MACHINE),
    "ways.corridor": Try(of(replace(HALL, outline=()))),
    "ways.floor-load": Try(of(ROOM, equipment=(make_equipment("1", 5000.0),))),
    "ways.wall-load": Try(of(ROOM, walls=(make_wall("w", density_kg_m3=None),))),
}


@pytest.mark.parametrize("key", SILENT)
def test_nothing_passes_because_data_is_missing(key: str) -> None:
    assert decide(RULES[key], SILENT[key]) == ["unknown"] * len(decide(RULES[key], SILENT[key])) != []


def test_places_that_say_the_same_are_one_finding() -> None:
    doors = [make_door(str(i), f"r{i}", "2", width=0.9) for i in range(246)]
    rooms = [make_space(f"r{i}", at=(5.0 * i, 10.0, 4.0, 5.0)) for i in range(246)]
    case = make_case(make_building([*rooms, HALL], doors), make_programme(make_room(n=246)), {}, None)
    review = make_review(case, [find_pack("sheets")], Ruling(date(2026, 1, 1)))
    [group] = [group for group in review.groups if group.rule.id == "sheet.door"]
    assert len(group.outcomes) == 246
    assert group.to_finding().actual == "0.9 m"
    assert review.is_failing
