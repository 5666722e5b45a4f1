"""A maze and its door: photons by equations 2.9 to 2.14 of NCRP 151, neutrons from `neutrons`."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from oncopolis.design.shielding.attenuation import Own, get_reflection, get_scatter_fraction, get_tvl
from oncopolis.design.shielding.barriers import Judged
from oncopolis.design.shielding.beams import Beam, Contribution
from oncopolis.design.shielding.doors import DoorTvl, compute_door
from oncopolis.design.shielding.facts import get_fact
from oncopolis.design.shielding.laminates import NEUTRONS_ABOVE_MV
from oncopolis.design.shielding.layers import DECADE, Layer, compute_decades, solve_thickness_m
from oncopolis.design.shielding.neutrons import NeutronPath, list_neutrons
from oncopolis.design.shielding.working import Step, show, times
from oncopolis.foundation.units import MSV_PER_SV


@dataclass(frozen=True)
class Maze:
    """A maze by the distances and areas of figure 2.7 of NCRP 151, in m and m2."""

    use: float
    """Share of the workload aimed at the wall that scatters into the maze."""
    dh_m: float
    """Target to that wall."""
    dr_m: float
    """From there to the middle of the maze's inner end."""
    dz_m: float
    """From there along the maze to the door."""
    dsec_m: float
    """Patient to the part of the wall that the door sees."""
    dsec_target_m: float
    """Target to the same place."""
    dzz_m: float
    """From there along the maze to the door."""
    dl_m: float
    """Target to the door, straight through the inner wall."""
    a0_m2: float
    """Field on the wall."""
    az_m2: float
    """Cross-section of the maze's inner end."""
    a1_m2: float
    """The part of the wall that the door sees."""
    inner_wall: tuple[Layer, ...]
    slant: float
    """Way through the inner wall over its thickness."""
    occupancy: float
    limit_msv: float
    incidence_deg: int = 0
    """Angle at which the beam meets the wall: 0 or 45."""
    reflection_deg: float = 75.0  # structure: the angle for which the report's method is drawn
    """Angle at which it leaves the wall."""
    second_reflection_deg: float = 75.0  # structure: as above
    secondary_incidence_deg: int = 45  # structure: as in the worked example of the report
    """Angle at which leakage and patient scatter meet the wall."""
    secondary_reflection_deg: float = 0.0
    scatter_deg: float = 45.0  # structure: as in the worked example of the report
    """Angle of patient scatter towards the maze."""
    field_m2: float = 0.16  # structure: the largest field, 40 cm by 40 cm
    door: tuple[Layer, ...] = ()
    door_tvl: DoorTvl = field(default_factory=DoorTvl)
    neutrons: NeutronPath | None = None
    own: Own = field(default_factory=dict)
    where: str = ""


def judge_maze(maze: Maze, beams: Sequence[Beam]) -> Judged:
    """Return the dose at the door of a maze, and how thick the door's main layer has to be.

    Raises
    ------
    InputError
        DES-107 or DES-108 for an energy or angle the tables do not have.
    """
    before = list_at_door(maze, beams)

    def at(layers: tuple[Layer, ...]) -> list[Contribution]:
        return [compute_door(part, layers, maze.door_tvl) for part in before]

    contributions = at(maze.door)
    total = sum(part.dose_msv for part in contributions)
    if not maze.door:
        needed = 0.0 if total <= maze.limit_msv else None
        return Judged(tuple(contributions), total, maze.limit_msv, needed, 0.0)
    main = max(range(len(maze.door)), key=lambda i: maze.door[i].thickness_m)

    def dose_at(thickness_m: float) -> float:
        layer = maze.door[main]
        changed = Layer(layer.material, thickness_m, layer.density_kg_m3)
        return sum(part.dose_msv for part in at((*maze.door[:main], changed, *maze.door[main + 1 :])))

    needed = solve_thickness_m(dose_at, maze.limit_msv)
    return Judged(tuple(contributions), total, maze.limit_msv, needed, maze.door[main].thickness_m)


def list_at_door(maze: Maze, beams: Sequence[Beam]) -> list[Contribution]:
    """List the parts of the dose at the inner face of the door."""
    parts: list[Contribution] = []
    for beam in beams:
        parts += _list_photons(maze, beam)
        if beam.mv > NEUTRONS_ABOVE_MV and maze.neutrons is not None:
            parts += list_neutrons(maze.neutrons, beam, maze.occupancy)
    return parts


