"""Draws and central values come from the same sums, on one core or on two."""

import os

import numpy as np
import pytest
from tests.clinic import build_island, read
from tests.shared import read_example

from oncopolis.planning import Coefficients, calculate, make_plan
from oncopolis.planning.plan import list_drawn_years

N_DRAWS = 3


@pytest.mark.slow
def test_the_central_row_of_the_draws_is_the_central_run() -> None:
    project = read_example("tashkent")
    years = list_drawn_years(project.centre)
    central = calculate(project, Coefficients(project.evidence), years).ledger.figures
    drawn = calculate(project, Coefficients(project.evidence, N_DRAWS, 1), years).ledger.figures
    assert set(drawn) == set(central)
    for key, figure in central.items():
        np.testing.assert_allclose(drawn[key].central, figure.central, rtol=1e-9, atol=1e-9, err_msg=key)


def test_draws_do_not_depend_on_the_number_of_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    project = read(build_island())
    on_two = make_plan(project, n_draws=N_DRAWS, seed=1)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    on_one = make_plan(project, n_draws=N_DRAWS, seed=1)
    assert on_one.uncertainty == on_two.uncertainty
    assert on_one.headlines == on_two.headlines


@pytest.mark.slow
def test_sites_are_added_up_in_the_order_of_the_definition() -> None:
    """Texts hash to other numbers in each process, so that the order of a set is another each time."""
    project = read_example("tashkent")
    years = list_drawn_years(project.centre)
    share = calculate(project, Coefficients(project.evidence), years).ledger.figures["demand.late_share"]
    _, in_all = share.parents
    keys = [f"demand.new_cases.{site}" for site in project.centre.cohorts]
    added = [of_year.parents[0].key for of_year in in_all.parents]
    assert added == [key for key in keys if key in added]
    assert len(added) > 1
