"""What spreads events over calendar years: nobody is lost, and queues' oldest law holds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.routes import make_coefficients, make_route, make_stop

from oncopolis.centre.route import BoundEpisode
from oncopolis.evidence import Evidence, Row
from oncopolis.planning.coefficients import Array, Coefficients
from oncopolis.planning.leaving import (
    MOST_YEARS,
    Kernel,
    Leaving,
    blend,
    convolve,
    make_event_kernel,
    make_point_kernel,
    make_repeat_kernel,
    make_stay_kernel,
)

LIFE = make_route(make_stop("care"), survival="cohort", lasts="life")
STEPS = make_route(make_stop("care"), survival="cohort", lasts="steps")


def one(value: float) -> Array:
    return np.array([value])


def make_leaving(
    relapse: float = 0.0, death: float = 0.0, other: float = 0.0, ageing: float = 0.05
) -> Leaving:
    return Leaving(one(relapse), one(death), 10.0, one(other), one(ageing))


def make_episode(when: str, **more: object) -> BoundEpisode:
    fields: dict[str, object] = {"id": "next", "start": "other", "at": None, "share": None, "mean": None}
    fields |= {"family": "exponential", "rate": None, "stage": None}
    fields |= {"has": frozenset(), "lacks": frozenset(), "sets": frozenset()}
    return BoundEpisode(when=when, **(fields | more))  # type: ignore[arg-type]


NEVER = make_leaving()


@given(years=st.floats(0, 30))
def test_a_moment_keeps_its_mass_and_its_mean(years: float) -> None:
    kernel = make_point_kernel(years, NEVER)
    weights = kernel.weights[0]
    assert weights.sum() == pytest.approx(1)
    assert weights.min() >= -1e-12
    # Entries spread over a year happen `years` later: the mean calendar year moves by exactly that.
    assert (weights * (kernel.first + np.arange(len(weights)))).sum() == pytest.approx(years)


@given(start=st.floats(0, 5), gap=st.floats(0, 1), n_times=st.integers(1, 60))
def test_repeats_keep_their_mass_and_their_mean(start: float, gap: float, n_times: int) -> None:
    kernel = make_repeat_kernel(start, gap, n_times, NEVER)
    weights = kernel.weights[0]
    assert weights.sum() == pytest.approx(1)
    mean = (weights * (kernel.first + np.arange(len(weights)))).sum()
    assert mean == pytest.approx(start + gap * (n_times - 1) / 2)


@given(
    start=st.floats(0, 5),
    gap=st.floats(0, 1),
    n_times=st.integers(1, 60),
    death=st.floats(0.01, 2),
    other=st.floats(0, 0.1),
)
def test_repeats_reach_those_who_are_still_there(
    start: float, gap: float, n_times: int, death: float, other: float
) -> None:
    leaving = make_leaving(death=death, other=other)
    expected = leaving.alive(start + gap * np.arange(n_times, dtype=np.float64)).mean()
    assert make_repeat_kernel(start, gap, n_times, leaving).weights.sum() == pytest.approx(expected)


@given(shares=st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_blending_over_calendar_years_loses_nothing(shares: list[float]) -> None:
    assert blend(np.array([shares])).weights.sum() == pytest.approx(sum(shares), abs=1e-12)


@given(relapse=st.floats(0, 0.5), death=st.floats(0.02, 0.5), other=st.floats(0.01, 0.1))
def test_the_stay_is_the_integral_of_survival(relapse: float, death: float, other: float) -> None:
    leaving = make_leaving(relapse, death, other)
    times = (np.arange(40_000) + 0.5) * MOST_YEARS / 40_000
    integral = float(leaving.alive(times)[0].mean()) * MOST_YEARS
    # One value in the middle of each year stands for it: too low by at most hazard squared over 24.
    assert make_stay_kernel(LIFE, leaving, 0.0).weights.sum() == pytest.approx(
        integral, rel=(relapse + death + 0.4) ** 2 / 24 + 0.005
    )


def test_a_stay_of_steps_ends_with_them() -> None:
    assert make_stay_kernel(STEPS, NEVER, 2.5).weights.sum() == pytest.approx(2.5)
    assert make_stay_kernel(STEPS, NEVER, 0.0).weights.sum() == 0


@given(death=st.floats(0.1, 1.0), inflow=st.floats(1, 1000))
def test_people_here_are_inflow_times_mean_stay(death: float, inflow: float) -> None:
    """Little's law: L = lambda W, once as many leave as come."""
    leaving = make_leaving(death=death)
    flow = np.full((1, 120), inflow)
    here = convolve(flow, make_stay_kernel(LIFE, leaving, 0.0))[0, -1]
    assert here == pytest.approx(inflow / death, rel=death**2 / 24 + 1e-3 + np.exp(-death * MOST_YEARS))


