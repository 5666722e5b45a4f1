"""Packaged country figures."""

import dataclasses

import numpy as np
import pytest

from oncopolis.centre.geography import (
    SEXES,
    get_age_starts,
    get_country,
    get_reference_rates,
    get_site_index,
    get_world_standard,
    list_countries,
    list_sites,
)
from oncopolis.foundation.errors import NotFoundError

PLANNED = ("UZB", "RUS", "KOR", "KAZ", "AUS")
NMSC = get_site_index()["nmsc"]


@pytest.mark.parametrize(
    ("iso3", "cases", "deaths", "nmsc", "breast"),
    [
        ("UZB", 35498, 21928, 402, 5022),
        ("RUS", 614275, 310160, 21285, 78839),
        ("KOR", 232963, 97268, 4738, 24772),
    ],
)
def test_figures_are_those_published(iso3: str, cases: int, deaths: int, nmsc: int, breast: int) -> None:
    country = get_country(iso3)
    assert country.total_cases == cases
    assert country.total_deaths == deaths
    assert country.cases[NMSC] == nmsc
    assert country.cases[get_site_index()["breast"]] == breast


@pytest.mark.parametrize("iso3", list_countries())
def test_sites_sum_to_the_total_without_double_counting(iso3: str) -> None:
    country = get_country(iso3)
    assert country.cases.sum() - country.cases[NMSC] == country.total_cases
    assert country.deaths.sum() - country.deaths[NMSC] == country.total_deaths
    assert country.cases.min() >= 0
    assert country.deaths.min() >= 0
    assert country.population_total > 0
    assert country.machines is not None


@pytest.mark.parametrize("iso3", PLANNED)
def test_population_and_rates_have_the_shapes_promised(iso3: str) -> None:
    country = get_country(iso3)
    n_bands = len(get_age_starts())
    assert country.has_population
    assert country.population.shape == (len(country.population_years), 2, n_bands)
    assert country.age_rates.shape == (len(list_sites()), 2, n_bands)
    assert country.population_years[0] == country.base_year
    assert list(country.population_years) == sorted(country.population_years)
    assert country.population.min() > 0
    assert country.age_rates.min() >= 0
    assert country.population[0].sum() == pytest.approx(country.population_total, abs=len(SEXES) * n_bands)
    assert set(country.age_rate_basis) == set(get_site_index())


@pytest.mark.parametrize("iso3", PLANNED)
def test_rates_give_the_cases_of_the_base_year(iso3: str) -> None:
    country = get_country(iso3)
    given = (country.age_rates * country.population[0]).sum(axis=(1, 2)) / 100_000
    np.testing.assert_allclose(given, country.cases, rtol=2e-3, atol=1)


@pytest.mark.parametrize("iso3", PLANNED)
def test_only_the_sex_that_has_the_site_has_rates(iso3: str) -> None:
    rates = get_country(iso3).age_rates
    for site, table in zip(list_sites(), rates, strict=True):
        for sex, name in enumerate(SEXES):
            assert (table[sex].sum() > 0) == (site.sex in ("both", name)), site.id


def test_russia_keeps_its_own_ages_where_they_are_published() -> None:
    russia = get_country("RUS")
    assert russia.age_rate_basis["breast"] == "RUS 2022"
    women = russia.age_rates[get_site_index()["breast"], 0]
    assert women.argmax() == get_age_starts().index(70)


def test_stand_ins_are_marked() -> None:
    basis = get_country("UZB").age_rate_basis
    assert "stand-in" in basis["testis"]
    assert "own ages 2022" in basis["colon"]
    assert "stand-in" not in basis["stomach"]


def test_country_without_population_says_so() -> None:
    country = get_country("CRI")
    assert not country.has_population
    assert country.total_cases > 0


def test_country_cannot_be_changed() -> None:
    country = get_country("UZB")
    with pytest.raises(ValueError, match="read-only"):
        country.cases[0] = 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        country.name = "x"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("iso3", "near"), [("UZE", "UZB"), ("uzb", "UZB"), ("Uzbekistan", "UZB"), ("XXX", "AUS")]
)
def test_unknown_country_names_the_nearest(iso3: str, near: str) -> None:
    with pytest.raises(NotFoundError, match=near) as caught:
        get_country(iso3)
    assert caught.value.exit_code == 2


def test_reference_rates_cover_every_site() -> None:
    rates = get_reference_rates()
    assert rates.shape == (len(list_sites()), 2, len(get_age_starts()))
    assert (rates.sum(axis=(1, 2)) > 0).all()


def test_world_standard_is_a_population() -> None:
    assert get_world_standard().sum() == pytest.approx(1)
    assert len(get_world_standard()) == len(get_age_starts())
