"""Neutrons and their capture gammas at the end of a maze, equations 2.15 to 2.21 of NCRP 151."""

import math
from dataclasses import dataclass

from oncopolis.design.shielding.beams import Beam, Contribution
from oncopolis.design.shielding.facts import get_fact
from oncopolis.design.shielding.layers import DECADE
from oncopolis.design.shielding.working import Step, show, times
from oncopolis.foundation.units import MSV_PER_SV

_FAR_FROM_MV = 15.0  # structure: equation 2.15 has one distance at 15 MV and one from 18 MV on


@dataclass(frozen=True)
class NeutronSource:
    """What the head of a machine sends out, per gray of photons at the isocentre."""

    per_gray: float
    """Neutrons."""
    dose_msv_gy: float | None
    """Neutron dose at 1.41 m from the target, for the method of Kersey."""
    source: str


@dataclass(frozen=True)
class NeutronPath:
    """The way of neutrons by figure 2.8 of NCRP 151."""

    sources: dict[str, NeutronSource]
    """Name of the beam -> what it sends out."""
    d1_m: float
    """Isocentre to the point of the maze's centre line from which it is just seen."""
    d2_m: float
    """From there along the maze to the door."""
    room_m2: float
    """Surface of the treatment room, floor and ceiling included."""
    inner_m2: float
    """Cross-section of the maze's inner opening."""
    maze_m2: float
    """Cross-section along the maze."""
    head: str = "lead"
    turns: int = 1


def list_neutrons(path: NeutronPath, beam: Beam, occupancy: float) -> list[Contribution]:
    """Return capture gammas and neutrons at the door for one beam.

    Of the two methods for neutrons the one that gives more is taken, where both can be used.
    """
    source = path.sources[beam.name]
    fluence = _compute_fluence(path, source)
    methods = [_follow_wu(path, fluence.value)]
    if source.dose_msv_gy is not None:
        methods.append(_follow_kersey(path, source.dose_msv_gy))
    chosen = max(methods, key=lambda steps: steps[-1].value)
    others = [steps[-1] for steps in methods if steps is not chosen]
    gammas = [fluence, _compute_gammas(path, beam, fluence.value)]
    return [
        _sum_up("capture gamma", beam, occupancy, gammas),
        _sum_up("neutron", beam, occupancy, [fluence, *others, *chosen]),
    ]


def _sum_up(kind: str, beam: Beam, occupancy: float, steps: list[Step]) -> Contribution:
    per_gray = steps[-1].value
    dose = beam.leakage_gy * occupancy * per_gray * MSV_PER_SV
    clause, note = "NCRP 151, equation 2.17", ""
    if kind == "neutron":
        clause, note = "NCRP 151, equation 2.21", f"the method that gives more: {steps[-1].clause}"
    numbers = times(beam.leakage_gy, occupancy, per_gray)
    total = Step("H_door", f"W_L T {steps[-1].symbol}", numbers, dose / MSV_PER_SV, "Sv/week", clause, note)
    return Contribution(kind, beam.name, dose, 1.0, dose, per_gray, (*steps, total))


def _compute_fluence(path: NeutronPath, source: NeutronSource) -> Step:
    beta, q = get_fact(f"neutron.head.{path.head}"), source.per_gray
    scattered, thermal = get_fact("neutron.scattered"), get_fact("neutron.thermal")
    sphere, half = 4 * math.pi * path.d1_m**2, 2 * math.pi * path.room_m2  # structure: surface of a sphere
    value = beta * q / sphere + scattered * beta * q / half + thermal * q / half
    return Step(
        "phi_A",
        "beta Q_n / (4 pi d1^2) + 5.4 beta Q_n / (2 pi S_r) + 1.3 Q_n / (2 pi S_r)",
        f"{times(beta, q)} / (4 pi {show(path.d1_m)}^2)"
        f" + ({show(scattered * beta)} + {show(thermal)}) x {show(q)} / (2 pi {show(path.room_m2)})",
        value,
        "1/m2/Gy",
        "NCRP 151, equation 2.16",
        f"source of neutrons: {source.source}",
    )


def _compute_gammas(path: NeutronPath, beam: Beam, fluence: float) -> Step:
    k = get_fact("capture.per_fluence")
    tvd = get_fact(f"capture.tvd.{'18' if beam.mv > _FAR_FROM_MV else '15'}")
    value = k * fluence * DECADE ** (-path.d2_m / tvd)
    numbers = f"{times(k, fluence)} x 10^(-{show(path.d2_m)} / {show(tvd)})"
    return Step("h_phi", "K phi_A 10^(-d2 / TVD)", numbers, value, "Sv/Gy", "NCRP 151, equation 2.15")


def _turn(path: NeutronPath) -> float:
    """Return what a second turn leaves."""
    return get_fact("neutron.second_turn") ** (path.turns - 1)


def _follow_wu(path: NeutronPath, fluence: float) -> list[Step]:
    k, short = get_fact("neutron.per_fluence"), get_fact("neutron.short")
    quick, per_root = get_fact("neutron.tvd_short"), get_fact("neutron.tvd_per_root")
    tvd, turn = per_root * math.sqrt(path.maze_m2), _turn(path)
    ratio = math.sqrt(path.inner_m2 / path.maze_m2)
    value = (
        k * fluence * ratio * turn * (short * DECADE ** (-path.d2_m / quick) + DECADE ** (-path.d2_m / tvd))
    )
    numbers = (
        f"{times(k, fluence)} x sqrt({show(path.inner_m2)} / {show(path.maze_m2)})"
        f" x ({show(short)} x 10^(-{show(path.d2_m)} / {show(quick)})"
        f" + 10^(-{show(path.d2_m)} / {show(tvd)}))" + (f" x {show(turn)}" if path.turns > 1 else "")
    )
    return [
        Step(
            "TVD",
            "2.06 sqrt(S_1)",
            f"{show(per_root)} x sqrt({show(path.maze_m2)})",
            tvd,
            "m",
            "NCRP 151, equation 2.20",
        ),
        Step(
            "h_n",
            "2.4e-15 phi_A sqrt(S_0/S_1) (1.64 10^(-d2/1.9) + 10^(-d2/TVD))",
            numbers,
            value,
            "Sv/Gy",
            "NCRP 151, equation 2.19 (Wu and McGinley)",
        ),
    ]


def _follow_kersey(path: NeutronPath, dose_msv_gy: float) -> list[Step]:
    d0, tvd, turn = get_fact("neutron.reference"), get_fact("neutron.tvd_kersey"), _turn(path)
    h0 = dose_msv_gy / MSV_PER_SV
    value = h0 * path.inner_m2 / path.maze_m2 * (d0 / path.d1_m) ** 2 * DECADE ** (-path.d2_m / tvd) * turn
    numbers = (
        f"{show(h0)} x ({show(path.inner_m2)} / {show(path.maze_m2)}) x ({show(d0)} / {show(path.d1_m)})^2"
        f" x 10^(-{show(path.d2_m)} / {show(tvd)})" + (f" x {show(turn)}" if path.turns > 1 else "")
    )
    return [
        Step(
            "h_n",
            "H_0 (S_0/S_1) (d_0/d_1)^2 10^(-d2/5)",
            numbers,
            value,
            "Sv/Gy",
            "NCRP 151, equation 2.18 (Kersey)",
        )
    ]
