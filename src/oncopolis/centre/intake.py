"""`Intake`: who comes to a centre year by year, and what else may become of them on a route."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from oncopolis.centre.network import RouteKey


@dataclass(frozen=True)
class Inflow:
    """People who enter one route at one step."""

    name: str
    """``cohort.<site>.<stage>`` or ``flow.<id>``."""
    route: RouteKey
    at: str | None
    flow: str | None
    """Flow whose pattern of arrivals applies; None for the catchment's new cases."""
    per_year: Mapping[int, float]
    """Calendar year -> people; cases of the whole catchment, before referral."""


@dataclass(frozen=True, slots=True)
class Fate:
    """Hazards that compete with a route, 1/year, from entry on."""

    relapse: float = 0.0
    relapse_years: float = 0.0
    """Years after which nobody relapses any more."""
    death: float = 0.0
    other: float = 0.0
    """Death from other causes in the first year."""
    ageing: float = 0.0
    """Yearly rise of the former (Gompertz)."""


@dataclass(frozen=True)
class Intake:
    """Everybody who comes, and the hazards of every route."""

    inflows: tuple[Inflow, ...]
    fates: Mapping[RouteKey, Fate]
    """Route -> hazards; routes left out have none."""
    here: Mapping[tuple[str, str | None], Mapping[int, float]]
    """Site and modality -> calendar year -> share of those in need who get it at this centre. The
    modality None is what applies to steps without one. Sites left out: all of it is done here."""
    hours: Mapping[str, Mapping[int, float]] = field(default_factory=dict)
    """Resource -> calendar year -> hours that the averages say it is held; the twin compares them with the
    hours it is there before it runs."""


def find_nearest(by_year: Mapping[int, float], year: int) -> float:
    """Return the value of a year, that of the nearest where it is not covered; nought if there is none."""
    if year in by_year:
        return by_year[year]
    nearest = min(by_year, key=lambda known: (abs(known - year), known), default=None)
    return 0.0 if nearest is None else by_year[nearest]
