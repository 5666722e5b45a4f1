"""Relapse and death as hazards, derived from net survival by stage and in advanced disease.

Patients of stages I to III die of their cancer by way of advanced disease. With a constant hazard of
relapse r and of death after it m, net survival after t years is

    S(t) = exp(-r t) + r / (m - r) (exp(-r t) - exp(-m t)),

so that r follows from the stage's survival and from m. Relapse is therefore no coefficient of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from oncopolis.centre import Project
from oncopolis.centre.context import find_key, make_context
from oncopolis.centre.number import EvidenceRef
from oncopolis.foundation import Collector, InputError
from oncopolis.planning.coefficients import Array, Coefficients

HALVINGS = 50  # structure: bisection steps; the last one is far below any rounding
HIGHEST = 50.0  # structure: 1/year; at this hazard everybody has relapsed within weeks
SMALLEST = 1e-9  # structure: keeps the two hazards from coinciding


@dataclass(frozen=True)
class Hazards:
    """Hazards by site and stage, arrays on the draw axis, 1/year."""

    relapse: Mapping[tuple[str, str], Array]
    advanced: Mapping[str, Array]
    other_causes: Array
    """In the year of diagnosis."""
    ageing: Array
    """Yearly rise of death from other causes, by Gompertz's law."""
    relapse_years: float
    known: dict[bytes, Array] = field(default_factory=dict, repr=False)
    """Hazard of other causes summed up to the years of a life, once asked for (`leaving.Leaving`)."""


HAZARD_RATIO = EvidenceRef(
    evidence="survival.hazard_ratio.{country}", otherwise="survival.hazard_ratio.generic"
)
"""Hazard of dying of cancer in the practice's country over that of the populations survival is stated for."""


def compute_hazards(project: Project, coefficients: Coefficients) -> Hazards:
    """Return the hazards of every site and stage that enters.

    Raises
    ------
    InputError, InputErrors
        If a site whose patients can relapse or are advanced states no survival.
    """
    faults = Collector()
    network = project.network
    key = find_key(HAZARD_RATIO, make_context(project.centre), project.evidence.rows)
    ratio = coefficients.get(key or HAZARD_RATIO.evidence)
    years = float(coefficients.get("survival.years_of_net_survival")[0])
    stated: dict[tuple[str, str], Array] = {}
    advanced: dict[str, Array] = {}
    for entry in network.entries:
        if entry.advanced_survival is None:
            continue
        late = coefficients.get(entry.advanced_survival) ** ratio
        advanced[entry.site] = to_hazard(late, years)
        if entry.survival is not None:
            stated[entry.site, entry.stage] = coefficients.get(entry.survival) ** ratio
    relapse = _compute_relapse(stated, advanced, years)
    for (pathway, site, stage), route in network.routes.items():
        lacks = {
            "cohort": (site, stage) not in relapse and site not in advanced,
            "advanced": site not in advanced,
        }
        if lacks.get(route.survival, False):
            faults.add(_no_survival(pathway, site, stage))
    faults.raise_if_any()
    return Hazards(
        relapse=relapse,
        advanced=advanced,
        other_causes=coefficients.get("survival.other_cause"),
        ageing=np.maximum(coefficients.get("survival.other_cause_rise"), SMALLEST),
        relapse_years=float(coefficients.get("survival.relapse_years")[0]),
    )


def _compute_relapse(
    stated: Mapping[tuple[str, str], Array], advanced: Mapping[str, Array], years: float
) -> dict[tuple[str, str], Array]:
    """Return the hazard of relapse by site and stage, all of them in one go."""
    if not stated:
        return {}
    survival = np.array(list(stated.values()))
    hazards = compute_relapse_hazard(survival, np.array([advanced[site] for site, _ in stated]), years)
    return dict(zip(stated, hazards, strict=True))


def _no_survival(pathway: str, site: str, stage: str) -> InputError:
    return InputError(
        code="PLA-002",
        where=f"cohorts.{site}.stages.{stage}",
        got="no survival",
        expected=f"`survival` and `advanced_survival`, which the pathway {pathway!r} competes with",
        fix="state them, or set `survival: none` in the pathway",
    )


def to_hazard(survival: Array, years: float) -> Array:
    """Return the constant hazard that leaves `survival` after `years`; 1/year."""
    hazard: Array = -np.log(np.clip(survival, SMALLEST, 1 - SMALLEST)) / years
    return hazard


def compute_survival(relapse: Array, advanced: Array, years: float) -> Array:
    """Return net survival after `years` of people who die by way of relapse."""
    gap = advanced - relapse
    gap = np.where(np.abs(gap) < SMALLEST, SMALLEST, gap)
    alive = np.exp(-relapse * years)
    survival: Array = alive + relapse / gap * (alive - np.exp(-(relapse + gap) * years))
    return survival


def compute_relapse_hazard(survival: Array, advanced: Array, years: float) -> Array:
    """Return the hazard of relapse that explains `survival`, by bisection.

    Where even immediate relapse leaves more alive than `survival`, that is where it ends: the highest
    hazard tried, under which everybody relapses within weeks.
    """
    low, high = np.zeros_like(survival), np.full_like(survival, HIGHEST)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        lives_longer = compute_survival(middle, advanced, years) > survival
        low, high = np.where(lives_longer, middle, low), np.where(lives_longer, high, middle)
    hazard: Array = (low + high) / 2
    return hazard


def find_relapse(hazards: Hazards, site: str, stage: str, size: int) -> Array:
    """Return the hazard of relapse of a site and stage; none where it is not stated."""
    return hazards.relapse.get((site, stage), np.zeros(size))
