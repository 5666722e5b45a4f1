"""`MazeDefinition`: what a file may say of a maze and its door."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from oncopolis.design.shielding.fields import (
    AreaKind,
    Centimetres,
    HalfCircle,
    Metres,
    Reflected,
    Share,
    Slant,
    SquareMetres,
    Words,
)
from oncopolis.design.shielding.layer_definition import LayerDefinition
from oncopolis.foundation import Frozen


class MazeNeutrons(Frozen):
    """The way of neutrons by figure 2.8 of NCRP 151."""

    d1_m: Metres
    """Isocentre to the point of the maze from which it is just seen."""
    d2_m: Metres
    """From there along the maze to the door."""
    room_m2: SquareMetres
    """Surface of the room, floor and ceiling included."""
    inner_m2: SquareMetres
    """Cross-section of the inner opening."""
    maze_m2: SquareMetres
    """Cross-section along the maze."""
    turns: Annotated[int, Field(ge=1, le=2)] = 1
    """Turns of the maze."""


class MazeDefinition(Frozen):
    """A maze by figure 2.7 of NCRP 151, and its door."""

    label: Words
    """What it is called."""
    area: AreaKind
    """Which limit holds outside the door."""
    occupancy: str | Share
    """As of a point."""
    use: Annotated[float, Field(gt=0, le=1)]
    """Share of the workload aimed at the wall that scatters into the maze."""
    dh_m: Metres
    """Target to that wall."""
    dr_m: Metres
    """From there to the middle of the maze's inner end."""
    dz_m: Metres
    """From there along the maze to the door."""
    dsec_m: Metres
    """Patient to the part of the wall that the door sees."""
    dsec_target_m: Metres | None = None
    """Target to the same place; as from the patient if left out."""
    dzz_m: Metres
    """From there along the maze to the door."""
    dl_m: Metres
    """Target to the door, straight through the inner wall."""
    az_m2: SquareMetres
    """Cross-section of the maze's inner end."""
    a1_m2: SquareMetres
    """The part of the wall that the door sees."""
    a0_m2: SquareMetres | None = None
    """Field on the wall; from the largest field and `dh_m` if left out."""
    height_m: Metres | None = None
    """Height of the maze, to see whether the method holds."""
    width_m: Metres | None = None
    """Width of the maze, to see whether the method holds."""
    incidence_deg: Literal[0, 45] = 0
    """Angle at which the beam meets the wall."""
    reflection_deg: Reflected = 75.0  # structure: the angle the report's method is drawn for
    """Angle at which it leaves the wall."""
    scatter_deg: HalfCircle = 45.0  # structure: as in the worked example of the report
    """Angle of patient scatter towards the maze."""
    inner_wall: str
    """Barrier between the room and the maze."""
    slant_deg: Slant = 0.0
    """Angle at which the way to the door goes through it."""
    door: tuple[LayerDefinition, ...] = ()
    """Lead, polyethylene, steel; from the maze outwards."""
    scattered_lead_tvl_cm: Centimetres | None = None
    """Tenth-value layer of lead for what is scattered along the maze, if known."""
    scattered_lead_source: str | None = None
    """Where it comes from."""
    neutrons: MazeNeutrons | None = None
    """Needed above 10 MV."""

    @model_validator(mode="after")
    def _is_sourced(self) -> "MazeDefinition":
        if (self.scattered_lead_tvl_cm is None) != (self.scattered_lead_source is None):
            raise ValueError("`scattered_lead_tvl_cm` and `scattered_lead_source` together, or neither")
        return self
