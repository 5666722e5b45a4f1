"""Demand: from people to new cases, year by year, by site and stage, and the part that comes here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from oncopolis.centre import Project
from oncopolis.centre.catchment import Catchment, Population
from oncopolis.centre.geography import (
    get_country,
    get_reference_rates,
    get_site_index,
    list_countries,
    list_site_ids,
)
from oncopolis.centre.route import REST
from oncopolis.foundation.units import PER_100_000
from oncopolis.planning.asking import Asking
from oncopolis.planning.coefficients import Array
from oncopolis.planning.incidence import Place, Region, compute_cases, compute_population
from oncopolis.planning.quantity import Ledger, Quantity, to_quantity, total

NMSC = "nmsc"
"""Left out of every all-site total, as GLOBOCAN's code 40 leaves it out."""

YEARS_OF_GROWTH = 5  # structure: stretch of the projection whose growth is carried backwards
EARLY, LATE = ("i", "ii"), ("iii", "iv")


@dataclass(frozen=True)
class Demand:
    """New cases of the catchment."""

    people: Quantity
    """Inhabitants of the catchment."""
    new_cases: Mapping[str, Quantity]
    """Site -> new cases in the catchment."""
    stage_shares: Mapping[tuple[str, str], Quantity]
    """Site and stage -> share of the site's new cases."""
    by_age: Array
    """Shape (site, sex, age, year): central projection before trend and registry ratio."""


def compute_demand(project: Project, asking: Asking) -> Demand | None:
    """Carry the catchment's new cases forward; None for a centre of flows alone."""
    catchment = project.centre.catchment
    if catchment is None:
        return None
    ledger = asking.ledger
    parts: dict[str, list[Quantity]] = {site: [] for site in list_site_ids()}
    people: list[Quantity] = []
    by_age: list[Array] = []
    for key, population in catchment.populations.items():
        inhabitants, cases, table = _compute_population(key, population, catchment, project, asking)
        people.append(inhabitants)
        by_age.append(table)
        for site, quantity in cases.items():
            parts[site].append(quantity)
    total_people = ledger.name("demand.population", "Inhabitants of the catchment", "count", total(people))
    new_cases = {
        site: ledger.name(
            f"demand.new_cases.{site}", f"New cases, {_label(project, site)}", "case/year", total(quantities)
        )
        for site, quantities in parts.items()
    }
    counted = [quantity for site, quantity in new_cases.items() if site != NMSC]
    ledger.name(
        "demand.new_cases",
        "New cases in the catchment (non-melanoma skin cancer left out)",
        "case/year",
        total(counted),
    )
    return Demand(
        total_people, new_cases, _compute_stage_shares(project, asking, new_cases), np.sum(by_age, axis=0)
    )


def _cast_back(table: Array, place: Place, ledger: Ledger) -> Array:
    """Factor for the years before the figures begin: cases shrank backwards as they will grow forwards.

    The growth is that of the first years of the projection; nothing is known of the years before.
    """
    years = np.array(ledger.years)
    before = np.minimum(years - place.base_year, 0)
    after = int(np.argmin(np.abs(years - (place.base_year + YEARS_OF_GROWTH))))
    start = int(np.argmin(np.abs(years - place.base_year)))
    span = max(int(years[after] - years[start]), 1)
    growth = (
        (table[..., after].sum() / max(table[..., start].sum(), 1.0)) ** (1 / span) if after > start else 1.0
    )
    factor: Array = growth ** before.astype(float)
    return factor


def _label(project: Project, site: str) -> str:
    cohort = project.centre.cohorts.get(site)
    return cohort.label if cohort else site.replace("_", " ")


def _compute_population(
    key: str, population: Population, catchment: Catchment, project: Project, asking: Asking
) -> tuple[Quantity, dict[str, Quantity], Array]:
    """Return inhabitants, new cases by site, and the table by sex and age of one population."""
    ledger = asking.ledger
    place = _make_place(key, population, project)
    country_people = float(compute_population(place, [place.base_year]).sum())
    totals = _find_site_totals(key, population, project)
    scale = to_quantity(1)
    if population.people is not None:
        scale = asking.ask(population.people) / country_people
    if population.crude_rate is not None:
        scale = scale * (asking.ask(population.crude_rate) / _crude_rate(population, totals, country_people))
    years = [min(max(year, place.base_year), int(place.population_years[-1])) for year in ledger.years]
    table = compute_cases(place, years, site_totals=totals)
    table = table * _cast_back(table, place, ledger)
    by_site = table.sum(axis=(1, 2))
    elapsed = ledger.given(
        np.array([[max(year - catchment.base_year, 0) for year in ledger.years]], dtype=float),
        "years since the base year",
    )
    factor = scale * (asking.ask(catchment.trend) + 1) ** elapsed
    factor = factor * _registry_ratio(key, population, totals, scale, asking)
    if population.growth is not None:
        factor = factor * (asking.ask(population.growth) + 1) ** elapsed
    factor = ledger.name(
        f"demand.factor.{key}", f"{population.label}: size, trend and registry ratio", "ratio", factor
    )
    index = get_site_index()
    cases = {
        site: ledger.name(
            f"demand.profile.{key}.{site}",
            f"{_label(project, site)}, {population.label}, rates and ages carried forward",
            "case/year",
            ledger.given(by_site[index[site]][None, :], "age-specific rates x projected people"),
        )
        * factor
        for site in list_site_ids()
    }
    size = asking.ask(population.people) / country_people if population.people is not None else to_quantity(1)
    if population.growth is not None:
        size = size * (asking.ask(population.growth) + 1) ** elapsed
    inhabitants = (
        ledger.given(
            compute_population(place, years).sum(axis=(0, 1))[None, :], "projected people of the country"
        )
        * size
    )
    inhabitants = ledger.name(
        f"demand.population.{key}", f"Inhabitants, {population.label}", "count", inhabitants
    )
    return inhabitants, cases, table * factor.central[None, None, None, :]


