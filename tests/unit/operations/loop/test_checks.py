"""Checks at the bedside: done where all matches, kept and stopped where not, overridden by two people."""

from dataclasses import replace
from typing import Any

import pytest
from tests.live import MONDAY_MS, do, make_floor, make_moment, open_live

from oncopolis.foundation import ConflictError, ForbiddenError
from oncopolis.operations import ACTS, Decision, Floor, Moment, View, fold
from oncopolis.operations.arrivals.views import Contact
from oncopolis.operations.loop import BloodUnit, Check, Parked, write_code
from oncopolis.operations.loop.checking import Verdict
from oncopolis.record import Act as Audited
from oncopolis.record import Who
from oncopolis.record.store import Store

UNIT = BloodUnit("u", "p", "W123426000001", "E0336V00", "5100", "2027-03-05")
LABEL = "=W12342600000100=<E0336V00=%5100&>0270642359"
ROOM = "room.consult-room.1"
CALLED = Contact(
    "c", "p", "v", "consult", "outpatient", "A1", 5, MONDAY_MS, MONDAY_MS, state="called",
    called_ms=MONDAY_MS, room=ROOM,
)  # fmt: skip
SECOND = Who("Practitioner", "second", "Second")
_MADE = Audited("C", "made for a test", SECOND, "test")


def act(floor: Floor, name: str, moment: Moment | None = None, **said: Any) -> Decision:
    found = ACTS[name]
    decision = found.decide(floor, found.asked.model_validate(said), moment or make_moment())
    fold(floor, decision)
    return decision


def get_check(floor: Floor) -> Check:
    (check,) = floor.list(Check)
    return check


def band(patient: str = "p") -> str:
    return write_code("patient", patient)


def test_blood_for_its_patient_is_given_once() -> None:
    floor = make_floor(UNIT)
    decision = act(floor, "give_blood", patient_code=band(), unit_code=LABEL)
    assert decision.answer["passed"]
    assert not list(floor.list(BloodUnit))
    again = act(floor, "give_blood", patient_code=band(), unit_code=LABEL)
    assert again.answer["stopped"][:2] == ["blood.patient", "blood.thing"]


@pytest.mark.parametrize(
    ("patient", "label", "stopped"),
    [
        ("q", LABEL, ["blood.patient"]),
        ("p", LABEL.replace("5100", "6200"), ["blood.group"]),
        ("p", LABEL.replace("027064", "027059"), ["blood.expiry"]),
        ("p", LABEL.replace("W123426000001", "W123426000002"), None),
        ("p", write_code("bag", "x"), None),
    ],
)
def test_blood_of_another_is_stopped_and_kept(patient: str, label: str, stopped: list[str] | None) -> None:
    floor = make_floor(UNIT)
    decision = act(floor, "give_blood", patient_code=band(patient), unit_code=label)
    assert not decision.answer["passed"]
    assert stopped is None or decision.answer["stopped"] == stopped
    assert list(floor.list(BloodUnit)) == [UNIT]
    assert get_check(floor).state == "stopped"
    assert decision.lines[0].outcome == "cancelled"


def test_half_a_code_is_refused_and_logged_and_on_no_list() -> None:
    floor = make_floor(UNIT)
    decision = act(floor, "give_blood", patient_code=band()[:-3], unit_code=LABEL)
    assert decision.answer["stopped"] == ["blood.readable"]
    (kept,) = decision.puts
    assert isinstance(kept, Check)
    assert (kept.state, kept.is_open) == ("unread", False)


def test_a_patient_at_the_right_door() -> None:
    floor = make_floor(CALLED)
    place = write_code("place", ROOM)
    assert act(floor, "verify_place", patient_code=band(), place_code=place).answer["passed"]
    assert act(floor, "verify_place", patient_code=band("q"), place_code=place).answer["stopped"] == [
        "place.patient"
    ]


def test_another_room_needs_a_reason() -> None:
    floor = make_floor(CALLED)
    said: dict[str, Any] = {"patient_code": band(), "place_code": write_code("place", "machine.linac.1")}
    check = act(floor, "verify_place", **said).answer["check"]
    with pytest.raises(ConflictError, match="OPS-240"):
        act(floor, "verify_place", despite=check, **said)
    act(floor, "override_check", check=check, reason="the other machine is down")
    assert act(floor, "verify_place", despite=check, **said).answer["passed"]
    assert get_check(floor).state == "used"
    with pytest.raises(ConflictError, match="OPS-240"):
        act(floor, "verify_place", despite=check, **said)
    act(floor, "settle_check", check=check, note="looked into")
    assert not list(floor.list(Check))


