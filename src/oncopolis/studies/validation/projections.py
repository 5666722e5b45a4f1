"""New cases carried forward, and the machines Central Asia needs."""

from collections.abc import Iterator, Sequence

from oncopolis.centre.geography import Country, get_country, get_site_index
from oncopolis.evidence import list_sources
from oncopolis.planning.incidence import compute_cases
from oncopolis.studies.validation.check import Check, Published
from oncopolis.studies.validation.mix import NMSC

CENTRAL_ASIA = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
PROJECTED = ("AUS", "KAZ", "KOR", "RUS", "UZB")
"""Countries whose population by age comes with the package."""

SOURCE = "gco_tomorrow"

YEARS = (2030, 2050)  # structure: years compared; the projection of Russia was seen for these


def project_cases(country: Country, year: int) -> float:
    """Return our own projection of new cases, non-melanoma skin cancer left out; rates held constant."""
    cases = compute_cases(country, [year], site_totals=country.cases)
    return float(cases.sum() - cases[get_site_index()[NMSC]].sum())


def list_projection_checks(published: Published) -> Iterator[Check]:
    """Yield checks against Cancer Tomorrow and on Central Asia."""
    for iso3 in PROJECTED:
        country = get_country(iso3)
        for year in YEARS:
            yield _compare_projection(published, country, year)
    yield from _list_central_asia(published, [get_country(iso3) for iso3 in CENTRAL_ASIA])


def _compare_projection(published: Published, country: Country, year: int) -> Check:
    part = published.get("validation.tolerance.projection")
    theirs, ours = country.projected_cases[year], project_cases(country, year)
    low, high = theirs * (1 - part), theirs * (1 + part)
    missed = not low <= ours <= high
    start = min(country.projected_cases)
    why = (
        f"their projection starts from {country.projected_cases[start]:,.0f} cases in {start}, "
        f"ours from {country.total_cases:,.0f} in {country.base_year}"
        if missed
        else ""
    )
    source = f"{list_sources()[SOURCE].citation}; all sites without non-melanoma skin cancer"
    return Check(
        id=f"cancer_tomorrow.{country.iso3.lower()}.{year}",
        label=f"New cases in {year}, {country.name}",
        unit="case/year",
        published=theirs,
        low=low,
        high=high,
        source=source,
        source_id=SOURCE,
        ours=ours,
        why=why,
    )


def _list_central_asia(published: Published, countries: Sequence[Country]) -> Iterator[Check]:
    year = published.evidence.get_row("validation.alkhatib.mv_units_2030").year
    assert year is not None
    share, per_unit = (
        published.get("validation.alkhatib.use_share"),
        published.get("radiotherapy.courses_per_unit_year"),
    )
    theirs = {country.name: country.projected_cases[year] for country in countries}
    own = {country.name: project_cases(country, year) for country in countries if country.has_population}
    by_own = ", ".join(own)
    cause = ["validation.alkhatib.use_share", "radiotherapy.courses_per_unit_year"]
    why = (
        "the authors' rule was not seen and half of the cases is tried; "
        "Kazakhstan starts from the cases of GLOBOCAN 2022, "
        "which are more than the release behind Cancer Tomorrow has"
    )
    labels = {
        "cancer_tomorrow": (theirs, "cases of Cancer Tomorrow"),
        "own_projection": (
            {**theirs, **own},
            f"our own projection for {by_own}; the others, without ages here, as in Cancer Tomorrow",
        ),
    }
    for name, (cases, words) in labels.items():
        yield published.compare(
            f"alkhatib2025.{name}",
            "validation.alkhatib.mv_units_2030",
            sum(cases.values()) * share / per_unit,
            tolerance="validation.tolerance.alkhatib",
            label=f"Megavoltage units needed in Central Asia by {year}, {words}",
            cause=cause,
            why=why,
        )
    units = sum(country.machines.n_megavoltage_units for country in countries if country.machines)
    yield published.compare(
        "alkhatib2025.units_2022",
        "validation.alkhatib.mv_units_2022",
        units,
        tolerance="validation.tolerance.alkhatib",
        label="Megavoltage units in Central Asia: the directory of centres beside the article",
        cause=["validation.dirac.mv_units.kazakhstan", "validation.dirac.mv_units.uzbekistan"],
        why="the directory lists later years and counts any megavoltage unit",
    )
