"""A day of treatment: signed, within the limits, checked twice, prepared, scanned, run through."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.live import MONDAY_MS, do, make_floor, open_live
from tests.units import (
    CHAIR,
    MINUTE_MS,
    NEUTROPHILS,
    SECOND_CHAIR,
    act,
    at,
    band,
    get_unit_house,
    make_regimen,
    make_request,
    make_value,
    make_values,
)

from oncopolis.foundation import ConflictError, ForbiddenError, InputError
from oncopolis.operations import ACTS, VIEWS, Floor
from oncopolis.operations.infusion import Bag, Treatment
from oncopolis.operations.infusion.limits import Limit, Value, judge_limits
from oncopolis.operations.infusion.orders import Ordered, read_order
from oncopolis.operations.infusion.routes import find_route, is_deadly, list_routes
from oncopolis.operations.infusion.views import Event, OrderLine
from oncopolis.operations.loop import Check, Parked, write_code
from oncopolis.record import Act as Audited
from oncopolis.record import Who
from oncopolis.record.store import Store

SECOND = Who("Practitioner", "second")
HOURS_MS = 60 * MINUTE_MS


def make() -> Floor:
    return make_floor(house=get_unit_house())


def receive(floor: Floor, minute: int = 0, **said: Any) -> str:
    answer = act(floor, at(minute), "receive_regimen", **make_regimen(**said)).answer
    assert answer["parked"] is None
    return str(answer["treatment"])


def confirm(floor: Floor, id_: str, minute: int = 5, **said: Any) -> None:
    ticked = {"allergies_asked": True, "totals_seen": True}
    act(floor, at(minute), "confirm_treatment", treatment=id_, **ticked, **said)


def clear(floor: Floor, minute: int = 5, **said: Any) -> str:
    """Take an order in, with values, confirmed and checked."""
    id_ = receive(floor, **said)
    act(floor, at(minute), "report_values", order=id_, observations=make_values())
    confirm(floor, id_, minute)
    act(floor, at(minute, who=SECOND), "check_treatment", treatment=id_)
    return id_


def prepare(floor: Floor, id_: str, minute: int = 10, **said: Any) -> str:
    line = floor.get(Treatment, id_).lines[0]
    usual = {"request": line.request, "code": line.code, "dose": line.dose, "unit": line.unit, "batch": "B1"}
    said = {**usual, "expires_ms": MONDAY_MS + 24 * HOURS_MS, **said}
    made = act(floor, at(minute), "prepare_bag", treatment=id_, **said)
    return str(made.answer["bag"])


def release(floor: Floor, bag: str, minute: int = 15) -> str:
    act(floor, at(minute, who=SECOND), "check_bag", bag=bag)
    act(floor, at(minute, who=SECOND), "release_bag", bag=bag)
    return bag


def sit(floor: Floor, id_: str, patient: str = "p1", chair: str = CHAIR, minute: int = 20) -> None:
    act(floor, at(minute), "check_in", patient=patient, activity="infusion")
    act(floor, at(minute), "seat", treatment=id_, chair=chair)


def scan(floor: Floor, id_: str, bag: str, minute: int = 30, **said: Any) -> dict[str, Any]:
    usual = {"patient_code": band("p1"), "bag_code": write_code("bag", bag), "route": "intravenous"}
    return dict(act(floor, at(minute), "start_infusion", treatment=id_, **(usual | said)).answer)


def list_parked(floor: Floor) -> list[tuple[str, str]]:
    return [(one.kind, one.why) for one in floor.list(Parked)]


def test_a_whole_day_with_what_is_written_of_it() -> None:
    floor = make()
    id_ = clear(floor)
    bag = release(floor, prepare(floor, id_))
    sit(floor, id_)
    assert scan(floor, id_, bag)["passed"]
    assert floor.get(Bag, bag).ends_ms == at(90).at_ms
    with pytest.raises(ConflictError, match="OPS-290"):
        act(floor, at(60), "leave_chair", treatment=id_)
    stopped = act(floor, at(92), "stop_infusion", bag=bag)
    (record,) = stopped.records
    assert (record["status"], record["effectivePeriod"]["end"]) == ("completed", "2027-03-01T04:32:00.000Z")
    left = act(floor, at(95), "leave_chair", treatment=id_)
    assert left.lines[0].activity == "infusion"
    assert not list(floor.list(Treatment))
    assert not list(floor.list(Bag))


@pytest.mark.parametrize(
    ("requests", "more", "why"),
    [
        ([make_request(contained=[])], {}, "unsigned"),
        ([make_request(), make_request(eventHistory=[])], {}, "unsigned"),
        ([make_request(when="2027-03-01T09:00:00+05:00")], {}, "clock"),
        ([make_request(when="yesterday")], {}, "unsigned"),
        ([make_request()], {"limits": []}, "no_limits"),
        ([make_request(), make_request(patient="p2")], {}, "unlike"),
        ([make_request(), make_request(order="R-2")], {}, "unlike"),
        ([make_request(status="stopped")], {}, "unlike"),
        ([make_request(dosageInstruction=[])], {}, "unlike"),
        ([make_request(dose=0)], {}, "unlike"),
        ([make_request(route="by magic")], {}, "unlike"),
        ([{"resourceType": "Patient"}], {}, "unlike"),
        ([make_request("L01CA02", "vincristine", 2, "intrathecal")], {}, "intrathecal"),
        ([make_request("x", "Винкристин-Тева", 2, "интратекально")], {}, "intrathecal"),
    ],
)
def test_an_order_that_cannot_be_used_is_parked_whole(requests: Any, more: Any, why: str) -> None:
    floor = make()
    said = make_regimen(*requests, **more)
    answer = act(floor, at(0), "receive_regimen", **said).answer
    assert (answer["treatment"], answer["why"]) == (None, why)
    assert list_parked(floor) == [("regimen", why)]
    parked = next(floor.list(Parked))
    assert parked.owner == "pharmacist"
    assert json.loads(parked.content)["requests"] == requests
    assert not list(floor.list(Treatment))


def test_an_order_is_taken_in_once() -> None:
    floor = make()
    first = receive(floor)
    again = act(floor, at(1), "receive_regimen", **make_regimen()).answer
    assert (again["treatment"], again["again"]) == (first, True)
    assert receive(floor, day=8) != first
    assert receive(floor, limits=[], no_limits="an antibody", cycle=2) != first


def test_vinca_alkaloids_go_into_a_vein_only() -> None:
    for route in (*list_routes(), ""):
        assert is_deadly("L01CA01", "x", route) == (route != "intravenous")
        assert is_deadly("", "VinCRIStine sulfate", route) == (route != "intravenous")
        assert not is_deadly("L01BA01", "methotrexate", route)
    assert not isinstance(read_order([make_request("L01CA02", route="intrathecal")], ["a"]), Ordered)


def test_a_vinca_alkaloid_is_not_prepared_for_an_intrathecal_order() -> None:
    """Nor is there any reason, or second person, that would open it."""
    floor = make()
    id_ = clear(floor, requests=[make_request("L01BA01", "methotrexate", 12, "intrathecal")])
    with pytest.raises(InputError, match="OPS-286"):
        prepare(floor, id_, code="L01CA02")


@pytest.mark.parametrize(
    ("concept", "route"),
    [
        ({"coding": [{"system": "http://snomed.info/sct", "code": "72607000"}]}, "intrathecal"),
        ({"text": " IV "}, "intravenous"),
        ({"coding": [{"code": "IT", "display": "Intrathecal"}]}, "intrathecal"),
        ({"text": "iv", "coding": [{"system": "http://snomed.info/sct", "code": "72607000"}]}, ""),
        ({}, ""),
    ],
)
def test_ways_are_read_and_two_at_once_are_none(concept: Any, route: str) -> None:
    assert find_route(concept) == route


def test_a_low_neutrophil_count_stops_everything() -> None:
    floor = make()
    id_ = receive(floor)
    with pytest.raises(ConflictError, match="OPS-282"):
        confirm(floor, id_)
    told = act(floor, at(1), "report_values", order="R-1", observations=make_values(0.8))
    assert told.answer["faults"] == ["Neutrophils: low"]
    with pytest.raises(ConflictError, match="Neutrophils: low"):
        confirm(floor, id_)
    act(floor, at(2), "report_values", order="R-1", observations=make_values(1.5, hours=1))
    confirm(floor, id_)


def test_values_are_looked_at_again_before_preparation_and_release() -> None:
    floor = make()
    id_ = clear(floor)
    bag = prepare(floor, id_)
    act(floor, at(11, who=SECOND), "check_bag", bag=bag)
    act(floor, at(12), "report_values", order="R-1", observations=make_values(0.4, hours=0))
    with pytest.raises(ConflictError, match="OPS-282"):
        act(floor, at(13, who=SECOND), "release_bag", bag=bag)
    act(floor, at(14), "put_off_treatment", treatment=id_, reason="neutrophils")
    assert not list(floor.list(Bag))


LIMIT = Limit("a", "A", "g", 24, "1.5", "10")
GOOD = Value("a", "2", "g", MONDAY_MS)


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (GOOD, None),
        (replace(GOOD, value="1.50"), None),
        (replace(GOOD, value="1.49"), "low"),
        (replace(GOOD, value="10.1"), "high"),
        (replace(GOOD, unit="mg"), "unit"),
        (replace(GOOD, at_ms=MONDAY_MS - 25 * HOURS_MS), "old"),
        (replace(GOOD, code="b"), "missing"),
    ],
)
def test_limits_pass_and_fail(value: Value, fault: str | None) -> None:
    assert [gate.fault for gate in judge_limits([LIMIT], [value], MONDAY_MS)] == [fault]


@given(values=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 100)), max_size=8))
def test_the_newest_value_counts_in_whatever_order_they_come(values: list[tuple[int, int]]) -> None:
    made = [replace(GOOD, value=str(number), at_ms=MONDAY_MS - hours * HOURS_MS) for hours, number in values]
    forth, back = (judge_limits([LIMIT], some, MONDAY_MS) for some in (made, made[::-1]))
    if len({hours for hours, _ in values}) == len(values):
        assert forth == back
    if made and forth[0].fault is None:
        assert forth[0].value is not None
        assert forth[0].value.at_ms == max(one.at_ms for one in made)


@pytest.mark.parametrize(
    ("order", "observations", "why"),
    [
        ("R-9", make_values(), "unknown"),
        ("R-1", make_values(patient="p2"), "other_patient"),
        ("R-1", make_values(hours=-1), "clock"),
        ("R-1", [make_value(status="preliminary")], "unlike"),
        ("R-1", [{"resourceType": "Observation"}], "unlike"),
        ("R-1", [make_value(valueQuantity={"value": 1, "unit": "g", "comparator": "<"})], "unlike"),
        ("R-1", [make_value(effectiveDateTime="2027-03-01")], "unlike"),
    ],
)
def test_results_that_belong_nowhere_are_parked_and_not_believed(
    order: str, observations: Any, why: str
) -> None:
    """Among them those of an analyser whose clock is an hour ahead."""
    floor = make()
    id_ = receive(floor)
    answer = act(floor, at(0), "report_values", order=order, observations=observations).answer
    assert answer["why"] == why
    assert list_parked(floor) == [("values", why)]
    assert next(floor.list(Parked)).owner == "laboratory"
    assert not floor.get(Treatment, id_).values


def test_a_second_check_is_of_a_second_person() -> None:
    floor = make()
    id_ = receive(floor)
    act(floor, at(1), "report_values", order=id_, observations=make_values())
    with pytest.raises(ConflictError, match="OPS-280"):
        act(floor, at(2, who=SECOND), "check_treatment", treatment=id_)
    confirm(floor, id_)
    with pytest.raises(ForbiddenError, match="OPS-283"):
        act(floor, at(6), "check_treatment", treatment=id_)
    with pytest.raises(ConflictError, match="OPS-280"):
        prepare(floor, id_)


def test_a_cumulative_dose_above_its_limit_needs_a_reason() -> None:
    floor = make()
    id_ = receive(floor, requests=[make_request("L01DB01", "doxorubicin", 90, so_far=400, most=450)])
    act(floor, at(1), "report_values", order=id_, observations=make_values())
    with pytest.raises(ConflictError, match="OPS-284"):
        confirm(floor, id_)
    confirm(floor, id_, despite="the cardiologist agrees")
    assert floor.get(Treatment, id_).despite


def test_bags_are_prepared_once_and_checked_by_another() -> None:
    floor = make()
    id_ = clear(floor)
    with pytest.raises(InputError, match="OPS-287"):
        prepare(floor, id_, expires_ms=MONDAY_MS)
    bag = prepare(floor, id_)
    with pytest.raises(ConflictError, match="OPS-285"):
        prepare(floor, id_)
    with pytest.raises(ForbiddenError, match="OPS-283"):
        act(floor, at(11), "check_bag", bag=bag)
    with pytest.raises(ConflictError, match="OPS-281"):
        act(floor, at(11, who=SECOND), "release_bag", bag=bag)
    act(floor, at(12), "reject_bag", bag=bag, reason="a leak")
    wrong = prepare(floor, id_, minute=13, dose=750)
    with pytest.raises(ConflictError, match="OPS-288"):
        act(floor, at(14, who=SECOND), "check_bag", bag=wrong)


def test_a_chair_is_given_once() -> None:
    floor = make()
    first = clear(floor)
    other = receive(floor, requests=[make_request(patient="p2", order="R-2")])
    act(floor, at(6), "report_values", order=other, observations=make_values(patient="p2"))
    confirm(floor, other, 7)
    act(floor, at(8, who=SECOND), "check_treatment", treatment=other)
    with pytest.raises(ConflictError, match="OPS-289"):
        act(floor, at(9), "seat", treatment=first, chair=CHAIR)
    sit(floor, first)
    with pytest.raises(ConflictError, match="OPS-112"):
        sit(floor, other, "p2")
    act(floor, at(21), "seat", treatment=other, chair=SECOND_CHAIR)


@pytest.mark.parametrize(
    ("said", "stopped"),
    [
        ({"patient_code": band("p2")}, ["medicine.patient"]),
        ({"route": "intrathecal"}, ["medicine.route"]),
        ({"bag_code": write_code("bag", "other")[:-2]}, ["medicine.readable"]),
    ],
)
def test_what_does_not_match_at_the_chair_is_stopped(said: Any, stopped: list[str]) -> None:
    floor = make()
    id_ = clear(floor)
    bag = release(floor, prepare(floor, id_))
    sit(floor, id_)
    assert scan(floor, id_, bag, **said)["stopped"] == stopped
    assert floor.get(Bag, bag).state == "released"
    assert scan(floor, id_, bag, 31)["passed"]


def test_the_bag_of_another_is_stopped() -> None:
    floor = make()
    id_ = clear(floor)
    release(floor, prepare(floor, id_))
    sit(floor, id_)
    floor.put(replace(BAG, state="released", expires_ms=MONDAY_MS + HOURS_MS))
    assert "medicine.thing" in scan(floor, id_, BAG.id)["stopped"]
    assert next(floor.list(Check)).failed[0] == "thing"


def test_a_bag_that_is_not_released_or_has_expired_is_stopped() -> None:
    floor = make()
    id_ = clear(floor)
    bag = prepare(floor, id_)
    sit(floor, id_)
    assert scan(floor, id_, bag)["stopped"] == ["medicine.released"]
    release(floor, bag, 31)
    late = 25 * 60
    floor.put(replace(floor.get(Treatment, id_), on=date(2027, 3, 2)))
    assert scan(floor, id_, bag, late)["stopped"] == ["medicine.expiry"]


def test_reactions_and_extravasations_are_kept_and_bags_stopped_for_a_reason() -> None:
    floor = make()
    id_ = clear(floor)
    bag = release(floor, prepare(floor, id_))
    sit(floor, id_)
    scan(floor, id_, bag)
    noted = act(floor, at(40), "note_reaction", treatment=id_, words="rash, itching")
    (record,) = noted.records
    assert record["suspectEntity"][0]["instance"]["reference"].startswith("MedicationAdministration/")
    act(floor, at(41), "note_extravasation", treatment=id_, words="left arm")
    assert [one.kind for one in floor.get(Treatment, id_).events] == ["reaction", "extravasation"]
    stopped = act(floor, at(42), "stop_infusion", bag=bag, reason="reaction")
    assert stopped.records[0]["status"] == "stopped"


LINE = OrderLine("r", "L01XA01", "cisplatin", "75", "mg", "intravenous", 60, "100", "500")
TREATMENT = Treatment(
    "t", "p", "R", "Cis", 1, 8, date(2027, 3, 1), MONDAY_MS, "Dr", MONDAY_MS,
    lines=(LINE, replace(LINE, so_far="", most="")), limits=(LIMIT, replace(LIMIT, low="", high="")),
    values=(GOOD, replace(GOOD, observation="o")), state="seated", confirmed_by="Practitioner/a",
    checked_by="Practitioner/b", despite="why", chair=CHAIR, contact="c", seated_ms=MONDAY_MS, given=("r",),
    events=(Event("reaction", MONDAY_MS, "Practitioner/a", "x", "e"),),
)  # fmt: skip
PUT_OFF = replace(
    TREATMENT, state="put_off", reason="x", chair="", contact="", seated_ms=None, no_limits="n", limits=()
)
BAG = Bag(
    "g", "t", "p", "r", "L01XA01", "cisplatin", "75", "mg", 60, "B", MONDAY_MS, MONDAY_MS + 1,
    "Practitioner/a", "running", "Practitioner/b", "Practitioner/b", "ma", MONDAY_MS,
)  # fmt: skip
ENDED = replace(BAG, ended_ms=MONDAY_MS + 1, reason="x")


@pytest.mark.parametrize(
    "view",
    [
        TREATMENT,
        PUT_OFF,
        *(replace(TREATMENT, state=state) for state in ("ordered", "confirmed", "cleared", "done")),
        *(replace(BAG, state=state) for state in ("prepared", "checked", "released", "running")),
        *(replace(ENDED, state=state) for state in ("given", "stopped", "rejected")),
        replace(BAG, checked_by="", released_by="", administration="", started_ms=None, batch=""),
    ],
)
def test_records_say_what_views_say(view: Any) -> None:
    record = view.to_record()
    assert type(view).is_mine(record)
    assert type(view).from_record(record) == view
    assert type(view).from_record(record).to_record() == record


def test_over_a_store(store: Store) -> None:
    live = open_live(store, VIEWS, get_unit_house())
    made = Audited("C", "made for a test", Who("Person", "test"), "test")
    unknown = do(live, ACTS["receive_regimen"], make_regimen())
    assert unknown["why"] == "unknown"
    store.submit(lambda tx: tx.put({"resourceType": "Patient", "id": "p1"}), made).result()
    allergy = {
        "resourceType": "AllergyIntolerance", "id": "a", "patient": {"reference": "Patient/p1"},
        "code": {"text": "Cisplatin"},
    }  # fmt: skip
    store.submit(lambda tx: tx.put(allergy), made).result()
    answer = do(live, ACTS["receive_regimen"], make_regimen())
    id_ = answer["treatment"]
    do(live, ACTS["report_values"], {"order": "R-1", "observations": make_values()})
    ticked = {"treatment": id_, "allergies_asked": True, "totals_seen": True}
    with pytest.raises(ConflictError, match="allergy to cisplatin"):
        do(live, ACTS["confirm_treatment"], ticked)
    do(live, ACTS["confirm_treatment"], ticked | {"despite": "it was nausea"})
    again = open_live(store, VIEWS, get_unit_house())
    assert again.ask(Floor.to_state) == live.ask(Floor.to_state)
    values = again.ask(lambda floor: floor.get(Treatment, id_).values)
    assert next(value.code for value in values) == NEUTROPHILS
    assert store.count("Observation") == 2
