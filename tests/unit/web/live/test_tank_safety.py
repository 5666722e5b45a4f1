"""The room of tanks, its nitrogen and its upkeep on their page."""

from tests.staff import Centre

from oncopolis.biobank.watching.limits import read_limits
from oncopolis.biobank.watching.readings import Reading
from oncopolis.web.tanks import Watcher

PAGE = "/live/tanks/safety"


def test_room_nitrogen_and_upkeep(centre: Centre) -> None:
    limits = read_limits(centre.live.house.values.get)
    watcher = Watcher(centre.live.store, (), limits, lambda: centre.clock.now_ms)
    object.__setattr__(centre.station, "tanks", watcher)
    watcher.take([Reading("T01", "level", 0.75), Reading("Tank room", "oxygen", 0.209)])
    watcher.step()
    centre.add_account("anna", "biobank", name="Anna Kim")
    centre.add_account("bek", "biobank", name="Bek Aliev")
    anna = centre.open_browser("anna")
    shown = anna.get(PAGE).text
    bek = shown.split('id="companion"')[1].split('<option value="')[1].split('"')[0]
    anna.press(PAGE, f"{PAGE}/acts/bank_enter_room", {"room": "Tank room", "companion": bek})
    assert "Is out: Bek Aliev" in anna.get(PAGE).text
    anna.press(PAGE, f"{PAGE}/acts/bank_leave_room", person=bek)
    watcher.step()
    watcher.step()
    assert [one.rule for one in watcher.look().alarms] == ["alone"]
    anna.press(PAGE, f"{PAGE}/acts/bank_nitrogen", {"stock_l": "0"})
    assert "7 days" in anna.get(PAGE).text  # half of 120 L above the low level, 8 L a day
    planned = {
        "subject": "T01",
        "kind": "calibration",
        "what": "probe",
        "every_days": "365",
        "due": "2020-01-01",
    }
    anna.press(PAGE, f"{PAGE}/acts/bank_plan_upkeep", planned)
    assert "overdue" in anna.get(PAGE).text
    watcher.step()
    watcher.step()
    assert "Calibration or maintenance overdue" in anna.get("/live/tanks").text
    anna.press(PAGE, f"{PAGE}/acts/bank_do_upkeep", {"said": "certificate 17"})
    shown = anna.get(PAGE).text
    assert "certificate 17" in shown
    assert "overdue" not in shown
    centre.clock.now_ms += 1_000
    watcher.take([Reading("Tank room", "oxygen", 0.18)])
    watcher.step()
    assert "Tank room is closed" in anna.get(PAGE).text
    assert anna.get(f"{PAGE}/acts/none").status_code in (404, 405)
