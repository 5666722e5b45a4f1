"""`Bunker`: what a file for `oncopolis shield` may say."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator

from oncopolis.design.shielding.fields import (
    AreaKind,
    Density,
    FieldSide,
    HalfCircle,
    Metres,
    Place,
    Positive,
    Share,
    Slant,
    Words,
)
from oncopolis.design.shielding.layer_definition import LayerDefinition
from oncopolis.design.shielding.maze_definition import MazeDefinition
from oncopolis.foundation import Frozen


class OwnLimits(Frozen):
    """Weekly limits of the country, with their source."""

    controlled: Positive
    """mSv a week where radiation workers are."""
    uncontrolled: Positive
    """mSv a week where others are."""
    source: Words
    """Regulation and clause."""


class PlanWorkload(Frozen):
    """Workload from the plan of a project: its fractions, spread over its machines and working days."""

    model_config = ConfigDict(populate_by_name=False)

    start: Literal["plan"] = Field(alias="from")
    """``plan``."""
    dose_per_fraction_gy: Positive
    """Dose of a mean fraction at the isocentre, quality assurance included."""
    source: Words
    """Where that dose comes from."""
    measure: str = "fractions"
    """Measure of the plan that counts fractions."""
    resource: str = "linac"
    """Resource of the plan that gives them."""


class BeamDefinition(Frozen):
    """One energy of a machine."""

    mv: Positive
    """Nominal energy."""
    fff: bool = False
    """Without a flattening filter; the tables of the report are for flattened beams."""
    workload_gy_week: Positive | None = None
    """Dose a week at the isocentre."""
    share: Share | None = None
    """Share of the plan's workload given with it, where the workload is from the plan."""
    imrt_share: Share = 0.0
    """Share of its workload given with intensity modulation."""
    imrt_factor: Annotated[float, Field(ge=1)] = 1.0
    """Monitor units of modulated over those of plain treatment for the same dose."""
    dose_rate_gy_h: Positive | None = None
    """Highest dose rate at the isocentre; needed where a rule limits dose rates."""
    scatter_fraction: Positive | None = None
    """Share of the dose scattered to every point asked for, in place of the table."""
    scatter_source: str | None = None
    """Where that share comes from."""

    @model_validator(mode="after")
    def _is_sourced(self) -> "BeamDefinition":
        if (self.scatter_fraction is None) != (self.scatter_source is None):
            raise ValueError("`scatter_fraction` and `scatter_source` together, or neither")
        return self


class OwnNeutrons(Frozen):
    """Neutrons of a machine, with their source."""

    per_gray: Positive
    """Neutrons per gray of photons at the isocentre."""
    dose_msv_gy: Positive | None = None
    """Neutron dose 1.41 m from the target per gray."""
    source: Words
    """Vendor's document or measurement."""


class Machine(Frozen):
    """A linear accelerator."""

    model: Words
    """What it is called."""
    beams: Annotated[dict[str, BeamDefinition], Field(min_length=1)]
    """Its energies."""
    workload: PlanWorkload | None = None
    """Set where the workload is from the plan of a project."""
    field_cm: FieldSide = 40.0  # structure: the largest field of common accelerators
    """Side of the largest field at the isocentre."""
    head: Literal["lead", "tungsten"] = "lead"
    """What the head is shielded with; lead lets all neutrons through."""
    neutrons: str | dict[str, OwnNeutrons] | None = None
    """Machine of NCRP 151 table B.9, or the neutrons of each beam above 10 MV."""


class OwnMaterial(Frozen):
    """A material that has no table, with its source."""

    density_kg_m3: Density
    """Density for which the layers hold."""
    source: Words
    """Supplier's document or measurement."""
    primary: dict[float, tuple[Positive, Positive]] = {}
    """MV -> first and further tenth-value layers in cm."""
    leakage: dict[float, tuple[Positive, Positive]] = {}
    """The same for leakage; that of the primary beam if left out."""
    scatter: dict[float, tuple[Positive, Positive]] = {}
    """The same for patient scatter; that of the primary beam if left out."""


class Barrier(Frozen):
    """A wall, floor or ceiling."""

    label: Words
    """What it is called."""
    kind: Literal["primary", "secondary", "proton"]
    """Hit by the useful beam, by scatter and leakage only, or by neutrons of stopped protons."""
    layers: tuple[LayerDefinition, ...] = ()
    """From the room outwards."""
    wall: str | None = None
    """In place of layers: GlobalId or name of a wall of the model, whose thickness and density count."""
    material: str = "concrete"
    """What that wall is made of."""
    inner: tuple[Place, Place] | None = None
    """Ends of its inner face on the plan, in m from the isocentre."""

    @model_validator(mode="after")
    def _is_made_of_something(self) -> "Barrier":
        if bool(self.layers) == (self.wall is not None):
            raise ValueError("either `layers`, or `wall` with a model")
        return self


class Point(Frozen):
    """Somebody behind a barrier."""

    label: Words
    """What is there."""
    behind: str
    """Name of the barrier."""
    area: AreaKind
    """Which limit holds."""
    occupancy: str | Share
    """A share, or full, adjacent_room, corridor, vault_door, occasional, transient."""
    at: Place | None = None
    """Place on the plan, 0.3 m beyond the barrier, in m from the isocentre."""
    distance_m: Metres | None = None
    """From the isocentre (protons: from where they stop), if `at` is not stated."""
    slant_deg: Slant | None = None
    """Angle between the way to the point and the normal of the wall; from the plan if left out."""
    use: Annotated[float, Field(gt=0, le=1)] | None = None
    """Share of the workload aimed at a primary barrier; of a secondary one, scattered at the angle."""
    scatter_deg: HalfCircle | None = None
    """Angle between the beam and the way to the point; of a secondary barrier."""
    angle_deg: HalfCircle | None = None
    """Angle to the proton beam; of a proton barrier."""


class TermDefinition(Frozen):
    """Source terms at one angle."""

    angle_deg: HalfCircle
    """To the beam."""
    h1_sv_m2: Share
    """Per proton."""
    lambda1_g_cm2: Positive
    """Attenuation length of the first part."""
    h2_sv_m2: Share
    """Per proton."""
    lambda2_g_cm2: Positive
    """Attenuation length of the second part."""


class Protons(Frozen):
    """Protons that stop in one place, and the cited table for the neutrons they make."""

    label: Words
    """Where they stop."""
    energy_mev: Positive
    """Energy for which the terms hold."""
    per_week: Positive
    """Protons a week."""
    material: str
    """Material of the shield for which the terms hold."""
    source: Words
    """Publication, table and page of the terms; there are none built in."""
    terms: Annotated[tuple[TermDefinition, ...], Field(min_length=1)]
    """By angle."""


class Bunker(Frozen):
    """A treatment room, its machine, its barriers and the people behind them."""

    name: Words
    """What it is called."""
    about: str = ""
    """One or two sentences."""
    limits: Literal["ncrp", "aerb", "iaea"] | OwnLimits
    """Weekly limits: of a report or regulator of the package, or the country's own."""
    rates: tuple[Literal["ncrp", "uk"], ...] = ()
    """Rules about dose rates that hold besides."""
    machine: Machine | None = None
    """A linear accelerator."""
    protons: Protons | None = None
    """Protons that stop in one place."""
    materials: dict[str, OwnMaterial] = {}
    """Materials that have no table."""
    barriers: Annotated[dict[str, Barrier], Field(min_length=1)]
    """Walls, floors and ceilings."""
    points: Annotated[dict[str, Point], Field(min_length=1)]
    """People behind them."""
    mazes: dict[str, MazeDefinition] = {}
    """Mazes with their doors."""
