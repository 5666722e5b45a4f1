"""Proton barriers by a table of source terms that the project brings and cites; there is none built in."""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from oncopolis.design.shielding.barriers import Judged
from oncopolis.design.shielding.beams import Contribution
from oncopolis.design.shielding.layers import Layer, solve_thickness_m
from oncopolis.design.shielding.working import Step, show, times
from oncopolis.foundation import InputError
from oncopolis.foundation.units import G_PER_CM2_IN_KG_PER_M2, MSV_PER_SV

_MODEL = "H = (H1 exp(-d/lambda1) + H2 exp(-d/lambda2)) / r^2"


@dataclass(frozen=True)
class SourceTerm:
    """Two exponentials at one angle to the beam."""

    angle_deg: float
    h1_sv_m2: float
    """Per proton."""
    lambda1_g_cm2: float
    h2_sv_m2: float
    lambda2_g_cm2: float

    def compute_per_proton(self, depth_g_cm2: float, distance_m: float) -> float:
        """Return the dose in Sv behind a depth of shield at a distance from the loss."""
        first = self.h1_sv_m2 * math.exp(-depth_g_cm2 / self.lambda1_g_cm2)
        second = self.h2_sv_m2 * math.exp(-depth_g_cm2 / self.lambda2_g_cm2)
        return (first + second) / distance_m**2


@dataclass(frozen=True)
class Loss:
    """Protons that stop in one place, and the cited terms for them."""

    protons_per_week: float
    material: str
    """Of the shield for which the terms hold."""
    source: str
    terms: tuple[SourceTerm, ...]


@dataclass(frozen=True)
class ProtonTask:
    """A barrier against neutrons of stopped protons, and the point behind it."""

    layers: tuple[Layer, ...]
    distance_m: float
    """From the loss to the point."""
    angle_deg: float
    """Between the beam and the way to the point."""
    occupancy: float
    limit_msv: float
    where: str
    slant: float = 1.0


def judge_protons(task: ProtonTask, loss: Loss) -> Judged:
    """Return the dose behind a barrier by the table of the project.

    Between two angles the term that lets more through is taken.

    Raises
    ------
    InputError
        DES-110 if a layer is of another material than the table, DES-111 if no terms reach the angle.
    """
    other = [layer.material for layer in task.layers if layer.material != loss.material]
    if other:
        raise InputError(
            code="DES-110",
            where=task.where,
            got=f"a layer of {other[0]}",
            expected=f"{loss.material}, for which the source terms hold",
            fix="bring source terms for the material of the barrier",
        )
    terms = _find_terms(task, loss)
    density = task.layers[0].density_kg_m3

    def dose_at(thickness_m: float) -> tuple[float, SourceTerm, float]:
        depth = thickness_m * task.slant * density / G_PER_CM2_IN_KG_PER_M2
        doses = [(term.compute_per_proton(depth, task.distance_m), term) for term in terms]
        per_proton, term = max(doses, key=lambda pair: pair[0])
        return per_proton * loss.protons_per_week * task.occupancy * MSV_PER_SV, term, depth

    thickness = sum(layer.thickness_m for layer in task.layers)
    dose, term, depth = dose_at(thickness)
    bare = dose_at(0.0)[0]
    numbers = (
        f"{times(loss.protons_per_week, task.occupancy)}"
        f" x ({show(term.h1_sv_m2)} exp(-{show(depth)}/{show(term.lambda1_g_cm2)})"
        f" + {show(term.h2_sv_m2)} exp(-{show(depth)}/{show(term.lambda2_g_cm2)}))"
        f" / {show(task.distance_m)}^2"
    )
    step = Step(
        "H",
        f"N T {_MODEL.removeprefix('H = ')}",
        numbers,
        dose / MSV_PER_SV,
        "Sv/week",
        loss.source,
        f"terms at {term.angle_deg:g} degrees",
    )
    part = Contribution("neutron", "protons", bare, dose / bare if bare else 0.0, dose, 0.0, (step,))
    needed = solve_thickness_m(lambda thickness_m: dose_at(thickness_m)[0], task.limit_msv)
    return Judged((part,), dose, task.limit_msv, needed, thickness)


def _find_terms(task: ProtonTask, loss: Loss) -> Sequence[SourceTerm]:
    terms = sorted(loss.terms, key=lambda term: term.angle_deg)
    angles = [term.angle_deg for term in terms]
    if not angles[0] <= task.angle_deg <= angles[-1]:
        raise InputError(
            code="DES-111",
            where=task.where,
            got=f"{task.angle_deg:g} degrees",
            expected=f"an angle of the source terms, {angles[0]:g} to {angles[-1]:g} degrees",
            fix="bring source terms at that angle",
        )
    after = bisect_left(angles, task.angle_deg)
    return terms[after : after + 1] if angles[after] == task.angle_deg else terms[after - 1 : after + 1]
