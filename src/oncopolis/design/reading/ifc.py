"""One IFC file as a `Building`."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from oncopolis.design.model import Building, Code, Measured, SourceFile, Space, Storey
from oncopolis.design.reading.areas import (
    CLEAR_HEIGHT,
    DEPARTMENT,
    GROSS_AREA,
    LAST_AREA,
    NET_AREA,
    find_number,
    find_word,
)
from oncopolis.design.reading.attributes import Attributes, Facts
from oncopolis.design.reading.covering import Drawn
from oncopolis.design.reading.heavy import Heavy
from oncopolis.design.reading.lines import Lines
from oncopolis.design.reading.opening import open_model
from oncopolis.design.reading.openings import Openings
from oncopolis.design.reading.outlines import Outlines
from oncopolis.design.reading.placements import Placements
from oncopolis.design.reading.places import GLOBAL_ID, LONG_NAME, NAME, PARTS, WHOLE
from oncopolis.design.reading.refusing import check_step
from oncopolis.design.reading.relations import Relations
from oncopolis.design.reading.units import Units
from oncopolis.foundation import InputError

_BROKEN = (AttributeError, TypeError, ValueError, RuntimeError, LookupError, ArithmeticError)
"""What reading raises where a line refers to something of another kind, or to nothing."""

_CODE_PLACES = ("*.OmniClass Number", "*.OmniClass Table 13 Category", "*.OmniClassNumber")


def read_ifc(path: Path) -> Building:
    """Read an IFC file.

    Parameters
    ----------
    path
        File in STEP form, IFC2X3, IFC4 or IFC4X3.

    Raises
    ------
    InputError
        FIL-001, FIL-005, DES-032 and DES-033 as `check_step`; DES-037 without a unit of length; DES-039 if it
        cannot be parsed; DES-040 for another schema; DES-041 if it has no project or several; DES-042 if
        something contains itself.
    """
    size = check_step(path)
    model = open_model(path)
    try:
        return _read(model, path, size)
    except _BROKEN as error:
        raise InputError(
            code="DES-039",
            where=str(path),
            got=f"a part that is not what {model.schema} says ({_first_line(error)})",
            expected="an IFC file",
            fix="open it in a viewer to see whether it is whole, and export it again",
        ) from error


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _read(model: Any, path: Path, size: int) -> Building:
    project = _get_project(model, path)
    units = Units(project, str(path))
    parent = _list_parents(model)
    storey_of = _list_containment(model, parent, path)
    relations = Relations(model)
    placements, attributes = Placements(), Attributes(units, relations, Lines(path, units))
    outlines = Outlines(placements, units.length_m)
    storeys = tuple(
        Storey(
            storey.GlobalId,
            storey.LongName or storey.Name or "",
            float(storey.Elevation) * units.length_m if storey.Elevation is not None else None,
            path.name,
        )
        for storey in model.by_type("IfcBuildingStorey")
    )
    reader = _Spaces(attributes, outlines, relations, parent, storey_of, path.name)
    made = {space.id(): reader.make(space) for space in model.by_type("IfcSpace")}
    for line, drawn in (outlines.draw_left(path) if outlines.left else {}).items():
        made[line] = _draw(made[line], drawn)
    spaces = tuple(made.values())
    classes = set(model.types())
    openings = Openings(attributes, placements, relations, units.length_m, path.name)
    heavy = Heavy(attributes, placements, outlines, relations, units, path.name)
    return Building(
        title=project.LongName or project.Name or path.stem,
        files=(
            SourceFile(
                path.name, model.schema_identifier, project.GlobalId, project.LongName or project.Name or "",
                _find_maker(model), size, _digest(path), units.words,
            ),
        ),
        storeys=storeys,
        spaces=spaces,
        doors=openings.list_doors(model, spaces, storey_of),
        equipment=heavy.list_equipment(model, classes, storey_of),
        walls=heavy.list_walls(model, storey_of),
        slabs=heavy.list_slabs(model, storey_of),
        lifts=openings.list_lifts(model, spaces),
        repeated=_list_repeated(model),
    )  # fmt: skip


def _get_project(model: Any, path: Path) -> Any:
    projects = model.by_type("IfcProject")
    if len(projects) != 1:
        raise InputError(
            code="DES-041",
            where=str(path),
            got=f"{len(projects)} projects",
            expected="one IfcProject",
            fix="export the model of one project a file",
        )
    return projects[0]


def _list_parents(model: Any) -> dict[int, Any]:
    """Return what each part of the spatial structure is a part of, by the part's line in the file."""
    parent: dict[int, Any] = {}
    for relation in model.by_type("IfcRelAggregates"):
        holder = relation.get_argument(WHOLE)
        if holder is not None:
            parent |= {part.id(): holder for part in relation.get_argument(PARTS) or ()}
    return parent


