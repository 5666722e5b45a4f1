"""One COBie workbook as a `Building`."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

from oncopolis.design.model import (
    Building,
    Code,
    Door,
    Measured,
    Outline,
    SourceFile,
    Space,
    Storey,
    Value,
)
from oncopolis.design.reading.cells import split_names, to_number, to_text
from oncopolis.design.reading.refusing import check_archive
from oncopolis.foundation import InputError

Row = Mapping[str, Any]

_SHEETS = {
    "Facility": ("Name", "LinearUnits", "AreaUnits"),
    "Floor": ("Name",),
    "Space": ("Name", "FloorName"),
}
"""Sheets without which a workbook is no COBie, with the columns that it needs."""
_MORE = ("Type", "Component", "Zone", "Coordinate", "Attribute")
_COLUMNS = (
    "AreaUnits", "Category", "CoordinateXAxis", "CoordinateYAxis", "CoordinateZAxis", "Description",
    "Elevation", "ExtIdentifier", "ExtObject", "ExternalProjectIdentifier", "ExternalSystem", "FloorName",
    "GrossArea", "LinearUnits", "Name", "NetArea", "NominalHeight", "NominalWidth", "ProjectName", "RowName",
    "SheetName", "Space", "SpaceNames", "TypeName", "UsableHeight", "Value",
)  # fmt: skip
_OURS = {name.casefold(): name for name in (*_SHEETS, *_MORE, *_COLUMNS)}
"""Names of sheets and columns, by which they are known however they are capitalised."""

_METRES = {
    "meters": 1.0, "metres": 1.0, "meter": 1.0, "metre": 1.0, "m": 1.0,
    "millimeters": 0.001, "millimetres": 0.001, "mm": 0.001, "centimeters": 0.01, "cm": 0.01,
    "feet": 0.3048, "foot": 0.3048, "ft": 0.3048, "inches": 0.0254, "inch": 0.0254, "in": 0.0254,
}  # fmt: skip  # structure: unit conversion
_SQUARE_METRES = {
    "squaremeters": 1.0, "squaremetres": 1.0, "squaremeter": 1.0, "m2": 1.0, "sqm": 1.0,
    "squaremillimeters": 1e-6, "squarefeet": 0.09290304, "squarefoot": 0.09290304, "sqft": 0.09290304,
    "ft2": 0.09290304, "sf": 0.09290304,
}  # fmt: skip  # structure: unit conversion
_TALLEST_M = 50.0  # structure: a room or a door of more was written in millimetres
_MM = 0.001  # structure: unit conversion
_SIDES = 2
AS_MILLIMETRES = ", read as millimetres"
"""Ends the place of a length that can only have been written in millimetres."""


def read_cobie(path: Path) -> Building:
    """Read a COBie workbook.

    Parameters
    ----------
    path
        Workbook (.xlsx).

    Raises
    ------
    InputError
        FIL-001, FIL-005, DES-034, DES-035 or DES-036 as `check_archive`; DES-043 if sheets or columns are
        missing; DES-044 for units that nobody knows.
    """
    size = check_archive(path, "a COBie workbook (.xlsx)")
    book = _Book(path)
    try:
        facility = next(book.list_rows("Facility"), {})
        length_m = _get_unit(facility, "LinearUnits", _METRES, path)
        area_m2 = _get_unit(facility, "AreaUnits", _SQUARE_METRES, path)
        reader = _Reader(book, path.name, length_m, area_m2)
        spaces = reader.list_spaces()
        doors = reader.list_doors(spaces)
        storeys = reader.list_storeys()
    finally:
        book.close()
    title = to_text(facility.get("ProjectName")) or to_text(facility.get("Name")) or path.stem
    project = to_text(facility.get("ExternalProjectIdentifier")) or title
    units = tuple(
        f"{kind}: {to_text(facility.get(column))}"
        for kind, column in (("length", "LinearUnits"), ("area", "AreaUnits"))
    )
    digest = blake2b(path.read_bytes(), digest_size=16).hexdigest()  # structure: bytes of a digest
    made_by = to_text(facility.get("ExternalSystem"))
    return Building(
        title=title,
        files=(SourceFile(path.name, "COBie", project, title, made_by, size, digest, units),),
        storeys=storeys,
        spaces=spaces,
        doors=doors,
    )


class _Book:
    def __init__(self, path: Path) -> None:
        import openpyxl

        try:
            self._book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        except Exception as error:  # openpyxl raises what it likes
            raise InputError(
                code="DES-034",
                where=str(path),
                got=str(error).splitlines()[0] if str(error) else "a workbook that cannot be read",
                expected="a COBie workbook (.xlsx)",
                fix="save or export the file again",
            ) from error
        self._sheets = {_name(sheet): sheet for sheet in self._book.sheetnames}
        for sheet, columns in _SHEETS.items():
            found = next(self._list_cells(sheet), ())
            missing = [column for column in columns if column not in found]
            if missing:
                self.close()
                raise InputError(
                    code="DES-043",
                    where=f"{path}: {sheet}",
                    got=f"no column {', '.join(missing)}" if found else "no such sheet",
                    expected=f"the sheets {', '.join(_SHEETS)} of a COBie workbook with their columns",
                    fix="export COBie from the drawing program, without renaming sheets or columns",
                )

    def _list_cells(self, sheet: str) -> Iterator[Sequence[Any]]:
        """Yield the rows of a sheet, the names of its columns first."""
        if sheet in self._sheets:
            rows = self._book[self._sheets[sheet]].iter_rows(values_only=True)
            yield [_name(cell) for cell in next(rows, ())]
            yield from rows

    def list_rows(self, sheet: str) -> Iterator[Row]:
        rows = self._list_cells(sheet)
        head = next(rows, ())
        for row in rows:
            if any(cell is not None for cell in row):
                yield dict(zip(head, row, strict=False))

    def close(self) -> None:
        self._book.close()


def _name(cell: Any) -> str:
    name = str(cell or "").strip().replace(" ", "")
    return _OURS.get(name.casefold(), name)


class _Reader:
    def __init__(self, book: _Book, file: str, length_m: float, area_m2: float) -> None:
        self._book, self._file = book, file
        self._length_m, self._area_m2 = length_m, area_m2

    def list_storeys(self) -> tuple[Storey, ...]:
        listed = []
        for row in self._book.list_rows("Floor"):
            name, level = to_text(row["Name"]), to_number(row.get("Elevation"))
            listed.append(
                Storey(name, name, level * self._length_m if level is not None else None, self._file)
            )
        return tuple(listed)

    def list_spaces(self) -> tuple[Space, ...]:
        zones, boxes, facts = self._list_zones(), self._list_boxes(), self._list_facts()
        listed = []
        for row in self._book.list_rows("Space"):
            name = to_text(row["Name"])
            outline, low, high = boxes.get(name, ((), None, None))
            net, gross = self._read_area(row, "NetArea"), self._read_area(row, "GrossArea")
            height = self._read_length(row, "UsableHeight", "Space")
            known = tuple(zones.get(name, ()))
            listed.append(
                Space(
                    id=to_text(row.get("ExtIdentifier")) or f"Space/{name}",
                    name=name,
                    long_name=to_text(row.get("Description")),
                    storey=to_text(row["FloorName"]),
                    file=self._file,
                    codes=_read_codes(row),
                    zones=known,
                    department=known[0] if known else "",
                    area=net or gross,
                    gross=gross,
                    height=height if height and height.value > 0 else None,
                    body_height_m=high - low if low is not None and high is not None and high > low else None,
                    outline=outline,
                    is_box=bool(outline),
                    floor_m=low,
                    facts=facts.get(name, {}),
                )
            )
        return tuple(listed)

    def list_doors(self, spaces: tuple[Space, ...]) -> tuple[Door, ...]:
        by_name = {space.name: space for space in spaces}
        kinds = {to_text(row.get("Name")): row for row in self._book.list_rows("Type")}
        listed = []
        for row in self._book.list_rows("Component"):
            kind = kinds.get(to_text(row.get("TypeName")), {})
            if not _is_door(row, kind):
                continue
            name = to_text(row["Name"])
            sides = [by_name[part] for part in split_names(row.get("Space")) if part in by_name][:_SIDES]
            height = self._read_length(kind, "NominalHeight", "Type")
            listed.append(
                Door(
                    id=to_text(row.get("ExtIdentifier")) or f"Component/{name}",
                    name=name,
                    storey=sides[0].storey if sides else "",
                    file=self._file,
                    width=self._read_length(kind, "NominalWidth", "Type"),
                    height_m=height.value if height else None,
                    joins=tuple(side.id for side in sides),
                    joined_by="workbook" if sides else "",
                )
            )
        return tuple(listed)

    def _list_zones(self) -> dict[str, list[str]]:
        zones: dict[str, list[str]] = {}
        for row in self._book.list_rows("Zone"):
            for name in split_names(row.get("SpaceNames")):
                zones.setdefault(name, []).append(to_text(row.get("Name")))
        return zones

    def _list_boxes(self) -> dict[str, tuple[Outline, float | None, float | None]]:
        corners: dict[str, dict[str, tuple[float, float, float]]] = {}
        for row in self._book.list_rows("Coordinate"):
            numbers = [to_number(row.get(f"Coordinate{axis}Axis")) for axis in "XYZ"]
            if row.get("SheetName") == "Space" and None not in numbers:
                x, y, z = (number * self._length_m for number in numbers if number is not None)
                corners.setdefault(to_text(row.get("RowName")), {})[str(row.get("Category"))] = x, y, z
        boxes: dict[str, tuple[Outline, float | None, float | None]] = {}
        for name, found in corners.items():
            if {"box-lowerleft", "box-upperright"} <= found.keys():
                (a, b, low), (c, d, high) = found["box-lowerleft"], found["box-upperright"]
                if a != c and b != d:
                    boxes[name] = ((a, b), (c, b), (c, d), (a, d)), low, high
        return boxes

    def _list_facts(self) -> dict[str, dict[str, Value]]:
        facts: dict[str, dict[str, Value]] = {}
        for row in self._book.list_rows("Attribute"):
            value = row.get("Value")
            if row.get("SheetName") == "Space" and to_text(value):
                known = value if isinstance(value, bool | int | float) else to_text(value)
                facts.setdefault(to_text(row.get("RowName")), {})[f"Attribute.{to_text(row.get('Name'))}"] = (
                    known
                )
        return facts

    def _read_area(self, row: Row, column: str) -> Measured | None:
        number = to_number(row.get(column))
        return None if number is None else Measured(number * self._area_m2, f"Space.{column}")

    def _read_length(self, row: Row, column: str, sheet: str) -> Measured | None:
        number = to_number(row.get(column))
        if number is None:
            return None
        place, value = f"{sheet}.{column}", number * self._length_m
        return (
            Measured(number * _MM, place + AS_MILLIMETRES) if value > _TALLEST_M else Measured(value, place)
        )


def _is_door(row: Row, kind: Row) -> bool:
    if ext := to_text(row.get("ExtObject")):
        return ext in {"IfcDoor", "IfcDoorStandardCase"}
    return "door" in to_text(kind.get("Category")).lower()


def _read_codes(row: Row) -> tuple[Code, ...]:
    code, _, name = to_text(row.get("Category")).partition(":")
    return (Code("OmniClass Table 13", code.strip(), name.strip()),) if code else ()


def _get_unit(facility: Row, column: str, known: Mapping[str, float], path: Path) -> float:
    word = to_text(facility.get(column)).lower().replace(" ", "").replace("_", "")
    if word not in known:
        raise InputError(
            code="DES-044",
            where=f"{path}: Facility.{column}",
            got=repr(to_text(facility.get(column))) if word else "nothing",
            expected="meters, millimeters, feet or inches, and squaremeters or squarefeet",
            fix="state the unit in the sheet Facility",
        )
    return known[word]
