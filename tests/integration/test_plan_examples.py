"""The examples through the same door as the command line: plan, explain, compare."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.clinic import build, write
from tests.integration.formula import NotArithmeticError, compute

from oncopolis.planning.document import to_plan_schema
from oncopolis.studies import compare_plans, explain_figure, list_figures, plan_project

EXAMPLES = Path(__file__).parents[2] / "src" / "oncopolis" / "centre" / "examples"
NAMES = ("tashkent", "tyumen", "severance")
DOZEN = (
    "need.linac",
    "resource.linac",
    "resource.theatre",
    "beds.total",
    "staff.medical_physicist",
    "staff.activity.radiation_oncologist",
    "staff.administrator",
    "space.building.radiotherapy",
    "space.department_gross.radiotherapy",
    "money.capital.equipment",
    "money.value.fees",
    "money.capital",
    "biobank.donors",
    "biobank.capacity",
    "workload.bed_days",
    "demand.cases.lung",
)


@cache
def plan(name: str) -> dict[str, Any]:
    return plan_project(EXAMPLES / name, draws=4, seed=1, settings={})


@pytest.mark.parametrize("name", NAMES)
def test_an_example_gives_a_whole_plan(name: str) -> None:
    document = plan(name)
    jsonschema.validate(document, to_plan_schema())
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert not [finding for finding in document["findings"] if finding["severity"] == "error"]
    assert document["headlines"]
    assert all(document["figures"][key]["value"] > 0 for key in document["headlines"])


@pytest.mark.parametrize("name", NAMES)
def test_figures_and_coefficients_never_share_a_key(name: str) -> None:
    """An input of a figure is found by its key; a key of both would explain a figure by itself."""
    document = plan(name)
    assert not set(document["figures"]) & set(document["evidence_used"])
    for key, figure in document["figures"].items():
        assert key not in figure["inputs"]
        assert set(figure["inputs"]) <= set(document["figures"]) | set(document["evidence_used"]), key


@pytest.mark.parametrize("name", NAMES)
def test_figures_follow_from_their_printed_inputs(name: str) -> None:
    """Every formula that is plain arithmetic, worked out again by a reader of its own."""
    document = plan(name)
    done = set()
    for key, figure in document["figures"].items():
        try:
            value = compute(document, key)
        except NotArithmeticError:
            continue
        assert value == pytest.approx(figure["value"], rel=1e-9, abs=1e-9), f"{key}: {figure['formula']}"
        done.add(key)
    assert len(done) > 1000
    assert set(DOZEN) & set(document["figures"]) <= done


@cache
def explain() -> list[str]:
    return explain_figure(EXAMPLES / "tashkent", "linacs", settings={}).splitlines()


def test_the_tree_of_linacs_reaches_the_people() -> None:
    lines = explain()
    assert lines[0].startswith("Linacs [resource.linac] = ")
    depth = {key: (len(line) - len(line.lstrip())) // 2 for line in lines if (key := find_key(line))}
    assert depth["resource.linac"] < depth["need.linac"] < depth["hours.linac"] < depth["demand.new_cases"]
    assert "catchment.trend" in depth
    assert any(key.startswith(("demand.profile.", "demand.population")) for key in depth)


def find_key(line: str) -> str | None:
    found = re.search(r"\[([a-z0-9_.]+)\] = ", line)
    return found[1] if found else None


def test_every_coefficient_in_the_tree_names_its_source() -> None:
    rows = [line.strip() for line in explain() if line.strip().startswith("* ")]
    used = plan("tashkent")["evidence_used"]
    assert len(rows) > 20
    for line in rows:
        key = find_key(line)
        assert key in used, line
        assert re.search(r": .+ \((published|derived|expert|assumption)", line), line
        assert ("unverified" in line) == (not used[key]["opened"] and not used[key]["signed_by"]), line


def test_the_list_of_figures_starts_with_the_headlines() -> None:
    document = plan("tashkent")
    keys = [key for key, _ in list_figures(EXAMPLES / "tashkent", settings={})]
    assert keys[: len(document["headlines"])] == document["headlines"]
    assert set(keys) == set(document["figures"])


def compare(folder: Path, settings: dict[str, str]) -> str:
    """Compare the small clinic with itself under changed settings."""
    project = write(folder / "project", build())
    for name, changed in (("a", {}), ("b", settings)):
        document = plan_project(project, draws=0, seed=1, settings=changed)
        (folder / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    return compare_plans(folder / "a.json", folder / "b.json")


MINUTES = "activities.fraction.phases.beam.duration"


def test_comparing_names_the_input_and_what_moved(tmp_path: Path) -> None:
    text = compare(tmp_path, {MINUTES: "12"})
    inputs, _, figures = text.partition("Changed figures")
    assert f"--set {MINUTES}: not set -> 12" in inputs
    assert f"evidence {MINUTES}" in inputs
    assert "value 4.0 -> 12.0" in inputs
    moved = [found for line in figures.splitlines() if (found := re.search(r"\[([a-z0-9_.]+)\]: ", line))]
    keys = [found[1] for found in moved]
    assert {"resource.linac", "need.linac", "staff.total", "money.running"} <= set(keys)
    assert not {"demand.flows.patients", "resource.bed", "measure.fractions"} & set(keys)
    assert "+66.7%" in next(line for line in figures.splitlines() if "[need.linac]" in line)


def test_a_plan_compared_with_itself_differs_in_nothing(tmp_path: Path) -> None:
    text = compare(tmp_path, {})
    assert re.search(r"Changed inputs\n  none\n\nChanged figures\n  none", text)


def test_comparing_finds_a_packaged_coefficient_that_was_set(tmp_path: Path) -> None:
    document = plan("tashkent")
    changed = plan_project(
        EXAMPLES / "tashkent", draws=4, seed=1, settings={"radiotherapy.minutes.setup": "12"}
    )
    for name, plain in (("a", document), ("b", changed)):
        (tmp_path / f"{name}.json").write_text(json.dumps(plain), encoding="utf-8")
    inputs, _, figures = compare_plans(tmp_path / "a.json", tmp_path / "b.json").partition("Changed figures")
    assert "--set radiotherapy.minutes.setup: not set -> 12" in inputs
    assert len([line for line in inputs.splitlines() if line.startswith("  evidence ")]) == 1
    linacs = next(line for line in figures.splitlines() if "[resource.linac]" in line)
    before, after = (document["figures"], changed["figures"])
    assert f"{before['resource.linac']['value']:g} -> {after['resource.linac']['value']:g}" in linacs
    assert "[demand.new_cases]" not in figures
