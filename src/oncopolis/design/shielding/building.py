"""From what a file says to what the equations ask for."""

from collections.abc import Iterable, Mapping

from oncopolis.design.shielding.attenuation import TABLES, Own, OwnMaterial
from oncopolis.design.shielding.beams import Beam, compute_leakage_gy
from oncopolis.design.shielding.definition import Bunker, Machine, OwnLimits
from oncopolis.design.shielding.definition import OwnMaterial as MaterialDefinition
from oncopolis.design.shielding.facts import get_fact
from oncopolis.design.shielding.layer_definition import LayerDefinition
from oncopolis.design.shielding.layers import Layer, Tvl
from oncopolis.design.shielding.neutrons import NeutronSource
from oncopolis.design.shielding.reading import ReadBunker
from oncopolis.evidence import get_table
from oncopolis.foundation.units import CM_PER_M


def to_own(materials: Mapping[str, MaterialDefinition]) -> Own:
    """Return the materials of a project as the equations take them."""
    return {
        name: OwnMaterial(
            density_kg_m3=material.density_kg_m3,
            source=material.source,
            primary=_to_tvls(material.primary, material.source),
            leakage=_to_tvls(material.leakage, material.source),
            scatter=_to_tvls(material.scatter, material.source),
        )
        for name, material in materials.items()
    }


def _to_tvls(layers: Mapping[float, tuple[float, float]], source: str) -> dict[float, Tvl]:
    return {
        mv: Tvl(first / CM_PER_M, following / CM_PER_M, source) for mv, (first, following) in layers.items()
    }


def to_layers(bunker: Bunker, layers: Iterable[LayerDefinition]) -> tuple[Layer, ...]:
    """Return layers in metres, with the density of the table or of the material where none is stated."""
    return tuple(
        Layer(
            layer.material,
            layer.cm / CM_PER_M,
            layer.density_kg_m3 or _find_density(bunker, layer.material),
        )
        for layer in layers
    )


def _find_density(bunker: Bunker, material: str) -> float:
    own = bunker.materials.get(material)
    return own.density_kg_m3 if own is not None else get_fact(f"density.{material}")


def to_beams(read: ReadBunker, planned_gy: float | None) -> dict[str, Beam]:
    """Return the beams with their workload; `planned_gy` is that of the machine, if it is from a plan."""
    machine = read.bunker.machine
    if machine is None:
        return {}
    beams = {}
    for name, beam in machine.beams.items():
        workload = beam.workload_gy_week
        if workload is None:
            workload = (planned_gy or 0.0) * (beam.share or 0.0)
        beams[name] = Beam(
            name=name,
            mv=beam.mv,
            workload_gy=workload,
            leakage_gy=compute_leakage_gy(workload, beam.imrt_share, beam.imrt_factor),
            dose_rate_gy_h=beam.dose_rate_gy_h,
            scatter_fraction=beam.scatter_fraction,
            is_flattened=not beam.fff,
            where=read.where("machine", "beams", name, "mv"),
        )
    return beams


def to_sources(machine: Machine) -> dict[str, NeutronSource]:
    """Return the neutrons of each beam that has some stated or tabled."""
    if machine.neutrons is None:
        return {}
    if not isinstance(machine.neutrons, str):
        return {
            name: NeutronSource(own.per_gray, own.dose_msv_gy, own.source)
            for name, own in machine.neutrons.items()
        }
    yields, doses = get_table(TABLES, "neutron_yield"), get_table(TABLES, "neutron_dose")
    sources = {}
    for name, beam in machine.beams.items():
        per_gray = yields.find(machine.neutrons, beam.mv)
        if per_gray is not None:
            clause = f"NCRP 151, {yields.locator}, {machine.neutrons.replace('_', ' ')}"
            sources[name] = NeutronSource(per_gray, doses.find(machine.neutrons, beam.mv), clause)
    return sources


def get_limit_msv(bunker: Bunker, area: str) -> float:
    """Return the weekly limit of an area."""
    if isinstance(bunker.limits, OwnLimits):
        return float(getattr(bunker.limits, area))
    return get_fact(f"goal.{bunker.limits}.{area}")


def get_occupancy(bunker: Bunker, occupancy: str | float) -> float:
    """Return the share of the time somebody is there, as the limits in force count it."""
    if bunker.limits == "aerb":
        return get_fact("aerb.occupancy")
    return get_fact(f"occupancy.{occupancy}") if isinstance(occupancy, str) else occupancy
