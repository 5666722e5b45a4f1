"""Readings from files of loggers: every wrong row is told, all or none is kept, and alarms follow."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.banks import NOON_MS, act
from tests.unit.biobank.watching.test_watch import LIMITS

from oncopolis.biobank.watching.alarms import TankAlarm
from oncopolis.biobank.watching.files import Logged, read_file
from oncopolis.biobank.watching.filing import file_readings
from oncopolis.foundation import InputError
from oncopolis.record.biobank.readings import list_readings
from oncopolis.record.fhir.text import parse
from oncopolis.record.store import open_store

ZONE = ZoneInfo("Asia/Tashkent")
GOOD = """subject;kind;time;value
T01;temperature;2027-01-01T08:00;-187,5
T01;temperature;2027-01-01T08:10;-149
T01;temperature;2027-01-01T08:20;\N{MINUS SIGN}120
T01;temperature;2027-01-01T08:30+05:00;-180
T01;level;2027-01-01T08:00;0.6
"""


def read(text: str | bytes, **whole: str) -> Logged:
    body = text.encode() if isinstance(text, str) else text
    return read_file(body, ["T01"], ZONE, LIMITS, NOON_MS, whole)


def test_a_file_is_kept_once_and_what_was_wrong_is_an_alarm(tmp_path: Path) -> None:
    logged = read(GOOD)
    assert not logged.bad
    with open_store(f"sqlite:///{tmp_path / 'r.db'}") as store:
        filed = file_readings(store, logged, LIMITS, act(), NOON_MS)
        assert (filed.n_new, filed.n_known) == (5, 0)
        (one,) = filed.excursions
        assert (one.rule, one.worst, one.until_ms - one.from_ms) == ("too-warm", -120.0, 20 * 60_000)
        (task,) = (TankAlarm.from_record(parse(each.body or b"")) for each in store.list_current("Task"))
        assert (task.since_ms, task.gone_ms, task.owner) == (one.from_ms, one.until_ms, "")
        again = file_readings(store, read(GOOD), LIMITS, act(), NOON_MS)
        assert (again.n_new, again.n_known, again.excursions) == (0, 5, ())
        kept = store.ask(lambda look: list_readings(look.session, "T01", "temperature", 0, NOON_MS))
        assert [reading.value for reading in kept] == [-187.5, -149.0, -120.0, -180.0]


@pytest.mark.parametrize(
    "row",
    [
        "T99,temperature,2027-01-01T08:00,-187", "T01,warmth,2027-01-01T08:00,-187",
        "T01,temperature,yesterday,-187", "T01,temperature,2099-01-01T08:00,-187",
        "T01,temperature,2027-01-01T08:00,NaN", "T01,temperature,2027-01-01T08:00,400",
        "T01,temperature,2027-01-01T07:00,-186", "T01,level", "\x00,\xff,,",
    ],
)  # fmt: skip
def test_a_wrong_row_is_told_and_nothing_is_kept(row: str, tmp_path: Path) -> None:
    logged = read(f"subject,kind,time,value\nT01,temperature,2027-01-01T07:00,-187\n{row}\n")
    assert [one.row for one in logged.bad] == [3]
    assert logged.bad[0].error.code == "BIO-212"
    with open_store(f"sqlite:///{tmp_path / 'r.db'}?synchronous=OFF") as store:
        with pytest.raises(InputError, match="BIO-213"):
            file_readings(store, logged, LIMITS, act(), NOON_MS)
        assert not store.ask(lambda look: list_readings(look.session, "T01", "temperature", 0, NOON_MS))


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "BIO-210"), ("a,b\n1,2\n", "BIO-210"), ("time,time,value\n", "BIO-210"),
     ("subject,kind,time,value\n\n", "BIO-211"), (b"\xff\xfe\x00", "BIO-210")],
)  # fmt: skip
def test_what_is_no_table_of_readings_is_refused(text: str | bytes, code: str) -> None:
    with pytest.raises(InputError, match=code):
        read(text)


def test_a_logger_of_one_sensor_needs_no_names_in_its_rows() -> None:
    found = read("time,value\n2027-01-01T08:00,-187\n", subject="T01", kind="temperature")
    assert [one.value for one in found.readings] == [-187.0]
