"""Where the nearest free thing is, as people see it, without scripts."""

from tests.staff import Centre

PAGE = "/live/things?kind=infusion_pump&area=outpatient"


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
