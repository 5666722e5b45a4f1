"""New cases by site, sex and age, carried forward with the population.

Indirect standardisation: a profile of rates by age and sex is laid on the population of the base year and
scaled, site by site, so that it gives the stated number of cases. The scaled rates then meet the projected
population of every later year, times a yearly trend. Ageing and growth of a population so act by themselves;
only what changes the *rates* is a coefficient.

Axes, everywhere in this file: ``site`` (order of `list_site_ids`), ``sex`` (female, male), ``age`` (five-year
bands, the last one open), ``year``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oncopolis.foundation.errors import InputError
from oncopolis.foundation.units import PER_100_000

Floats = NDArray[np.float64]
Years = NDArray[np.int64]


class Place(Protocol):
    """Whatever has people in it: a country, a region, or arrays of one's own."""

    @property
    def base_year(self) -> int:
        """Year the site totals stand for."""

    @property
    def population_years(self) -> Years:
        """Shape (k,): years of the population table, rising."""

    @property
    def population(self) -> Floats:
        """Shape (k, sex, age): persons at mid-year."""

    @property
    def age_rates(self) -> Floats:
        """Shape (site, sex, age): new cases per 100,000 person-years; only relative within a site."""


@dataclass(frozen=True, slots=True)
class Region:
    """A catchment with its own population; see `Place` for shapes and units."""

    name: str
    base_year: int
    population_years: Years
    population: Floats
    age_rates: Floats


def compute_population(place: Place, years: Sequence[int]) -> Floats:
    """Return persons by sex, age and year, linear between the years of the table.

    Returns
    -------
    ndarray
        Shape (sex, age, year), persons.

    Raises
    ------
    InputError
        For a negative or missing population, or a year outside the table.
    """
    known = place.population_years
    _check_population(place.population)
    wanted = np.asarray(years, dtype=np.int64)
    if wanted.size and (wanted.min() < known[0] or wanted.max() > known[-1]):
        raise InputError(
            code="INC-001",
            where="years",
            got=f"{wanted.min()} to {wanted.max()}",
            expected=f"years from {known[0]} to {known[-1]}, which the population table covers",
            fix="shorten the horizon or give a longer population projection",
        )
    right = np.clip(np.searchsorted(known, wanted), min(1, known.size - 1), known.size - 1)
    left = np.maximum(right - 1, 0)
    span = np.maximum(known[right] - known[left], 1)
    weight = ((wanted - known[left]) / span)[:, None, None]
    table = place.population[left] * (1 - weight) + place.population[right] * weight
    return np.moveaxis(table, 0, -1)


def compute_base_cases(age_rates: Floats, population: Floats, site_totals: ArrayLike) -> Floats:
    """Spread the cases of each site over sex and age as the rates and the population have it.

    Parameters
    ----------
    age_rates
        Shape (site, sex, age), per 100,000 person-years; only relative within a site.
    population
        Shape (sex, age), persons of the base year.
    site_totals
        Shape (site,), new cases of the base year.

    Returns
    -------
    ndarray
        Shape (site, sex, age), cases; sums to `site_totals`.

    Raises
    ------
    InputError
        For a negative or missing total, or a site with cases whose rates or people are all nought.
    """
    totals = np.asarray(site_totals, dtype=np.float64)
    if totals.shape != age_rates.shape[:1] or not np.all(np.isfinite(totals)) or np.any(totals < 0):
        raise InputError(
            code="INC-002",
            where="site totals",
            got=f"{totals.size} values, the least {np.min(totals, initial=np.inf):g}",
            expected=f"{age_rates.shape[0]} counts of 0 or more",
            fix="give every site its number of new cases",
        )
    expected = age_rates * population / PER_100_000
    sums = expected.sum(axis=(1, 2))
    if np.any((sums <= 0) & (totals > 0)):
        lost = int(np.argmax((sums <= 0) & (totals > 0)))
        raise InputError(
            code="INC-003",
            where=f"site number {lost}",
            got=f"{totals[lost]:g} cases but no age rate or nobody of that age and sex",
            expected="a rate above 0 in some age and sex with people in it",
            fix="give the site an age profile",
        )
    scale = np.divide(totals, sums, out=np.zeros_like(totals), where=sums > 0)
    cases: Floats = expected * scale[:, None, None]
    return cases


