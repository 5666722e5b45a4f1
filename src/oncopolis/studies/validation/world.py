"""World-level checks, from a table of all countries that users download themselves."""

from collections.abc import Iterable, Iterator

import numpy as np

from oncopolis.centre.geography import list_countries
from oncopolis.centre.importers.globocan import GlobocanTable, Population
from oncopolis.foundation.units import PER_100_000, PER_MILLION
from oncopolis.studies.validation.check import Check, Published
from oncopolis.studies.validation.lifetime import Lifetimes
from oncopolis.studies.validation.mix import N_CAUSES, Mix, get_mix, make_mix

EU25 = (
    *("AUT", "BEL", "CYP", "CZE", "DEU", "DNK", "ESP", "EST", "FIN", "FRA", "GBR", "GRC", "HUN"),
    *("IRL", "ITA", "LTU", "LUX", "LVA", "MLT", "NLD", "POL", "PRT", "SVK", "SVN", "SWE"),
)
"""Members of the European Union in 2004."""

NO_FILE = "needs the world table of new cases: give Cancer Today's CSV of all countries with --incidence"

CARE = (
    (
        "perera2021.share",
        "validation.perera.share",
        "patients.operated",
        "surgery.share",
        "at any time",
        "the authors' shares by site were not opened, and cases are those of 2022",
    ),
    (
        "wilson2019.share",
        "validation.wilson.share",
        "first_treatment.systemically_treated",
        "systemic.share",
        "in a first course",
        "our shares count every medicine, hormones among them; theirs count chemotherapy",
    ),
)
"""Check, published share, what is counted, rows behind it, when it counts, and what sets the two apart."""


def list_world_checks(
    published: Published, table: GlobocanTable | None, lifetimes: Lifetimes
) -> Iterator[Check]:
    """Yield checks on the world and the European Union; without a table, why they cannot be made."""
    yield from _list_shares(
        published, get_mix(*list_countries()), lifetimes, "countries", "the packaged countries taken together"
    )
    why = NO_FILE if table is None else _find_gap(published, table)
    if table is None or why:
        yield from _skip_all(published, why)
        return
    # Their 12.8 million patients are 0.64 of 20.0 million cases, which counts non-melanoma skin cancer.
    total = float(sum(population.site_cases.sum() for population in table.populations.values()))
    patients = total * published.get("validation.zhu.use_share")
    units = patients / published.get("radiotherapy.courses_per_unit_year")
    why = "the table read sums to other cases than theirs"
    cause = ["validation.zhu.use_share", "radiotherapy.courses_per_unit_year"]
    yield published.compare(
        "zhu2024.mv_units_2022",
        "validation.zhu.mv_units_2022",
        units,
        tolerance="validation.tolerance.zhu_units",
        cause=cause,
        why=why,
    )
    yield published.compare(
        "zhu2024.patients_2022", "validation.zhu.patients_2022", patients, cause=cause, why=why
    )
    world = _sum_mix(table.populations.values())
    yield from _list_shares(published, world, lifetimes, "world", "the world")
    yield _compare_eu(published, table, lifetimes)


def _find_gap(published: Published, table: GlobocanTable) -> str:
    """Say why a table is not the world's, or nothing."""
    wanted, there = int(published.get("validation.world.countries")), len(table.populations)
    if there != wanted:
        return (
            f"the table given has {there} populations; the world's has {wanted} countries and no sums of them"
        )
    return ""


def _skip_all(published: Published, why: str) -> Iterator[Check]:
    yield published.skip(
        "zhu2024.mv_units_2022",
        "validation.zhu.mv_units_2022",
        why,
        tolerance="validation.tolerance.zhu_units",
    )
    yield published.skip("zhu2024.patients_2022", "validation.zhu.patients_2022", why)
    for check, key, *_ in CARE:
        yield published.skip(f"{check}.world", key, why)
    yield published.skip(
        "quarts2005.eu25", "validation.quarts.linacs_per_million", why, tolerance="validation.tolerance.order"
    )


def _list_shares(
    published: Published, mix: Mix, lifetimes: Lifetimes, scope: str, words: str
) -> Iterator[Check]:
    """Shares operated and treated with medicines."""
    for check, key, name, rows, when, why in CARE:
        row = published.evidence.get_row(key)
        yield published.compare(
            f"{check}.{scope}",
            key,
            mix.ratio(lifetimes, name),
            label=f"{row.label} {when}, {words}",
            cause=[f"{rows}.{site}" for site in mix.list_largest(lifetimes, name, N_CAUSES)],
            why=why,
        )


def _sum_mix(populations: Iterable[Population]) -> Mix:
    return make_mix(list(np.sum([population.site_cases for population in populations], axis=0)))


def _compare_eu(published: Published, table: GlobocanTable, lifetimes: Lifetimes) -> Check:
    members = [table.get_population(iso3) for iso3 in EU25]
    mix = _sum_mix(members)
    people = sum(
        member.total / rate * PER_100_000 for member in members if (rate := member.entries["all"].crude_rate)
    )
    ours = (
        mix.sum(lifetimes, "measure.courses")
        / published.get("radiotherapy.courses_per_unit_year")
        / people
        * PER_MILLION
    )
    return published.compare(
        "quarts2005.eu25",
        "validation.quarts.linacs_per_million",
        ours,
        tolerance="validation.tolerance.order",
        cause=["radiotherapy.courses_per_unit_year"],
        why="cases are those of 2022, not of the 1990s",
    )