def test_an_override_is_of_what_was_stopped_only_and_not_for_ever() -> None:
    floor = make_floor(CALLED)
    other = write_code("place", "machine.linac.1")
    check = act(floor, "verify_place", patient_code=band(), place_code=other).answer["check"]
    act(floor, "override_check", check=check, reason="down")
    with pytest.raises(ConflictError, match="OPS-240"):
        act(floor, "verify_place", patient_code=band("q"), place_code=other, despite=check)
    later = make_moment(MONDAY_MS + 31 * 60_000, prefix="later")
    with pytest.raises(ConflictError, match="OPS-240"):
        act(floor, "verify_place", later, patient_code=band(), place_code=other, despite=check)


def test_the_wrong_patient_is_never_overridden() -> None:
    floor = make_floor(CALLED)
    said: dict[str, Any] = {"patient_code": band("q"), "place_code": write_code("place", ROOM)}
    check = act(floor, "verify_place", **said).answer["check"]
    with pytest.raises(ForbiddenError, match="OPS-241"):
        act(floor, "override_check", check=check, reason="it is urgent")
    assert get_check(floor).state == "stopped"


def test_a_second_person_is_another_person() -> None:
    floor = make_floor(STOPPED)
    assert (
        act(floor, "override_check", check="k", reason="moved to the next theatre").answer["state"] == "asked"
    )
    with pytest.raises(ForbiddenError, match="OPS-242"):
        act(floor, "confirm_override", check="k")
    moment = replace(make_moment(), who=SECOND)
    assert act(floor, "confirm_override", moment, check="k").answer["state"] == "granted"
    assert get_check(floor).second == "Practitioner/second"
    with pytest.raises(ConflictError, match="OPS-244"):
        act(floor, "confirm_override", moment, check="k")


STOPPED = Check(
    "k", "theatre", "p", "Procedure/o", MONDAY_MS, "Practitioner/somebody", (("patient", "ONC.P.q.000000"),),
    (Verdict("patient", True, "p", "p"), Verdict("place", False, "r", "")), "stopped",
)  # fmt: skip
PARKED = Parked("k", "values", "unknown", "laboratory", MONDAY_MS, '{"a": "б"}', "p")
KEPT: list[View] = [
    STOPPED,
    replace(STOPPED, state="used", reason="why", asked_by="Practitioner/a", second="Practitioner/b"),
    replace(STOPPED, state="settled", note="n", settled_by="Practitioner/a", settled_ms=MONDAY_MS),
    replace(STOPPED, state="passed", patient="", about="", scans=(), verdicts=()),
    PARKED,
    replace(PARKED, patient="", note="n", settled_by="Practitioner/a", settled_ms=MONDAY_MS),
    UNIT,
    replace(UNIT, state="given", given_ms=MONDAY_MS),
    replace(UNIT, state="returned"),
]


@pytest.mark.parametrize("view", KEPT)
def test_records_say_what_views_say(view: Any) -> None:
    record = view.to_record()
    assert type(view).is_mine(record)
    assert type(view).from_record(record) == view
    assert type(view).from_record(record).to_record() == record


def test_what_another_system_closed_is_over() -> None:
    assert Check.from_record(STOPPED.to_record() | {"status": "completed"}).state == "settled"
    assert not Parked.from_record(PARKED.to_record() | {"status": "cancelled"}).is_open


def test_what_was_parked_is_dealt_with_once() -> None:
    floor = make_floor(PARKED)
    act(floor, "settle_parked", parked="k", note="asked the laboratory")
    assert not list(floor.list(Parked))
    floor = make_floor()
    with pytest.raises(ConflictError, match="OPS-243"):
        ACTS["settle_parked"].decide(
            Closed(floor.house),
            ACTS["settle_parked"].asked.model_validate({"parked": "k", "note": "n"}),
            make_moment(),
        )


class Closed(Floor):
    """A floor behind which is a record of something that was dealt with."""

    def get(self, kind: Any, id_: str) -> Any:
        return replace(PARKED, settled_ms=MONDAY_MS)


def test_over_a_store(store: Store) -> None:
    live = open_live(store, [Check, Parked, BloodUnit])
    store.submit(lambda tx: tx.put({"resourceType": "Patient", "id": "p"}), _MADE).result()
    store.submit(lambda tx: tx.put(UNIT.to_record()), _MADE).result()
    wrong = do(live, ACTS["give_blood"], {"patient_code": band("q"), "unit_code": LABEL})
    assert wrong["stopped"] == ["blood.patient"]
    assert do(live, ACTS["give_blood"], {"patient_code": band(), "unit_code": LABEL})["passed"]
    assert store.get("SupplyDelivery", "u").version == 2
    assert [one.id for one in live.ask(lambda floor: list(floor.list(Check)))] == [wrong["check"]]
