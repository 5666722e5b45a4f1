"""The wall of the command centre as people use it, without scripts."""

from tests.staff import Centre

PAGE = "/live/command"
KEY = "queue-wait:outpatient"
MINUTE_MS = 60_000


def test_what_burns_is_taken_and_closed_by_somebody(centre: Centre) -> None:
    centre.put({"resourceType": "Practitioner", "id": "doctor", "active": True})
    centre.add_account("lead", "physician", "nurse", practitioner="doctor")
    lead = centre.open_browser("lead")
    centre.add_patient("p1", "Karimova", "Malika")
    centre.do("check_in", patient="p1", activity="consult")
    assert "Nothing is past its limit." in lead.get(PAGE).text
    centre.clock.now_ms += 61 * MINUTE_MS
    lead = centre.open_browser("lead")  # Who does nothing for an hour has to sign in again.
    shown = lead.get(PAGE).text
    assert "Somebody has waited for 61 min" in shown
    assert "1 without an owner" in shown
    assert lead.press(PAGE, "/live/acts/take_alarm", alarm=KEY).status_code == 303
    shown = lead.get(PAGE).text
    assert "all taken" in shown
    assert "<b>nobody</b>" not in shown
    lead.press(PAGE, "/live/acts/close_alarm", {"reason": "known"}, alarm=KEY)
    assert "1 without an owner" in lead.get(PAGE).text


def test_who_may_take_nothing_does_not_see_it(centre: Centre) -> None:
    centre.add_account("desk", "registrar")
    assert centre.open_browser("desk").get(PAGE).status_code == 403