def _make_place(key: str, population: Population, project: Project) -> Place:
    """Return the ages and rates of a population: packaged, or with the project's own people."""
    table = project.tables.people.get(key)
    if table is None:
        return cast("Place", get_country(population.country))
    rates = _find_rates(population.country)
    return Region(
        population.label, int(table.population_years[0]), table.population_years, table.population, rates
    )


def _find_rates(iso3: str) -> Array:
    """Return a country's age rates, or the reference rates where the package has none of it."""
    country = get_country(iso3) if iso3 in list_countries() else None
    return country.age_rates if country is not None and country.has_population else get_reference_rates()


def _find_site_totals(key: str, population: Population, project: Project) -> Array:
    """Return new cases by site of the base year: of the project's file, or packaged."""
    totals = project.tables.site_totals.get(key)
    return get_country(population.country).cases if totals is None else totals


def _crude_rate(population: Population, totals: Array, people: float) -> float:
    """Crude rate of the profile itself, new cases per 100,000."""
    counted = totals.sum() - (
        totals[get_site_index()[NMSC]] if population.crude_rate_counts == "without_nmsc" else 0.0
    )
    return float(counted / people * PER_100_000)


def _registry_ratio(
    key: str, population: Population, totals: Array, scale: Quantity, asking: Asking
) -> Quantity:
    """Show the registry's count beside the estimate; return the factor to apply."""
    if population.registered is None:
        return to_quantity(1)
    ledger = asking.ledger
    estimate = (
        ledger.given(
            np.array([[totals.sum() - totals[get_site_index()[NMSC]]]]), "estimated cases of the base year"
        )
        * scale
    )
    registered = asking.ask(population.registered.cases)
    ledger.name(
        f"demand.estimated.{key}",
        f"{population.label}: estimated new cases in the base year",
        "case/year",
        estimate,
    )
    ledger.name(
        f"demand.registered.{key}", f"{population.label}: registered new cases", "case/year", registered
    )
    ratio = ledger.name(
        f"demand.registry_ratio.{key}",
        f"{population.label}: registered over estimated",
        "ratio",
        registered / estimate,
    )
    return ratio if population.basis == "registry" else to_quantity(1)


def compute_ramp(ledger: Ledger, first: int, last: int) -> Quantity:
    """Return 0 until `first`, 1 from `last`, a straight line between; shape (1, years)."""
    years = np.array(ledger.years, dtype=float)
    span = max(last - first, 1)
    return ledger.given(np.clip((years - first) / span, 0.0, 1.0)[None, :], f"from {first} to {last}")


def _compute_stage_shares(
    project: Project, asking: Asking, new_cases: Mapping[str, Quantity]
) -> dict[tuple[str, str], Quantity]:
    """Return shares by site and stage, shifted towards early stages if the project says so."""
    shares: dict[tuple[str, str], Quantity] = {}
    by_site: dict[str, list[tuple[str, Quantity | None]]] = {}
    for entry in project.network.entries:
        stated = None if entry.share == REST else asking.ledger.evidence(entry.share)
        by_site.setdefault(entry.site, []).append((entry.stage, stated))
    for site, parts in by_site.items():
        known = total([part for _, part in parts if part is not None])
        has_rest = any(part is None for _, part in parts)
        scale = known.at_least(1) if has_rest else known
        for stage, part in parts:
            shares[site, stage] = (1 - known).at_least(0) if part is None else part / scale
    return _shift(project, asking, shares, new_cases)


def _shift(
    project: Project,
    asking: Asking,
    shares: dict[tuple[str, str], Quantity],
    new_cases: Mapping[str, Quantity],
) -> dict[tuple[str, str], Quantity]:
    catchment = project.centre.catchment
    if catchment is None or catchment.earlier_diagnosis is None:
        return shares
    ledger, option = asking.ledger, catchment.earlier_diagnosis
    base = ledger.find_year(catchment.base_year)
    staged = dict.fromkeys(site for site, stage in shares if stage in EARLY + LATE)
    late_now = total(
        [shares[key] * new_cases[key[0]].at(base, catchment.base_year) for key in shares if key[1] in LATE]
    )
    staged_now = total([new_cases[site].at(base, catchment.base_year) for site in staged])
    late_now = ledger.name(
        "demand.late_share",
        "Share of staged cases in stages III and IV in the base year, by the cohorts",
        "share",
        late_now / staged_now,
    )
    start = to_quantity(1) if option.start_share is None else (1 - asking.ask(option.start_share)) / late_now
    end = (1 - asking.ask(option.early_share)) / late_now
    factor = (end - start) * compute_ramp(ledger, catchment.base_year, option.by_year) + start
    factor = ledger.name(
        "demand.late_factor", "Late-stage cases against those of the cohorts", "ratio", factor
    )
    shifted = dict(shares)
    for site in staged:
        late = total([shares[site, stage] for stage in LATE if (site, stage) in shares])
        early = total([shares[site, stage] for stage in EARLY if (site, stage) in shares])
        new_late = (late * factor).at_most(1)
        for stage in EARLY + LATE:
            if (site, stage) in shares:
                whole, new_whole = (late, new_late) if stage in LATE else (early, 1 - new_late)
                shifted[site, stage] = shares[site, stage] / whole * new_whole
    return shifted
