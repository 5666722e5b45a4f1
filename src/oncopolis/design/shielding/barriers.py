"""A barrier and the point behind it: is it enough, and how thick would it have to be."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from oncopolis.design.shielding.attenuation import get_tvl
from oncopolis.design.shielding.beams import Beam, Contribution
from oncopolis.design.shielding.layers import (
    Layer,
    combine_two_sources_m,
    compute_half_value_m,
    solve_thickness_m,
)
from oncopolis.design.shielding.parts import Task, find_main, list_contributions

_SECONDARY = ("scatter", "leakage")


@dataclass(frozen=True)
class Judged:
    """What a barrier does and what it would need."""

    contributions: tuple[Contribution, ...]
    dose_msv: float
    """Of a week, the occupancy counted."""
    limit_msv: float
    needed_m: float | None
    """Thickness its main layer needs; None if no thickness suffices."""
    actual_m: float
    """Thickness of its main layer."""
    two_source_m: float | None = None
    """What the two-source rule asks of the main layer; None where it says nothing."""

    @property
    def is_enough(self) -> bool:
        """Whether the dose is within the limit."""
        return self.dose_msv <= self.limit_msv

    @property
    def margin_m(self) -> float | None:
        """Thickness beyond what is needed."""
        return None if self.needed_m is None else self.actual_m - self.needed_m


def judge(task: Task, beams: Sequence[Beam]) -> Judged:
    """Return what comes through a barrier, and how thick its main layer has to be.

    Pure: depends on nothing but its arguments and the tables of the evidence.

    Parameters
    ----------
    task
        The barrier and the point behind it.
    beams
        Beams of the machine with their workload.

    Raises
    ------
    InputError
        DES-107, DES-108 or DES-109 for an energy, angle or material the tables do not have.
    """
    main = find_main(task.layers)

    def dose_at(thickness_m: float, kinds: tuple[str, ...] = ()) -> float:
        layers = [
            replace(layer, thickness_m=thickness_m) if i == main else layer
            for i, layer in enumerate(task.layers)
        ]
        parts = list_contributions(replace(task, layers=tuple(layers)), beams)
        return sum(part.dose_msv for part in parts if not kinds or part.kind in kinds)

    contributions = tuple(list_contributions(task, beams))
    judged = Judged(
        contributions=contributions,
        dose_msv=sum(part.dose_msv for part in contributions),
        limit_msv=task.limit_msv,
        needed_m=solve_thickness_m(dose_at, task.limit_msv),
        actual_m=task.layers[main].thickness_m,
    )
    if task.kind == "primary" or len(task.layers) > 1:
        return judged

    def need_alone(kind: str) -> float | None:
        return solve_thickness_m(lambda thickness_m: dose_at(thickness_m, (kind,)), task.limit_msv)

    scatter, leakage = map(need_alone, _SECONDARY)
    if scatter is None or leakage is None:
        return judged
    half_value = _find_half_value_m(task, beams)
    return replace(judged, two_source_m=combine_two_sources_m((scatter, leakage), half_value))


def _find_half_value_m(task: Task, beams: Sequence[Beam]) -> float:
    """Return the half-value layer of the most penetrating of the secondary radiations."""
    layer: Layer = task.layers[0]
    return max(
        compute_half_value_m(get_tvl(radiation, layer, beam.mv, task.own, beam.where, task.scatter_deg))
        for beam in beams
        for radiation in ("scatter", "leakage")
    )
