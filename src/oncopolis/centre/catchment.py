"""Whom the centre serves: populations, incidence, referral and uptake."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from oncopolis.centre.number import (
    Cases,
    Count,
    Identifier,
    PositiveAmount,
    PositiveCount,
    Rate,
    Share,
    Year,
)
from oncopolis.centre.pattern import SeasonPattern, WeekPattern
from oncopolis.foundation import Frozen

Iso3 = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""Country by ISO 3166-1 alpha-3."""


class CsvFile(Frozen):
    """A CSV of the project folder."""

    file: str
    """Name within the project folder."""
    format: Literal["globocan", "registry", "wpp"]
    """Whose columns it has: GLOBOCAN Cancer Today, a plain registry list, UN WPP."""
    year: Year | None = None
    """Year the figures stand for, where the file has no column for it."""
    projection: str | None = None
    """Further file of the same format with the years to come, where they are kept apart (UN WPP)."""


class Registered(Frozen):
    """What a registry counts, beside an estimate."""

    cases: Cases
    """Registered new cases a year; unit case/year."""
    sites: str = "all sites"
    """What is counted: with or without non-melanoma skin cancer."""


class Population(Frozen):
    """People of one area."""

    label: str
    """What it is called."""
    country: Iso3
    """Country whose age structure, growth and incidence profile apply."""
    people: PositiveCount | None = None
    """Inhabitants in the base year; the whole country if left out."""
    crude_rate: Cases | None = None
    """All-site crude incidence the country's profile is scaled to; case/year per 100,000 persons
    (`per: hundred_thousand_persons`)."""
    crude_rate_counts: Literal["without_nmsc", "with_nmsc"] = "without_nmsc"
    """Whether that rate counts non-melanoma skin cancer."""
    growth: Rate | None = None
    """Yearly growth of the population beyond that of its country, 1/year (a region people move to)."""
    incidence: CsvFile | None = None
    """New cases by site; the package's GLOBOCAN 2022 figures if left out."""
    population: CsvFile | None = None
    """Inhabitants by age and sex; the package's UN WPP figures if left out."""
    registered: Registered | None = None
    """The registry's count, shown beside the estimate."""
    basis: Literal["estimate", "registry"] = "estimate"
    """Which of the two the plan is sized on."""

    @model_validator(mode="after")
    def _is_consistent(self) -> "Population":
        if self.basis == "registry" and self.registered is None:
            raise ValueError("`registered` with the registry's count, as the basis is `registry`")
        if self.population and self.population.format != "wpp":
            raise ValueError("`format: wpp` for a table of inhabitants")
        if self.incidence and self.incidence.format == "wpp":
            raise ValueError("`format: globocan` or `format: registry` for a table of new cases")
        return self


class Referral(Frozen):
    """Which part of the catchment's new cases comes to the centre."""

    default: Share
    """Share of new cases seen here."""
    modalities: dict[Identifier, Share] = {}
    """Modality -> share of those in need who get it here."""
    sites: dict[Identifier, dict[Identifier, Share]] = {}
    """Site -> modality (or `default`) -> share, where it differs."""
    week: WeekPattern | None = None
    """Relative arrivals of new cases Monday to Sunday, for the twin; even over working days if left out."""
    season: SeasonPattern | None = None
    """Relative arrivals January to December, for the twin; even over the year if left out."""
    batch: PositiveAmount = 1
    """New cases that come together (a referring clinic sends its list), for the twin; the plan counts cases
    all the same."""


class Uptake(Frozen):
    """From actual to optimal use: of those who would benefit, the share that is treated at all."""

    start: Share
    """Share in the first year of the plan."""
    full: Share
    """Share in the end."""
    full_year: Year
    """Year in which the end is reached; straight line in between."""


class EarlierDiagnosis(Frozen):
    """Stage shift: more cases found in stages I and II."""

    start_share: Share | None = None
    """Share of staged cases in stages I and II in the base year; as the cohorts have it if left out."""
    early_share: Share
    """Share of staged cases in stages I and II in the end."""
    by_year: Year
    """Year in which it is reached; straight line from the base year."""


class Stock(Frozen):
    """Patients under follow-up whom a new centre takes over on its first day."""

    patients: Count
    """How many."""


class Catchment(Frozen):
    """Whom the centre serves."""

    base_year: Year = 2022  # structure: year of the packaged figures
    """Year of the incidence figures."""
    populations: Annotated[dict[Identifier, Population], Field(min_length=1)]
    """Areas served."""
    trend: Rate
    """Yearly change of age-specific rates, 1/year."""
    referral: Referral
    """Part of the cases that comes."""
    uptake: dict[Identifier, Uptake] = {}
    """Modality -> uptake curve; full use if left out."""
    earlier_diagnosis: EarlierDiagnosis | None = None
    """Option: a stage shift."""
    inherited_stock: Stock | None = None
    """Stated stock of prevalent patients; those the cohorts imply if left out."""
