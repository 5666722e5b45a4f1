"""The wall of tanks as people use it, without scripts; and gateways that tell readings by HTTP."""

from dataclasses import replace

import pytest
from tests.banks import keep, make_donor, make_room, make_tissue
from tests.staff import HIDDEN, Centre

from oncopolis.biobank.watching.limits import read_limits
from oncopolis.biobank.watching.readings import Reading
from oncopolis.web.tanks import Watcher
from oncopolis.web.tanks.intake import read_all

PAGE = "/live/tanks"
MINUTE_MS = 60_000


@pytest.fixture
def watcher(centre: Centre) -> Watcher:
    """Tanks that are watched by the clock of the test, step by step."""
    limits = read_limits(centre.live.house.values.get)
    made = Watcher(centre.live.store, [("T01", "temperature")], limits, lambda: centre.clock.now_ms)
    object.__setattr__(centre.station, "tanks", made)
    return made


def hear(centre: Centre, watcher: Watcher, value: float) -> None:
    centre.clock.now_ms += 1_000
    watcher.take([Reading("T01", "temperature", value)])
    watcher.step()


def test_an_alarm_is_owned_by_name_and_ends(centre: Centre, watcher: Watcher) -> None:
    centre.put({"resourceType": "Practitioner", "id": "anna", "active": True})
    centre.add_account("anna", "biobank", practitioner="anna")
    anna = centre.open_browser("anna")
    hear(centre, watcher, -187.0)
    shown = anna.get(PAGE).text
    assert "No alarm." in shown
    assert "\N{MINUS SIGN}187.0 °C" in shown
    hear(centre, watcher, -149.0)
    shown = anna.get(PAGE).text
    assert "Too warm" in shown
    assert "<b>nobody</b>" in shown
    for alarm in watcher.look().alarms:
        assert anna.press(PAGE, "/live/tanks/acts/bank_own_alarm", alarm=alarm.id).status_code == 303
    watcher.step()
    assert {one.owner for one in watcher.look().alarms} == {"Practitioner/anna"}
    assert "<b>nobody</b>" not in anna.get(PAGE).text
    for _ in range(25):
        centre.clock.now_ms += MINUTE_MS - 1_000
        hear(centre, watcher, -187.0)
    assert "No alarm." in anna.get(PAGE).text


def test_an_exercise_is_marked_and_ends_with_its_owner(centre: Centre, watcher: Watcher) -> None:
    centre.add_account("lab", "laboratory")
    browser = centre.open_browser("lab")
    hear(centre, watcher, -187.0)
    browser.press(PAGE, "/live/tanks/acts/bank_drill", {"subject": "T01"})
    watcher.step()
    assert "nothing is wrong" in browser.get(PAGE).text
    (drill,) = watcher.look().alarms
    browser.press(PAGE, "/live/tanks/acts/bank_own_alarm", alarm=drill.id)
    watcher.step()
    watcher.step()
    assert "No alarm." in browser.get(PAGE).text


def test_an_alarm_leads_to_the_specimens_that_are_exposed(centre: Centre, watcher: Watcher) -> None:
    rows = [replace(one, name="T01") if one.kind == "tank" else one for one in make_room(n_tanks=1)]
    keep(centre.live.store, [*rows, make_donor(), make_tissue(1, 102, 0)])
    centre.add_account("lab", "laboratory")
    browser = centre.open_browser("lab")
    hear(centre, watcher, -120.0)
    centre.clock.now_ms += 3 * MINUTE_MS
    (alarm,) = (one for one in watcher.look().alarms if one.rule == "too-warm")
    shown = browser.get(f"{PAGE}/{alarm.id}/exposed").text
    assert "S00001" in shown
    assert "3 min" in shown
    assert browser.get(f"{PAGE}/none/exposed").status_code == 404


def test_the_command_centre_shows_alarms_of_tanks(centre: Centre, watcher: Watcher) -> None:
    centre.add_account("lead", "administrator")
    hear(centre, watcher, -120.0)
    shown = centre.open_browser("lead").get("/live/command").text
    assert "Alarms of tanks" in shown
    assert "1 without an owner" in shown


