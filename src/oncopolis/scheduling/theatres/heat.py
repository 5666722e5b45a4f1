"""How hot a search begins, and what it must seem to cost that a mandatory patient is out."""

from statistics import median

from oncopolis.scheduling.theatres.kernels.tables import Tables
from oncopolis.scheduling.theatres.problem import Weights

_OF_OPTIONAL, _OF_DELAY, _OF_OTHERS = 0.07, 2.5, 0.38  # structure: shares of weights, found by trying
_PENALTY_HEATS = 80  # structure: a penalty is so many times the heat, and so many
_PENALTY_PRICES = 4  # structure: times whatever is dearest: a patient left out, a day, a unit of a component


def compute_heat(weights: Weights) -> float:
    """Return the first temperature, in units of cost: the middle one of three that weights suggest.

    One weight that is far larger or smaller than the others does not move it.
    """
    others = (
        weights.room_mixed_age + weights.room_nurse_skill + weights.continuity_of_care
        + weights.nurse_excessive_workload + weights.open_operating_theatre + weights.surgeon_transfer
        + weights.patient_delay
    )  # fmt: skip
    suggested = (
        _OF_OPTIONAL * weights.unscheduled_optional,
        _OF_DELAY * weights.patient_delay,
        _OF_OTHERS * others,
    )
    return median(suggested) or max(suggested)


def compute_penalty(tables: Tables, heat: float) -> int:
    """Return what it costs in the search that a mandatory patient is out, before it is raised."""
    dearest = max(int(some.max(initial=0)) for some in (tables.price, tables.weights, tables.fee))
    return 1 + max(int(_PENALTY_HEATS * heat), _PENALTY_PRICES * dearest)
