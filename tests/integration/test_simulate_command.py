"""The commands of the twin: what they print and write, how they end, and what they refuse."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest
from tests.folders import PROJECTS, make_clinic

from oncopolis.cli import entry
from oncopolis.report import TWIN_FILES
from oncopolis.report.choice import CHOICE_FILES
from oncopolis.twin.document import to_twin_schema

WARD = str(PROJECTS / "treatment_centre")
CLINIC = str(PROJECTS / "clinic")
ENDED = 120
"""Seconds in which a stopped run has ended."""

Capture = pytest.CaptureFixture[str]


def refuse(capture: Capture, code: int, *arguments: str) -> str:
    """Run a command that cannot work, and return what it says."""
    assert entry.run(arguments) == code
    told = capture.readouterr()
    assert "Traceback" not in told.err
    assert not told.out
    return told.err


def test_files_and_summary(tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "run"
    assert entry.run(["simulate", CLINIC, "--days", "20", "--out", str(out)]) == 0
    assert sorted(path.name for path in out.iterdir()) == sorted(TWIN_FILES)
    document = json.loads((out / "twin.json").read_text("utf-8"))
    jsonschema.validate(document, to_twin_schema())
    told = capsys.readouterr().out
    assert "Small clinic" in told
    assert "Contacts a working day" in told
    assert str(out / "twin.html") in told


def test_days_of_warm_up_are_those_asked_for(tmp_path: Path) -> None:
    out = tmp_path / "run"
    nurses = str(PROJECTS / "nurses")
    assert entry.run(["simulate", nurses, "--days", "2", "--warmup", "3", "--out", str(out)]) == 0
    run = json.loads((out / "twin.json").read_text("utf-8"))["run"]
    assert (run["start"], run["days"], run["warmup_days"]) == ("2026-01-04", 2, 3)


def test_same_seed_twice_gives_the_same_bytes_and_json_only(tmp_path: Path, capsys: Capture) -> None:
    texts = []
    for name in ("a", "b"):
        out = tmp_path / name
        assert entry.run(["simulate", CLINIC, "--days", "20", "--out", str(out), "--json"]) == 0
        numbers = json.loads(capsys.readouterr().out)
        assert set(numbers) == {
            "events",
            "contacts",
            "visits",
            "working_days",
            "operations",
            "wall_seconds",
            "cpu_seconds",
            "events_per_second",
        }
        texts.append((out / "twin.json").read_bytes())
    assert texts[0] == texts[1]
    assert str(tmp_path).encode() not in texts[0]


def test_a_language_changes_what_people_read_and_no_number(tmp_path: Path, capsys: Capture) -> None:
    told = {}
    for language in ("en", "ru"):
        out = tmp_path / language
        assert entry.run(["simulate", CLINIC, "--days", "20", "--language", language, "--out", str(out)]) == 0
        told[language] = capsys.readouterr().out
    assert "Mean wait" in told["en"]
    assert "Mean wait" not in told["ru"]
    assert "Среднее ожидание" in told["ru"]
    assert '<html lang="ru"' in (tmp_path / "ru" / "twin.html").read_text("utf-8")
    assert "Среднее" in (tmp_path / "ru" / "twin.html").read_text("utf-8")
    assert (tmp_path / "ru" / "twin.json").read_bytes() == (tmp_path / "en" / "twin.json").read_bytes()


def test_two_workers_give_what_one_gives(tmp_path: Path, capsys: Capture) -> None:
    for workers in ("1", "2"):
        out = tmp_path / workers
        options = ["--days", "3", "--replications", "3", "--workers", workers, "--out", str(out)]
        assert entry.run(["simulate", CLINIC, *options]) == 0
        assert sorted(path.name for path in out.iterdir()) == sorted(TWIN_FILES)
    assert (tmp_path / "1" / "twin.json").read_bytes() == (tmp_path / "2" / "twin.json").read_bytes()


def test_overload_is_printed_first_and_fails(tmp_path: Path, capsys: Capture) -> None:
    project, out = str(PROJECTS / "call_centre_111"), str(tmp_path / "run")
    assert entry.run(["simulate", project, "--days", "1", "--out", out, "--json"]) == 1
    told = capsys.readouterr()
    assert json.loads(told.out)["contacts"] > 0
    assert "resources.nurse" in told.err
    assert "111%" in told.err


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--days", "0"], 2, "--days"),
        (["--days", "99999999"], 2, "--days"),
        (["--replications", "0"], 2, "--replications"),
        (["--workers", "0"], 2, "--workers"),
        (["--start", "tomorrow"], 2, "--start"),
        (["--set", "flows.patients.volum=1"], 2, "flows.patients.volum"),
        (["--set", "resources.clerk.n=0"], 2, "resources.clerk"),
        (["--start", "2020-01-01"], 2, "2026"),
        (["--log", "/no/such/folder/events.parquet"], 2, "--log"),
        (["--cluster", "tcp://127.0.0.1:9"], 4, "tcp://127.0.0.1:9"),
    ],
)
def test_what_is_refused(tmp_path: Path, capsys: Capture, options: list[str], code: int, said: str) -> None:
    out = tmp_path / "run"
    assert said in refuse(capsys, code, "simulate", WARD, "--days", "1", "--out", str(out), *options)
    assert not out.exists()


def test_run_beyond_the_definition_is_told(tmp_path: Path, capsys: Capture) -> None:
    out = str(tmp_path / "run")
    arguments = ["simulate", CLINIC, "--days", "3", "--start", "2030-12-30", "--out", out]
    assert entry.run(arguments) == 0
    assert "2031 of a definition to 2030" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_full_disk_for_the_log(tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "run"
    said = refuse(capsys, 4, "simulate", CLINIC, "--days", "3", "--log", "/dev/full", "--out", str(out))
    assert "no space left" in said
    assert not out.exists()
    assert Path("/dev/full").is_char_device()


def test_log_is_written_beside(tmp_path: Path, capsys: Capture) -> None:
    log = tmp_path / "events.parquet"
    arguments = ["simulate", CLINIC, "--days", "3", "--log", str(log), "--out", str(tmp_path / "run")]
    assert entry.run(arguments) == 0
    assert log.read_bytes()[:4] == b"PAR1"
    assert str(log) in capsys.readouterr().out


def test_ctrl_c_writes_what_there_is(tmp_path: Path) -> None:
    out, log = tmp_path / "run", tmp_path / "events.parquet"
    command = [sys.executable, "-m", "oncopolis", "simulate", WARD, "--days", "40000", "--out", str(out)]
    command += ["--log", str(log), "--json"]
    environment = os.environ | {"COLUMNS": "80"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        _wait_for_log(tmp_path, process)
        process.send_signal(signal.SIGINT)
        told, errors = process.communicate(timeout=ENDED)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    document = json.loads((out / "twin.json").read_text("utf-8"))
    assert not document["run"]["complete"]
    assert 0 < document["run"]["days"] < 40000
    assert json.loads(told)["events"] > 0
    assert not log.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run"]


def _wait_for_log(folder: Path, process: "subprocess.Popen[str]") -> None:
    """Wait until lines of the log have been written, so that some days have been counted."""
    until = time.monotonic() + ENDED
    while time.monotonic() < until and process.poll() is None:
        if any(_has_lines(path) for path in folder.glob(".events.parquet.*")):
            return
        time.sleep(0.05)


def _has_lines(path: Path) -> bool:
    try:
        return path.stat().st_size > 1000
    except FileNotFoundError:  # The first is only tried: whether there can be a log.
        return False


def test_what_if(tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "110")
    project, out = str(make_clinic(tmp_path)), tmp_path / "compared"
    options = ["--set", "flows.others.volume=4000", "--replications", "2", "--days", "20"]
    assert entry.run(["what-if", project, *options, "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert "arrivals.flow.others" in told
    assert "Not modelled" in told
    document = json.loads((out / "what_if.json").read_text("utf-8"))
    assert document["set"] == {"flows.others.volume": "4000"}
    assert "--set" in refuse(capsys, 2, "what-if", project)


def test_choose(tmp_path: Path, capsys: Capture) -> None:
    unit = str(PROJECTS / "infusion_unit")
    asked = ["choose", unit, "--alternative", "more:resources.chair.n=12", "--days", "10"]
    goal = ["--lowest", "waiting.activity.infusion.mean_min"]
    files = []
    for workers in ("1", "2"):
        out = tmp_path / workers
        options = ["--indifference", "1", "--workers", workers, "--language", "uz", "--out", str(out)]
        assert entry.run([*asked, *goal, *options]) == 0
        assert str(out / "choice.html") in capsys.readouterr().out
        files.append([(out / name).read_bytes() for name in CHOICE_FILES])
    assert files[0] == files[1]
    document = json.loads(files[0][0])
    assert document["chosen"] == "more"
    assert document["alternatives"][1]["settings"] == {"resources.chair.n": "12"}
    page = files[0][1].decode("utf-8")
    assert 'lang="uz"' in page
    assert "resources.chair.n = 12" in page
    assert "--lowest" in refuse(capsys, 2, *asked, "--indifference", "1")
    assert "--highest" in refuse(capsys, 2, *asked, *goal, "--highest", "visits", "--indifference", "1")
    assert "--budget" in refuse(capsys, 2, *asked, *goal)
    assert "--budget" in refuse(capsys, 2, *asked, *goal, "--indifference", "1", "--budget", "30")
    assert "TWN-047" in refuse(capsys, 2, *asked, *goal, "--budget", "5")
    assert "NAME:KEY=VALUE" in refuse(capsys, 2, *asked, *goal, "--alternative", "resources.chair.n=9")
    twice = ["--alternative", "more:resources.chair.n=13"]
    assert "set twice in 'more'" in refuse(capsys, 2, *asked, *goal, *twice, "--budget", "30")
    unknown = ["--alternative", "other:resources.chairs.n=13"]
    assert "chairs" in refuse(capsys, 2, *asked, *goal, *unknown, "--budget", "40")


def test_size(tmp_path: Path, capsys: Capture) -> None:
    project = str(make_clinic(tmp_path))
    assert entry.run(["size", project, "--resource", "doctor=1..2", "--days", "20"]) == 0
    assert "doctors" in capsys.readouterr().out
    assert "LOW..HIGH" in refuse(capsys, 2, "size", project, "--resource", "doctor=2..1")
    assert "twice" in refuse(capsys, 2, "size", project, *(["--resource", "doctor=1..2"] * 2))
    said = refuse(capsys, 3, "size", str(make_busy(tmp_path)), "--resource", "doctor=1..1", "--days", "20")
    assert "busy" in said


def make_busy(folder: Path) -> Path:
    """The clinic with a target that one doctor cannot meet."""
    inner = folder / "busy"
    inner.mkdir()
    return make_clinic(inner, 0.01)


def test_plan_with_a_test(tmp_path: Path, capsys: Capture) -> None:
    project, out = str(make_clinic(tmp_path)), tmp_path / "plan"
    assert entry.run(["plan", project, "--draws", "0", "--out", str(out), "--test"]) == 0
    assert json.loads((out / "plan.json").read_text("utf-8"))["holds"]["years"][0] == 2026


def test_sensitivity(tmp_path: Path, capsys: Capture) -> None:
    text = (PROJECTS / "nurses" / "centre.yaml").read_text("utf-8")
    length = "value: 10, unit: min,"
    assert length in text
    (tmp_path / "centre.yaml").write_text(text.replace(length, f"{length} low: 6, high: 14,"), "utf-8")
    asked = ["sensitivity", str(tmp_path), "--input", "*.duration", "--points", "5", "--days", "1"]
    assert entry.run([*asked, "--of", "resource.nurse.utilisation"]) == 0
    told = capsys.readouterr().out
    assert "Minutes of a consultation" in told
    assert "Not modelled" in told
    assert entry.run([*asked, "--of", "resource.nurse.held", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ranks"][0]["label"] == "Minutes of a consultation"
    assert "resource.nurse.held" in refuse(capsys, 2, *asked, "--of", "resource.nurse.holds")


def test_two_workers_compare_what_one_compares(tmp_path: Path) -> None:
    project = str(make_clinic(tmp_path))
    options = ["--set", "flows.others.volume=4000", "--replications", "3", "--days", "20"]
    for workers in ("1", "2"):
        out = str(tmp_path / workers)
        assert entry.run(["what-if", project, *options, "--workers", workers, "--out", out]) == 0
    assert (tmp_path / "1" / "what_if.json").read_bytes() == (tmp_path / "2" / "what_if.json").read_bytes()


def test_two_workers_size_what_one_sizes(tmp_path: Path, capsys: Capture) -> None:
    project = str(make_clinic(tmp_path, 0.05))
    options = ["--resource", "doctor=1..8", "--target", "busy", "--days", "30", "--replications", "2"]
    told = []
    for workers in ("1", "2"):
        assert entry.run(["size", project, *options, "--workers", workers]) == 0
        told.append(capsys.readouterr().out)
    assert told[0] == told[1]


def test_two_workers_test_a_plan_as_one_does(tmp_path: Path) -> None:
    project = str(make_clinic(tmp_path, 0.1))
    for workers in ("1", "2"):
        out = str(tmp_path / workers)
        options = ["--draws", "0", "--out", out, "--test", "--workers", workers]
        assert entry.run(["plan", project, *options]) == 0
    document = json.loads((tmp_path / "1" / "plan.json").read_text("utf-8"))
    assert document["holds"]["fix"]["added"]
    assert (tmp_path / "1" / "plan.json").read_bytes() == (tmp_path / "2" / "plan.json").read_bytes()


@pytest.mark.parametrize("options", [["--workers", "2"], ["--cluster", "tcp://127.0.0.1:9"]])
def test_workers_of_a_plan_are_for_its_test(tmp_path: Path, capsys: Capture, options: list[str]) -> None:
    assert "--test" in refuse(capsys, 2, "plan", CLINIC, "--out", str(tmp_path / "plan"), *options)


@pytest.mark.parametrize(
    "arguments",
    [
        ["what-if", "--set", "flows.others.volume=2000", "--days", "2"],
        ["size", "--resource", "doctor=1..2", "--days", "2"],
        ["plan", "--draws", "0", "--test"],
    ],
)
def test_a_cluster_where_nobody_answers(tmp_path: Path, capsys: Capture, arguments: list[str]) -> None:
    name, *options = arguments
    if name == "plan":
        options += ["--out", str(tmp_path / "plan")]
    said = refuse(capsys, 4, name, str(make_clinic(tmp_path)), *options, "--cluster", "tcp://127.0.0.1:9")
    assert "tcp://127.0.0.1:9" in said
    assert not (tmp_path / "plan").exists()
