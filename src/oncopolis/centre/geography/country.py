"""Countries whose figures come with the package: cases, deaths, population, age rates, machines.

The figures and their terms are described in `DATA_NOTICE.md` beside this file. Other countries are
read from files that users download themselves, with `oncopolis.centre.importers`.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from oncopolis.centre.geography.sites import SEXES, get_site_index, list_sites
from oncopolis.foundation.errors import NotFoundError

Floats = NDArray[np.float64]
Years = NDArray[np.int64]

ALL_EXCEPT_NMSC = "all"
"""Name of the total without non-melanoma skin cancer (GLOBOCAN code 40)."""

_DATA = Path(__file__).with_name("data")


@dataclass(frozen=True, slots=True)
class Machines:
    """Radiotherapy machines of a country (IAEA DIRAC); counts."""

    n_centres: int
    n_megavoltage_units: int
    n_particle_units: int
    n_brachytherapy_units: int
    last_update: float
    """Median year of the last update of the country's entries."""


@dataclass(frozen=True, slots=True)
class Country:
    """Figures of one country. Arrays are read-only; axes: site (`list_site_ids`), sex (female, male), age.

    Countries without a packaged population have arrays of length 0 in its place; see `has_population`.
    """

    iso3: str
    name: str
    base_year: int
    """Year of cases, deaths and the first population row."""
    cases: Floats
    """Shape (site,): new cases in the base year; `other` is the published total less every site but NMSC."""
    deaths: Floats
    """Shape (site,): cancer deaths in the base year."""
    asr_world: Floats
    """Shape (site,): new cases per 100,000, age-standardised (world); nan for `other`."""
    total_cases: float
    """New cases of all sites without NMSC (code 40)."""
    total_deaths: float
    """Cancer deaths of all sites without NMSC (code 40)."""
    crude_rate_per_100k: float
    """New cases of all sites without NMSC per 100,000 persons."""
    population_total: float
    """Persons in the base year."""
    population_years: Years
    """Shape (k,): years of `population`."""
    population: Floats
    """Shape (k, sex, age): persons at mid-year."""
    age_rates: Floats
    """Shape (site, sex, age): new cases per 100,000 person-years in the base year."""
    age_rate_basis: Mapping[str, str]
    """Site -> where its age pattern comes from, in words."""
    machines: Machines | None
    """Radiotherapy machines, if DIRAC lists the country."""
    projected_cases: Mapping[int, float]
    """Year -> new cases of all sites without NMSC as projected by IARC Cancer Tomorrow; for checks only."""

    @property
    def has_population(self) -> bool:
        """Say whether the package holds population and age rates for this country."""
        return bool(self.population_years.size)


@cache
def list_countries() -> tuple[str, ...]:
    """Return the ISO 3166 alpha-3 codes of all countries in the package, sorted."""
    return tuple(sorted(row["iso3"] for row in _rows("countries.csv")))


@cache
def get_age_starts() -> tuple[int, ...]:
    """Return the first year of age of every band; the last band is open."""
    return tuple(int(row["age_start"]) for row in _rows("world_standard.csv"))


@cache
def get_world_standard() -> Floats:
    """Return the world standard population (Segi, Doll), shape (age,), as shares that sum to 1."""
    weights = np.array([float(row["weight"]) for row in _rows("world_standard.csv")])
    return _frozen(weights / weights.sum())


@cache
def get_reference_rates() -> Floats:
    """Return age rates for a country that has none: Korea 2018 with stated stand-ins; shape (site, sex, age).

    Only their relation within a site counts, per 100,000 person-years.
    """
    return _read_age_rates("reference")[0]