@given(relapse=st.floats(0.02, 0.4), death=st.floats(0.01, 0.2), other=st.floats(0.0, 0.05))
def test_who_came_is_alive_relapsed_or_dead(relapse: float, death: float, other: float) -> None:
    """Cumulative books over calendar years, against person-years as the mean of two year ends."""
    leaving = make_leaving(relapse, death, other)
    n_years = 30
    flow = np.full((1, n_years), 100.0)
    gone = convolve(flow, make_event_kernel(make_episode("relapse"), leaving, make_coefficients()))
    gone = gone + convolve(flow, make_event_kernel(make_episode("death"), leaving, make_coefficients()))
    alive_at_end = np.cumsum(flow - gone, axis=1)[0]
    person_years = convolve(flow, make_stay_kernel(LIFE, leaving, 0.0))[0]
    # The mean of two ends lies above an exponential, its middle below: an eighth of the squared hazard.
    apart = (relapse + death + 4 * other) ** 2 / 8 + 0.005
    np.testing.assert_allclose((alive_at_end[1:] + alive_at_end[:-1]) / 2, person_years[1:], rtol=apart)


@given(death=st.floats(0.05, 1.0), mean=st.floats(0.2, 5.0))
def test_a_waiting_time_competes_with_death(death: float, mean: float) -> None:
    """Of two exponential clocks, the first rings first with a chance of its share of the rates."""
    kernel = make_event_kernel(
        make_episode("time", mean="mean_wait"), make_leaving(death=death), make_waiting(mean)
    )
    rate = 1 / mean
    reached = 1 - np.exp(-(rate + death) * MOST_YEARS)
    assert kernel.weights.sum() == pytest.approx(rate / (rate + death) * reached, rel=1e-6)


def make_waiting(mean: float) -> Coefficients:
    row = Row(label="Wait", value=mean, unit="year", source="test", status="published", opened=True)
    return Coefficients(Evidence({"mean_wait": row}))


@pytest.mark.parametrize("family", ["fixed", "uniform", "exponential"])
def test_every_waiting_time_comes_to_all_who_live(family: str) -> None:
    kernel = make_event_kernel(
        make_episode("time", mean="mean_wait", family=family), NEVER, make_waiting(2.0)
    )
    weights = kernel.weights[0]
    assert weights.sum() == pytest.approx(1, rel=1e-6)
    mean = (weights * (kernel.first + np.arange(len(weights)))).sum()
    # Whole years stand for what happens within them: half a year plus 1 / (e^(1/2) - 1) is 2.04.
    assert mean == pytest.approx(2.0, rel=0.025)


@given(
    flow=st.lists(st.floats(0, 100), min_size=12, max_size=12),
    weights=st.lists(st.floats(0, 1), min_size=1, max_size=6),
    first=st.integers(0, 3),
)
def test_convolution_is_the_sum_over_the_years_of_entry(
    flow: list[float], weights: list[float], first: int
) -> None:
    kernel = Kernel(first, np.array([weights]))
    spread = convolve(np.array([flow]), kernel)[0]
    for year in range(12):
        lags = range(first, first + len(weights))
        expected = sum(flow[year - lag] * weights[lag - first] for lag in lags if year - lag >= 0)
        assert spread[year] == pytest.approx(expected)
    some = convolve(np.array([flow]), kernel, [2, 7, 11])[0]
    np.testing.assert_allclose(some, spread[[2, 7, 11]])
    many = convolve(np.array([flow]), kernel, [1, 2, 3, 5, 7, 11])[0]
    np.testing.assert_allclose(many, spread[[1, 2, 3, 5, 7, 11]])
