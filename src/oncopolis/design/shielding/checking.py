"""A bunker as a whole: every point and door against its limit."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from oncopolis.design.model import Building
from oncopolis.design.shielding.barriers import Judged, judge
from oncopolis.design.shielding.beams import Beam
from oncopolis.design.shielding.building import (
    get_limit_msv,
    get_occupancy,
    to_beams,
    to_layers,
    to_own,
    to_sources,
)
from oncopolis.design.shielding.definition import Barrier, Point
from oncopolis.design.shielding.doors import DoorTvl
from oncopolis.design.shielding.geometry import find_wall, measure
from oncopolis.design.shielding.layers import Layer, stretch
from oncopolis.design.shielding.maze_definition import MazeDefinition
from oncopolis.design.shielding.mazes import Maze, judge_maze
from oncopolis.design.shielding.models import take_walls
from oncopolis.design.shielding.neutrons import NeutronPath
from oncopolis.design.shielding.parts import Task
from oncopolis.design.shielding.protons import Loss, ProtonTask, SourceTerm, judge_protons
from oncopolis.design.shielding.rates import Rated, RateRule, compute_rate
from oncopolis.design.shielding.reading import ReadBunker
from oncopolis.design.shielding.workload import Planned, compute_workload
from oncopolis.foundation import Collector, InputError, OncopolisError
from oncopolis.foundation.units import CM_PER_M


@dataclass(frozen=True)
class Result:
    """What was found at one point or door."""

    name: str
    label: str
    kind: str
    """``primary``, ``secondary``, ``proton`` or ``door``."""
    barrier: str
    """Label of the barrier."""
    area: str
    occupancy: float
    layers: tuple[Layer, ...]
    judged: Judged
    rates: tuple[Rated, ...]
    unknown_rates: tuple[RateRule, ...]
    """Rules for which a dose rate is missing."""
    where: str
    distance_m: float | None = None
    slant_deg: float = 0.0


@dataclass(frozen=True)
class Checked:
    """A bunker with all its results."""

    read: ReadBunker
    beams: Mapping[str, Beam]
    planned: Planned | None
    results: tuple[Result, ...]


def check_bunker(
    read: ReadBunker,
    project: Path | None = None,
    settings: Mapping[str, str] | None = None,
    building: Building | None = None,
) -> Checked:
    """Compute the dose at every point and door of a bunker.

    Parameters
    ----------
    read
        The bunker.
    project
        Project folder, where the workload is from a plan.
    settings
        ``KEY=VALUE`` of the command line, for the plan.
    building
        An architect's model, where barriers name walls of it.

    Raises
    ------
    InputError
        DES-114 if the workload is from a plan and there is no project; otherwise with every energy, angle,
        material and place that cannot be used.
    """
    read = take_walls(read, building)
    planned = _find_workload(read, project, settings)
    beams = to_beams(read, planned.gy_week if planned else None)
    faults = Collector()
    results = []
    for name, point in read.bunker.points.items():
        try:
            results.append(_check_point(read, name, point, beams))
        except OncopolisError as error:
            faults.add(error)
    for name, maze in read.bunker.mazes.items():
        try:
            results.append(_check_maze(read, name, maze, beams))
        except OncopolisError as error:
            faults.add(error)
    faults.raise_if_any()
    return Checked(read, beams, planned, tuple(results))


def _find_workload(
    read: ReadBunker, project: Path | None, settings: Mapping[str, str] | None
) -> Planned | None:
    machine = read.bunker.machine
    if machine is None or machine.workload is None:
        return None
    where = read.where("machine", "workload")
    if project is None:
        raise InputError(
            code="DES-114",
            where=where,
            got="a workload from the plan, and no project",
            expected="the folder of a project after the file",
            fix="run `oncopolis shield FILE PROJECT`, or state `workload_gy_week` of each beam",
        )
    return compute_workload(project, machine.workload, where, settings)


def _check_point(read: ReadBunker, name: str, point: Point, beams: dict[str, Beam]) -> Result:
    bunker = read.bunker
    barrier = bunker.barriers[point.behind]
    layers = to_layers(bunker, barrier.layers)
    where = read.where("points", name)
    distance, slant = _locate(read, name, point, barrier, layers)
    occupancy, limit = get_occupancy(bunker, point.occupancy), get_limit_msv(bunker, point.area)
    if barrier.kind == "proton":
        judged = _judge_protons(read, point, layers, (distance, slant, occupancy, limit), where)
        rates: tuple[tuple[Rated, ...], tuple[RateRule, ...]] = ((), ())
    else:
        assert bunker.machine is not None
        task = Task(
            kind=barrier.kind,
            layers=layers,
            distance_m=distance,
            occupancy=occupancy,
            limit_msv=limit,
            use=point.use if point.use is not None else 1.0,
            scatter_deg=point.scatter_deg or 0.0,
            slant_deg=slant,
            field_m2=(bunker.machine.field_cm / CM_PER_M) ** 2,
            own=to_own(bunker.materials),
            where=where,
        )
        judged = judge(task, list(beams.values()))
        rates = _rate(read, point.area, judged, beams, occupancy)
    return Result(
        name,
        point.label,
        barrier.kind,
        barrier.label,
        point.area,
        occupancy,
        layers,
        judged,
        *rates,
        where=where,
        distance_m=distance,
        slant_deg=slant,
    )


def _locate(
    read: ReadBunker, name: str, point: Point, barrier: Barrier, layers: tuple[Layer, ...]
) -> tuple[float, float]:
    """Return the distance and the slant of a point, from the plan where it is drawn."""
    if point.at is None or barrier.inner is None:
        distance = point.distance_m if point.at is None else math.hypot(*point.at)
        assert distance is not None
        return distance, point.slant_deg or 0.0
    wall = find_wall(barrier.inner, read.where("barriers", point.behind, "inner"))
    thicknesses = [layer.thickness_m for layer in layers]
    distance, slant = measure(wall, thicknesses, point.at, read.where("points", name, "at"))
    return distance, slant if point.slant_deg is None else point.slant_deg


def _judge_protons(
    read: ReadBunker,
    point: Point,
    layers: tuple[Layer, ...],
    numbers: tuple[float, float, float, float],
    where: str,
) -> Judged:
    protons = read.bunker.protons
    assert protons is not None
    assert point.angle_deg is not None
    distance, slant, occupancy, limit = numbers
    terms = tuple(SourceTerm(**term.model_dump()) for term in protons.terms)
    loss = Loss(protons.per_week, protons.material, protons.source, terms)
    task = ProtonTask(layers, distance, point.angle_deg, occupancy, limit, where, stretch(slant))
    return judge_protons(task, loss)


def _check_maze(read: ReadBunker, name: str, maze: MazeDefinition, beams: dict[str, Beam]) -> Result:
    bunker, machine = read.bunker, read.bunker.machine
    assert machine is not None
    side = machine.field_cm / CM_PER_M
    sources = to_sources(machine)
    where = read.where("mazes", name)
    neutrons = None
    if maze.neutrons is not None:
        path = maze.neutrons
        neutrons = NeutronPath(
            sources, path.d1_m, path.d2_m, path.room_m2, path.inner_m2, path.maze_m2, machine.head, path.turns
        )
    lead = maze.scattered_lead_tvl_cm
    occupancy = get_occupancy(bunker, maze.occupancy)
    task = Maze(
        use=maze.use,
        dh_m=maze.dh_m,
        dr_m=maze.dr_m,
        dz_m=maze.dz_m,
        dsec_m=maze.dsec_m,
        dsec_target_m=maze.dsec_target_m or maze.dsec_m,
        dzz_m=maze.dzz_m,
        dl_m=maze.dl_m,
        a0_m2=maze.a0_m2 or (side * maze.dh_m) ** 2,
        az_m2=maze.az_m2,
        a1_m2=maze.a1_m2,
        inner_wall=to_layers(bunker, bunker.barriers[maze.inner_wall].layers),
        slant=stretch(maze.slant_deg),
        occupancy=occupancy,
        limit_msv=get_limit_msv(bunker, maze.area),
        incidence_deg=maze.incidence_deg,
        reflection_deg=maze.reflection_deg,
        scatter_deg=maze.scatter_deg,
        field_m2=side**2,
        door=to_layers(bunker, maze.door),
        door_tvl=DoorTvl(lead / CM_PER_M, maze.scattered_lead_source or "") if lead else DoorTvl(),
        neutrons=neutrons,
        own=to_own(bunker.materials),
        where=where,
    )
    judged = judge_maze(task, list(beams.values()))
    return Result(
        name,
        maze.label,
        "door",
        maze.label,
        maze.area,
        occupancy,
        task.door,
        judged,
        *_rate(read, maze.area, judged, beams, occupancy),
        where=where,
    )


def _rate(
    read: ReadBunker, area: str, judged: Judged, beams: dict[str, Beam], occupancy: float
) -> tuple[tuple[Rated, ...], tuple[RateRule, ...]]:
    """Return the rates that rules ask for, and the rules for which a dose rate is missing."""
    rules = read.bunker.rates if area == "uncontrolled" else ()
    rates = {rule: compute_rate(rule, judged, beams, occupancy) for rule in rules}
    return (
        tuple(rate for rate in rates.values() if rate is not None),
        tuple(rule for rule, rate in rates.items() if rate is None),
    )
