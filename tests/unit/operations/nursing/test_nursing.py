"""What nursing has to do at each bed: by rules and as entered, done, skipped, and over with the stay."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.courses import Walk
from tests.live import MONDAY_MS, SOMEBODY, do, get_house, make_floor, open_live

from oncopolis.foundation import ConflictError, InputError
from oncopolis.foundation.units import MS_PER_HOUR
from oncopolis.operations import ACTS, VIEWS, Live, Moment
from oncopolis.operations.elements import to_instant
from oncopolis.operations.loop import Parked
from oncopolis.operations.nursing import Handover, Handovers, NursingTask, Tasks
from oncopolis.operations.nursing.rules import RULES, get_rules
from oncopolis.operations.nursing.signs import SIGNS, get_signs, read_signs
from oncopolis.operations.nursing.trends import read_trends
from oncopolis.operations.wards.views import Bed, Stay
from oncopolis.record import Act, Who
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.store import open_store

BED = "bed.bed.1"


def walk_in() -> tuple[Walk, str]:
    """A ward with somebody in its first bed."""
    walk = Walk(make_floor(Bed(BED, "bed"), Bed("bed.bed.2", "bed"), house=get_house()))
    return walk, str(walk.do("admit", patient="p1", activity="stay", bed=BED).answer["stay"])


def list_due(walk: Walk, stay: str) -> dict[str, NursingTask]:
    return {one.kind: one for one in walk.floor.index(Tasks).list_of(stay)}


def get_hours(walk: Walk, key: str) -> float:
    return walk.floor.house.values.get_ms(key) / MS_PER_HOUR


def test_every_rule_is_there_with_its_times() -> None:
    assert tuple(get_rules()) == RULES
    for rule in get_rules().values():
        assert get_house().values.get_ms(rule.first) > 0
        assert get_house().values.get_ms(rule.every) > 0


def test_rules_ask_for_everybody_in_a_bed_once_at_a_time() -> None:
    walk, stay = walk_in()
    assert walk.do("lay_tasks").answer["closed"] == 3
    due = list_due(walk, stay)
    assert due.keys() == {"signs", "pain", "pressure"}
    came_ms = walk.floor.get(Stay, stay).came_ms or 0
    assert due["pressure"].due_ms - came_ms == get_hours(walk, "nursing.pressure.first") * MS_PER_HOUR
    assert walk.do("lay_tasks").answer["closed"] == 0
    claims = [claim for one in due.values() for claim in one.list_claims()]
    assert len(set(claims)) == 3


def test_nothing_is_asked_for_before_somebody_lies_there() -> None:
    """A rehearsed day is another one than the server's clock tells."""
    walk, stay = walk_in()
    walk.at_ms -= MS_PER_HOUR
    assert walk.do("lay_tasks").answer["closed"] == 0
    assert not list_due(walk, stay)


def test_of_who_has_long_been_here_it_is_due_now_and_not_late_since_ever() -> None:
    walk, stay = walk_in()
    walk.at_ms += 100 * MS_PER_HOUR
    walk.do("lay_tasks")
    due = list_due(walk, stay)
    assert due["signs"].due_ms == due["pain"].due_ms == walk.at_ms
    assert due["pressure"].due_ms < walk.at_ms


def test_what_is_for_the_isolated_ends_with_the_isolation() -> None:
    walk, stay = walk_in()
    walk.do("isolate", stay=stay, isolation="MRSA")
    known = walk.floor.get(Stay, stay)
    assert known.isolated_ms == walk.at_ms
    assert Stay.from_record(known.to_record()) == known
    walk.do("lay_tasks")
    assert "isolation" in list_due(walk, stay)
    walk.at_ms += MS_PER_HOUR
    walk.do("isolate", stay=stay, isolation="VRE")
    assert walk.floor.get(Stay, stay).isolated_ms == walk.at_ms - MS_PER_HOUR
    walk.do("isolate", stay=stay)
    assert walk.floor.get(Stay, stay).isolated_ms is None
    walk.do("lay_tasks")
    assert "isolation" not in list_due(walk, stay)


def test_what_was_done_is_due_again_from_then_on() -> None:
    walk, stay = walk_in()
    walk.do("lay_tasks")
    first = list_due(walk, stay)["pain"]
    walk.at_ms = first.due_ms + 3 * MS_PER_HOUR
    decision = walk.do("finish_task", task=first.id, note="none")
    after = list_due(walk, stay)["pain"]
    assert after.due_ms - walk.at_ms == get_hours(walk, "nursing.pain.every") * MS_PER_HOUR
    (line,) = decision.lines
    assert (line.step, line.end_ms - (line.planned_ms or 0)) == ("nursing_pain_done", 3 * MS_PER_HOUR)
    done = decision.puts[0]
    assert isinstance(done, NursingTask)
    assert (done.state, done.note, done.by) == ("done", "none", "Practitioner/somebody")
    assert NursingTask.from_record(done.to_record()) == done


