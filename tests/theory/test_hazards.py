"""Hazards of relapse and death against the integrals they stand for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncopolis.planning.coefficients import Array
from oncopolis.planning.hazards import compute_relapse_hazard, compute_survival, to_hazard
from oncopolis.planning.leaving import MOST_YEARS, Leaving


def one(value: float) -> Array:
    return np.array([value])


@given(relapse=st.floats(0.001, 3.0), advanced=st.floats(0.05, 4.0), years=st.floats(1.0, 10.0))
def test_the_hazard_of_relapse_gives_back_the_survival_it_came_from(
    relapse: float, advanced: float, years: float
) -> None:
    survival = compute_survival(one(relapse), one(advanced), years)
    found = compute_relapse_hazard(survival, one(advanced), years)
    assert compute_survival(found, one(advanced), years)[0] == pytest.approx(survival[0], abs=1e-7)


@given(relapse=st.floats(0.001, 2.0), advanced=st.floats(0.05, 2.0))
def test_survival_is_the_solution_of_the_two_step_equations(relapse: float, advanced: float) -> None:
    """Free of relapse, then advanced, then dead: integrated in small steps (midpoint rule)."""
    years, n_steps = 5.0, 4000
    step = years / n_steps
    free, late = 1.0, 0.0
    for _ in range(n_steps):
        free_mid = free * (1 - relapse * step / 2)
        late_mid = late + (relapse * free - advanced * late) * step / 2
        free, late = (
            free - relapse * free_mid * step,
            late + (relapse * free_mid - advanced * late_mid) * step,
        )
    assert compute_survival(one(relapse), one(advanced), years)[0] == pytest.approx(free + late, abs=1e-5)


def test_equal_hazards_are_no_pole() -> None:
    hazard = 0.4
    expected = np.exp(-hazard * 5) * (1 + hazard * 5)
    assert compute_survival(one(hazard), one(hazard), 5.0)[0] == pytest.approx(expected, rel=1e-6)


def test_nobody_relapses_where_everybody_lives() -> None:
    assert compute_relapse_hazard(one(1.0), one(0.5), 5.0)[0] == pytest.approx(0, abs=1e-9)


def test_the_lower_the_survival_the_higher_the_hazard() -> None:
    survival = np.array([0.95, 0.8, 0.6, 0.4])
    hazards = compute_relapse_hazard(survival, np.full(4, 0.6), 5.0)
    assert np.all(np.diff(hazards) > 0)


@given(survival=st.floats(0.001, 0.999), years=st.floats(0.5, 20))
def test_a_constant_hazard_leaves_the_stated_share(survival: float, years: float) -> None:
    assert np.exp(-to_hazard(one(survival), years)[0] * years) == pytest.approx(survival)


def make_leaving(
    relapse: float = 0.0,
    death: float = 0.0,
    relapse_years: float = 10.0,
    other: float = 0.0,
    ageing: float = 0.05,
) -> Leaving:
    return Leaving(one(relapse), one(death), relapse_years, one(other), one(ageing))


@given(
    relapse=st.floats(0.0, 1.0),
    death=st.floats(0.0, 0.5),
    other=st.floats(0.0, 0.1),
    ageing=st.floats(0.001, 0.12),
    relapse_years=st.integers(1, 15),
)
def test_alive_relapsed_and_dead_are_everybody(
    relapse: float, death: float, other: float, ageing: float, relapse_years: int
) -> None:
    leaving = make_leaving(relapse, death, float(relapse_years), other, ageing)
    alive = leaving.alive(np.array([float(MOST_YEARS)]))[0, 0]
    assert alive + leaving.relapsed().sum() + leaving.died().sum() == pytest.approx(1)
    assert leaving.relapsed().min() >= 0
    assert leaving.died().min() >= -1e-12


def test_competing_risks_share_as_their_hazards_do() -> None:
    leaving = make_leaving(0.3, 0.1, float(MOST_YEARS))
    np.testing.assert_allclose(leaving.relapsed()[0, :5] / leaving.died()[0, :5], 3)


def test_nobody_relapses_after_the_years_of_relapse() -> None:
    leaving = make_leaving(0.3, 0.1)
    assert leaving.relapsed()[0, 9] > 0
    assert leaving.relapsed()[0, 10:].max() == 0
    later = leaving.alive(np.array([10.0, 15.0]))[0]
    assert later[1] / later[0] == pytest.approx(np.exp(-0.5))


@given(relapse=st.floats(0.0, 0.5), other=st.floats(0.001, 0.1), ageing=st.floats(0.001, 0.15))
def test_survivors_follow_the_hazards_they_are_exposed_to(
    relapse: float, other: float, ageing: float
) -> None:
    """The logarithm falls by the integral of ten years of relapse and of Gompertz's law (Simpson's rule)."""
    leaving = make_leaving(relapse, 0.0, 10.0, other, ageing)
    for until in (3.0, 10.0, 25.0):
        ages = np.linspace(0, until, 401)
        hazard = other * np.exp(ageing * ages)
        weights = np.ones(401)
        weights[1:-1:2], weights[2:-1:2] = 4, 2
        integral = float((weights * hazard).sum()) * until / 400 / 3 + relapse * min(until, 10.0)
        assert leaving.alive(np.array([until]))[0, 0] == pytest.approx(np.exp(-integral), rel=1e-6)


@given(relapse=st.floats(0.01, 0.5), other=st.floats(0.001, 0.1), ageing=st.floats(0.001, 0.15))
def test_who_relapses_is_relapse_times_those_still_free(relapse: float, other: float, ageing: float) -> None:
    leaving = make_leaving(relapse, 0.0, 10.0, other, ageing)
    middle = (np.arange(2000) + 0.5) / 2000
    for year in (0, 4, 9):
        integral = relapse * float(leaving.alive(year + middle)[0].mean())
        assert leaving.relapsed()[0, year] == pytest.approx(integral, rel=0.01)
