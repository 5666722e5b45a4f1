"""The cancer sites, by their GLOBOCAN 2022 codes, and the aggregates that must never be added to them."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from oncopolis.foundation.errors import NotFoundError
from oncopolis.foundation.frozen import Frozen
from oncopolis.foundation.located import load_yaml

Language = Literal["en", "ko", "ru", "uz"]
Sex = Literal["both", "female", "male"]

SEXES: tuple[str, str] = ("female", "male")
"""Order of the sex axis in every array of the house."""

_CODE = re.compile(r"^C(\d\d)(?:\.?[0-9X])?$")
_RANGE = re.compile(r"^C(\d\d)(?:-C(\d\d))?$")


class Label(Frozen):
    """A name in the languages of the house."""

    en: str
    ko: str
    ru: str
    uz: str


class Site(Frozen):
    """A cancer site, or an aggregate of sites."""

    id: str
    """Name used in keys and files."""
    globocan_code: int | None
    """Code in GLOBOCAN 2022; none for `other`."""
    icd10: tuple[str, ...]
    """ICD-10 categories, as ``C18`` or ``C18-C21``."""
    sex: Sex
    """Who is counted."""
    label: Label
    """Name for people."""
    part_of: str | None = None
    """Aggregate this site belongs to."""
    also: tuple[str, ...] = ()
    """Other spellings found in files, in lower case."""


@cache
def _read() -> Mapping[str, Any]:
    path = Path(__file__).with_name("sites.yaml")
    data: Mapping[str, Any] = load_yaml(path, path.name).data
    return data


@cache
def list_sites() -> tuple[Site, ...]:
    """Return all sites, in the order of every site axis; `other` is the last."""
    return tuple(Site.model_validate(row) for row in _read()["sites"])


@cache
def list_aggregates() -> tuple[Site, ...]:
    """Return the sums GLOBOCAN also publishes: colorectum (41), all with (39) and without NMSC (40)."""
    return tuple(Site.model_validate(row) for row in _read()["aggregates"])


@cache
def list_site_ids() -> tuple[str, ...]:
    """Return the ids of all sites, in the order of every site axis."""
    return tuple(site.id for site in list_sites())


@cache
def list_other_codes() -> tuple[int, ...]:
    """Return the GLOBOCAN codes whose cases belong to `other`."""
    return tuple(_read()["other_codes"])


@cache
def map_sites() -> Mapping[str, Site]:
    """Return sites and aggregates by id."""
    return MappingProxyType({site.id: site for site in (*list_sites(), *list_aggregates())})


@cache
def get_site_index() -> Mapping[str, int]:
    """Return the position of every site on the site axis."""
    return MappingProxyType({name: i for i, name in enumerate(list_site_ids())})


def get_site(site_id: str) -> Site:
    """Return a site or aggregate by id.

    Raises
    ------
    NotFoundError
        If there is none of this name; names the nearest.
    """
    site = map_sites().get(site_id)
    if site is None:
        near = get_close_matches(site_id, map_sites())
        raise NotFoundError(
            code="GEO-001",
            where=f"site {site_id!r}",
            got="a site that is not in the list",
            expected=f"one of {', '.join(near or list_site_ids())}",
            fix="use a site id from the reference, or `other`",
        )
    return site


@cache
def _by_code() -> Mapping[int, Site]:
    table = {site.globocan_code: site for site in map_sites().values() if site.globocan_code is not None}
    table.update(dict.fromkeys(list_other_codes(), map_sites()["other"]))
    return MappingProxyType(table)


@cache
def _by_icd10() -> Mapping[str, Site]:
    table: dict[str, Site] = {}
    for site in list_sites():
        for text in site.icd10:
            match = _RANGE.match(text)
            if match is None:
                raise ValueError(f"sites.yaml: {site.id}: {text!r} is no range of ICD-10 categories")
            for category in range(int(match[1]), int(match[2] or match[1]) + 1):
                table.setdefault(f"{category:02}", site)
    return MappingProxyType(table)


@cache
def _by_name() -> Mapping[str, Site]:
    table: dict[str, Site] = {}
    for site in map_sites().values():
        for name in (site.id, site.label.en, site.label.ko, site.label.ru, site.label.uz, *site.also):
            table.setdefault(name.casefold(), site)
    return MappingProxyType(table)


def find_site_by_code(code: int) -> Site | None:
    """Return the site or aggregate of a GLOBOCAN code; 37 and 38 are `other`."""
    return _by_code().get(code)


def find_site_by_name(name: str) -> Site | None:
    """Return the site or aggregate written as `name` (id, label in any language, or usual spelling)."""
    return _by_name().get(" ".join(name.split()).casefold())


def find_site_by_icd10(code: str) -> Site | None:
    """Return the site of an ICD-10 code such as ``C50.9`` or ``C509``; None if not an invasive cancer."""
    match = _CODE.match(code.strip().upper())
    return _by_icd10().get(match[1]) if match else None
