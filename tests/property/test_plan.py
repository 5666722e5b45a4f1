"""What must hold for any plan, whatever its numbers."""

import json
import os
from copy import deepcopy
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.clinic import Data, build, build_island, get, lay, plan, plan_island, plan_small, read, row, share

from oncopolis.planning import Calculation, Coefficients, calculate, to_document
from oncopolis.planning.plan import list_drawn_years, make_plan

FEW = settings(max_examples=12)
"""A plan takes a tenth of a second to read and as long to make."""


def with_volume(volume: float) -> Data:
    return lay(build(), "flows.patients.volume", row(volume, "patient/year"))


@FEW
@given(volume=st.floats(1, 20_000), more=st.floats(1.0, 3.0))
def test_more_patients_never_need_less(volume: float, more: float) -> None:
    few, many = plan(with_volume(volume)), plan(with_volume(volume * more))
    for part in ("linac", "bed", "theatre", "consult_room"):
        assert get(many, f"resource.{part}") >= get(few, f"resource.{part}")
    for key in ("staff.total", "space.gross_m2", "money.running", "money.capital", "biobank.tanks"):
        assert get(many, key) >= get(few, key) * (1 - 1e-12), key


@FEW
@given(volume=st.floats(10, 20_000), factor=st.floats(0.1, 10))
def test_workload_scales_with_patients(volume: float, factor: float) -> None:
    one, other = plan(with_volume(volume)), plan(with_volume(volume * factor))
    for key in (
        "measure.fractions",
        "hours.linac",
        "need.linac",
        "workload.contacts",
        "money.running.medicines",
    ):
        assert get(other, key) == pytest.approx(factor * get(one, key)), key


@FEW
@given(people=st.floats(10_000, 1e8), factor=st.floats(0.1, 10))
def test_demand_scales_with_people(people: float, factor: float) -> None:
    def with_people(n: float) -> Calculation:
        data = build_island()
        data["flows"] = {}
        return plan(lay(data, "catchment.populations.island.people", row(n, "count", per="person")))

    one, other = with_people(people), with_people(people * factor)
    for key in (
        "demand.population",
        "demand.new_cases",
        "demand.cases",
        "measure.fractions",
        "demand.prevalent",
    ):
        assert get(other, key) == pytest.approx(factor * get(one, key), rel=1e-3), key


def same(one: Calculation, other: Calculation, but: tuple[str, ...] = ()) -> None:
    """All figures of one are figures of the other, with the same values."""
    for key, figure in one.ledger.figures.items():
        if not key.startswith(but) or not but:
            np.testing.assert_allclose(other.ledger.get(key).values, figure.values, rtol=1e-9, err_msg=key)


def test_a_pathway_nobody_enters_changes_nothing() -> None:
    data = build_island()
    data["pathways"]["idle"] = deepcopy(data["pathways"]["late"]) | {"label": "Nobody's"}
    same(plan_island(), plan(data))


def test_the_order_of_what_is_defined_changes_nothing() -> None:
    data = build_island()
    for section in ("pathways", "activities", "resources", "rooms", "departments", "cohorts", "measures"):
        data[section] = dict(reversed(data[section].items()))
    same(plan_island(), plan(data))


def make_branches(order: list[int], shares: list[float]) -> Data:
    """Three ways after the visit, written in some order; each leads to its own number of fractions."""
    data = build()
    steps: list[Any] = [{"id": "visit", "do": ["consult"]}]
    options = [{"to": f"way{i}", "share": share(shares[i])} for i in order]
    steps[0]["next"] = {"options": options}
    for i in range(3):
        repeat = {"n": row(5.0 * (i + 1), "count", per="course"), "workdays": True}
        steps.append({"id": f"way{i}", "do": ["fraction"], "repeat": repeat, "next": "end"})
    data["pathways"]["care"]["steps"] = steps
    del data["biobank"]
    data["resources"]["physicist"]["staffing"] = {"clinical_share": share(0.8)}
    return data


