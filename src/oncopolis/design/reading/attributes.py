"""`Attributes`: properties and quantities of an object in an IFC file, its type's included."""

from typing import Any

from oncopolis.design.model import Value
from oncopolis.design.reading.units import Units

Facts = dict[str, Value]

_QUANTITY_MEASURE = {
    "IfcQuantityLength": "IfcLengthMeasure",
    "IfcQuantityArea": "IfcAreaMeasure",
    "IfcQuantityVolume": "IfcVolumeMeasure",
    "IfcQuantityWeight": "IfcMassMeasure",
    "IfcQuantityCount": "",
    "IfcQuantityTime": "",
    "IfcQuantityNumber": "",
}
_TRUTH = {"T": True, "F": False, ".T.": True, ".F.": False}


# By their place in the schema, the same in IFC2X3, IFC4 and IFC4X3: by name takes four times as long.
_NAME, _PARTS_OF_SET, _PARTS_OF_QUANTITY, _DEFINITION = 2, 4, 5, 5  # structure: places in the schema
_PART_NAME, _PART_VALUE, _PART_UNIT, _ENUMERATED = 0, 2, 3, 2  # structure: places in the schema
_QUANTITY_UNIT, _QUANTITY_VALUE = 2, 3  # structure: places in the schema


class Attributes:
    """Reader of one file; a set that many objects share is read once.

    Parameters
    ----------
    units
        Units of the file.
    """

    def __init__(self, units: Units) -> None:
        self._units = units
        self._sets: dict[int, Facts] = {}
        self._types: dict[int, Facts] = {}

    def read(self, thing: Any) -> Facts:
        """Return ``set.property`` -> value of an object; what it says itself goes before its type's."""
        facts: Facts = {}
        for relation in getattr(thing, "IsTypedBy", ()) or ():
            facts |= self._read_type(relation.RelatingType)
        own: Facts = {}
        for relation in thing.IsDefinedBy or ():
            if relation.is_a() == "IfcRelDefinesByProperties":
                own |= self._read_definition(relation.get_argument(_DEFINITION))
            elif relation.is_a("IfcRelDefinesByType"):
                facts |= self._read_type(relation.RelatingType)
        return facts | own if facts else own

    def _read_type(self, kind: Any) -> Facts:
        key = kind.id()
        if key not in self._types:
            facts: Facts = {}
            for one in kind.HasPropertySets or ():
                facts |= self._read_set(one)
            self._types[key] = facts
        return self._types[key]

    def _read_definition(self, definition: Any) -> Facts:
        if definition is None:
            return {}
        if isinstance(definition, tuple):  # IFC4 allows a set of them
            facts: Facts = {}
            for one in definition:
                facts |= self._read_set(one)
            return facts
        return self._read_set(definition)

    def _read_set(self, one: Any) -> Facts:
        key = one.id()
        if key not in self._sets:
            name, kind = one.get_argument(_NAME) or "", one.is_a()
            facts: Facts = {}
            if kind == "IfcPropertySet":
                for part in one.get_argument(_PARTS_OF_SET) or ():
                    value = self._read_property(part)
                    if value is not None:
                        facts[f"{name}.{part.get_argument(_PART_NAME)}"] = value
            elif kind == "IfcElementQuantity":
                for part in one.get_argument(_PARTS_OF_QUANTITY) or ():
                    value = self._read_quantity(part)
                    if value is not None:
                        facts[f"{name}.{part.get_argument(_PART_NAME)}"] = value
            self._sets[key] = facts
        return self._sets[key]

    def _read_quantity(self, part: Any) -> float | None:
        measure = _QUANTITY_MEASURE.get(part.is_a())
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
        value, measure = nominal.get_argument(0), nominal.is_a()
        if isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            return self._units.to_si(value, measure, part.get_argument(_PART_UNIT))
        if measure in {"IfcBoolean", "IfcLogical"}:
            return _TRUTH.get(str(value), str(value))
        return str(value)
