"""What a bunker weighs: for the slab below it, from density and dimensions alone."""

from collections.abc import Iterable

from oncopolis.design.shielding.facts import get_fact
from oncopolis.design.shielding.layers import Layer


def get_density_kg_m3(material: str) -> float:
    """Return the density that the tables assume for concrete, steel, lead or polyethylene.

    Raises
    ------
    EvidenceError
        For any other material.
    """
    return get_fact(f"density.{material}")


def compute_area_load_kg_m2(layers: Iterable[Layer]) -> float:
    """Return the weight of a square metre of a barrier seen from the room.

    Of a ceiling this is the load on a square metre of what carries it.
    """
    return sum(layer.thickness_m * layer.density_kg_m3 for layer in layers)


def compute_line_load_kg_m(layers: Iterable[Layer], height_m: float) -> float:
    """Return the weight of a running metre of a wall of that height."""
    return compute_area_load_kg_m2(layers) * height_m


def compute_footing_load_kg_m2(height_m: float, density_kg_m3: float) -> float:
    """Return the weight that stands on a square metre of floor under a wall of one material."""
    return height_m * density_kg_m3