def test_what_was_skipped_has_a_reason_and_comes_again_when_it_would_have() -> None:
    walk, stay = walk_in()
    walk.do("lay_tasks")
    first = list_due(walk, stay)["pain"]
    walk.at_ms = first.due_ms + 20 * MS_PER_HOUR
    with pytest.raises(InputError):
        walk.do("skip_task", task=first.id, reason=" ")
    decision = walk.do("skip_task", task=first.id, reason="asleep")
    assert decision.lines[0].outcome == "cancelled"
    assert list_due(walk, stay)["pain"].due_ms == first.due_ms + 24 * MS_PER_HOUR


def test_what_somebody_entered_is_done_once_or_again_and_can_be_ended() -> None:
    walk, stay = walk_in()
    once = walk.do("plan_task", stay=stay, text="Weigh").answer["task"]
    again = walk.do("plan_task", stay=stay, text="Turn", every_h=2).answer["task"]
    walk.do("finish_task", task=once)
    walk.do("finish_task", task=again)
    (left,) = walk.floor.index(Tasks).list_of(stay)
    assert (left.text, left.due_ms) == ("Turn", walk.at_ms + 2 * MS_PER_HOUR)
    assert NursingTask.from_record(left.to_record()) == left
    walk.do("end_task", task=left.id, reason="up again")
    assert not walk.floor.index(Tasks).list_of(stay)


def test_what_a_rule_asks_for_cannot_be_ended() -> None:
    walk, stay = walk_in()
    walk.do("lay_tasks")
    with pytest.raises(ConflictError, match="OPS-432"):
        walk.do("end_task", task=list_due(walk, stay)["signs"].id, reason="busy")


def test_tasks_and_words_are_over_with_the_stay() -> None:
    walk, stay = walk_in()
    walk.do("plan_task", stay=stay, text="Weigh")
    walk.do("note_handover", stay=stay, words="wants to go home")
    walk.do("lay_tasks")
    walk.do("discharge", stay=stay)
    walk.do("left_bed", stay=stay)
    assert walk.do("lay_tasks").answer["closed"] == 5
    assert not list(walk.floor.list(NursingTask))
    assert not list(walk.floor.list(Handover))


def test_what_is_handed_over_takes_the_place_of_what_was() -> None:
    walk, stay = walk_in()
    walk.do("note_handover", stay=stay, words="first")
    walk.do("note_handover", stay=stay, words="second")
    known = walk.floor.index(Handovers).of[stay]
    assert (known.words, known.name) == ("second", "Somebody")
    assert Handover.from_record(known.to_record()) == known
    assert len(list(walk.floor.list(Handover))) == 1


def test_what_was_measured_is_written_and_off_the_list() -> None:
    walk, stay = walk_in()
    walk.do("lay_tasks")
    said = {"pulse": 72, "systolic": 120, "diastolic": 80, "temperature": 36.6}
    decision = walk.do("note_signs", stay=stay, **said)
    found = {sign: value for one in decision.records for sign, _, value in read_signs(one)}
    assert found == said
    assert len(decision.records) == 3
    due = list_due(walk, stay)
    assert due["signs"].due_ms == walk.at_ms + get_hours(walk, "nursing.signs.every") * MS_PER_HOUR
    assert due["pain"].due_ms < due["signs"].due_ms
    walk.do("note_signs", stay=stay, pain=3)
    assert (
        list_due(walk, stay)["pain"].due_ms
        == walk.at_ms + get_hours(walk, "nursing.pain.every") * MS_PER_HOUR
    )


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "OPS-433"), ({"pulse": 720}, "OPS-434"), ({"temperature": 3.7}, "OPS-434"),
        ({"pain": 11}, "OPS-434"), ({"systolic": 80, "diastolic": 120}, "OPS-435"),
        ({"pulse": 70, "at_ms": MONDAY_MS + MS_PER_HOUR}, "OPS-245"),
    ],
)  # fmt: skip
def test_what_nobody_can_have_is_not_written(said: dict[str, float], code: str) -> None:
    walk, stay = walk_in()
    with pytest.raises(InputError, match=code):
        walk.do("note_signs", stay=stay, **said)


