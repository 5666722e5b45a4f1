"""Reading a bunker from YAML: everything that is wrong with it, with file and line, at once."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from pydantic import ValidationError

from oncopolis.design.shielding.attenuation import BUILT_IN, TABLES
from oncopolis.design.shielding.definition import Barrier, Bunker, Point
from oncopolis.design.shielding.facts import list_facts
from oncopolis.design.shielding.laminates import NEUTRONS_ABOVE_MV
from oncopolis.design.shielding.layer_definition import LayerDefinition
from oncopolis.evidence import get_table
from oncopolis.foundation import Collector, InputError, Located, load_yaml
from oncopolis.foundation.faults import to_errors
from oncopolis.foundation.located import Segments

_ALL_SHARES = 1.0
_ROUNDING = 1e-6  # structure: shares that are written as decimals


@dataclass(frozen=True)
class ReadBunker:
    """A bunker and where each of its keys was written."""

    bunker: Bunker
    located: Located

    def where(self, *path: str | int) -> str:
        """Return ``file:line: key``."""
        return self.located.where(path)


def read_bunker(path: Path) -> ReadBunker:
    """Read and check a file.

    Raises
    ------
    InputError
        With everything that is wrong, as ``file:line: key: got X, expected Y, do Z``.
    """
    located = load_yaml(path)
    if not isinstance(located.data, dict):
        raise InputError(
            code="DES-100",
            where=str(path),
            got="no mapping of keys",
            expected="a bunker with `name`, `limits`, `machine`, `barriers` and `points`",
            fix="begin with examples/shielding/linac_bunker.yaml",
        )
    faults = Collector()
    try:
        bunker = Bunker.model_validate(located.data)
    except ValidationError as error:
        for fault in to_errors(error, located, (), code="DES-101", model=Bunker):
            faults.add(fault)
        faults.raise_if_any()
        raise
    for fault in _list_faults(bunker, located):
        faults.add(fault)
    faults.raise_if_any()
    return ReadBunker(bunker, located)


def _list_faults(bunker: Bunker, located: Located) -> Iterator[InputError]:
    yield from _check_sources(bunker, located)
    for name, barrier in bunker.barriers.items():
        yield from _check_layers(bunker, barrier.layers, ("barriers", name, "layers"), located)
        if barrier.wall is not None and barrier.material not in {*BUILT_IN, *bunker.materials}:
            known = {*BUILT_IN, *bunker.materials}
            yield _unknown(barrier.material, "material", known, located.where(("barriers", name, "material")))
    for name, point in bunker.points.items():
        path: Segments = ("points", name)
        yield from _check_occupancy(point.occupancy, (*path, "occupancy"), located)
        if point.behind in bunker.barriers:
            yield from _check_point(bunker, point, bunker.barriers[point.behind], path, located)
        else:
            yield _unknown(point.behind, "barrier", bunker.barriers, located.where((*path, "behind")))
    for name, maze in bunker.mazes.items():
        path = ("mazes", name)
        yield from _check_occupancy(maze.occupancy, (*path, "occupancy"), located)
        yield from _check_layers(bunker, maze.door, (*path, "door"), located)
        if maze.inner_wall not in bunker.barriers:
            yield _unknown(maze.inner_wall, "barrier", bunker.barriers, located.where((*path, "inner_wall")))
        if bunker.machine is None:
            yield _lacking(located.where(path), "a maze without a machine", "`machine`")
        elif maze.neutrons and bunker.machine.neutrons is None:
            yield _lacking(
                located.where(path), "neutrons of a machine that states none", "`machine.neutrons`"
            )


def _check_sources(bunker: Bunker, located: Located) -> Iterator[InputError]:
    if bunker.machine is None and bunker.protons is None:
        yield _lacking(located.where(()), "neither `machine` nor `protons`", "one of the two")
    if bunker.protons and bunker.protons.material not in {*BUILT_IN, *bunker.materials}:
        known = {*BUILT_IN, *bunker.materials}
        yield _unknown(bunker.protons.material, "material", known, located.where(("protons", "material")))
    if bunker.machine is not None:
        yield from _check_workload(bunker, located)
        yield from _check_neutrons(bunker, located)


def _check_workload(bunker: Bunker, located: Located) -> Iterator[InputError]:
    machine = bunker.machine
    assert machine is not None
    is_planned = machine.workload is not None
    for name, beam in machine.beams.items():
        where = located.where(("machine", "beams", name))
        if is_planned and (beam.share is None or beam.workload_gy_week is not None):
            yield _lacking(
                where,
                "no `share`, or a workload of its own",
                "`share` alone, as the workload is from the plan",
            )
        if not is_planned and (beam.workload_gy_week is None or beam.share is not None):
            yield _lacking(
                where,
                "no `workload_gy_week`, or a share of a plan",
                "`workload_gy_week` alone, or `machine.workload` from the plan",
            )
    total = sum(beam.share or 0.0 for beam in machine.beams.values())
    if (
        is_planned
        and all(beam.share is not None for beam in machine.beams.values())
        and abs(total - _ALL_SHARES) > _ROUNDING
    ):
        yield InputError(
            code="DES-103",
            where=located.where(("machine", "beams")),
            got=f"shares that add up to {total:g}",
            expected="shares that add up to 1",
            fix="mend the shares of the beams",
        )


def _check_neutrons(bunker: Bunker, located: Located) -> Iterator[InputError]:
    machine = bunker.machine
    assert machine is not None
    high = {name: beam.mv for name, beam in machine.beams.items() if beam.mv > NEUTRONS_ABOVE_MV}
    if isinstance(machine.neutrons, str):
        table = get_table(TABLES, "neutron_yield")
        where = located.where(("machine", "neutrons"))
        if machine.neutrons not in table.rows:
            yield _unknown(machine.neutrons, "machine of NCRP 151 table B.9", table.rows, where)
            return
        for mv in high.values():
            if table.find(machine.neutrons, mv) is None:
                measured = ", ".join(
                    f"{column:g}"
                    for column in table.columns
                    if table.find(machine.neutrons, column) is not None
                )
                yield InputError(
                    code="DES-112",
                    where=where,
                    got=f"{machine.neutrons} at {mv:g} MV",
                    expected=f"an energy at which it was measured: {measured} MV",
                    fix="state `per_gray` of the beam with the vendor's document as its source",
                )
    elif machine.neutrons is not None:
        for name in machine.neutrons:
            if name not in machine.beams:
                yield _unknown(name, "beam", machine.beams, located.where(("machine", "neutrons", name)))
        for name in high:
            if name not in machine.neutrons:
                yield _lacking(
                    located.where(("machine", "neutrons")), f"no neutrons of the beam {name!r}", f"`{name}`"
                )


def _check_layers(
    bunker: Bunker, layers: tuple[LayerDefinition, ...], path: Segments, located: Located
) -> Iterator[InputError]:
    known = {*BUILT_IN, *bunker.materials}
    for i, layer in enumerate(layers):
        if layer.material not in known:
            yield _unknown(layer.material, "material", known, located.where((*path, i, "material")))


def _check_occupancy(occupancy: str | float, path: Segments, located: Located) -> Iterator[InputError]:
    known = list_facts("occupancy")
    if isinstance(occupancy, str) and occupancy not in known:
        yield _unknown(occupancy, "occupancy", known, located.where(path))


def _check_point(
    bunker: Bunker, point: Point, barrier: Barrier, path: Segments, located: Located
) -> Iterator[InputError]:
    where = located.where(path)
    if (point.at is None) == (point.distance_m is None):
        yield _lacking(where, "`at` and `distance_m` both, or neither", "one of the two")
    if point.occupancy == 0:
        yield _lacking(located.where((*path, "occupancy")), "an occupancy of 0", "a share above 0")
    if barrier.kind == "proton":
        if bunker.protons is None:
            yield InputError(
                code="DES-113",
                where=located.where(("barriers", point.behind, "kind")),
                got="a proton barrier without source terms",
                expected="`protons` with a cited table of source terms; there is none built in",
                fix="take the terms of a publication for this energy and shield, and cite it",
            )
        if point.angle_deg is None:
            yield _lacking(where, "a point behind a proton barrier without its angle", "`angle_deg`")
        return
    if bunker.machine is None:
        yield _lacking(where, f"a {barrier.kind} barrier without a machine", "`machine`")
    if barrier.kind == "primary" and point.use is None:
        yield _lacking(where, "a point behind a primary barrier without its use factor", "`use`")
    if barrier.kind == "secondary" and point.scatter_deg is None:
        yield _lacking(where, "a point behind a secondary barrier without its scatter angle", "`scatter_deg`")


def _unknown(name: str, what: str, known: Collection[str], where: str) -> InputError:
    near = get_close_matches(name, known, n=1)
    return InputError(
        code="DES-102",
        where=where,
        got=f"the {what} {name!r}",
        expected=f"one of {', '.join(sorted(known))}",
        fix=f"did you mean {near[0]!r}?" if near else f"name a {what} that is there",
    )


def _lacking(where: str, got: str, wanted: str) -> InputError:
    return InputError(code="DES-104", where=where, got=got, expected=wanted, fix="state what is asked for")
