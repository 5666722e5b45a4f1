"""Where the nearest free thing is, as people see it, without scripts."""

from tests.staff import Centre

PAGE = "/live/things?kind=infusion_pump&area=outpatient"


def test_a_thing_is_made_known_and_what_gateways_told_is_settled_by_the_administrator(centre: Centre) -> None:
    centre.add_account("ahn", "administrator")
    centre.add_account("kim", "nurse", practitioner="kim")
    ahn, kim = centre.open_browser("ahn"), centre.open_browser("kim")
    centre.do("locate_things", sightings=[{"thing": "pump-8", "area": "wards"}], turned_away=3)
    shown = ahn.get(PAGE).text
    assert "pump-8 · wards" in shown
    assert "3 turned away" in shown
    assert "pump-8" not in kim.get(PAGE).text
    ahn.press(PAGE, "/live/acts/add_thing", {"thing": "pump-8", "kind": "infusion_pump", "area": "wards"})
    for _ in range(2):
        ahn.press(PAGE, "/live/acts/settle_sightings", {"note": "it is known now"})
    shown = ahn.get(PAGE).text
    assert "pump-8 · wards" not in shown
    assert "Nearest that is free" in shown
    assert "Nearest that is free" in kim.get(PAGE).text
    assert ahn.get("/live/stopped").status_code == 403


def test_a_pump_is_found_taken_and_given_back(centre: Centre) -> None:
    centre.add_account("kim", "nurse", practitioner="kim")
    kim = centre.open_browser("kim")
    assert "Nothing of this is known." in kim.get(PAGE).text
    centre.do("add_thing", thing="pump-7", kind="infusion_pump", area="wards")
    centre.do("locate_things", sightings=[{"thing": "pump-7", "area": "outpatient"}])
    shown = kim.get(PAGE).text
    assert "pump-7" in shown
    assert "here" in shown
    kim.press(PAGE, "/live/acts/use_thing", thing="pump-7")
    assert "in use" in kim.get(PAGE).text
    kim.press(PAGE, "/live/acts/use_thing", thing="pump-7")
    assert "In use now" in kim.get(PAGE).text
