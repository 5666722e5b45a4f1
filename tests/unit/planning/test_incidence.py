"""Cases carried forward: exact small cases, and each refusal."""

import numpy as np
import pytest

from oncopolis.foundation.errors import InputError
from oncopolis.planning.incidence import (
    Region,
    compute_base_cases,
    compute_cases,
    compute_population,
    compute_region,
    compute_region_totals,
    compute_trend_factors,
)


def make_place(**changes: object) -> Region:
    """Two sites, two sexes, two ages; the old double from 2022 to 2032."""
    population = np.array([[[100.0, 50.0], [100.0, 50.0]], [[100.0, 100.0], [100.0, 100.0]]])
    fields: dict[str, object] = {
        "name": "island",
        "base_year": 2022,
        "population_years": np.array([2022, 2032]),
        "population": population,
        "age_rates": np.array([[[0.0, 10.0], [0.0, 10.0]], [[5.0, 5.0], [0.0, 0.0]]]),
    }
    return Region(**(fields | changes))  # type: ignore[arg-type]


def test_cases_of_the_old_double_with_the_old() -> None:
    cases = compute_cases(make_place(), [2022, 2027, 2032], site_totals=[40, 30])
    assert cases.shape == (2, 2, 2, 3)
    np.testing.assert_allclose(cases[0].sum(axis=(0, 1)), [40, 60, 80])
    np.testing.assert_allclose(cases[1].sum(axis=(0, 1)), [30, 35, 40])
    assert cases[0, :, 0].sum() == 0
    assert cases[1, 1].sum() == 0


def test_trend_moves_the_rates() -> None:
    flat = compute_cases(make_place(), [2022, 2024], site_totals=[40, 30])
    risen = compute_cases(make_place(), [2022, 2024], site_totals=[40, 30], trend_per_year=[0.1, 0.0])
    np.testing.assert_allclose(risen[0, ..., 1], flat[0, ..., 1] * 1.21)
    np.testing.assert_allclose(risen[1], flat[1])
    np.testing.assert_allclose(risen[..., 0], flat[..., 0])


def test_trend_factors_reach_back() -> None:
    np.testing.assert_allclose(compute_trend_factors(1.0, [2021, 2022, 2023], 2022), [[0.5, 1, 2]])


def test_population_between_years_is_linear() -> None:
    people = compute_population(make_place(), [2022, 2023, 2032])
    np.testing.assert_allclose(people[0, 1], [50, 55, 100])


def test_one_year_is_enough() -> None:
    place = make_place(population_years=np.array([2022]), population=make_place().population[:1])
    np.testing.assert_allclose(compute_cases(place, [2022], site_totals=[4, 3]).sum(axis=(1, 2, 3)), [4, 3])


def test_region_is_the_country_scaled() -> None:
    country = make_place()
    region = compute_region(country, "bay", population_base=30)
    assert region.population[0].sum() == pytest.approx(30)
    totals = compute_region_totals([40, 30], population=300, population_base=30)
    np.testing.assert_allclose(totals, [4, 3])
    np.testing.assert_allclose(
        compute_cases(region, [2032], site_totals=totals),
        compute_cases(country, [2032], site_totals=[40, 30]) / 10,
    )


def test_region_takes_its_own_crude_rate_for_the_sites_that_count() -> None:
    counted = np.array([True, False])
    totals = compute_region_totals(
        [40, 30], population=300, population_base=30, crude_rate_per_100k=20_000, counted=counted
    )
    np.testing.assert_allclose(totals, [6, 4.5])
    everything = compute_region_totals(
        [40, 30], population=300, population_base=30, crude_rate_per_100k=20_000
    )
    assert everything.sum() == pytest.approx(6)


@pytest.mark.parametrize("bad", [-1.0, np.nan, np.inf])
def test_bad_population_names_the_cell(bad: float) -> None:
    population = make_place().population.copy()
    population[1, 0, 1] = bad
    with pytest.raises(InputError, match="row 1, sex 0, age band 1"):
        compute_cases(make_place(population=population), [2022], site_totals=[1, 1])


@pytest.mark.parametrize("year", [2021, 2033])
def test_year_outside_the_table_is_refused(year: int) -> None:
    with pytest.raises(InputError, match="2022 to 2032"):
        compute_population(make_place(), [year])


@pytest.mark.parametrize("totals", [[1, -1], [1, np.nan], [1], [1, 2, 3]])
def test_bad_totals_are_refused(totals: list[float]) -> None:
    with pytest.raises(InputError) as caught:
        compute_cases(make_place(), [2022], site_totals=totals)
    assert caught.value.code == "INC-002"


def test_cases_without_a_rate_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        compute_base_cases(np.zeros((1, 2, 2)), np.ones((2, 2)), [5])
    assert caught.value.code == "INC-003"
    assert compute_base_cases(np.zeros((1, 2, 2)), np.ones((2, 2)), [0]).sum() == 0


@pytest.mark.parametrize("trend", [-1.0, -2.0, np.nan])
def test_bad_trend_is_refused(trend: float) -> None:
    with pytest.raises(InputError) as caught:
        compute_trend_factors(trend, [2022], 2022)
    assert caught.value.code == "INC-004"


@pytest.mark.parametrize("people", [0.0, -5.0, np.nan])
def test_bad_region_is_refused(people: float) -> None:
    with pytest.raises(InputError) as caught:
        compute_region(make_place(), "bay", population_base=people)
    assert caught.value.code == "INC-005"


@pytest.mark.parametrize("rate", [-1.0, np.nan])
def test_bad_crude_rate_is_refused(rate: float) -> None:
    with pytest.raises(InputError) as caught:
        compute_region_totals([1], population=1, population_base=1, crude_rate_per_100k=rate)
    assert caught.value.code == "INC-006"