@pytest.mark.parametrize("off_ms", [MS_PER_HOUR, -25 * MS_PER_HOUR])
def test_what_a_machine_measured_at_another_time_waits_for_a_nurse(off_ms: int) -> None:
    walk, stay = walk_in()
    said = {"stay": stay, "pulse": 70, "at_ms": walk.at_ms + off_ms, "by": "kim"}
    moment = Moment(walk.at_ms, Who("Device", "monitor", "Monitor"), lambda: "parked", walk.floor.house)
    decision = ACTS["note_signs"].decide(walk.floor, ACTS["note_signs"].asked.model_validate(said), moment)
    (parked,) = decision.puts
    assert isinstance(parked, Parked)
    assert (parked.kind, parked.why, parked.owner, parked.patient) == ("signs", "clock", "nurse", "p1")
    assert json.loads(parked.content)["pulse"] == 70
    assert not decision.records


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    with open_store(f"sqlite:///{tmp_path / 'record.db'}", clock_ms=lambda: MONDAY_MS) as store:
        yield open_live(store, VIEWS)


def put(live: Live, id_: str, at_ms: int, value: float, **more: Any) -> None:
    record = {
        "resourceType": "Observation", "id": id_, "status": "final", "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]},
        "effectiveDateTime": to_instant(at_ms), "valueQuantity": {"value": value, "unit": "/min"},
    }  # fmt: skip
    live.store.submit(lambda tx: tx.put(record | more), Act("C", "create", SOMEBODY, "monitor")).result()


def test_a_monitor_whose_clock_is_ahead_is_on_the_list_of_the_nurses(live: Live) -> None:
    live.store.submit(
        lambda tx: tx.put({"resourceType": "Patient", "id": "p1"}), Act("C", "create", SOMEBODY, "request")
    ).result()
    put(live, "good", MONDAY_MS, 70)
    put(live, "ahead", MONDAY_MS + MS_PER_HOUR, 72)
    put(live, "again", MONDAY_MS + MS_PER_HOUR + 60_000, 73)
    (parked,) = live.ask(lambda floor: list(floor.list(Parked)))
    assert (parked.why, parked.owner, parked.about) == ("clock", "nurse", "Observation/ahead")
    do(live, ACTS["settle_parked"], {"parked": parked.id, "note": "the clock was set"})
    assert not live.ask(lambda floor: list(floor.list(Parked)))


def test_trends_are_of_the_last_days_whoever_measured(live: Live) -> None:
    live.store.submit(
        lambda tx: tx.put({"resourceType": "Patient", "id": "p1"}), Act("C", "create", SOMEBODY, "request")
    ).result()
    put(live, "later", MONDAY_MS - MS_PER_HOUR, 80)
    put(live, "first", MONDAY_MS - 9 * MS_PER_HOUR, 70)
    put(live, "old", MONDAY_MS - 90 * MS_PER_HOUR, 60)
    put(live, "unsure", MONDAY_MS, 99, status="preliminary")
    put(live, "ahead", MONDAY_MS + MS_PER_HOUR, 99)
    put(live, "other-unit", MONDAY_MS, 1.2, valueQuantity={"value": 1.2, "unit": "Hz"})
    put(live, "closed", MONDAY_MS, 99, meta={"security": [{"system": "urn:x", "code": "V"}]})
    trends = read_trends(live.store, ["p1", "p2"], MONDAY_MS)
    assert [value for _, value in trends["p1"]["pulse"]] == [70, 80]
    assert trends["p2"] == {}


def test_over_a_store_nothing_is_laid_twice(live: Live) -> None:
    live.store.submit(
        lambda tx: tx.put({"resourceType": "Patient", "id": "p1"}), Act("C", "create", SOMEBODY, "request")
    ).result()
    live.store.submit(
        lambda tx: tx.put({
            "resourceType": "Location", "id": BED, "status": "active",
            "physicalType": {"coding": [{"code": "bd"}]},
            "type": [{"coding": [{"system": "urn:oncopolis:resource", "code": "bed"}]}],
        }),
        Act("C", "create", SOMEBODY, "request"),
    ).result()  # fmt: skip
    stay = do(live, ACTS["admit"], {"patient": "p1", "activity": "stay", "bed": BED})["stay"]
    assert do(live, ACTS["lay_tasks"], {})["closed"] == 3
    do(live, ACTS["note_signs"], {"stay": stay, "pulse": 70})
    do(live, ACTS["note_handover"], {"stay": stay, "words": "well"})
    due = live.ask(lambda floor: floor.index(Tasks).list_of(stay))
    assert len(due) == 3
    again = open_live(live.store, VIEWS)
    assert again.ask(lambda floor: floor.index(Tasks).list_of(stay)) == due
    for one in due:
        record = find_resource(live.store.read("Task", one.id)) or {}
        assert NursingTask.from_record(record) == one


def test_every_sign_can_be_shown() -> None:
    for sign in SIGNS:
        known = get_signs()[sign]
        assert known.possible[0] <= known.shown[0] < known.shown[1] <= known.possible[1]