def compute_trend_factors(trend_per_year: ArrayLike, years: Sequence[int], base_year: int) -> Floats:
    """Return the factor by which rates have moved since the base year.

    Parameters
    ----------
    trend_per_year
        Yearly relative change of the rates (0.01 is one per cent a year), above -1; scalar or shape (site,).

    Returns
    -------
    ndarray
        Shape (1 or site, year).

    Raises
    ------
    InputError
        If a trend is -1 or less, or missing.
    """
    trend = np.atleast_1d(np.asarray(trend_per_year, dtype=np.float64))
    if not np.all(np.isfinite(trend)) or np.any(trend <= -1):
        raise InputError(
            code="INC-004",
            where="trend per year",
            got=f"{np.min(trend):g}",
            expected="a yearly relative change above -1",
            fix="write one per cent a year as 0.01",
        )
    elapsed = np.asarray(years, dtype=np.int64) - base_year
    factors: Floats = (1 + trend)[:, None] ** elapsed[None, :]
    return factors


def compute_cases(
    place: Place, years: Sequence[int], *, site_totals: ArrayLike, trend_per_year: ArrayLike = 0.0
) -> Floats:
    """Return new cases by site, sex, age and year.

    Parameters
    ----------
    place
        Country, region, or anything shaped like `Place`.
    years
        Calendar years, within the population table.
    site_totals
        Shape (site,), new cases of `place.base_year`.
    trend_per_year
        Yearly relative change of the rates; scalar or shape (site,). Its value is evidence of the caller.

    Returns
    -------
    ndarray
        Shape (site, sex, age, year), cases a year; in the base year they sum to `site_totals`.

    Raises
    ------
    InputError
        As in `compute_population`, `compute_base_cases` and `compute_trend_factors`.
    """
    base = compute_population(place, [place.base_year])[..., 0]
    cases = compute_base_cases(place.age_rates, base, site_totals)
    rates = np.divide(cases, base, out=np.zeros_like(cases), where=base > 0)
    people = compute_population(place, years)
    factors = compute_trend_factors(trend_per_year, years, place.base_year)
    moved: Floats = rates[..., None] * people[None] * factors[:, None, None, :]
    return moved


def compute_region(place: Place, name: str, *, population_base: float) -> Region:
    """Return a region of `place`: the same ages, rates and growth, its own number of people.

    Parameters
    ----------
    place
        The country around it.
    name
        For messages.
    population_base
        Persons of the region in `place.base_year`, above 0.

    Raises
    ------
    InputError
        If the population is missing, 0 or negative.
    """
    if not np.isfinite(population_base) or population_base <= 0:
        raise InputError(
            code="INC-005",
            where=f"region {name}: population",
            got=f"{population_base:g}",
            expected="a number of persons above 0",
            fix="give the population of the base year",
        )
    people = compute_population(place, [place.base_year]).sum()
    return Region(
        name,
        place.base_year,
        place.population_years,
        place.population * (population_base / people),
        place.age_rates,
    )


def compute_region_totals(
    site_totals: ArrayLike,
    *,
    population: float,
    population_base: float,
    crude_rate_per_100k: float | None = None,
    counted: NDArray[np.bool_] | None = None,
) -> Floats:
    """Scale the site totals of a country to a region by people and by the region's own crude rate.

    Parameters
    ----------
    site_totals
        Shape (site,), cases of the country in the base year.
    population, population_base
        Persons of the country and of the region.
    crude_rate_per_100k
        The region's new cases per 100,000 persons; None keeps the country's rates.
    counted
        Shape (site,): which sites that crude rate counts (the source may leave out NMSC); None: all.

    Returns
    -------
    ndarray
        Shape (site,), cases. Sites that are not counted are scaled like the others.

    Raises
    ------
    InputError
        For a rate that is negative or missing.
    """
    totals = np.asarray(site_totals, dtype=np.float64) * (population_base / population)
    if crude_rate_per_100k is None:
        return totals
    if not np.isfinite(crude_rate_per_100k) or crude_rate_per_100k < 0:
        raise InputError(
            code="INC-006",
            where="crude rate",
            got=f"{crude_rate_per_100k:g}",
            expected="0 or more new cases per 100,000 persons",
            fix="give the crude rate of the region, or none",
        )
    within = totals if counted is None else totals[counted]
    scaled: Floats = totals * (crude_rate_per_100k * population_base / PER_100_000 / within.sum())
    return scaled


def _check_population(population: Floats) -> None:
    bad = ~np.isfinite(population) | (population < 0)
    if bad.any():
        row, sex, age = (int(i) for i in np.argwhere(bad)[0])
        raise InputError(
            code="INC-007",
            where=f"population: row {row}, sex {sex}, age band {age}",
            got=f"{population[row, sex, age]:g}",
            expected="a number of persons, 0 or more",
            fix="correct the population table",
        )
