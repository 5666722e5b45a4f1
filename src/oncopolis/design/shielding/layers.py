"""Layers of a barrier and what comes through them: the algebra of tenth-value layers."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

DECADE = 10  # structure: a tenth-value layer lets a tenth through

_MOST_M = 50.0  # structure: no barrier is thicker; the search for a thickness ends here
_EXACT_M = 1e-6  # structure: a thousandth of a millimetre
_STEEPEST_DEG = (
    45.0  # structure: radiation scattered in the wall takes the shorter way; no more slant is counted
)


@dataclass(frozen=True)
class Layer:
    """One layer of a barrier, in the order in which radiation meets them."""

    material: str
    thickness_m: float
    density_kg_m3: float


@dataclass(frozen=True)
class Tvl:
    """Tenth-value layers of one radiation in one material, and where they are from."""

    first_m: float
    next_m: float
    clause: str = ""
    note: str = ""

    def scale(self, factor: float) -> "Tvl":
        """Return the layers of the same material at another density."""
        return replace(self, first_m=self.first_m * factor, next_m=self.next_m * factor)


OPAQUE_TO_NOTHING = Tvl(math.inf, math.inf)
"""Of a material that is not counted on for a radiation."""


def compute_decades(paths: Iterable[tuple[float, Tvl]]) -> float:
    """Return by how many powers of ten a stack of layers weakens a radiation.

    The first power of ten is taken at the first tenth-value layer of the material it happens in, all
    others at the next one. For one layer this is ``1 + (t - TVL1) / TVLe`` beyond the first.

    Parameters
    ----------
    paths
        Way through each layer in m, with the layer's tenth-value layers, from the source outwards.
    """
    decades = 0.0
    for way_m, tvl in paths:
        left_m = way_m
        if decades < 1:
            within_m = min(left_m, (1 - decades) * tvl.first_m)
            decades += within_m / tvl.first_m
            left_m -= within_m
        decades += left_m / tvl.next_m
    return decades


def compute_transmission(paths: Iterable[tuple[float, Tvl]]) -> float:
    """Return the share of a radiation that comes through a stack of layers."""
    return float(DECADE ** -compute_decades(paths))


def compute_thickness_m(transmission: float, tvl: Tvl) -> float:
    """Return the thickness of one material that lets through no more than `transmission`."""
    if transmission >= 1:
        return 0.0
    decades = -math.log10(transmission)
    return decades * tvl.first_m if decades <= 1 else tvl.first_m + (decades - 1) * tvl.next_m


def compute_half_value_m(tvl: Tvl) -> float:
    """Return the half-value layer that goes with a tenth-value layer."""
    return tvl.next_m * math.log10(2)


def stretch(angle_deg: float) -> float:
    """Return by how much the way through a wall grows with the angle to its normal."""
    return 1 / math.cos(math.radians(min(abs(angle_deg), _STEEPEST_DEG)))


def solve_thickness_m(dose_at: Callable[[float], float], limit: float) -> float | None:
    """Return the least thickness at which a dose that falls with it meets a limit; None if none does.

    Parameters
    ----------
    dose_at
        Dose with a layer of that many metres.
    limit
        In the unit of the dose.
    """
    low, high = 0.0, 1.0
    if dose_at(low) <= limit:
        return low
    while dose_at(high) > limit:
        low, high = high, high * 2
        if high > _MOST_M:
            return None
    while high - low > _EXACT_M:
        middle = (low + high) / 2
        low, high = (middle, high) if dose_at(middle) > limit else (low, middle)
    return high


def combine_two_sources_m(thicknesses: tuple[float, float], half_value_m: float) -> float | None:
    """Combine the thicknesses that two radiations need on their own, by the two-source rule.

    Returns
    -------
    float or None
        The larger and a half-value layer if they differ by less than a half-value layer, the larger if they
        differ by a tenth-value layer or more, None in between, of which the rule says nothing.
    """
    smaller, larger = sorted(thicknesses)
    if larger - smaller <= half_value_m:
        return larger + half_value_m
    return larger if larger - smaller >= half_value_m / math.log10(2) else None
