"""Does a plan hold: years, targets that break, the cheapest fix, and how it is told."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.folders import make_clinic

from oncopolis.planning import to_plan_schema
from oncopolis.report import write_plan
from oncopolis.studies import plan_project


def plan(folder: Path, most_in_use: float, *, test: bool = True) -> dict[str, Any]:
    return plan_project(make_clinic(folder, most_in_use), draws=0, seed=1, settings={}, test=test)


def test_a_plan_that_is_not_tested_says_nothing_about_it(tmp_path: Path) -> None:
    document = plan(tmp_path, 0.5, test=False)
    assert "holds" not in document
    assert not [found for found in document["findings"] if found["rule"] == "target-breaks"]


@pytest.fixture(scope="module")
def overloaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return plan(tmp_path_factory.mktemp("overloaded"), 0.1)


def test_what_breaks_when(overloaded: dict[str, Any]) -> None:
    holds = overloaded["holds"]
    assert holds["years"] == [2026, 2027, 2028, 2029, 2030]
    busy = next(target for target in holds["targets"] if target["id"] == "busy")
    assert 2030 in busy["breaks"]
    assert [held is False for held in busy["held"]] == [year in busy["breaks"] for year in holds["years"]]
    said = [found for found in overloaded["findings"] if found["rule"] == "target-breaks"]
    assert "targets.busy" in [found["where"] for found in said]


def test_the_fix_adds_what_is_short_and_has_a_price(overloaded: dict[str, Any]) -> None:
    fix = overloaded["holds"]["fix"]
    assert "doctor" in [line["id"] for line in fix["added"]]
    assert fix["usd_per_year"] > 9000
    assert "busy" in fix["mends"]


def test_the_document_keeps_its_schema_and_the_report_tells_it(
    overloaded: dict[str, Any], tmp_path: Path
) -> None:
    jsonschema.validate(overloaded, to_plan_schema())
    for language in ("en", "ru"):
        write_plan(overloaded, tmp_path / language, language=language)
    page = (tmp_path / "en" / "report.html").read_text("utf-8")
    assert "Does it hold" in page
    assert "The cheapest fix found: +" in page
    assert "Выдерживает ли план" in (tmp_path / "ru" / "report.html").read_text("utf-8")