def _list_containment(model: Any, parent: dict[int, Any], path: Path) -> dict[int, str]:
    """Return the storey of every part of the spatial structure, by the part's line in the file."""
    storey_of: dict[int, str] = {}
    for space in (*model.by_type("IfcBuildingStorey"), *model.by_type("IfcSpace")):
        chain, here = [], space
        while here is not None and not here.is_a("IfcBuildingStorey"):
            chain.append(here.id())
            here = parent.get(here.id())
            if here is not None and here.id() in chain:
                _refuse_circle(here, path)
        for part in chain:
            storey_of[part] = here.GlobalId if here is not None else ""
        if here is not None:
            storey_of[here.id()] = here.GlobalId
    _check_circles(parent, path)
    return storey_of


def _check_circles(parent: dict[int, Any], path: Path) -> None:
    clear: set[int] = set()
    for start in parent:
        chain: dict[int, None] = {}
        here = start
        while here in parent and here not in clear:
            if here in chain:
                _refuse_circle(parent[here], path)
            chain[here] = None
            here = parent[here].id()
        clear.update(chain)


def _refuse_circle(thing: Any, path: Path) -> None:
    raise InputError(
        code="DES-042",
        where=f"{path}: {thing.is_a()} {getattr(thing, 'GlobalId', '')}",
        got="a part that contains itself",
        expected="a project of sites, buildings, storeys and spaces, each in one other",
        fix="repair the structure in the drawing program and export again",
    )


def _list_repeated(model: Any) -> tuple[str, ...]:
    counted = Counter(
        thing.get_argument(GLOBAL_ID) for kind in ("IfcSpace", "IfcDoor") for thing in model.by_type(kind)
    )
    return tuple(sorted(key for key, n in counted.items() if n > 1))


def _find_maker(model: Any) -> str:
    for application in model.by_type("IfcApplication"):
        return " ".join(part for part in (application.ApplicationFullName, application.Version) if part)
    return str(model.header.file_name.originating_system or "")


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        digest = blake2b(digest_size=16)  # structure: bytes of a digest
        while chunk := stream.read(1 << 20):  # structure: a mebibyte at a time
            digest.update(chunk)
    return digest.hexdigest()


class _Spaces:
    def __init__(
        self,
        attributes: Attributes,
        outlines: Outlines,
        relations: Relations,
        parent: dict[int, Any],
        storey_of: dict[int, str],
        file: str,
    ) -> None:
        self._attributes, self._outlines, self._relations = attributes, outlines, relations
        self._parent, self._storey_of, self._file = parent, storey_of, file
        self._codes: dict[int, Code | None] = {}

    def make(self, space: Any) -> Space:
        facts = self._attributes.read(space)
        drawn = self._outlines.find(space)
        gross = find_number(facts, GROSS_AREA)
        area = find_number(facts, NET_AREA) or gross or find_number(facts, LAST_AREA)
        zones = tuple(dict.fromkeys(self._relations.zones.get(space.id(), ())))
        made = Space(
            id=space.get_argument(GLOBAL_ID) or f"#{space.id()}",
            name=space.get_argument(NAME) or "",
            long_name=space.get_argument(LONG_NAME) or "",
            storey=self._find_storey(space),
            file=self._file,
            codes=tuple(self._list_codes(space, facts)),
            zones=zones,
            department=find_word(facts, DEPARTMENT) or (zones[0] if zones else ""),
            area=area,
            gross=gross,
            height=_drop_zero(find_number(facts, CLEAR_HEIGHT)),
            within=self._find_whole(space),
            facts=facts,
        )
        return _draw(made, drawn) if drawn else made

    def _find_whole(self, space: Any) -> str:
        whole = self._parent.get(space.id())
        return whole.get_argument(GLOBAL_ID) or "" if whole is not None and whole.is_a("IfcSpace") else ""

    def _find_storey(self, space: Any) -> str:
        """Return the storey a space is a part of, or is contained in, as some exporters have it."""
        if storey := self._storey_of.get(space.id()):
            return storey
        holders = self._relations.holders.get(space.id(), ())
        return next((storey for one in holders if (storey := self._storey_of.get(one.id()))), "")

    def _list_codes(self, space: Any, facts: Facts) -> Iterator[Code]:
        referred = self._relations.classes.get(space.id(), ())
        codes = [code for one in referred if (code := self._find_code(one))]
        if not codes and (word := find_word(facts, _CODE_PLACES)):
            key, _, name = word.partition(":")
            codes = [Code("OmniClass Table 13", key.strip(), name.strip())]
        yield from codes

    def _find_code(self, reference: Any) -> Code | None:
        line = reference.id()
        if line not in self._codes:
            self._codes[line] = _read_code(reference)
        return self._codes[line]


def _read_code(reference: Any) -> Code | None:
    if not reference.is_a("IfcClassificationReference"):
        return None
    source = reference.ReferencedSource
    key = getattr(reference, "Identification", None) or getattr(reference, "ItemReference", None)
    return Code(getattr(source, "Name", "") or "", key or "", reference.Name or "")


def _draw(space: Space, drawn: Drawn) -> Space:
    """Give a space its outline; its area too where none is stated."""
    return replace(
        space,
        area=space.area or Measured(drawn.area_m2, "drawn outline"),
        body_height_m=drawn.height_m,
        outline=drawn.outline,
        drawn_m2=drawn.area_m2,
        floor_m=drawn.floor_m,
    )


def _drop_zero(height: Measured | None) -> Measured | None:
    return height if height and height.value > 0 else None
