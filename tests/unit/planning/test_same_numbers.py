"""Draws and central values come from the same sums, on one core or on two."""

import os

import numpy as np
import pytest
from tests.clinic import build_island, read
from tests.shared import read_example

from oncopolis.planning import Coefficients, calculate, make_plan
from oncopolis.planning.plan import list_drawn_years

N_DRAWS = 3


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
