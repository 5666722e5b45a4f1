"""Explaining and mending plans and rosters from the command line, with the instances of the how-to guide."""

import json
import re
from pathlib import Path

import pytest

from oncopolis.cli.entry import run

PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "schedule_chairs_and_rosters.md"


@pytest.fixture(params=["chairs", "rosters"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def instance(kind: str, tmp_path: Path) -> Path:
    name = {"chairs": "clinic.json", "rosters": "team.json"}[kind]
    block = re.search(rf"```json {name}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert block is not None
    path = tmp_path / name
    path.write_text(block[1], "utf-8")
    return path


@pytest.fixture
def schedule(kind: str, instance: Path) -> Path:
    out = instance.with_name("schedule.json")
    assert run(["schedule", kind, str(instance), "--seconds", "1", "--out", str(out)]) == 0
    return out


def test_a_schedule_is_explained(
    kind: str, instance: Path, schedule: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    what = {"chairs": "1", "rosters": "day 0, early, nurse"}[kind]
    asked = ["schedule", "explain", str(instance), str(schedule), what, "--seconds", "1"]
    capsys.readouterr()
    assert run([*asked, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert {"starts", "begins", "patient"} <= said.keys() or {"options", "state", "where"} <= said.keys()
    assert run(asked) == 0
    assert capsys.readouterr().out.startswith(f"{what}: ")
    assert run(["schedule", "explain", str(instance), str(schedule), "nobody"]) == 2
    assert {"chairs": "SCH-022", "rosters": "SCH-070"}[kind] in capsys.readouterr().err


def test_a_schedule_is_mended(
    kind: str, instance: Path, schedule: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = instance.with_name("again.json")
    data = json.loads(instance.read_text("utf-8"))
    if kind == "chairs":
        data["param"]["nurses"][1][0] = 0
    else:
        data["scenario"]["nurses"][0] |= {"linkedDays": [0, 1, 2, 5, 6], "linkedBecause": "ill"}
    instance.write_text(json.dumps(data), "utf-8")
    today = {"chairs": "1", "rosters": "3"}[kind]
    asked = ["schedule", "replan", str(instance), str(schedule), "--today", today, "--charge", "500"]
    capsys.readouterr()
    assert run([*asked, "--out", str(again), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["charge"] == 500 * said["told_again"]
    assert said["told_again"] == said["fewest"]
    assert run([*asked, "--out", str(again)]) == 0
    assert "told again" in capsys.readouterr().out
    assert run(["schedule", "check", str(instance), str(again)]) == 0
    capsys.readouterr()
    assert run([*asked[:-3], "99", "--charge", "1", "--out", str(again)]) == 2
    assert "SCH-023" in capsys.readouterr().err


def test_only_patients_of_chairs_are_late(
    kind: str, instance: Path, schedule: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = instance.with_name("again.json")
    asked = ["schedule", "replan", str(instance), str(schedule), "--today", "1", "--charge", "5"]
    asked += ["--out", str(again)]
    assert run([*asked, "--late", "1=2", "--json"]) == (0 if kind == "chairs" else 2)
    if kind == "chairs":
        visits = json.loads(again.read_text("utf-8"))["patients"][1]["sessions"]
        assert visits[0]["installation"] >= 2
        assert run([*asked, "--late", "1"]) == 2
        assert "PATIENT=SLOT" in capsys.readouterr().err