def test_who_may_do_nothing_with_tanks_does_not_see_them(centre: Centre, watcher: Watcher) -> None:
    centre.add_account("desk", "registrar")
    assert centre.open_browser("desk").get(PAGE).status_code == 403


def test_what_a_gateway_sends_is_read_or_parked(watcher: Watcher) -> None:
    body = b'[{"subject": "T01", "kind": "level", "value": NaN}, {"subject": "T01"}, 7]'
    readings, n_parked = read_all(body, "gateway", watcher)
    assert (len(readings), n_parked) == (1, 2)
    assert watcher.look().counts["parked"] == 2
    watcher.step()
    assert [one.key for one in watcher.look().alarms] == ["unread:intake"]


def test_a_file_of_a_logger_is_looked_at_and_kept(centre: Centre, watcher: Watcher) -> None:
    hear(centre, watcher, -187.0)
    centre.add_account("lab", "laboratory")
    lab = centre.open_browser("lab")
    page = f"{PAGE}/readings"

    def send(text: str, what: str) -> str:
        hidden = dict(HIDDEN.findall(lab.get(page).text))
        files = {"sent": ("logger.csv", text.encode(), "text/csv")}
        data = {**hidden, "what": what, "subject": "T01", "kind": "temperature"}
        return lab.client.post(page, data=data, files=files, headers={"origin": centre.base}).text

    assert "400" in send("time,value\n2020-01-01T08:00,400\n", "look")
    assert "nothing was kept" in send("time,value\n2020-01-01T08:00,400\n", "take")
    good = "time,value\n2020-01-01T08:00,-100\n2020-01-01T08:05,-180\n"
    assert "Too warm" in send(good, "look")
    assert "2 readings were kept" in send(good, "take")
    watcher.step()
    assert [one.rule for one in watcher.look().alarms] == ["too-warm"]


def test_an_alarm_burns_in_the_command_centre_until_somebody_owns_it(
    centre: Centre, watcher: Watcher
) -> None:
    for who, role in (("anna", "biobank"), ("lead", "nurse")):
        centre.put({"resourceType": "Practitioner", "id": who, "active": True})
        centre.add_account(who, role, practitioner=who)
    lead, anna = centre.open_browser("lead"), centre.open_browser("anna")
    hear(centre, watcher, -187.0)
    assert "Nothing is past its limit." in lead.get("/live/command").text
    hear(centre, watcher, -149.0)
    n = len(watcher.look().alarms)
    shown = lead.get("/live/command").text
    assert "Too warm" in shown
    assert f"{n} without an owner" in shown
    assert "<td>T01</td>" in shown
    for alarm in watcher.look().alarms:
        anna.press(PAGE, "/live/tanks/acts/bank_own_alarm", alarm=alarm.id)
    watcher.step()
    shown = lead.get("/live/command").text
    assert "all taken" in shown
    assert "<b>nobody</b>" not in shown


def test_readings_from_a_file_are_for_whoever_keeps_the_tanks(centre: Centre, watcher: Watcher) -> None:
    hear(centre, watcher, -187.0)
    page = f"{PAGE}/readings"
    for role, status in (("biobank", 200), ("laboratory", 200), ("administrator", 403), ("nurse", 403)):
        centre.add_account(role, role)
        browser = centre.open_browser(role)
        assert browser.get(page).status_code == status
        assert (f'href="{page}"' in browser.get(PAGE).text) == (status == 200)
    refused = centre.open_browser("administrator")
    hidden = dict(HIDDEN.findall(refused.get(PAGE).text))
    good = b"subject,kind,time,value\nT01,temperature,2020-01-01T08:00,-100\n"
    sent = refused.client.post(
        page,
        data={**hidden, "what": "take"},
        files={"sent": ("l.csv", good)},
        headers={"origin": centre.base},
    )
    assert sent.status_code == 403
    watcher.step()
    assert not watcher.look().alarms
