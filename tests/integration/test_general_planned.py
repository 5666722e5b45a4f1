"""A stroke ward and a call centre, planned, agree with sums made by hand."""

from pathlib import Path

import pytest

from oncopolis.centre import read_project
from oncopolis.planning.arrivals import compute_working_days
from oncopolis.planning.calculation import Calculation, calculate
from oncopolis.planning.coefficients import Coefficients

GENERAL = Path(__file__).parents[1] / "unit" / "centre" / "general"


def plan(name: str) -> Calculation:
    project = read_project(GENERAL / name)
    return calculate(project, Coefficients(project.evidence, 0, 1))


def get_value(calculation: Calculation, key: str, year: int) -> float:
    values = calculation.ledger.figures[key].values[0]
    return float(values[calculation.ledger.find_year(year)] if values.size > 1 else values[0])


def test_calls_grow_and_come_again() -> None:
    days = compute_working_days(read_project(GENERAL / "call_centre"))
    calls = 1800 * days * 1.03**2 / (1 - 0.1)
    calculation = plan("call_centre")
    assert get_value(calculation, "measure.calls", 2028) == pytest.approx(
        calls, rel=1e-4
    )  # some call again in the new year
    assert get_value(calculation, "workload.contacts", 2028) == pytest.approx(1.15 * calls, rel=1e-4)


def test_beds_of_the_stroke_ward_follow_from_stays() -> None:
    calculation = plan("stroke_ward")
    assert get_value(calculation, "measure.thrombolyses", 2028) == pytest.approx(900 * 0.12, rel=0.1)
    beds = (900 * 0.7 + 0.3 * 365.25) * 12 / 365.25 / 0.8
    assert get_value(calculation, "resource.ward_bed", 2028) == pytest.approx(beds, rel=0.1)
