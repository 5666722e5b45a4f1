"""`Mix`: new cases by site of a country or a sum of countries, and what they bring over a lifetime."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oncopolis.centre.geography import get_country, list_site_ids
from oncopolis.studies.validation.lifetime import Lifetimes

NMSC = "nmsc"
"""Left out, as everybody compared here leaves it out."""

N_CAUSES = 5  # structure: sites named behind a miss


@dataclass(frozen=True)
class Mix:
    """New cases by site, non-melanoma skin cancer left out."""

    cases: Mapping[str, float]

    @property
    def n_cases(self) -> float:
        """New cases of all sites a year."""
        return sum(self.cases.values())

    def sum(self, lifetimes: Lifetimes, name: str) -> float:
        """Sum what the cases bring of one thing."""
        return sum(number * lifetimes[site].get(name, 0.0) for site, number in self.cases.items())

    def ratio(self, lifetimes: Lifetimes, name: str, per: str = "") -> float:
        """Return what the cases bring of one thing over another, or per case."""
        below = self.sum(lifetimes, per) if per else self.n_cases
        return self.sum(lifetimes, name) / below

    def list_largest(self, lifetimes: Lifetimes, name: str, n: int) -> list[str]:
        """Return the sites that bring most of one thing."""
        return sorted(self.cases, key=lambda site: -self.cases[site] * lifetimes[site].get(name, 0.0))[:n]


def make_mix(site_cases: Sequence[float]) -> Mix:
    """Return the mix of cases in the order of `list_site_ids`."""
    return Mix(
        {
            site: float(number)
            for site, number in zip(list_site_ids(), site_cases, strict=True)
            if site != NMSC
        }
    )


def get_mix(*iso3: str) -> Mix:
    """Return the mix of packaged countries taken together."""
    return make_mix(sum(get_country(country).cases for country in iso3))  # type: ignore[arg-type]
