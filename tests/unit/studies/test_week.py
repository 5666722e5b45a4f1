"""A week of a small clinic: drawn, scheduled, told; what the page says is what was found."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.clinic import build, lay, write
from tests.units import lay_units

from oncopolis.cli.entry import run
from oncopolis.foundation import InputError
from oncopolis.report import WEEK_FILES, summarise_week, write_week
from oncopolis.scheduling import theatres
from oncopolis.studies import schedule_week
from oncopolis.studies.week.nurses import LOAD, SHIFTS, _roster

SECONDS, START = 2.0, date(2033, 3, 9)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clinic with more operations than beds, which come five to ten days after the visit."""
    data = lay(lay_units(), "time_zone", "Asia/Tashkent")
    steps = data["pathways"]["care"]["steps"]
    steps[2] |= {"after": {"earliest_days": 5, "target_days": 7, "latest_days": 10}}
    data["resources"]["bed"]["n"] = 12
    return write(tmp_path_factory.mktemp("week") / "clinic", data)


@pytest.fixture(scope="module")
def week(folder: Path) -> dict[str, Any]:
    return schedule_week(folder, seconds=SECONDS, seed=3, start=START)


def test_the_week_begins_on_its_monday(week: dict[str, Any]) -> None:
    assert week["week"]["days"][0] == "2033-03-07"
    assert len(week["week"]["days"]) == 7


def test_what_is_written_is_an_instance_and_a_schedule_that_passes(
    week: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_week(week, tmp_path)
    assert sorted(WEEK_FILES) == sorted(path.name for path in tmp_path.iterdir())
    instance, schedule = tmp_path / "ward.json", tmp_path / "schedule.json"
    problem = theatres.read_problem(instance)
    verdict = theatres.check_files(instance, schedule)
    assert not verdict.violations
    assert verdict.cost == week["theatres"]["cost"]
    assert len(problem.patients) == week["theatres"]["n_waiting"]
    assert run(["schedule", "check", str(instance), str(schedule)]) == 0
    assert "class 1" in capsys.readouterr().out


def test_everybody_who_waits_is_in_or_told_why_not(week: dict[str, Any]) -> None:
    told = week["theatres"]
    admitted = {id_ for id_, one in told["patients"].items() if one["admission"]}
    out = {one["patient"] for one in told["passed_over"]}
    assert admitted | out == set(told["patients"])
    assert not admitted & out
    assert len(admitted) == told["n_admitted"]
    assert out, "a clinic with twelve beds leaves somebody out"
    for one in told["passed_over"]:
        assert one["binding"] or one["n_rooms"], "each has something in the way, or room that cost more"


def test_lists_hold_those_admitted_once_and_say_how_likely_they_overrun(week: dict[str, Any]) -> None:
    told = week["theatres"]
    cases = [case["patient"] for one in told["lists"] for case in one["cases"]]
    assert sorted(cases) == sorted(id_ for id_, one in told["patients"].items() if one["admission"])
    assert all(0 <= one["share_overrun"] <= 1 for one in told["lists"])


def test_rooms_hold_no_more_than_beds_and_one_sex(week: dict[str, Any]) -> None:
    for room in week["theatres"]["rooms"]:
        for lying in room["days"]:
            assert len(lying) <= room["n_beds"]
            assert len({one["sex"] for one in lying}) <= 1


def test_chairs_are_held_by_one_at_a_time(week: dict[str, Any]) -> None:
    visits = [(day["day"], visit) for day in week["chairs"] for visit in day["visits"]]
    assert visits
    taken = {
        (day, visit["chair"], minute)
        for day, visit in visits
        for minute in range(visit["from_min"], visit["until_min"])
    }
    assert len(taken) == sum(visit["until_min"] - visit["from_min"] for _, visit in visits)
    assert all(visit["chair"] <= day["n_chairs"] for day in week["chairs"] for visit in day["visits"])


@pytest.mark.parametrize("language", ["en", "ko", "ru", "uz"])
def test_the_page_needs_nothing_else_and_names_everybody(
    week: dict[str, Any], tmp_path: Path, language: str
) -> None:
    write_week(week, tmp_path, language=language)
    page = (tmp_path / "week.html").read_text("utf-8")
    assert not re.search(r'(?:src|href)="(?!#|data:)', page)
    for id_ in week["theatres"]["patients"]:
        assert id_ in page
    assert str(week["theatres"]["n_waiting"]) in summarise_week(week, language=language)
    assert "{" not in re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.DOTALL)


def test_the_command_writes_all_and_same_seed_same_list(
    folder: Path, week: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["schedule", "week", str(folder), "--seconds", "1", "--seed", "3", "--start", "2033-03-07"]
    assert run([*asked, "--out", str(tmp_path), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["theatres"]["instance"]["patients"] == week["theatres"]["instance"]["patients"]


def test_a_centre_where_nobody_waits_and_nothing_is_infused_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        schedule_week(write(tmp_path / "clinic", build()), seconds=SECONDS, start=START)
    assert refused.value.code == "SCH-064"


def test_shifts_of_nurses_are_all_filled_by_people_with_days_off() -> None:
    needed = [4, 4, 4, 4, 4, 2, 2]
    nurses = _roster(1, needed, 10)
    worked = [duty for nurse in nurses for duty in nurse.duties]
    assert [sum(duty.day == day for duty in worked) for day in range(7)] == needed
    assert max(len(nurse.duties) for nurse in nurses) <= 5
    assert {duty.shift for duty in worked} == {1}
    assert {duty.most_load for duty in worked} == {LOAD}
    assert len(SHIFTS) == 3
