"""The round of a ward, that of the isolated, and the hand-over, as people use them, without scripts."""

import re

import pytest
from tests.staff import Centre, Staff

from oncopolis.operations import make_wish
from oncopolis.record import Act, Who

ROUND, HANDOVER = "/live/wards/bed/round", "/live/wards/bed/handover"
ISOLATED = "/live/wards/isolated"
MINUTE_MS = 60_000


@pytest.fixture
def stay(centre: Centre) -> str:
    centre.add_patient("p1", "Karimova", "Malika")
    return str(centre.do("admit", patient="p1", activity="stay")["stay"])


@pytest.fixture
def nurse(centre: Centre, stay: str) -> Staff:
    centre.put({"resourceType": "Practitioner", "id": "nurse", "active": True})
    centre.add_account("nurse", "nurse", practitioner="nurse")
    centre.do("lay_tasks")
    assert stay
    return centre.open_browser("nurse")


def test_what_is_measured_is_shown_as_a_line_and_off_the_list(
    centre: Centre, nurse: Staff, stay: str
) -> None:
    shown = nurse.get(ROUND).text
    assert "Vital signs" in shown
    assert "Nothing was measured in the last two days." in shown
    values = {"pulse": "72", "systolic": "120", "diastolic": "80", "temperature": "36.6", "pain": "2"}
    assert nurse.press(ROUND, "/live/acts/note_signs", values, stay=stay).status_code == 303
    centre.clock.now_ms += 20 * MINUTE_MS
    nurse.press(ROUND, "/live/acts/note_signs", {"pulse": "88"}, stay=stay)
    shown = nurse.get(ROUND).text
    assert 'aria-label="Pulse: 72, 88 /min"' in shown
    assert "120/80" in shown
    assert "20 min ago" in shown
    assert "not an alarm" in shown
    assert re.search(r"Vital signs\s*<span class=\"badge hold\">in 12 h 0 min", shown)


def test_a_slip_of_the_hand_is_told(nurse: Staff, stay: str) -> None:
    answer = nurse.press(ROUND, "/live/acts/note_signs", {"pulse": "720"}, stay=stay)
    assert "Nobody can have that value." in nurse.get(answer.headers["location"]).text


def test_tasks_are_planned_done_and_left_out(nurse: Staff, stay: str) -> None:
    nurse.press(ROUND, "/live/acts/plan_task", {"text": "Weigh"}, stay=stay)
    shown = nurse.get(ROUND).text
    assert "Weigh" in shown
    task = re.search(r'name="task" value="([^"]+)">\s*\n?<button[^>]* aria-label="Done: Weigh, ', shown)
    assert task is not None
    nurse.press(ROUND, "/live/acts/skip_task", {"reason": "asleep"}, task=task[1])
    assert "Weigh" not in nurse.get(ROUND).text
    assert "0 tasks were done and 1 left out" in nurse.get(HANDOVER).text


def test_the_sheet_has_the_order_of_a_hand_over(centre: Centre, nurse: Staff, stay: str) -> None:
    nurse.press(ROUND, "/live/acts/note_handover", {"words": "Wants to go home"}, stay=stay)
    centre.do("isolate", stay=stay, isolation="MRSA")
    shown = nurse.get(HANDOVER).text
    order = [
        shown.index(f"<dt>{name}</dt>")
        for name in ("Situation", "Background", "Assessment", "Recommendation")
    ]
    assert order == sorted(order)
    assert shown.index("Wants to go home") > order[-1]
    assert "MRSA" in shown
    assert "Shift from" in shown
    assert "Counter" not in shown
    assert "The shift that is on" in nurse.get(f"{HANDOVER}?shift=last").text


