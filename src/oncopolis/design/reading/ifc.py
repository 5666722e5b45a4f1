"""One IFC file as a `Building`."""

from collections import Counter
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
from oncopolis.design.reading.heavy import Heavy
from oncopolis.design.reading.openings import Openings
from oncopolis.design.reading.outlines import Outlines
from oncopolis.design.reading.placements import Placements
from oncopolis.design.reading.refusing import check_step
from oncopolis.design.reading.units import Units
from oncopolis.foundation import InputError

SCHEMAS = ("IFC2X3", "IFC4", "IFC4X3")
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
        DES-030 to DES-033 as `check_step`; DES-037 without a unit of length; DES-039 if it cannot be parsed;
        DES-040 for another schema; DES-041 if it has no project or several; DES-042 if something contains
        itself.
    """
    size = check_step(path)
    model = open_model(path)
    project = _get_project(model, path)
    units = Units(project, str(path))
    storey_of = _list_containment(model, path)
    placements, attributes = Placements(), Attributes(units)
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
    reader = _Spaces(attributes, outlines, storey_of, path.name)
    spaces = tuple(reader.make(space) for space in model.by_type("IfcSpace"))
    classes = set(model.types())
    openings = Openings(attributes, placements, units.length_m, path.name)
    heavy = Heavy(attributes, placements, outlines, units, path.name)
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


def open_model(path: Path) -> Any:
    """Open an IFC file that has passed `check_step`.

    Raises
    ------
    InputError
        DES-039 if it cannot be parsed, DES-040 for a schema that is not read.
    """
    import ifcopenshell

    opener: Any = ifcopenshell.open  # its types do not know `lazy`
    try:
        model = opener(path, format=".ifc", lazy=True)
        schema = str(model.schema)
    except Exception as error:  # the parser raises what it likes
        if isinstance(error, ifcopenshell.SchemaError):
            raise _refuse_schema(path, str(error).removeprefix("Unsupported schema: ")) from error
        raise InputError(
            code="DES-039",
            where=str(path),
            got=str(error).splitlines()[0] if str(error) else "a file that cannot be parsed",
            expected="an IFC file",
            fix="open it in a viewer to see whether it is whole, and export it again",
        ) from error
    if schema not in SCHEMAS:
        raise _refuse_schema(path, schema)
    return model


def _refuse_schema(path: Path, schema: str) -> InputError:
    return InputError(
        code="DES-040",
        where=str(path),
        got=f"the schema {schema or 'of nobody'}",
        expected=f"one of {', '.join(SCHEMAS)}",
        fix="export the model in one of these schemas",
    )


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


def _list_containment(model: Any, path: Path) -> dict[int, str]:
    """Return the storey of every part of the spatial structure, by the part's line in the file."""
    parent: dict[int, Any] = {}
    for relation in model.by_type("IfcRelAggregates"):
        holder = relation.RelatingObject
        for part in relation.RelatedObjects:
            parent[part.id()] = holder
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
    counted = Counter(thing.GlobalId for kind in ("IfcSpace", "IfcDoor") for thing in model.by_type(kind))
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
        self, attributes: Attributes, outlines: Outlines, storey_of: dict[int, str], file: str
    ) -> None:
        self._attributes, self._outlines = attributes, outlines
        self._storey_of, self._file = storey_of, file

    def make(self, space: Any) -> Space:
        facts = self._attributes.read(space)
        drawn = self._outlines.find(space)
        gross = find_number(facts, GROSS_AREA)
        area = find_number(facts, NET_AREA) or gross or find_number(facts, LAST_AREA)
        if area is None and drawn:
            area = Measured(drawn.area_m2, "drawn outline")
        zones = tuple(_list_zones(space))
        return Space(
            id=space.GlobalId,
            name=space.Name or "",
            long_name=space.LongName or "",
            storey=self._storey_of.get(space.id(), ""),
            file=self._file,
            codes=tuple(_list_codes(space, facts)),
            zones=zones,
            department=find_word(facts, DEPARTMENT) or (zones[0] if zones else ""),
            area=area,
            gross=gross,
            height=_drop_zero(find_number(facts, CLEAR_HEIGHT)),
            body_height_m=drawn.height_m if drawn else None,
            outline=drawn.outline if drawn else (),
            drawn_m2=drawn.area_m2 if drawn else None,
            floor_m=drawn.floor_m if drawn else None,
            facts=facts,
        )


def _drop_zero(height: Measured | None) -> Measured | None:
    return height if height and height.value > 0 else None


def _list_zones(space: Any) -> list[str]:
    names = [
        relation.RelatingGroup.Name
        for relation in space.HasAssignments or ()
        if relation.is_a("IfcRelAssignsToGroup") and relation.RelatingGroup.is_a("IfcZone")
    ]
    names += [
        relation.RelatingStructure.Name
        for relation in getattr(space, "ReferencedInStructures", ()) or ()
        if relation.RelatingStructure.is_a("IfcSpatialZone")
    ]
    return [name for name in dict.fromkeys(names) if name]


def _list_codes(space: Any, facts: Facts) -> list[Code]:
    codes = []
    for relation in space.HasAssociations or ():
        if not relation.is_a("IfcRelAssociatesClassification"):
            continue
        reference = relation.RelatingClassification
        if not reference.is_a("IfcClassificationReference"):
            continue
        source = reference.ReferencedSource
        key = getattr(reference, "Identification", None) or getattr(reference, "ItemReference", None)
        codes.append(Code(getattr(source, "Name", "") or "", key or "", reference.Name or ""))
    if not codes and (word := find_word(facts, _CODE_PLACES)):
        code, _, name = word.partition(":")
        codes.append(Code("OmniClass Table 13", code.strip(), name.strip()))
    return codes
