"""GLOBOCAN tables as users download them from Cancer Today (one population by cancer, or many populations).

Cancer Today publishes sums beside their parts: 41 (colorectum) beside 8, 9 and 10; 39 and 40 (all cancers)
beside everything. Sums are kept apart here and never added to anything:

- the cases of a site are those of its own row;
- the total is row 40; else row 39 less row 17; else, if the file has no such row, the sum of the sites;
- a file without a total that lists 41 beside 8, 9 or 10 is refused, since its sum would count them twice;
- 41 without all of its parts is refused, since it cannot be divided among them;
- 39 and 40 must differ by 17, and the total must not be less than the sites.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from oncopolis.centre.geography.sites import (
    Sex,
    Site,
    find_site_by_code,
    find_site_by_name,
    list_site_ids,
    map_sites,
)
from oncopolis.centre.importers.delimited import Faults, Row, read_rows
from oncopolis.foundation.errors import InputError, NotFoundError

Measure = Literal["incidence", "mortality"]

ALIASES: Mapping[str, tuple[str, ...]] = {
    "iso3": ("Alpha-3 code", "ISO code", "ISO3 code", "Country code (alpha)"),
    "country": ("Population", "Country", "Country label", "Population label"),
    "code": ("Cancer code", "Cancer id", "cancer_code"),
    "label": ("Label", "Cancer", "Cancer label", "Cancer site", "site"),
    "sex": ("Sex", "Sex label"),
    "type": ("Type", "Measure", "Indicator"),
    "number": ("Number", "Total", "Cases", "New cases", "Deaths", "Numbers"),
    "asr_world": ("ASR (World)", "ASR World", "ASR-W", "ASR (W)"),
    "crude_rate": ("Crude rate", "Crude Rate"),
}
"""Our columns and the headers they have in downloads."""

COLORECTUM, ALL_WITH_NMSC, ALL, NMSC, OTHER = "colorectum", "all_with_nmsc", "all", "nmsc", "other"
SUMS = frozenset({COLORECTUM, ALL_WITH_NMSC, ALL})

_MEASURES = {"0": "incidence", "1": "mortality", "incidence": "incidence", "mortality": "mortality"}
_SEX_WORDS: Mapping[Sex, tuple[str, ...]] = {
    "both": ("", "0", "both", "both sexes", "total"),
    "male": ("1", "male", "males", "men"),
    "female": ("2", "female", "females", "women"),
}
_SEXES: Mapping[str, Sex] = {word: sex for sex, words in _SEX_WORDS.items() for word in words}


@dataclass(frozen=True, slots=True)
class Entry:
    """What the file says of one cancer in one population."""

    number: int
    """Cases or deaths a year."""
    asr_world: float | None
    crude_rate: float | None
    where: str
    """Place of the row."""


@dataclass(frozen=True, slots=True)
class Population:
    """One population of the file; every total of it counts each case once."""

    name: str
    entries: Mapping[str, Entry]
    """Site or sum -> entry."""

    @property
    def total(self) -> int:
        """Cases of all sites without non-melanoma skin cancer, a year."""
        if ALL in self.entries:
            return self.entries[ALL].number
        if ALL_WITH_NMSC in self.entries:
            return self.entries[ALL_WITH_NMSC].number - self._number(NMSC)
        return self._sum_of_sites()

    @property
    def site_cases(self) -> NDArray[np.float64]:
        """Shape (site,), a year; `other` is the total less every other site without NMSC."""
        numbers = {site: self._number(site) for site in list_site_ids()}
        numbers[OTHER] = self.total - (self._sum_of_sites() - numbers[OTHER])
        return np.array([numbers[site] for site in list_site_ids()], dtype=np.float64)

    def _number(self, site: str) -> int:
        entry = self.entries.get(site)
        return entry.number if entry else 0

    def _sum_of_sites(self) -> int:
        return sum(entry.number for site, entry in self.entries.items() if site not in SUMS and site != NMSC)


@dataclass(frozen=True, slots=True)
class GlobocanTable:
    """A downloaded table."""

    measure: Measure
    populations: Mapping[str, Population]
    """ISO alpha-3 code, or the name if the file has no code, -> population."""
    file: str = ""
    """Name of the file, for messages."""

    def get_population(self, name: str) -> Population:
        """Return one population.

        Raises
        ------
        NotFoundError
            If the file does not have it; names the nearest.
        """
        if name not in self.populations:
            near = get_close_matches(name, self.populations) or sorted(self.populations)
            raise NotFoundError(
                code="GLO-001",
                where=f"{self.file}: population {name!r}" if self.file else f"population {name!r}",
                got="a population that is not in the file",
                expected=f"one of {', '.join(near)}",
                fix="download the table of this population",
            )
        return self.populations[name]


def load_globocan(
    path: Path, *, population: str | None = None, measure: Measure = "incidence"
) -> GlobocanTable:
    """Read a table downloaded from Cancer Today.

    Parameters
    ----------
    path
        The CSV file.
    population
        Name of the population where the file has no column for it (one country, by cancer).
    measure
        Rows of the other measure are passed over; files without a type column hold only this one.

    Returns
    -------
    GlobocanTable
        Cases or deaths a year.

    Raises
    ------
    InputError
        With every fault of the file: unknown codes, missing or negative numbers, a row twice, sums beside
        their parts without a total, totals that contradict each other, no row of this measure.
    """
    faults = Faults()
    reading = _Reading(measure, population or path.stem)
    for row in read_rows(path, ALIASES, ("number",)):
        try:
            reading.take(row)
        except InputError as error:
            faults.add(error)
    for (name, site), lone in reading.of_one_sex.items():
        if site not in reading.entries.get(name, {}):
            faults.add(lone)
    faults.raise_if_any()
    for name, entries in reading.entries.items():
        for fault in _check_sums(name, entries):
            faults.add(fault)
    if not reading.entries:
        faults.add(_no_rows(path, measure))
    faults.raise_if_any()
    return GlobocanTable(
        measure, {name: Population(name, rows) for name, rows in reading.entries.items()}, str(path)
    )


@dataclass(slots=True)
class _Reading:
    measure: Measure
    fallback: str
    entries: dict[str, dict[str, Entry]] = field(default_factory=dict)
    of_one_sex: dict[tuple[str, str], InputError] = field(default_factory=dict)

    def take(self, row: Row) -> None:
        """Add one row."""
        if _MEASURES.get(row.get("type").casefold(), self.measure) != self.measure:
            return
        site = _find_site(row)
        name = row.get("iso3") or row.get("country") or self.fallback
        sex = _read_sex(row)
        if sex not in ("both", site.sex):
            if site.sex == "both":
                self.of_one_sex[name, site.id] = InputError(
                    code="GLO-005",
                    expected="both sexes together",
                    fix="download the table for both sexes; rows of one sex are not the total",
                    **row.found("sex"),
                )
            return
        entries = self.entries.setdefault(name, {})
        key = OTHER if site.globocan_code is None else site.id
        entry = Entry(
            row.read_count("number"),
            _find_rate(row, "asr_world"),
            _find_rate(row, "crude_rate"),
            row.where("number"),
        )
        if key == OTHER and key in entries:
            # 37 and 38 are both of `other`, and neither is published twice.
            entry = Entry(entry.number + entries[key].number, None, None, entry.where)
        elif key in entries:
            raise InputError(
                code="GLO-003",
                expected=f"each cancer once for {name} (first at {entries[key].where})",
                fix="delete one of the two rows",
                **row.found("code" if "code" in row.headers else "label", f"{key} a second time"),
            )
        entries[key] = entry


def _find_site(row: Row) -> Site:
    code = row.get("code")
    if code:
        site = find_site_by_code(int(code)) if code.isdecimal() else None
        column, expected = "code", "a code of GLOBOCAN 2022 (1 to 41)"
    else:
        site = find_site_by_name(row.get("label"))
        column, expected = "label", "a cancer as GLOBOCAN names it"
    if site is None:
        fix = "download the table 'by cancer' of one population; tables by population name no cancer"
        raise InputError(code="GLO-002", expected=expected, fix=fix, **row.found(column))
    return site


def _read_sex(row: Row) -> Sex:
    sex = _SEXES.get(row.get("sex").casefold())
    if sex is None:
        raise InputError(
            code="GLO-004",
            expected="both, male or female (0, 1, 2)",
            fix="correct the sex",
            **row.found("sex"),
        )
    return sex


def _find_rate(row: Row, column: str) -> float | None:
    return row.read_number(column) if row.get(column) else None


def _check_sums(name: str, entries: Mapping[str, Entry]) -> Iterable[InputError]:
    parts = [site.id for site in map_sites().values() if site.part_of == COLORECTUM]
    present = [part for part in parts if part in entries]
    if COLORECTUM in entries:
        yield from _check_colorectum(name, entries, parts, present)
    if ALL in entries and ALL_WITH_NMSC in entries:
        skin = entries[NMSC].number if NMSC in entries else 0
        if entries[ALL_WITH_NMSC].number != entries[ALL].number + skin:
            yield InputError(
                code="GLO-007",
                where=entries[ALL_WITH_NMSC].where,
                got=f"{entries[ALL_WITH_NMSC].number} for all cancers (39) of {name}",
                expected=f"row 40 plus row 17: {entries[ALL].number} + {skin} ({entries[ALL].where})",
                fix="keep one of the rows 39 and 40, or both with row 17; never add them",
            )
    population = Population(name, entries)
    if population.total == 0:
        yield InputError(
            code="GLO-010",
            where=next(iter(entries.values())).where,
            got=f"no case in {name}",
            expected="at least one case",
            fix="check that this is the right file, and that its numbers were not lost",
        )
    if population.site_cases[list_site_ids().index(OTHER)] < 0:
        total = entries.get(ALL) or entries[ALL_WITH_NMSC]
        yield InputError(
            code="GLO-008",
            where=total.where,
            got=f"a total of {population.total} for {name}, less than its sites",
            expected="a total that holds every site once",
            fix="check that all rows are of the same population, sex and year",
        )


def _check_colorectum(
    name: str, entries: Mapping[str, Entry], parts: list[str], present: list[str]
) -> Iterable[InputError]:
    whole = entries[COLORECTUM]
    rows = ", ".join(f"{part} ({entries[part].where})" for part in present)
    if present != parts:
        lost = ", ".join(part for part in parts if part not in present)
        yield InputError(
            code="GLO-006",
            where=whole.where,
            got=f"colorectum (41) of {name} without {lost}" + (f", beside {rows}" if rows else ""),
            expected="colon (8), rectum (9) and anus (10), with or without their sum (41)",
            fix="download the table with all cancers; 41 cannot be divided among its parts",
        )
    elif ALL not in entries and ALL_WITH_NMSC not in entries:
        yield InputError(
            code="GLO-006",
            where=whole.where,
            got=f"colorectum (41) of {name} beside its parts {rows}, and no total (39 or 40)",
            expected="41 or its parts to be counted, not both",
            fix="delete row 41, or keep the row of all cancers (40)",
        )


def _no_rows(path: Path, measure: Measure) -> InputError:
    return InputError(
        code="GLO-009",
        where=str(path),
        got=f"no row of {measure}",
        expected="at least one cancer",
        fix="check that this is the right file",
    )
