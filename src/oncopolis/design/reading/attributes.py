"""`Attributes`: properties and quantities of an object in an IFC file, its type's included."""

from collections.abc import Iterator
from typing import Any

from oncopolis.design.model import Value
from oncopolis.design.reading.lines import QUANTITY_MEASURE, Lines
from oncopolis.design.reading.places import NAME
from oncopolis.design.reading.relations import Relations
from oncopolis.design.reading.units import Units

Facts = dict[str, Value]

_LOGICAL = {"IfcBoolean", "IfcLogical"}
_TRUTH = {"T": True, "F": False, ".T.": True, ".F.": False}


_PARTS_OF_SET, _PARTS_OF_QUANTITY = 4, 5  # structure: places in the schema
_PART_NAME, _PART_VALUE, _PART_UNIT, _ENUMERATED = 0, 2, 3, 2  # structure: places in the schema
_QUANTITY_UNIT, _QUANTITY_VALUE = 2, 3  # structure: places in the schema


class Attributes:
    """Reader of one file; a set that many objects share is read once.

    Parameters
    ----------
    units, relations, lines
        Units, relations and plain lines of the file.
    """

    def __init__(self, units: Units, relations: Relations, lines: Lines) -> None:
        self._units, self._relations, self._lines = units, relations, lines
        self._sets: dict[int, Facts] = {}
        self._types: dict[int, Facts] = {}

    def read(self, thing: Any) -> Facts:
        """Return ``set.property`` -> value of an object; what it says itself goes before its type's."""
        key = thing.id()
        facts: Facts = {}
        for kind in self._relations.types.get(key, ()):
            facts |= self._read_type(kind)
        for definition in self._relations.definitions.get(key, ()):
            facts |= self._read_definition(definition)
        return facts

    def _read_type(self, kind: Any) -> Facts:
        key = kind.id()
        if key not in self._types:
            facts: Facts = {}
            for one in kind.HasPropertySets or ():
                facts |= self._read_set(one)
            self._types[key] = facts
        return self._types[key]

    def _read_definition(self, definition: Any) -> Facts:
        if isinstance(definition, tuple):  # IFC4 allows a set of them
            facts: Facts = {}
            for one in definition:
                facts |= self._read_set(one)
            return facts
        return self._read_set(definition)

    def _read_set(self, one: Any) -> Facts:
        key = one.id()
        known = self._sets.get(key)
        if known is None:
            known = self._lines.find_set(key)
            known = self._sets[key] = dict(self._list_facts(one)) if known is None else known
        return known

    def _list_facts(self, one: Any) -> Iterator[tuple[str, Value]]:
        kind = one.is_a()
        if kind == "IfcPropertySet":
            place, read = _PARTS_OF_SET, self._read_property
        elif kind == "IfcElementQuantity":
            place, read = _PARTS_OF_QUANTITY, self._read_quantity
        else:
            return
        name = one.get_argument(NAME) or ""
        for part in one.get_argument(place) or ():
            value = read(part)
            if value is not None:
                yield f"{name}.{part.get_argument(_PART_NAME)}", value

    def _read_quantity(self, part: Any) -> Value | None:
        measure = QUANTITY_MEASURE.get(part.is_a())
        value = part.get_argument(_QUANTITY_VALUE) if measure is not None else None
        if not isinstance(value, int | float) or measure is None:
            return None
        return self._units.to_si(value, measure, part.get_argument(_QUANTITY_UNIT))

    def _read_property(self, part: Any) -> Value | None:
        kind = part.is_a()
        if kind == "IfcPropertyEnumeratedValue":
            return (
                ", ".join(str(value.wrappedValue) for value in part.get_argument(_ENUMERATED) or ()) or None
            )
        nominal = part.get_argument(_PART_VALUE) if kind == "IfcPropertySingleValue" else None
        if nominal is None:
            return None
        value = nominal.get_argument(0)
        if isinstance(value, str):
            return _TRUTH[value] if value in _TRUTH and nominal.is_a() in _LOGICAL else value
        if isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            return self._units.to_si(value, nominal.is_a(), part.get_argument(_PART_UNIT))
        return str(value)
