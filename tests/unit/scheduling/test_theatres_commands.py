"""The commands for theatres and wards: files in and out, exit codes, and what is printed."""

import json
from copy import deepcopy
from pathlib import Path

import pytest
from tests.unit.scheduling.test_form import INSTANCE

from oncopolis.cli.entry import run


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    path = tmp_path / "instance.json"
    path.write_text(json.dumps(INSTANCE))
    return path


@pytest.fixture
def schedule(instance: Path) -> Path:
    out = instance.with_name("schedule.json")
    assert run(["schedule", "theatres", str(instance), "--seconds", "0.5", "--out", str(out)]) == 0
    return out


def test_a_schedule_is_written_and_passes_its_check(
    instance: Path, schedule: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(["schedule", "check", str(instance), str(schedule), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["violations"] == []
    assert said["cost"] == sum(said["costs"].values())


def test_a_broken_schedule_fails_its_check(
    instance: Path, schedule: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = json.loads(schedule.read_text())
    data["patients"][0] = {"id": "p0", "admission_day": "none"}
    schedule.write_text(json.dumps(data))
    capsys.readouterr()
    assert run(["schedule", "check", str(instance), str(schedule), "--json"]) == 1
    assert [one["rule"] for one in json.loads(capsys.readouterr().out)["violations"]] == [
        "mandatory-admitted"
    ]
    assert run(["schedule", "check", str(instance), str(schedule)]) == 1
    assert "mandatory-admitted" in capsys.readouterr().err


def test_what_no_kind_knows_is_refused(
    tmp_path: Path, schedule: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "other.json"
    path.write_text("{}")
    assert run(["schedule", "check", str(path), str(schedule)]) == 2
    assert "SCH-003" in capsys.readouterr().err


def test_a_search_goes_on_from_a_file(
    instance: Path, schedule: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    order = ["schedule", "theatres", str(instance), "--seconds", "0.5", "--start", str(schedule), "--json"]
    assert run([*order, "--out", str(schedule)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["cost"] == sum(said["costs"].values())
    assert said["bound"] <= said["cost"]


def test_who_cannot_be_admitted_is_named(instance: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = deepcopy(INSTANCE)
    data["patients"][0]["surgery_duration"] = 121
    instance.write_text(json.dumps(data))
    out = instance.with_name("none.json")
    assert run(["schedule", "theatres", str(instance), "--seconds", "0.5", "--out", str(out)]) == 3
    assert "patient p0" in capsys.readouterr().err
    assert not out.exists()


def test_a_patient_is_explained_and_a_day_replanned(
    instance: Path, schedule: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(["schedule", "explain", str(instance), str(schedule), "p1", "--seconds", "0.2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["patient"] == "p1"
    assert run(["schedule", "explain", str(instance), str(schedule), "p1", "--seconds", "0.2"]) == 0
    assert capsys.readouterr().out.startswith("p1: ")
    assert run(["schedule", "explain", str(instance), str(schedule), "px"]) == 2
    again = instance.with_name("again.json")
    order = [
        "schedule",
        "replan",
        str(instance),
        str(schedule),
        "--today",
        "1",
        "--charge",
        "5",
        "--seconds",
        "0.2",
    ]
    capsys.readouterr()
    assert run([*order, "--out", str(again), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["told_again"] == 0
    assert run([*order, "--out", str(again)]) == 0
    assert run(["schedule", "check", str(instance), str(again)]) == 0


def test_operations_get_their_times(
    instance: Path, schedule: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    order = ["schedule", "lists", str(instance), str(schedule), "--spread", "0.3", "--change", "10"]
    assert run([*order, "--json"]) == 0
    lists = json.loads(capsys.readouterr().out)
    assert {case["patient"] for one in lists for case in one["cases"]} >= {"p0"}
    assert run(order) == 0
    assert "overruns" in capsys.readouterr().out
    assert run([*order, "--spread", "-1"]) == 2


def test_a_released_schedule_has_its_record_with_classes(
    instance: Path, schedule: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = json.loads(instance.read_text())
    data["patients"][1] |= {"clinical_class": 2, "target_day": 0, "region": "north"}
    instance.write_text(json.dumps(data))
    out = instance.with_name("release.json")
    plan = json.loads(schedule.read_text())
    plan["patients"][1] = {"id": data["patients"][1]["id"], "admission_day": "none"}
    schedule.write_text(json.dumps(plan))
    capsys.readouterr()
    asked = ["schedule", "release", str(instance), str(schedule), "--role", "head", "--out", str(out)]
    assert run([*asked, "--by", "Ann"]) == 0
    assert "class 2: 0 after their target day, 1 left out" in capsys.readouterr().out
    record = json.loads(out.read_text())
    assert record["by"] == "Ann"
    (passed,) = record["passed_over"]
    assert (passed["clinical_class"], passed["region"]) == (2, "north")
    out.unlink()
    assert run([*asked, "--by", " "]) == 2
    assert not out.exists()
    assert run(["schedule", "check", str(instance), str(schedule), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["past_target"] == {"2": [0, 1]}