def test_why_somebody_is_isolated_is_told_to_those_who_treat_them(
    centre: Centre, nurse: Staff, stay: str
) -> None:
    centre.do("isolate", stay=stay, isolation="MRSA")
    centre.clock.now_ms += 20 * MINUTE_MS
    assert "MRSA" in nurse.get(ISOLATED).text
    assert "isolated for 20 min" in nurse.get(ISOLATED).text
    centre.add_account("desk", "registrar")
    desk = centre.open_browser("desk")
    for page in (ISOLATED, "/live/wards/bed"):
        shown = desk.get(page).text
        assert "Karimova" in shown
        assert "MRSA" not in shown
    assert desk.get(ROUND).status_code == 403
    assert desk.get(HANDOVER).status_code == 403


def test_of_another_department_there_is_no_round(centre: Centre, nurse: Staff) -> None:
    assert nurse.get("/live/wards/linac/round").status_code == 404
    centre.add_account("guest", "nurse", practitioner="guest", clinics=frozenset({"elsewhere"}))
    guest = centre.open_browser("guest")
    assert guest.get(ROUND).status_code == 403
    assert "Nobody is isolated." in guest.get(ISOLATED).text


def test_who_is_not_of_the_ward_does_nothing_there(centre: Centre, nurse: Staff, stay: str) -> None:
    assert nurse.get(ROUND).status_code == 200
    centre.add_account("guest", "nurse", practitioner="guest", clinics=frozenset({"elsewhere"}))
    guest = centre.open_browser("guest")
    form = {"stay": stay, "pulse": "70", "back": "/live/start"}
    answer = guest.send("/live/acts/note_signs", form, page="/live/wards/isolated")
    assert "told=OPS-012" in answer.headers["location"]
    task = make_wish(
        "plan_task",
        {"stay": stay, "text": "Weigh"},
        Act("E", "plan_task", Who("Practitioner", "nurse"), "test"),
    )
    id_ = centre.live.perform(task).result()["task"]
    answer = guest.send(
        "/live/acts/finish_task", {"task": id_, "back": "/live/start"}, page="/live/wards/isolated"
    )
    assert "told=OPS-012" in answer.headers["location"]


ADMISSION = "/live/wards/bed/admission"


def test_whom_an_appointment_brings_is_admitted_by_it(centre: Centre, nurse: Staff) -> None:
    centre.add_patient("p2", "Tosheva", "Lola")
    centre.add_booking("b2", "p2", activity="stay")
    centre.add_booking("tomorrow", centre.add_patient("p3", "Umarova", "Nodira"), 24 * 60, "stay")
    assert "Tosheva" in nurse.get(ADMISSION).text
    assert "Umarova" not in nurse.get(ADMISSION).text
    answer = nurse.press(ADMISSION, ADMISSION, {"act": "admit"}, booking="b2")
    shown = nurse.get(answer.headers["location"]).text
    assert "Admitted." in shown
    assert "Tosheva" in shown
    assert "Tosheva" not in nurse.get(ADMISSION).text


def test_who_is_not_expected_is_searched_for(centre: Centre, nurse: Staff) -> None:
    centre.add_patient("p2", "Tosheva", "Lola")
    found = nurse.get(f"{ADMISSION}?family=Tosheva&given=Lola&birth_date=1960-05-17").text
    assert f'href="{ADMISSION}?patient=p2"' in found
    assert "Nobody was found." not in nurse.get(f"{ADMISSION}?language=en").text
    assert "Nobody was found." in nurse.get(f"{ADMISSION}?family=Nobody&birth_date=1960-05-17").text
    assert "Please check it." in nurse.get(f"{ADMISSION}?birth_date=yesterday").text
    said = {"act": "reserve_bed", "activity": "stay"}
    held = nurse.press(f"{ADMISSION}?patient=p2", ADMISSION, said)
    assert "Tosheva" in nurse.get(held.headers["location"]).text


def test_who_is_in_a_bed_already_is_not_admitted_again_and_what_was_chosen_stays(nurse: Staff) -> None:
    said = {"act": "admit", "activity": "stay", "reason": "full"}
    refused = nurse.press(f"{ADMISSION}?patient=p1", ADMISSION, said)
    assert refused.status_code == 409
    assert "The patient is on a ward already." in refused.text
    assert 'value="full"' in refused.text
