"""Use, fractions and retreatment: the pathways beside the guideline models of others."""

from collections.abc import Iterator

from oncopolis.centre.geography import get_country
from oncopolis.foundation.units import DAYS_PER_YEAR, MINUTES_PER_DAY, PER_MILLION, PER_THOUSAND
from oncopolis.studies.validation.check import Check, Published
from oncopolis.studies.validation.lifetime import Lifetimes
from oncopolis.studies.validation.mix import N_CAUSES, Mix, get_mix

NINE = ("CRI", "GHA", "MYS", "PHL", "ROU", "SRB", "SVN", "TUN", "URY")
"""Middle-income countries of Rosenblatt and others."""

SITE_WHY = {
    "melanoma": (
        "use is one share for all stages, so that the irradiated are mostly patients of early stages "
        "and relapse no more often than others; in life it is the advanced who are irradiated"
    )
}
"""What sets a site's retreatment apart, where more is known than that it follows from other rows."""

RETREATED = ("multiple_myeloma", "lung", "melanoma", "brain_cns")

IRRADIATED, OPERATED = "patients.irradiated", "patients.operated"


def list_radiotherapy_checks(published: Published, lifetimes: Lifetimes) -> Iterator[Check]:
    """Yield checks on use, fractions and retreatment; lifetimes are those of optimal, historical practice."""
    australia = get_mix("AUS")
    yield from _list_australia(published, lifetimes, australia)
    yield from _list_retreatment(published, lifetimes, australia)
    yield from _list_use(published, lifetimes)
    yield from _list_quarts(published, lifetimes)
    yield from _list_other_care(published, lifetimes)


def list_use_keys(lifetimes: Lifetimes, mix: Mix) -> list[str]:
    """Return the shares of use that weigh most in a mix."""
    return [
        f"radiotherapy.utilisation.optimal.{site}"
        for site in mix.list_largest(lifetimes, IRRADIATED, N_CAUSES)
    ]


def _list_australia(published: Published, lifetimes: Lifetimes, mix: Mix) -> Iterator[Check]:
    fractions = [
        f"radiotherapy.fractions.historical.{site}"
        for site in mix.list_largest(lifetimes, "first.fractions", N_CAUSES)
    ]
    use = list_use_keys(lifetimes, mix)
    per_course = mix.ratio(lifetimes, "first.fractions", IRRADIATED)
    per_case = mix.ratio(lifetimes, "first.fractions")
    why = "the case mix is that of 2022, and fractions by site are our own mix of regimens"
    yield published.compare(
        "wong2016.fractions_per_course",
        "validation.wong.fractions_per_course",
        per_course,
        cause=fractions,
        why=why,
    )
    yield published.compare(
        "wong2016.fractions_per_case",
        "validation.wong.fractions_per_case",
        per_case,
        cause=[*fractions, *use],
        why=why,
    )
    by_site = {
        site: numbers["first.fractions"] / numbers[IRRADIATED]
        for site, numbers in lifetimes.items()
        if numbers.get(IRRADIATED)
    }
    for name, ours in (("lowest", min(by_site.values())), ("highest", max(by_site.values()))):
        site = next(site for site, value in by_site.items() if value == ours)
        yield published.compare(
            f"wong2016.site_{name}",
            f"validation.wong.site_{name}",
            ours,
            cause=[f"radiotherapy.fractions.historical.{site}"],
            why=f"here it is {site.replace('_', ' ')}; which site is meant by the range was not seen",
        )
    yield published.compare(
        "ccore2013.utilisation",
        "validation.ccore.utilisation",
        mix.ratio(lifetimes, IRRADIATED),
        cause=use,
        why="the case mix is that of 2022",
    )


def _list_retreatment(published: Published, lifetimes: Lifetimes, mix: Mix) -> Iterator[Check]:
    keys = list_retreatment_keys(published, "default")
    why = (
        "later courses follow from relapse, survival and the shares and rates of further courses; "
        "they are not set to this figure"
    )
    courses = mix.ratio(lifetimes, "measure.courses", IRRADIATED)
    fractions = mix.sum(lifetimes, "measure.fractions") / mix.sum(lifetimes, "first.fractions")
    yield published.compare(
        "retreatment.courses", "validation.retreatment.courses", courses, cause=keys, why=why
    )
    yield published.compare(
        "retreatment.fractions",
        "validation.retreatment.fractions",
        fractions,
        cause=["radiotherapy.fractions.palliative.historical", *keys],
        why=why,
    )
    for site in RETREATED:
        ours = lifetimes[site]["measure.courses"] / lifetimes[site][IRRADIATED] - 1
        yield published.compare(
            f"retreatment.{site}",
            f"radiotherapy.retreatment.{site}",
            ours,
            tolerance="validation.tolerance.retreatment_site",
            cause=list_retreatment_keys(published, site),
            why=SITE_WHY.get(site, why),
        )
    yield published.skip(
        "retreatment.unknown_primary",
        "radiotherapy.retreatment.unknown_primary",
        "the incidence tables have no cancer of unknown primary; it is part of other sites",
        tolerance="validation.tolerance.retreatment_site",
    )


