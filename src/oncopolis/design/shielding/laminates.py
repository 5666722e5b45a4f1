"""Metal in a primary barrier above 10 MV: its neutrons and the photons they bring, equations 2.5 and 2.6."""

from collections.abc import Sequence
from dataclasses import replace

from oncopolis.design.shielding.attenuation import Own, get_tvl
from oncopolis.design.shielding.beams import Beam, Contribution
from oncopolis.design.shielding.facts import get_fact, list_facts
from oncopolis.design.shielding.layers import DECADE, Layer, compute_decades
from oncopolis.design.shielding.working import Step, show, times
from oncopolis.foundation.units import MSV_PER_SV

NEUTRONS_ABOVE_MV = 10.0  # structure: NCRP 151 section 2.4 treats machines above 10 MV apart

_METALS = ("steel", "lead")


def compute_laminate(
    through: Contribution,
    layers: Sequence[Layer],
    beam: Beam,
    own: Own,
    *,
    use: float,
    occupancy: float,
    field_m2: float,
) -> list[Contribution]:
    """Return what comes through a primary barrier with what its metal adds; unchanged without metal.

    Parameters
    ----------
    through
        The primary beam behind the barrier.
    layers
        From the source outwards.
    beam
        Its energy decides.
    own
        Materials described by the project.
    use, occupancy
        Factors of the barrier and the point.
    field_m2
        Largest field at the isocentre.
    """
    metals = [i for i, layer in enumerate(layers) if layer.material in _METALS and layer.thickness_m > 0]
    if beam.mv <= NEUTRONS_ABOVE_MV or not metals:
        return [through]
    factor = get_fact("laminate.photons")
    step = Step(
        "H_ph",
        "2.7 H",
        times(factor, through.dose_msv / MSV_PER_SV),
        factor * through.dose_msv / MSV_PER_SV,
        "Sv/week",
        "NCRP 151, equation 2.6",
        "metal in a beam above 10 MV",
    )
    photons = replace(
        through,
        dose_msv=factor * through.dose_msv,
        per_gray_sv=factor * through.per_gray_sv,
        steps=(*through.steps, step),
    )
    return [photons, *(_list_neutrons(i, layers, beam, own, use, occupancy, field_m2) for i in metals)]


def _list_neutrons(
    metal: int, layers: Sequence[Layer], beam: Beam, own: Own, use: float, occupancy: float, field_m2: float
) -> Contribution:
    made, note = _get_production(layers[metal].material, beam.mv)
    before = [
        (layer.thickness_m, get_tvl("primary", layer, beam.mv, own, beam.where)) for layer in layers[:metal]
    ]
    after_m = sum(layer.thickness_m for layer in layers[metal + 1 :])
    concrete_m = sum(layer.thickness_m for layer in layers[metal + 1 :] if layer.material == "concrete")
    weakened = DECADE ** -compute_decades(before)
    tvl = get_fact("neutron.tvl_concrete")
    shielded = DECADE ** -(concrete_m / tvl)
    aimed_gy = beam.workload_gy * use * occupancy
    distance = layers[metal].thickness_m / 2 + after_m + get_fact("beyond")
    per_gray = made * field_m2 / distance**2 * weakened * shielded
    dose = aimed_gy * per_gray * MSV_PER_SV
    step = Step(
        "H_n",
        "D_0 R F_max 10^-(t1/TVLx) 10^-(t2/TVLn) / (t_m/2 + t2 + 0.3)^2",
        f"{times(aimed_gy, made, field_m2, weakened, shielded)} / {show(distance)}^2",
        dose / MSV_PER_SV,
        "Sv/week",
        "NCRP 151, equation 2.5",
        note,
    )
    open_msv = aimed_gy * made * field_m2 / distance**2 * weakened * MSV_PER_SV
    return Contribution(
        "neutron", beam.name, open_msv, shielded, dose, per_gray, (step,), (note,) if note else ()
    )


def _get_production(metal: str, mv: float) -> tuple[float, str]:
    """Return the neutrons of a metal; of an energy not measured, those of the next higher one measured."""
    measured = {
        float(name.removeprefix(f"{metal}_")): value
        for name, value in list_facts("laminate").items()
        if name.startswith(f"{metal}_")
    }
    higher = [energy for energy in sorted(measured) if energy >= mv]
    energy = higher[0] if higher else max(measured)
    if energy == mv:
        return measured[energy], ""
    return measured[energy], f"no measurement of {metal} at {mv:g} MV: that at {energy:g} MV" + (
        "" if higher else ", which may be too little"
    )
