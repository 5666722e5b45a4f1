"""Work lists of results as people use them, without scripts."""

from typing import Any

import pytest
from tests.staff import Centre, Staff

from oncopolis.operations import make_wish
from oncopolis.operations.elements import to_instant
from oncopolis.record import Act, Who

HOME = "/live/results"
LIST = "/live/results/radiotherapy"
MINUTE_MS = 60_000


@pytest.fixture
def staff(centre: Centre) -> Staff:
    centre.put({"resourceType": "Practitioner", "id": "doctor", "active": True})
    centre.add_account("lab", "laboratory", "physician", practitioner="doctor")
    centre.add_patient("p1", "Karimova", "Malika")
    return centre.open_browser("lab")


def order(centre: Centre, **more: Any) -> str:
    said = {"patient": "p1", "activity": "fraction", **more}
    act = Act("E", "order", Who("Practitioner", "doctor"), "test")
    return str(centre.live.perform(make_wish("order", said, act)).result()["order"])


def send(centre: Centre, **more: Any) -> None:
    """Write a report as another system does."""
    report = {
        "resourceType": "DiagnosticReport", "id": "r1", "status": "final", "code": {"text": "Blood count"},
        "identifier": [{"value": "L-77"}], "subject": {"reference": "Patient/p1"},
        "issued": to_instant(centre.clock.now_ms),
    }  # fmt: skip
    centre.put(report | more)


def test_an_order_goes_through_the_list_until_it_was_seen(centre: Centre, staff: Staff) -> None:
    made = order(centre, priority=1, question="Which side?")
    shown = staff.get(LIST).text
    assert "Which side?" in shown
    assert "Everything has been seen." in shown
    assert staff.press(LIST, "/live/acts/take", order=made).status_code == 303
    centre.clock.now_ms += 3 * MINUTE_MS
    staff.press(LIST, "/live/acts/result", {"critical": "bleeds"}, order=made)
    shown = staff.get(LIST).text
    assert "bleeds" in shown
    assert "goes to: who asked for it" in shown
    assert "Nothing is to be done." in shown
    staff.press(LIST, "/live/acts/acknowledge", {"read_back": "bleeds"}, order=made)
    assert "Everything has been seen." in staff.get(LIST).text


def test_a_result_without_an_order_is_put_to_one(centre: Centre, staff: Staff) -> None:
    send(centre)
    shown = staff.get(HOME).text
    assert "Blood count" in shown
    assert "L-77" in shown
    assert "Belongs to this order" not in shown
    made = order(centre)
    staff.press(HOME, "/live/acts/match_report", {"order": made})
    assert "Every result has its order." in staff.get(HOME).text
    assert (
        "1 not seen" in " ".join(staff.get(LIST).text.split())
        or "Results that nobody has seen" in staff.get(LIST).text
    )


def test_a_result_of_nobody_is_settled_with_a_note(centre: Centre, staff: Staff) -> None:
    send(centre, subject={"display": "unknown"})
    assert "nobody" in staff.get(HOME).text
    staff.press(HOME, "/live/acts/settle_parked", {"note": "sent back"})
    assert "Every result has its order." in staff.get(HOME).text


def test_the_list_of_another_department_is_not_shown(centre: Centre, staff: Staff) -> None:
    assert staff.get(f"{HOME}/nowhere").status_code == 404
    centre.add_account("guest", "physician", practitioner="guest", clinics=frozenset({"elsewhere"}))
    assert centre.open_browser("guest").get(LIST).status_code == 403
