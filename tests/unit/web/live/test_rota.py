"""The rota of the tanks on its page."""

from tests.staff import Centre

PAGE = "/live/tanks/rota"
FORM = {
    "address": "+998 90 000 00 00", "rung": "0", "from_day": "2027-01-04", "from_time": "08:00",
    "until_day": "2099-01-05", "until_time": "08:00",
}  # fmt: skip


def test_somebody_is_put_on_the_rota_and_taken_off(centre: Centre) -> None:
    centre.add_account("anna", "biobank", name="Anna Kim")
    centre.add_account("desk", "registrar", name="Dina Desk")
    anna = centre.open_browser("anna")
    shown = anna.get(PAGE).text
    assert "Nobody is on duty" in shown
    assert "Dina Desk" not in shown
    person = shown.split('<option value="')[1].split('"')[0]
    anna.press(PAGE, f"{PAGE}/acts/bank_duty", FORM | {"person": person})
    assert "+998 90 000 00 00" in anna.get(PAGE).text
    refused = anna.press(PAGE, f"{PAGE}/acts/bank_duty", FORM | {"person": person})
    assert "told=BIO-206" in refused.headers["location"]
    wrong = anna.press(PAGE, f"{PAGE}/acts/bank_duty", FORM | {"person": person, "rung": "7"})
    assert "told=WEB-402" in wrong.headers["location"]
    anna.press(PAGE, f"{PAGE}/acts/bank_end_duty")
    assert "Nobody is on duty" in anna.get(PAGE).text


def test_who_only_owns_alarms_sees_the_rota_and_does_not_write_it(centre: Centre) -> None:
    centre.add_account("lab", "laboratory")
    shown = centre.open_browser("lab").get(PAGE)
    assert shown.status_code == 200
    assert "/acts/bank_duty" not in shown.text
    centre.add_account("desk", "registrar")
    assert centre.open_browser("desk").get(PAGE).status_code == 403
