"""Who the invented patients of a week are, besides their disease: sex, age and region, drawn by incidence."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from oncopolis.centre import Project
from oncopolis.centre.geography import (
    SEXES,
    get_age_starts,
    get_country,
    get_reference_rates,
    get_site_index,
    list_countries,
)
from oncopolis.studies.replaying.dice import Dice

AGE_GROUPS = (
    (0, "under 40"),
    (40, "40 to 59"),  # structure: how a ward tells ages apart
    (60, "60 to 74"),  # structure: how a ward tells ages apart
    (75, "75 and over"),  # structure: how a ward tells ages apart
)
"""First year of each group, and its name."""


@dataclass(frozen=True, slots=True)
class Person:
    """Sex, age group and region of somebody."""

    sex: str
    age_group: str
    region: str


class People:
    """Draws people by what is known of their disease.

    Parameters
    ----------
    project
        Its country says how incidence spreads over sex and age.
    """

    def __init__(self, project: Project, seed: int) -> None:
        self._project, self._dice = project, Dice(seed, "week")

    def draw(self, case: int, site: str) -> Person:
        """Draw who somebody is; the same case is always the same person."""
        sex, age = self._draw_sex_and_age(case, site)
        group = [name for first, name in AGE_GROUPS if age >= first][-1]
        return Person(sex, group, self._draw_region(case))

    def _draw_sex_and_age(self, case: int, site: str) -> tuple[str, int]:
        index = get_site_index()
        weights = self._weights[index[site]] if site in index else self._weights.sum(axis=0)
        cumulated = np.cumsum(weights.ravel())
        at = int(np.searchsorted(cumulated, self._dice.draw("person", case) * cumulated[-1], side="right"))
        sex, band = divmod(min(at, len(cumulated) - 1), weights.shape[1])
        return SEXES[sex], get_age_starts()[band]

    def _draw_region(self, case: int) -> str:
        catchment = self._project.centre.catchment
        if catchment is None:
            return ""
        return self._dice.choose([one.label for one in catchment.populations.values()], "region", case)

    @cached_property
    def _weights(self) -> np.ndarray[tuple[int, int, int], np.dtype[np.float64]]:
        """Shape (site, sex, age): new cases, as far as they compare within a site."""
        code = self._project.centre.country
        country = get_country(code) if code in list_countries() else None
        if country is None or not country.has_population:
            return np.asarray(get_reference_rates())
        return np.asarray(country.age_rates * country.population[0])
