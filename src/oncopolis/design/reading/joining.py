"""Several files of one project as one building."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from oncopolis.design.model import Building, Door, Equipment, Slab, Space, Storey, Wall
from oncopolis.design.reading.cobie import read_cobie
from oncopolis.design.reading.ifc import read_ifc
from oncopolis.foundation import Collector, InputError, OncopolisError

_WORKBOOKS = {".xlsx", ".xlsm"}
_SAME_LEVEL_M = 0.01  # structure: levels nearer than a centimetre are one
_Part = TypeVar("_Part", Space, Door, Equipment, Wall, Slab)


def read_models(paths: Sequence[Path]) -> Building:
    """Read the files of a project: IFC models and COBie workbooks.

    Parameters
    ----------
    paths
        Files; a workbook is known by its ending, everything else has to be IFC.

    Raises
    ------
    InputError
        Whatever is wrong with a file, gathered over all of them; DES-045 if two of them are of projects with
        one GlobalId, DES-046 if there is no space in any.
    """
    faults = Collector()
    parts: list[Building] = []
    for path in paths:
        try:
            parts.append(read_cobie(path) if path.suffix.lower() in _WORKBOOKS else read_ifc(path))
        except OncopolisError as error:
            faults.add(error)
    faults.raise_if_any()
    _check_projects(parts)
    building = parts[0] if len(parts) == 1 else _join(parts)
    if not building.spaces:
        raise InputError(
            code="DES-046",
            where=", ".join(str(path) for path in paths),
            got="no spaces",
            expected="rooms drawn as spaces (IfcSpace, or the sheet Space)",
            fix="place rooms in the drawing program and export them with the model",
        )
    return replace(building, spaces=_number(building.spaces), doors=_number(building.doors))


def _check_projects(parts: Sequence[Building]) -> None:
    seen: dict[str, str] = {}
    for part in parts:
        source = part.files[0]
        if source.project in seen:
            raise InputError(
                code="DES-045",
                where=source.name,
                got=f"the project {source.project}, which {seen[source.project]} is of as well",
                expected="files of projects with a GlobalId each",
                fix="give each file once, or export one of the two with a new GlobalId for its project",
            )
        seen[source.project] = source.name


def _join(parts: Sequence[Building]) -> Building:
    """Join buildings; levels of one name and height become one storey."""
    storeys: list[Storey] = []
    renamed: dict[tuple[str, str], str] = {}
    for part in parts:
        for storey in part.storeys:
            same = next((known for known in storeys if _is_same(known, storey)), None)
            renamed[storey.file, storey.id] = same.id if same else storey.id
            if same is None:
                storeys.append(storey)

    def gather(listed: Sequence[Sequence[_Part]]) -> tuple[_Part, ...]:
        return tuple(
            replace(one, storey=renamed.get((one.file, one.storey), one.storey))
            for some in listed
            for one in some
        )

    return Building(
        title=parts[0].title,
        files=tuple(source for part in parts for source in part.files),
        storeys=tuple(storeys),
        spaces=gather([part.spaces for part in parts]),
        doors=gather([part.doors for part in parts]),
        equipment=gather([part.equipment for part in parts]),
        walls=gather([part.walls for part in parts]),
        slabs=gather([part.slabs for part in parts]),
        lifts=tuple(lift for part in parts for lift in part.lifts),
        repeated=tuple(sorted({one for part in parts for one in part.repeated} | _list_shared(parts))),
    )


def _is_same(known: Storey, storey: Storey) -> bool:
    if known.elevation_m is None or storey.elevation_m is None:
        return known.name == storey.name
    is_level = abs(known.elevation_m - storey.elevation_m) < _SAME_LEVEL_M
    return is_level and known.name.casefold() == storey.name.casefold()


def _list_shared(parts: Sequence[Building]) -> set[str]:
    seen: set[str] = set()
    shared: set[str] = set()
    for part in parts:
        mine = {space.id for space in part.spaces}
        shared |= seen & mine
        seen |= mine
    return shared


def _number(listed: tuple[_Part, ...]) -> tuple[_Part, ...]:
    """Give objects that carry the same id a number, so that each can be told from the others."""
    seen: dict[str, int] = {}
    made = []
    for one in listed:
        n = seen[one.id] = seen.get(one.id, 0) + 1
        made.append(one if n == 1 else replace(one, id=f"{one.id}~{n}"))
    return tuple(made)
