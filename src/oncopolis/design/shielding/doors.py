"""What a maze door takes away of each part of the dose."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from oncopolis.design.shielding.beams import Contribution
from oncopolis.design.shielding.facts import get_fact
from oncopolis.design.shielding.layers import DECADE, Layer
from oncopolis.design.shielding.working import Step, show, times
from oncopolis.foundation.units import CM_PER_M, MSV_PER_SV

_SCATTERED = ("wall scatter", "leakage scatter", "patient scatter")
_CLAUSE = "NCRP 151, section 2.4.3"


@dataclass(frozen=True)
class DoorTvl:
    """Lead for what is scattered along the maze, if the project knows it."""

    scattered_lead_m: float | None = None
    source: str = ""


def compute_door(part: Contribution, layers: Sequence[Layer], own: DoorTvl) -> Contribution:
    """Return a part of the dose behind the door.

    Lead weakens photons, polyethylene neutrons; what a door's steel does is not counted.

    Parameters
    ----------
    part
        At the inner face of the door.
    layers
        Of the door, from the maze outwards.
    own
        What the project knows of its lead.
    """
    material = "polyethylene" if part.kind == "neutron" else "lead"
    thickness = sum(layer.thickness_m for layer in layers if layer.material == material)
    if thickness <= 0:
        return part
    tvl, clause, note = _get_tvl(part.kind, own)
    transmission = DECADE ** -(thickness / tvl)
    dose, before_sv = part.dose_msv * transmission, part.dose_msv / MSV_PER_SV
    steps = (
        Step(
            "B_door",
            f"10^-(t / TVL) of {material}",
            f"10^-({show(thickness * CM_PER_M)} / {show(tvl * CM_PER_M)})",
            transmission,
            "",
            clause,
            note,
        ),
        Step(
            "H", "H_door B_door", times(before_sv, transmission), before_sv * transmission, "Sv/week", clause
        ),
    )
    return replace(
        part,
        dose_msv=dose,
        transmission=part.transmission * transmission,
        per_gray_sv=part.per_gray_sv * transmission,
        steps=(*part.steps, *steps),
        notes=(*part.notes, note) if note else part.notes,
    )


def _get_tvl(kind: str, own: DoorTvl) -> tuple[float, str, str]:
    if kind == "neutron":
        return get_fact("neutron.tvl_polyethylene"), _CLAUSE, ""
    tvl = get_fact("capture.tvl_lead")
    if kind not in _SCATTERED:
        return tvl, _CLAUSE, ""
    if own.scattered_lead_m is not None:
        return own.scattered_lead_m, own.source, ""
    return tvl, _CLAUSE, "no figure for scattered radiation in lead: that of capture gammas, which go farther"
