"""Population by age and sex from the United Nations' World Population Prospects.

Reads the CSV files of the UN's download page (single years of age or five-year groups; estimates and
projections, in thousands) and plain tables with columns ``iso3, year, age_start, female, male`` (persons, or
``female_thousands`` and ``male_thousands``). Only the rows of one country are kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from oncopolis.centre.geography.country import get_age_starts
from oncopolis.centre.geography.sites import SEXES
from oncopolis.centre.importers.delimited import Faults, Row, read_rows
from oncopolis.foundation.errors import InputError, NotFoundError
from oncopolis.foundation.units import PER_THOUSAND

ALIASES: Mapping[str, tuple[str, ...]] = {
    "iso3": ("ISO3_code", "ISO3 Alpha-code", "iso3"),
    "year": ("Time", "Year"),
    "variant": ("Variant",),
    "age_start": ("AgeGrpStart", "age_start", "age"),
    "female_thousands": ("PopFemale", "female_thousands"),
    "male_thousands": ("PopMale", "male_thousands"),
    "female": ("female",),
    "male": ("male",),
}
"""Our columns and the headers they have in downloads."""

OLDEST = 100  # structure: the UN opens its last age group here, and never later
OPEN_FROM = 85  # structure: a table that opens its last group before this cannot fill the bands of the house


@dataclass(frozen=True, slots=True)
class PopulationTable:
    """People of one country; the arrays have the shapes of `Country.population`."""

    iso3: str
    population_years: NDArray[np.int64]
    """Shape (k,), rising."""
    population: NDArray[np.float64]
    """Shape (k, sex, age): persons at mid-year; sexes and age bands as everywhere in the house."""


def load_wpp(
    *paths: Path,
    iso3: str,
    years: Sequence[int] | None = None,
    variant: str = "Medium",
    year: int | None = None,
) -> PopulationTable:
    """Read the population of one country from one or more files.

    Parameters
    ----------
    paths
        CSV files; estimates and projections may be given together.
    iso3
        ISO alpha-3 code of the country.
    years
        Years to keep; None keeps all.
    variant
        Projection variant to keep, where the file names variants. Estimates count as any variant.
    year
        Year of a table that has no column for it.

    Returns
    -------
    PopulationTable
        Persons by year, sex and five-year band.

    Raises
    ------
    InputError
        With every fault: a missing or negative number, a group twice, gaps between ages.
    NotFoundError
        If no row is of this country; names the nearest.
    """
    faults = Faults()
    reading = _Reading(iso3, None if years is None else frozenset(years), variant.casefold(), year)
    for path in paths:
        for row in read_rows(path, ALIASES, ("iso3", "age_start")):
            try:
                reading.take(row)
            except InputError as error:
                faults.add(error)
    faults.raise_if_any()
    if not reading.groups:
        raise _not_found(iso3, reading, paths)
    table = {known: _to_bands(known, groups, faults) for known, groups in sorted(reading.groups.items())}
    faults.raise_if_any()
    return PopulationTable(iso3, np.array(list(table), dtype=np.int64), np.stack(list(table.values())))


@dataclass(frozen=True, slots=True)
class _Group:
    persons: tuple[float, float]
    where: str


@dataclass(slots=True)
class _Reading:
    iso3: str
    years: frozenset[int] | None
    variant: str
    year: int | None
    groups: dict[int, dict[int, _Group]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def take(self, row: Row) -> None:
        """Keep one row if it is of this country, year and variant."""
        iso3 = row.get("iso3")
        if iso3 != self.iso3:
            self.seen.add(iso3)
            return
        year = row.read_count("year") if "year" in row.headers else self.year
        if year is None:
            raise InputError(
                code="WPP-001",
                expected="a column for the year",
                fix="add it, or name the year of the table",
                **row.found("year", "none"),
            )
        variant = row.get("variant").casefold()
        if variant not in ("", "estimates", self.variant) or (
            self.years is not None and year not in self.years
        ):
            return
        age = _read_age(row)
        ages = self.groups.setdefault(year, {})
        if age in ages:
            expected = f"each age once a year (first at {ages[age].where})"
            raise InputError(
                code="WPP-002",
                expected=expected,
                fix="delete one of the two rows",
                **row.found("age_start", f"age {age} of {year} again"),
            )
        ages[age] = _Group(
            (_read_persons(row, SEXES[0]), _read_persons(row, SEXES[1])), row.where("age_start")
        )


def _read_age(row: Row) -> int:
    text = row.get("age_start").rstrip("+")
    if not text.isdecimal() or int(text) > OLDEST:
        raise InputError(
            code="WPP-003",
            expected=f"the first age of the group, 0 to {OLDEST}",
            fix="correct the age",
            **row.found("age_start"),
        )
    return int(text)


def _read_persons(row: Row, sex: str) -> float:
    if f"{sex}_thousands" in row.headers:
        return row.read_number(f"{sex}_thousands") * PER_THOUSAND
    if sex in row.headers:
        return row.read_number(sex)
    expected = f"PopFemale and PopMale, or {' and '.join(SEXES)}"
    raise InputError(
        code="WPP-004",
        expected=expected,
        fix="download the table by sex",
        **row.found(sex, f"no column for {sex}"),
    )


def _to_bands(year: int, groups: Mapping[int, _Group], faults: Faults) -> NDArray[np.float64]:
    starts = get_age_starts()
    bands = np.zeros((len(SEXES), len(starts)))
    ages = sorted(groups)
    first = groups[ages[0]]
    if not _are_complete(ages):
        faults.add(
            InputError(
                code="WPP-005",
                where=f"{first.where}: year {year}",
                got=f"ages starting {', '.join(map(str, ages))}",
                expected=f"every single year or every five-year group from 0 to {OPEN_FROM} or older",
                fix="use the whole table of the year, of one kind only",
            )
        )
        return bands
    for age in ages:
        bands[:, np.searchsorted(starts, age, side="right") - 1] += groups[age].persons
    return bands


def _are_complete(ages: Sequence[int]) -> bool:
    width = get_age_starts()[1]
    single = list(range(ages[-1] + 1))
    grouped = list(range(0, ages[-1] + 1, width))
    return list(ages) in (single, grouped) and ages[-1] >= OPEN_FROM


def _not_found(iso3: str, reading: _Reading, paths: Sequence[Path]) -> NotFoundError:
    near = get_close_matches(iso3, reading.seen) or sorted(reading.seen - {""})
    return NotFoundError(
        code="WPP-006",
        where=", ".join(map(str, paths)),
        got=f"no row of {iso3!r} in the years and variant asked for",
        expected=f"one of {', '.join(near)}" if near else "rows with an ISO alpha-3 code",
        fix="use an ISO alpha-3 code that is in the file, and years it covers",
    )
