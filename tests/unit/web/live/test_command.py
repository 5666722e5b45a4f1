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


def test_the_last_day_is_played_back_from_the_journal(centre: Centre) -> None:
    centre.put({"resourceType": "Practitioner", "id": "doctor", "active": True})
    centre.add_account("lead", "physician", "nurse", practitioner="doctor")
    centre.add_patient("p1", "Karimova", "Malika")
    centre.do("check_in", patient="p1", activity="consult")
    centre.clock.now_ms += 70 * MINUTE_MS
    lead = centre.open_browser("lead")
    lead.press(PAGE, "/live/acts/take_alarm", alarm=KEY)
    centre.clock.now_ms += 10 * MINUTE_MS
    now = lead.get(f"{PAGE}/past").text
    hour_ago = lead.get(f"{PAGE}/past?step=276").text
    day_ago = lead.get(f"{PAGE}/past?step=0").text
    assert "Somebody waits too long" in now
    assert '<td class="time">1</td>' in hour_ago
    assert "No alarm was taken until then." in hour_ago
    assert "Nobody was there." in day_ago
    assert "Karimova" not in now + hour_ago
    for wrong in ("-1", "x", "99999999999", "289"):
        assert lead.get(f"{PAGE}/past?step={wrong}").status_code == 200


def test_the_last_day_is_not_for_everybody(centre: Centre) -> None:
    centre.add_account("desk", "registrar")
    assert centre.open_browser("desk").get(f"{PAGE}/past").status_code == 403


def test_every_tile_opens_to_the_list_behind_it(centre: Centre) -> None:
    centre.put({"resourceType": "Practitioner", "id": "doctor", "active": True})
    centre.add_account("lead", "physician", practitioner="doctor", clinics=frozenset({"centre"}))
    lead = centre.open_browser("lead")
    centre.add_patient("p1", "Karimova", "Malika")
    centre.do("check_in", patient="p1", activity="consult")
    shown = lead.get(PAGE).text
    assert '<div class="tile ' not in shown
    assert f'href="{PAGE}/inside?building=-"' in shown
    assert "Karimova" in lead.get(f"{PAGE}/inside?building=-").text
    assert "Karimova" in lead.get(f"{PAGE}/inside").text
    for other in ("tower", "none", "%00"):
        assert "Nobody is inside." in lead.get(f"{PAGE}/inside?building={other}").text


def test_who_may_see_nobody_by_name_sees_numbers_and_places(centre: Centre) -> None:
    centre.add_account("admin", "administrator")
    centre.add_account("desk", "registrar")
    centre.add_patient("p1", "Karimova", "Malika")
    number = centre.do("check_in", patient="p1", activity="consult")["number"]
    shown = centre.open_browser("admin").get(f"{PAGE}/inside").text
    assert number in shown
    assert "Karimova" not in shown
    assert "/live/people/p1" not in shown
    assert centre.open_browser("desk").get(f"{PAGE}/inside").status_code == 403