def _list_photons(maze: Maze, beam: Beam) -> list[Contribution]:
    f = get_fact(f"maze.through_patient.{'high' if beam.mv > NEUTRONS_ABOVE_MV else 'low'}")
    walls = (
        ("wall scatter", f, beam.workload_gy, _scatter_from_wall(maze, beam)),
        ("leakage scatter", 1.0, beam.leakage_gy, _leak_to_wall(maze, beam)),
        ("patient scatter", 1.0, beam.workload_gy, _scatter_from_patient(maze, beam)),
        ("leakage through wall", 1.0, beam.leakage_gy, _leak_through(maze, beam)),
    )
    gantry = get_fact("maze.gantry")
    parts = []
    for kind, weight, workload, steps in walls:
        per_gray = weight * steps[-1].value
        dose = gantry * per_gray * workload * maze.use * maze.occupancy * MSV_PER_SV
        weights = () if weight == 1 else (weight,)
        total = Step(
            "H_door",
            "2.64 f W U_G T h" if kind == "wall scatter" else "2.64 W U_G T h",
            times(gantry, *weights, workload, maze.use, maze.occupancy, steps[-1].value),
            dose / MSV_PER_SV,
            "Sv/week",
            "NCRP 151, equations 2.13 and 2.14",
        )
        notes = tuple(dict.fromkeys(step.note for step in steps if step.note))
        parts.append(Contribution(kind, beam.name, dose, 1.0, dose, per_gray, (*steps, total), notes))
    return parts


def _scatter_from_wall(maze: Maze, beam: Beam) -> list[Step]:
    first, source, note = get_reflection(beam.mv, maze.incidence_deg, maze.reflection_deg, maze.where)
    second, soft, soft_note = get_reflection(None, 0, maze.second_reflection_deg, maze.where)
    h = first * maze.a0_m2 * second * maze.az_m2 / (maze.dh_m * maze.dr_m * maze.dz_m) ** 2
    distances = times(maze.dh_m, maze.dr_m, maze.dz_m)
    numbers = f"{times(first, maze.a0_m2, second, maze.az_m2)} / ({distances})^2"
    how = f"reflection at {maze.reflection_deg:g} degrees"
    formula = "alpha_0 A_0 alpha_z A_z / (d_h d_r d_z)^2"
    return [
        Step("alpha_0", how, show(first), first, "", source, note),
        Step("alpha_z", "second reflection, 0.5 MeV", show(second), second, "", soft, soft_note),
        Step("h_S", formula, numbers, h, "Sv/Gy", "NCRP 151, equation 2.9"),
    ]


def _leak_to_wall(maze: Maze, beam: Beam) -> list[Step]:
    reflection, source, note = get_reflection(
        beam.mv, maze.secondary_incidence_deg, maze.secondary_reflection_deg, maze.where
    )
    leak = get_fact("leakage")
    h = leak * reflection * maze.a1_m2 / (maze.dsec_target_m * maze.dzz_m) ** 2
    numbers = f"{times(leak, reflection, maze.a1_m2)} / ({times(maze.dsec_target_m, maze.dzz_m)})^2"
    how = f"reflection at {maze.secondary_reflection_deg:g} degrees"
    formula = "10^-3 alpha_1 A_1 / (d_sec d_zz)^2"
    return [
        Step("alpha_1", how, show(reflection), reflection, "", source, note),
        Step("h_LS", formula, numbers, h, "Sv/Gy", "NCRP 151, equation 2.10"),
    ]


def _scatter_from_patient(maze: Maze, beam: Beam) -> list[Step]:
    if beam.scatter_fraction is None:
        a, source, note = get_scatter_fraction(beam.mv, maze.scatter_deg, maze.where)
    else:
        a, source, note = beam.scatter_fraction, "stated by the project", ""
    reflection, soft, soft_note = get_reflection(
        None, maze.secondary_incidence_deg, maze.secondary_reflection_deg, maze.where
    )
    near, size = get_fact("target"), maze.field_m2 / get_fact("field")
    h = a * size * reflection * maze.a1_m2 / (near * maze.dsec_m * maze.dzz_m) ** 2
    distances = times(near, maze.dsec_m, maze.dzz_m)
    numbers = f"{times(a, size, reflection, maze.a1_m2)} / ({distances})^2"
    formula = "a (F/400) alpha_1 A_1 / (d_sca d_sec d_zz)^2"
    return [
        Step("a", f"scatter at {maze.scatter_deg:g} degrees", show(a), a, "", source, note),
        Step("alpha_1", "reflection, 0.5 MeV", show(reflection), reflection, "", soft, soft_note),
        Step("h_ps", formula, numbers, h, "Sv/Gy", "NCRP 151, equation 2.11"),
    ]


def _leak_through(maze: Maze, beam: Beam) -> list[Step]:
    tvls = [get_tvl("leakage", layer, beam.mv, maze.own, beam.where) for layer in maze.inner_wall]
    ways = [layer.thickness_m * maze.slant for layer in maze.inner_wall]
    transmission = DECADE ** -compute_decades(zip(ways, tvls, strict=True))
    leak = get_fact("leakage")
    h = leak * transmission / maze.dl_m**2
    note = "; ".join(dict.fromkeys(tvl.note for tvl in tvls if tvl.note))
    what = f"inner wall, {show(sum(ways))} m of way"
    return [
        Step("B", what, show(transmission), transmission, "", "NCRP 151, table B.7", note),
        Step(
            "h_LT",
            "10^-3 B / d_L^2",
            f"{times(leak, transmission)} / {show(maze.dl_m)}^2",
            h,
            "Sv/Gy",
            "NCRP 151, equation 2.12",
        ),
    ]
