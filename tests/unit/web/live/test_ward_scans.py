"""Medicines given and tubes drawn on a ward, as people scan them, without scripts."""

from typing import Any

import pytest
from tests.staff import Centre, Staff
from tests.units import make_request

from oncopolis.operations import make_wish
from oncopolis.operations.loop import write_code
from oncopolis.record import Act, Who

PAGE = "/live/wards/bed/doses"
HOUR_MS = 3_600_000
BAND = write_code("patient", "p1")


@pytest.fixture
def nurse(centre: Centre) -> Staff:
    centre.put({"resourceType": "Practitioner", "id": "nurse", "active": True})
    centre.add_account("nurse", "nurse", practitioner="nurse")
    centre.add_patient("p1", "Karimova", "Malika")
    centre.do("admit", patient="p1", activity="stay")
    return centre.open_browser("nurse")


def dispense(centre: Centre, hours: float = 0, **more: Any) -> str:
    """A dose that is due so many hours from now."""
    now_ms = centre.clock.now_ms
    due_ms = now_ms + round(hours * HOUR_MS)
    request = make_request("A04AA01", "ondansetron", 8, "oral", when="2020-01-01T09:00:00+05:00", **more)
    dose = {"due_ms": due_ms, "expires_ms": due_ms + 48 * HOUR_MS}
    return str(centre.do("dispense_doses", request=request, doses=[dose])["doses"][0])


def scan(nurse: Staff, dose: str, **said: str) -> Any:
    right = {"patient_code": BAND, "dose_code": write_code("bag", dose), "route": "oral", "back": PAGE}
    page = f"/live/scan/give_dose?dose={dose}"
    return nurse.press(page, "/live/scan/give_dose", {**right, **said}, dose=dose)


def test_a_dose_is_on_the_list_until_it_is_scanned(centre: Centre, nurse: Staff) -> None:
    assert "Nothing is to be given or drawn here." in nurse.get(PAGE).text
    dose = dispense(centre)
    shown = nurse.get(PAGE).text
    assert "ondansetron" in shown
    assert "Karimova" in shown
    assert "by mouth" in shown
    asked = nurse.get(f"/live/scan/give_dose?dose={dose}&back={PAGE}").text
    assert "ondansetron 8 mg" in asked
    assert "Scan the wristband" in asked
    answer = scan(nurse, dose)
    assert answer.headers["location"] == f"{PAGE}?done=give_dose"
    assert "It is recorded as given." in nurse.get(answer.headers["location"]).text
    assert "ondansetron" not in nurse.get(PAGE).text.partition("<main")[2]


def test_another_wristband_is_stopped_and_on_the_list(centre: Centre, nurse: Staff) -> None:
    dose = dispense(centre)
    stopped = scan(nurse, dose, patient_code=write_code("patient", "p2")).text
    assert "STOPPED: this medicine is not for this patient." in stopped
    assert "Go on despite this" not in stopped
    assert "STOPPED: this medicine is not for this patient." in nurse.get("/live/stopped").text
    assert "ondansetron" in nurse.get(PAGE).text


def test_a_late_dose_is_given_with_a_reason_and_scanned_again(centre: Centre, nurse: Staff) -> None:
    dose = dispense(centre, -2)
    assert "2 h 0 min late" in nurse.get(PAGE).text
    stopped = scan(nurse, dose).text
    assert "STOPPED: it is too early, or too late, for this dose." in stopped
    check = stopped.partition('name="check" value="')[2].partition('"')[0]
    nurse.press("/live/stopped", "/live/acts/override_check", {"reason": "was in the theatre"}, check=check)
    listed = nurse.get("/live/stopped").text
    assert 'action="/live/scan/give_dose"' in listed
    assert f'name="despite" value="{check}"' in listed
    again = f"/live/scan/give_dose?dose={dose}&despite={check}"
    said = {"patient_code": BAND, "dose_code": write_code("bag", dose), "route": "oral"}
    assert nurse.press(again, "/live/scan/give_dose", said, dose=dose, despite=check).status_code == 303
    assert "ondansetron" not in nurse.get(PAGE).text.partition("<main")[2]


def test_a_dose_is_not_given_for_a_reason(centre: Centre, nurse: Staff) -> None:
    dose = dispense(centre)
    answer = nurse.press(PAGE, "/live/acts/withhold_dose", {"reason": "fasts"}, dose=dose)
    assert "It is recorded as not given." in nurse.get(answer.headers["location"]).text


def test_who_gives_no_medicines_cannot_scan_one(centre: Centre, nurse: Staff) -> None:
    dose = dispense(centre)
    centre.add_account("desk", "registrar")
    desk = centre.open_browser("desk")
    assert desk.get(PAGE).status_code == 403
    assert desk.get(f"/live/scan/give_dose?dose={dose}").status_code == 403
    assert "ondansetron 8 mg" in nurse.get(f"/live/labels/bag/{dose}").text


def test_a_tube_is_drawn_for_an_order(centre: Centre, nurse: Staff) -> None:
    made = Act("E", "order", Who("Practitioner", "nurse"), "test")
    said = {"patient": "p1", "activity": "consult", "owner": "doctor"}
    order = centre.live.perform(make_wish("order", said, made)).result()["order"]
    page, act = f"/live/scan/draw_tube?order={order}", "/live/scan/draw_tube"
    assert "Scan the label of the tube" in nurse.get(page).text
    tube = write_code("container", "T-1")
    wrong = {"patient_code": write_code("patient", "p2"), "tube_code": tube}
    assert "STOPPED: this is another patient." in nurse.press(page, act, wrong, order=order).text
    right = {"patient_code": BAND, "tube_code": tube}
    assert nurse.press(page, act, right, order=order).status_code == 303
    assert "was used before" in nurse.press(page, act, right, order=order).text
