"""The examples, planned on central values, meet the totals their READMEs state."""

import pytest
from tests.shared import plan_example, read_example

from oncopolis.planning.arrivals import compute_working_days


def get_value(name: str, key: str, year: int) -> float:
    """Central value of a figure in one year."""
    ledger = plan_example(name).calculation.ledger
    values = ledger.figures[key].values[0]
    return float(values[ledger.find_year(year)] if values.size > 1 else values[0])


def test_severance_makes_30_000_contacts_a_working_day() -> None:
    days = compute_working_days(read_example("severance"))
    assert get_value("severance", "workload.contacts", 2025) / days == pytest.approx(30_000, rel=0.05)


def test_severance_operates_40_000_times_a_year() -> None:
    assert get_value("severance", "measure.operations", 2025) == pytest.approx(40_000, rel=0.05)


def test_tyumen_operates_cancer_about_as_often_as_reported() -> None:
    project = read_example("tyumen")
    others = [key for key, flow in project.centre.flows.items() if "operation" in flow.pathway]
    volume = sum(project.evidence.get_row(f"flows.{key}.volume").value for key in others)
    own = get_value("tyumen", "measure.operations", 2028) - volume
    assert own == pytest.approx(6_670, rel=0.25)


def test_26_tanks_hold_about_what_is_stated() -> None:
    capacity = get_value("tashkent", "biobank.capacity", 2040)
    assert capacity == pytest.approx(40_000, rel=0.15)


@pytest.mark.parametrize("name", ["tashkent", "tyumen", "severance"])
def test_nothing_planned_is_negative(name: str) -> None:
    for key, quantity in plan_example(name).calculation.ledger.figures.items():
        assert quantity.values.min() >= 0 or key.startswith(("evidence.", "catchment.")), key