@cache
def get_country(iso3: str) -> Country:
    """Return the figures of one country.

    Parameters
    ----------
    iso3
        ISO 3166 alpha-3 code, such as ``UZB``.

    Raises
    ------
    NotFoundError
        If the package has no figures for it; names the nearest codes.
    """
    head = next((row for row in _rows("countries.csv") if row["iso3"] == iso3), None)
    if head is None:
        raise _not_found(iso3)
    incidence = _read_sites("incidence.csv", iso3)
    mortality = _read_sites("mortality.csv", iso3)
    years, population = _read_population(iso3)
    rates, basis = _read_age_rates(iso3)
    total = incidence[ALL_EXCEPT_NMSC]
    return Country(
        iso3=iso3,
        name=head["name"],
        base_year=int(head["base_year"]),
        cases=_to_site_vector(incidence, "number"),
        deaths=_to_site_vector(mortality, "number"),
        asr_world=_to_site_vector(incidence, "asr_world"),
        total_cases=float(total["number"]),
        total_deaths=float(mortality[ALL_EXCEPT_NMSC]["number"]),
        crude_rate_per_100k=float(total["crude_rate"]),
        population_total=float(head["population"]),
        population_years=years,
        population=population,
        age_rates=rates,
        age_rate_basis=basis,
        machines=_to_machines(head),
        projected_cases=MappingProxyType(
            {
                int(row["year"]): float(row["cases"])
                for row in _rows("projected_cases.csv")
                if row["iso3"] == iso3
            }
        ),
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))


def _not_found(iso3: str) -> NotFoundError:
    names = {row["name"].casefold(): row["iso3"] for row in _rows("countries.csv")}
    near = get_close_matches(iso3.upper(), list_countries())
    near += [names[name] for name in get_close_matches(iso3.casefold(), names) if names[name] not in near]
    return NotFoundError(
        code="GEO-002",
        where=f"country {iso3!r}",
        got="a country without figures in the package",
        expected=f"one of {', '.join(near or list_countries())}",
        fix="use an ISO alpha-3 code, or import the country's GLOBOCAN and WPP files",
    )


def _read_sites(name: str, iso3: str) -> Mapping[str, Mapping[str, str]]:
    return {row["site"]: row for row in _rows(name) if row["iso3"] == iso3}


def _to_site_vector(rows: Mapping[str, Mapping[str, str]], column: str) -> Floats:
    values = np.array([float(rows[site.id][column] or "nan") for site in list_sites()])
    return _frozen(values)


def _read_population(iso3: str) -> tuple[Years, Floats]:
    people: dict[int, dict[str, list[float]]] = {}
    for row in _rows("population.csv"):
        if row["iso3"] == iso3:
            values = [float(row[f"age_{start}"]) for start in get_age_starts()]
            people.setdefault(int(row["year"]), {})[row["sex"]] = values
    years = np.array(sorted(people), dtype=np.int64)
    years.flags.writeable = False
    table = np.array([[people[year][sex] for sex in SEXES] for year in sorted(people)], dtype=np.float64)
    return years, _frozen(table.reshape(len(people), len(SEXES), len(get_age_starts())))


def _read_age_rates(owner: str) -> tuple[Floats, Mapping[str, str]]:
    index = get_site_index()
    rates = np.zeros((len(index), len(SEXES), len(get_age_starts())))
    basis: dict[str, str] = {}
    for row in _rows("age_rates.csv"):
        if row["owner"] == owner:
            values = [float(row[f"age_{start}"]) for start in get_age_starts()]
            rates[index[row["site"]], SEXES.index(row["sex"])] = values
            basis[row["site"]] = row["basis"]
    return _frozen(rates if basis else rates[:0]), MappingProxyType(basis)


def _to_machines(row: Mapping[str, str]) -> Machines | None:
    if not row["rt_centres"]:
        return None
    return Machines(
        n_centres=int(row["rt_centres"]),
        n_megavoltage_units=int(row["mv_units"]),
        n_particle_units=int(row["particle_units"]),
        n_brachytherapy_units=int(row["brachytherapy_units"]),
        last_update=float(row["last_update"]),
    )


def _frozen(array: Floats) -> Floats:
    array.flags.writeable = False
    return array
