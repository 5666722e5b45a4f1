"""`LayerDefinition`: what a file may say of a layer."""

from oncopolis.design.shielding.fields import Centimetres, Density
from oncopolis.foundation import Frozen


class LayerDefinition(Frozen):
    """One layer, in the order in which radiation meets them."""

    material: str
    """``concrete``, ``steel``, ``lead``, ``polyethylene``, or one of `materials`."""
    cm: Centimetres
    """Thickness."""
    density_kg_m3: Density | None = None
    """Density as built; that of the table if left out."""
