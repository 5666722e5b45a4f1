"""Whatever the figures: totals are kept, nothing is negative, nothing is counted twice."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from oncopolis.centre.geography import get_country, get_site_index, list_sites
from oncopolis.centre.importers import load_globocan, load_registry
from oncopolis.planning.incidence import Region, compute_cases, compute_region, compute_region_totals

SITES, AGES, YEARS = 3, 4, np.array([2022, 2030, 2050])
CODES = [site.globocan_code for site in list_sites() if site.globocan_code is not None]

rates = arrays(np.float64, (SITES, 2, AGES), elements=st.floats(0.01, 1e3))
people = arrays(np.float64, (len(YEARS), 2, AGES), elements=st.floats(1, 1e7))
totals = arrays(np.float64, SITES, elements=st.floats(0, 1e6))
trends = arrays(np.float64, SITES, elements=st.floats(-0.05, 0.05))


def place(rates: np.ndarray, people: np.ndarray) -> Region:
    return Region("anywhere", 2022, YEARS, people, rates)


@given(rates, people, totals, trends, st.integers(2022, 2050))
def test_base_year_keeps_the_totals_and_nothing_is_negative(
    rates: np.ndarray, people: np.ndarray, totals: np.ndarray, trends: np.ndarray, year: int
) -> None:
    cases = compute_cases(place(rates, people), [2022, year], site_totals=totals, trend_per_year=trends)
    np.testing.assert_allclose(cases[..., 0].sum(axis=(1, 2)), totals, rtol=1e-9, atol=1e-9)
    assert np.isfinite(cases).all()
    assert cases.min() >= 0


@given(rates, people, totals, st.floats(0.1, 10))
def test_scale_of_the_rates_does_not_count(
    rates: np.ndarray, people: np.ndarray, totals: np.ndarray, factor: float
) -> None:
    one = compute_cases(place(rates, people), [2040], site_totals=totals)
    other = compute_cases(place(rates * factor, people), [2040], site_totals=totals)
    np.testing.assert_allclose(one, other, rtol=1e-9)


@given(rates, people, totals)
def test_more_people_of_an_age_never_mean_fewer_cases(
    rates: np.ndarray, people: np.ndarray, totals: np.ndarray
) -> None:
    more = people.copy()
    more[1:, :, -1] *= 2
    before = compute_cases(place(rates, people), [2030], site_totals=totals)
    after = compute_cases(place(rates, more), [2030], site_totals=totals)
    assert (after >= before - 1e-9).all()


@given(st.floats(1e4, 1e8), st.floats(1, 2000), st.sampled_from(["UZB", "RUS", "KOR", "KAZ", "AUS"]))
def test_region_keeps_its_people_and_its_crude_rate(n_people: float, crude: float, iso3: str) -> None:
    country = get_country(iso3)
    counted = np.array([site.id != "nmsc" for site in list_sites()])
    region = compute_region(country, "bay", population_base=n_people)
    site_totals = compute_region_totals(
        country.cases,
        population=country.population_total,
        population_base=n_people,
        crude_rate_per_100k=crude,
        counted=counted,
    )
    cases = compute_cases(region, [country.base_year], site_totals=site_totals)
    assert region.population[0].sum() == pytest.approx(n_people)
    assert cases[counted].sum() == pytest.approx(crude * n_people / 100_000)


@given(
    st.dictionaries(st.sampled_from(CODES), st.integers(0, 10**6), min_size=1),
    st.booleans(),
    st.integers(0, 1000),
)
def test_globocan_total_is_every_site_once(numbers: dict[int, int], with_sums: bool, rest: int) -> None:
    listed = dict(numbers)
    expected = sum(n for code, n in numbers.items() if code != 17)
    if with_sums:
        expected += rest
        listed |= {40: expected, 39: expected + numbers.get(17, 0)}
        if {8, 9, 10} <= set(numbers):
            listed[41] = numbers[8] + numbers[9] + numbers[10]
    assume(expected > 0)  # a table without any case is refused
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.csv")
        path.write_text("Cancer code,Number\n" + "".join(f"{code},{n}\n" for code, n in listed.items()))
        population = load_globocan(path).get_population("x")
    assert population.total == expected
    assert population.site_cases.min() >= 0
    assert population.site_cases.sum() - population.site_cases[get_site_index()["nmsc"]] == expected


@given(st.lists(st.tuples(st.sampled_from([s.id for s in list_sites()]), st.integers(1, 999)), min_size=1))
def test_registry_keeps_every_case(rows: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.csv")
        path.write_text("site,cases\n" + "".join(f"{site},{n}\n" for site, n in rows))
        registry = load_registry(path)
    assert registry.total_with_nmsc == sum(n for _, n in rows)
    assert registry.site_cases.sum() == registry.stage_cases.sum() == registry.total_with_nmsc
