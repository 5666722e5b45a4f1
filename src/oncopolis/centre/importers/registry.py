"""A plain table of a cancer registry.

Columns (any order; case and punctuation of headers do not count; lines starting with ``#`` are notes):

=========  ==========================================================================================
site       a site id or its usual name; or instead
code       a GLOBOCAN code (1 to 38), or an ICD-10 code (``C50``, ``C50.9``); it wins over `site`
sex        female, male or unknown (f, m; 2, 1; ж, м; empty)
age        years, or a band (``60-64``, ``85+``) within the five-year bands; empty is unknown. Optional
stage      I to IV with any suffix (``IIIA``), 1 to 4; else X. Optional
year       year of diagnosis. Optional
cases      number of cases of the row; without this column every row is one case
=========  ==========================================================================================

Rows of the same kind are added up, so that a list of patients does as well as a table of counts.
Breast cancers of men are counted with those of women, as the site is one.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from oncopolis.centre.geography.country import get_age_starts
from oncopolis.centre.geography.sites import (
    SEXES,
    Site,
    find_site_by_code,
    find_site_by_icd10,
    find_site_by_name,
    get_site_index,
    list_site_ids,
)
from oncopolis.centre.importers.delimited import Faults, Row, read_rows
from oncopolis.foundation.errors import InputError

ALIASES: Mapping[str, tuple[str, ...]] = {
    "site": ("Site", "Cancer", "Localisation", "Localization", "локализация"),
    "code": ("Code", "ICD10", "ICD-10", "ICD-10 code", "Cancer code", "МКБ-10", "МКБ"),
    "sex": ("Sex", "Gender", "пол"),
    "age": ("Age", "Age band", "Age group", "возраст"),
    "stage": ("Stage", "стадия"),
    "year": ("Year", "Year of diagnosis", "год"),
    "cases": ("Cases", "Number", "New cases", "N", "случаев"),
}
"""Our columns and the headers they may have."""

STAGES: tuple[str, ...] = ("I", "II", "III", "IV", "X")
"""Order of the stage axis; X is no or unknown stage."""

UNKNOWN = "unknown"

_SEX_WORDS: Mapping[str, tuple[str, ...]] = {
    "female": ("female", "f", "w", "2", "females", "woman", "ж", "жен", "женский"),
    "male": ("male", "m", "1", "males", "man", "м", "муж", "мужской"),
    UNKNOWN: ("", "unknown", "u", "x", "0", "9"),
}
_SEXES = {word: sex for sex, words in _SEX_WORDS.items() for word in words}
_NO_STAGE = frozenset({"", "x", "unknown", "na", "n/a", "not applicable", "unstaged", "неизвестно", "-"})
_STAGE = re.compile(r"^(?:stage\s*)?(iv|i{1,3}|[1-4])[abcs]?\d?$")
_DIGITS = {"1": "I", "2": "II", "3": "III", "4": "IV"}
_AGE = re.compile(r"^(?P<first>\d{1,3})(?:\s*(?:-|–|to|_)\s*(?P<last>\d{1,3})|\s*(?P<open>\+))?$")


class Kind(NamedTuple):
    """What rows are added up by."""

    site: str
    sex: str
    age_band: int | None
    """Position on the age axis; None is unknown."""
    stage: str
    year: int | None


@dataclass(frozen=True, slots=True)
class Registry:
    """Cases of a registry, added up."""

    cases: Mapping[Kind, int]

    @property
    def years(self) -> tuple[int, ...]:
        """Years of diagnosis, rising; empty if the file names none."""
        return tuple(sorted({kind.year for kind in self.cases if kind.year is not None}))

    @property
    def site_cases(self) -> NDArray[np.float64]:
        """Shape (site,): cases of all years together."""
        index = get_site_index()
        totals = np.zeros(len(index))
        for kind, n_cases in self.cases.items():
            totals[index[kind.site]] += n_cases
        return totals

    @property
    def stage_cases(self) -> NDArray[np.float64]:
        """Shape (site, stage): cases of all years together; stages as in `STAGES`."""
        index = get_site_index()
        totals = np.zeros((len(index), len(STAGES)))
        for kind, n_cases in self.cases.items():
            totals[index[kind.site], STAGES.index(kind.stage)] += n_cases
        return totals

    @property
    def age_cases(self) -> NDArray[np.float64]:
        """Shape (site, sex, age): cases whose sex and age are known."""
        index = get_site_index()
        totals = np.zeros((len(index), len(SEXES), len(get_age_starts())))
        for kind, n_cases in self.cases.items():
            if kind.age_band is not None and kind.sex != UNKNOWN:
                totals[index[kind.site], SEXES.index(kind.sex), kind.age_band] += n_cases
        return totals

    @property
    def total(self) -> int:
        """Cases of all sites without non-melanoma skin cancer."""
        return sum(n_cases for kind, n_cases in self.cases.items() if kind.site != "nmsc")

    @property
    def total_with_nmsc(self) -> int:
        """Cases of all sites."""
        return sum(self.cases.values())

    def select_year(self, year: int) -> "Registry":
        """Return the cases of one year."""
        return Registry({kind: n for kind, n in self.cases.items() if kind.year == year})


def load_registry(path: Path) -> Registry:
    """Read a registry table.

    Parameters
    ----------
    path
        CSV file with the columns above.

    Returns
    -------
    Registry
        Cases added up by site, sex, age band, stage and year.

    Raises
    ------
    InputError
        With every fault of the file: unknown site or code, a sum such as colorectum or all cancers,
        a site of the other sex, a number that is negative or missing, an age or stage that cannot be read,
        or no case at all.
    """
    faults = Faults()
    reading = _Reading()
    for row in read_rows(path, ALIASES, ()):
        if "site" not in row.headers and "code" not in row.headers:
            raise _no_site_column(row)
        try:
            reading.take(row)
        except InputError as error:
            faults.add(error)
    faults.raise_if_any()
    if not reading.counts.total():
        raise InputError(
            code="REG-001",
            where=str(path),
            got="a registry without a case",
            expected="at least one row with cases above 0",
            fix="check that the export holds rows and that this is the right file",
        )
    return Registry(dict(reading.counts))


@dataclass(slots=True)
class _Reading:
    counts: Counter[Kind] = field(default_factory=Counter)

    def take(self, row: Row) -> None:
        """Add one row."""
        site = _read_site(row)
        kind = Kind(site.id, _read_sex(row, site), _read_age(row), _read_stage(row), _read_year(row))
        self.counts[kind] += row.read_count("cases") if "cases" in row.headers else 1


def _read_site(row: Row) -> Site:
    code, name = row.get("code"), row.get("site")
    if code:
        found = find_site_by_code(int(code)) if code.isdecimal() else find_site_by_icd10(code)
        column, expected = (
            "code",
            "a GLOBOCAN code (1 to 38) or an ICD-10 code of invasive cancer (C00 to C97)",
        )
    else:
        found = find_site_by_name(name) or find_site_by_icd10(name)
        near = get_close_matches(name.casefold(), list_site_ids())
        column, expected = "site", "a site id" + (f" (near: {', '.join(near)})" if near else "")
    if found is None:
        raise InputError(
            code="REG-002", expected=expected, fix="correct it, or write `other`", **row.found(column)
        )
    if found.id not in get_site_index():
        raise InputError(
            code="REG-003",
            expected="single sites; a sum beside its parts would count cases twice",
            fix="delete the row, or divide it among its parts",
            **row.found(column, f"the sum {found.label.en!r}"),
        )
    return found


def _read_sex(row: Row, site: Site) -> str:
    sex = _SEXES.get(row.get("sex").casefold())
    if sex is None:
        raise InputError(
            code="REG-004", expected="female, male or unknown", fix="correct the sex", **row.found("sex")
        )
    if site.sex != "both":
        if site.id == "breast" or sex == UNKNOWN:
            return site.sex
        if sex != site.sex:
            raise InputError(
                code="REG-005",
                expected=f"{site.sex} for {site.id}",
                fix="correct the sex or the site",
                **row.found("sex"),
            )
    return sex


def _read_age(row: Row) -> int | None:
    text = row.get("age").casefold()
    if text in ("", UNKNOWN, "x"):
        return None
    match = _AGE.match(text)
    starts = get_age_starts()
    if match is None:
        raise InputError(
            code="REG-006",
            expected="years, or a band such as 60-64 or 85+",
            fix="correct the age",
            **row.found("age"),
        )
    ages = (int(match["first"]), int(match["last"] or match["first"]))
    first, last = (bisect_right(starts, age) - 1 for age in ages)
    if match["open"]:
        last = len(starts) - 1
    if first != last:
        raise InputError(
            code="REG-007",
            expected="a band within one of the five-year bands",
            fix="give ages in years, or 60-64",
            **row.found("age"),
        )
    return first


def _read_stage(row: Row) -> str:
    text = row.get("stage").casefold()
    if text in _NO_STAGE:
        return STAGES[-1]
    match = _STAGE.match(text.replace("і", "i").replace("ⅳ", "iv"))
    if match is None:
        raise InputError(
            code="REG-008",
            expected="I to IV, 1 to 4, or X",
            fix="leave out in-situ cancers (stage 0), or write X",
            **row.found("stage"),
        )
    return _DIGITS.get(match[1], match[1].upper())


def _read_year(row: Row) -> int | None:
    return row.read_count("year") if row.get("year") else None


def _no_site_column(row: Row) -> InputError:
    return InputError(
        code="REG-009",
        where=row.file,
        got=f"headers {', '.join(row.headers.values()) or 'of which none is known'}",
        expected="a column `site` or `code`",
        fix="rename the column of the site or of its ICD-10 code",
    )
