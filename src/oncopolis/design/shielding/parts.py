"""The parts of a dose behind a barrier, by equations 2.1 to 2.8 of NCRP 151, with their working."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from oncopolis.design.shielding.attenuation import Own, Radiation, get_scatter_fraction, get_tvl
from oncopolis.design.shielding.beams import Beam, Contribution
from oncopolis.design.shielding.facts import get_fact
from oncopolis.design.shielding.laminates import compute_laminate
from oncopolis.design.shielding.layers import (
    DECADE,
    Layer,
    Tvl,
    compute_decades,
    compute_thickness_m,
    stretch,
)
from oncopolis.design.shielding.working import Step, show, times
from oncopolis.foundation.units import CM_PER_M, MSV_PER_SV

Kind = Literal["primary", "secondary"]


@dataclass(frozen=True)
class Task:
    """A barrier, the point behind it, and what is asked of it."""

    kind: Kind
    layers: tuple[Layer, ...]
    distance_m: float
    """From the isocentre to the point."""
    occupancy: float
    limit_msv: float
    """Of a week."""
    use: float = 1.0
    """Share of the workload aimed at the barrier; of a secondary one, the share scattered at the angle."""
    scatter_deg: float = 90.0  # structure: the wall at right angles to the beam
    """Angle between the beam and the way to the point."""
    slant_deg: float = 0.0
    """Angle between the way to the point and the normal of the wall."""
    field_m2: float = 0.16  # structure: the largest field, 40 cm by 40 cm, if nothing else is said
    own: Own = field(default_factory=dict)
    where: str = ""


@dataclass(frozen=True)
class _Quotient:
    """A dose without its barrier as a quotient, in symbols and in numbers."""

    over: str
    over_numbers: str
    under: str
    under_numbers: str
    clause: str


def find_main(layers: Sequence[Layer]) -> int:
    """Return which layer is varied: the thickest."""
    return max(range(len(layers)), key=lambda i: layers[i].thickness_m)


def list_contributions(task: Task, beams: Sequence[Beam]) -> list[Contribution]:
    """List the parts of the dose behind a barrier."""
    if task.kind == "secondary":
        return [part for beam in beams for part in (_scatter(task, beam), _leak(task, beam))]
    return [
        part
        for beam in beams
        for part in compute_laminate(
            _aim(task, beam),
            task.layers,
            beam,
            task.own,
            use=task.use,
            occupancy=task.occupancy,
            field_m2=task.field_m2,
        )
    ]


def _aim(task: Task, beam: Beam) -> Contribution:
    target, clause = get_fact("target"), "NCRP 151, equation 2.1"
    d, w, u, t = task.distance_m + target, beam.workload_gy, task.use, task.occupancy
    first = Step("d", "d_iso + d_target", f"{show(task.distance_m)} + {show(target)}", d, "m", clause)
    quotient = _Quotient("W U T", times(w, u, t), "d^2", f"{show(d)}^2", clause)
    return _finish("primary", task, beam, (w * u, 1 / d**2), quotient, [first])


def _scatter(task: Task, beam: Beam) -> Contribution:
    if beam.scatter_fraction is None:
        a, source, note = get_scatter_fraction(beam.mv, task.scatter_deg, task.where or beam.where)
    else:
        a, source, note = beam.scatter_fraction, "stated by the project", ""
    near, far, w, u, t = get_fact("target"), task.distance_m, beam.workload_gy, task.use, task.occupancy
    size = task.field_m2 / get_fact("field")
    what = f"scatter at {task.scatter_deg:g} degrees, {beam.mv:g} MV"
    quotient = _Quotient(
        "a W U T F/400",
        times(a, w, u, t, size),
        "d_sca^2 d_sec^2",
        f"({show(near)}^2 x {show(far)}^2)",
        "NCRP 151, equation 2.7",
    )
    first = Step("a", what, show(a), a, "", source, note)
    return _finish("scatter", task, beam, (w * u, a * size / (near * far) ** 2), quotient, [first])


def _leak(task: Task, beam: Beam) -> Contribution:
    leak, d, w, t = get_fact("leakage"), task.distance_m, beam.leakage_gy, task.occupancy
    first = Step(
        "W_L",
        "W (1 - s + s C_I)",
        f"of W = {show(beam.workload_gy)} Gy/week",
        w,
        "Gy/week",
        "NCRP 151, section 3.2.2",
    )
    quotient = _Quotient(
        "10^-3 W_L T",
        times(leak, w, t),
        "d_L^2",
        f"{show(d)}^2",
        "NCRP 151, equation 2.8",
    )
    return _finish("leakage", task, beam, (w, leak / d**2), quotient, [first])


def _finish(
    radiation: Radiation,
    task: Task,
    beam: Beam,
    dose: tuple[float, float],
    quotient: _Quotient,
    steps: list[Step],
) -> Contribution:
    """Put the barrier before an open dose: `dose` is Gy a week aimed, and Sv per gray at the point."""
    aimed_gy, per_gray = dose
    open_sv = aimed_gy * per_gray * task.occupancy
    longer = stretch(task.slant_deg)
    tvls = [
        get_tvl(radiation, layer, beam.mv, task.own, beam.where, task.scatter_deg) for layer in task.layers
    ]
    ways = [layer.thickness_m * longer for layer in task.layers]
    decades = compute_decades(zip(ways, tvls, strict=True))
    transmission = DECADE**-decades
    shown = [
        *steps,
        *_ask(task, tvls[find_main(task.layers)], open_sv, quotient),
        *(_go_through(*way, longer) for way in zip(task.layers, tvls, strict=True)),
        Step("n", "sum over layers", show(decades), decades, "", "NCRP 151, equation 2.3, solved for n"),
        Step("B", "10^-n", f"10^-{show(decades)}", transmission, "", "NCRP 151, equation 2.2"),
        Step(
            "H",
            f"{quotient.over} B / {quotient.under}",
            f"{quotient.over_numbers} x {show(transmission)} / {quotient.under_numbers}",
            open_sv * transmission,
            "Sv/week",
            quotient.clause,
        ),
    ]
    return Contribution(
        kind=radiation,
        beam=beam.name,
        open_msv=open_sv * MSV_PER_SV,
        transmission=transmission,
        dose_msv=open_sv * transmission * MSV_PER_SV,
        per_gray_sv=per_gray * transmission,
        steps=tuple(shown),
        notes=tuple(dict.fromkeys(note for note in (steps[0].note, *(tvl.note for tvl in tvls)) if note)),
    )


def _go_through(layer: Layer, tvl: Tvl, longer: float) -> Step:
    first, following = show(tvl.first_m * CM_PER_M), show(tvl.next_m * CM_PER_M)
    layers = f"TVL1 {first} cm, TVLe {following} cm" if math.isfinite(tvl.first_m) else "not counted on"
    return Step(
        "t",
        f"way through {layer.material}",
        f"{show(layer.thickness_m * CM_PER_M)} cm x {show(longer)}",
        layer.thickness_m * longer * CM_PER_M,
        "cm",
        tvl.clause,
        "; ".join(filter(None, (layers, tvl.note))),
    )


def _ask(task: Task, tvl: Tvl, open_sv: float, quotient: _Quotient) -> list[Step]:
    """Return what this part alone would ask of the main layer's material, as the textbook goes about it."""
    if open_sv <= 0:
        return []
    limit_sv = task.limit_msv / MSV_PER_SV
    wanted = limit_sv / open_sv
    formula, numbers = f"P {quotient.under} / ({quotient.over})", f"({quotient.over_numbers})"
    steps = [
        Step(
            "B_needed",
            formula,
            f"{show(limit_sv)} x {quotient.under_numbers} / {numbers}",
            wanted,
            "",
            quotient.clause,
            "for this part alone",
        )
    ]
    if wanted >= 1 or math.isinf(tvl.first_m):
        return steps
    n, thickness_m = -math.log10(wanted), compute_thickness_m(wanted, tvl)
    first, following = show(tvl.first_m * CM_PER_M), show(tvl.next_m * CM_PER_M)
    filled = f"{first} + ({show(n)} - 1) x {following}" if n > 1 else f"{show(n)} x {first}"
    material = task.layers[find_main(task.layers)].material
    return [
        *steps,
        Step("n_needed", "log10(1/B_needed)", f"log10(1/{show(wanted)})", n, "", "NCRP 151, equation 2.2"),
        Step(
            "t_needed",
            "TVL1 + (n - 1) TVLe",
            filled,
            thickness_m * CM_PER_M,
            "cm",
            "NCRP 151, equation 2.3",
            f"of {material} alone, for this part alone",
        ),
    ]