@FEW
@given(order=st.permutations([0, 1, 2]), cut=st.tuples(st.floats(0.05, 0.45), st.floats(0.05, 0.45)))
def test_the_order_of_a_branch_changes_nothing(order: list[int], cut: tuple[float, float]) -> None:
    shares = [cut[0], cut[1], 1 - cut[0] - cut[1]]
    calculation = plan(make_branches(order, shares))
    expected = 4000 * sum(5.0 * (i + 1) * part for i, part in enumerate(shares))
    assert get(calculation, "measure.fractions") == pytest.approx(expected)


def write(data: Data, n_draws: int, seed: int) -> bytes:
    return json.dumps(to_document(make_plan(read(data), n_draws=n_draws, seed=seed)), sort_keys=True).encode()


def test_same_seed_same_bytes() -> None:
    assert write(build_island(), 40, 5) == write(build_island(), 40, 5)


def test_another_seed_moves_intervals_and_no_central_value() -> None:
    one, other = (json.loads(write(build_island(), 40, seed))["figures"] for seed in (5, 6))
    assert {key: figure["value"] for key, figure in one.items()} == {
        key: figure["value"] for key, figure in other.items()
    }
    moved = [key for key, figure in one.items() if figure["low"] != other[key]["low"]]
    assert "money.running" in moved


def test_a_second_core_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    forked = write(build_island(), 40, 5)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert write(build_island(), 40, 5) == forked


def test_central_values_do_not_depend_on_draws() -> None:
    same(plan_small(), make_plan(read(build()), n_draws=0, seed=3).calculation)
    figures = json.loads(write(build(), 25, 1))["figures"]
    for key, figure in json.loads(write(build(), 0, 1))["figures"].items():
        assert figures[key]["value"] == figure["value"], key


def grow(data: Data) -> Data:
    """Everything that can move over the years does."""
    lay(data, "catchment.trend", row(0.01, "1/year"))
    lay(data, "catchment.populations.island.growth", row(0.02, "1/year"))
    lay(data, "flows.patients.growth", row(0.03, "1/year"))
    lay(data, "catchment.earlier_diagnosis", {"early_share": share(0.8), "by_year": 2034})
    uptake = {"start": share(0.5), "full": share(0.9), "full_year": 2035}
    data["catchment"]["uptake"] = {"radiotherapy": uptake}
    return data


def test_the_first_draw_is_the_plan() -> None:
    """Draws look at a few years; the first of them is the central one, and must say what the plan says."""
    project = read(grow(build_island()))
    whole = calculate(project, Coefficients(project.evidence))
    years = list_drawn_years(project.centre)
    few = calculate(project, Coefficients(project.evidence, 7, 1), years)
    reference = project.centre.reference_year
    for key, figure in few.ledger.figures.items():
        central = figure.values[0]
        drawn = central[0] if len(central) == 1 else central[years.index(reference)]
        loose = 0.01 if key.startswith("biobank.stock") else 1e-9  # intake between the years is interpolated
        assert drawn == pytest.approx(get(whole, key, reference), rel=loose, abs=1e-9), key


def test_draws_hold_no_nonsense() -> None:
    project = read(grow(build_island()))
    few = calculate(project, Coefficients(project.evidence, 50, 1), list_drawn_years(project.centre))
    for key, figure in few.ledger.figures.items():
        assert np.isfinite(figure.values).all(), key
        assert figure.values.min() >= 0, key


def test_each_draw_is_a_plan_of_its_own() -> None:
    """A draw computed alone, with its coefficients set by hand, gives the same headline."""
    project = read(build())
    drawn = Coefficients(project.evidence, 5, 1)
    table = calculate(project, drawn, list_drawn_years(project.centre))
    values = {key: drawn.get(key) for key in drawn.used}
    for i in (1, 4):
        alone = Coefficients(project.evidence)
        for key, array in values.items():
            alone.pin(key, array[i : i + 1])
        single = calculate(project, alone, list_drawn_years(project.centre))
        for key in ("need.linac", "resource.linac", "staff.total", "money.running", "measure.fractions"):
            column = table.ledger.find_year(2033) if table.ledger.get(key).values.shape[1] > 1 else 0
            ours = single.ledger.get(key).values[0]
            assert table.ledger.get(key).values[i, column] == pytest.approx(ours[column]), key