def list_retreatment_keys(published: Published, site: str) -> list[str]:
    """Return the rows that make later courses of a site, its own or the general ones."""
    find = published.evidence.find_row
    own = [f"clinical.reirradiation.{name}.{site}" for name in ("at_relapse", "salvage", "rate")]
    keys = [key if find(key) else f"{key.rpartition('.')[0]}.default" for key in own]
    return [
        *keys,
        *(key for key in (f"survival.advanced5.{site}",) if find(key)),
        "survival.hazard_ratio.aus",
    ]


def _list_use(published: Published, lifetimes: Lifetimes) -> Iterator[Check]:
    key = "validation.rosenblatt.utilisation"
    uses = {country: get_mix(country).ratio(lifetimes, IRRADIATED) for country in NINE}
    why = "use by site is Australia's of 2013, below the models of 2005, and cases are those of 2022"
    mean = sum(uses.values()) / len(uses)
    yield published.compare(
        "rosenblatt2018.mean",
        key,
        mean,
        label="Optimal radiotherapy use, mean of nine countries",
        cause=list_use_keys(lifetimes, get_mix(*NINE)),
        why=why,
    )
    for country, ours in uses.items():
        name = get_country(country).name
        yield published.compare(
            f"rosenblatt2018.{country.lower()}",
            key,
            ours,
            label=f"Optimal radiotherapy use, {name}, in the range of the nine",
            cause=list_use_keys(lifetimes, get_mix(country)),
            why=why,
        )


def _list_quarts(published: Published, lifetimes: Lifetimes) -> Iterator[Check]:
    per_unit = published.get("radiotherapy.courses_per_unit_year")
    for country, name in (("CYP", "cyprus"), ("HUN", "hungary")):
        ours = (
            get_mix(country).sum(lifetimes, "measure.courses")
            / per_unit
            / get_country(country).population_total
            * PER_MILLION
        )
        yield published.compare(
            f"quarts2005.{name}",
            f"validation.quarts.linacs_per_million.{name}",
            ours,
            tolerance="validation.tolerance.order",
            cause=["radiotherapy.courses_per_unit_year", *list_use_keys(lifetimes, get_mix(country))],
            why="cases are those of 2022, not of the 1990s",
        )


def _list_other_care(published: Published, lifetimes: Lifetimes) -> Iterator[Check]:
    """Ratios between kinds of care, as a band of plausibility."""
    korea = get_mix("KOR")
    for name, measure in (("chemotherapies", "chemotherapy_visits"), ("sessions", "fractions")):
        ours = korea.ratio(lifetimes, f"measure.{measure}", "measure.operations")
        yield published.compare(
            f"asan2016.{name}_per_operation",
            f"validation.asan.{name}_per_operation",
            ours,
            tolerance="validation.tolerance.workload",
            label=f"{name.capitalize()} per operation, Korean mix of cases, beside one hospital",
            cause=["systemic.cycles.breast", "systemic.share.stomach", "surgery.share.thyroid"]
            if name == "chemotherapies"
            else list_use_keys(lifetimes, korea),
            why="one hospital of 2016 beside a country's optimal use, with the fractions of 2005-2013",
        )
    uzbekistan = get_mix("UZB")
    bed_days = uzbekistan.ratio(lifetimes, "first_treatment.bed_min") / MINUTES_PER_DAY
    beds = bed_days / DAYS_PER_YEAR / published.get("beds.occupancy.formula") * PER_THOUSAND
    cause = [
        "surgery.stay.breast",
        "clinical.stay.ward_cycle",
        "systemic.day_unit_share",
        "surgery.share.breast",
    ]
    yield published.compare(
        "beds.per_1000_cases",
        "beds.per_1000_cases_first_treatment",
        beds,
        label="Beds per 1,000 new cases, planned stays of the first treatment, mix of Uzbekistan",
        cause=cause,
        why="the published formula has another share of patients in bed: all who are operated or infused",
    )
