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
            if relation.is_a("IfcRelDefinesByType"):
                facts |= self._read_type(relation.RelatingType)
            elif relation.is_a("IfcRelDefinesByProperties"):
                own |= self._read_definition(relation.RelatingPropertyDefinition)
        return facts | own

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
            name = one.Name or ""
            facts: Facts = {}
            if one.is_a("IfcPropertySet"):
                for part in one.HasProperties or ():
                    if part.is_a("IfcPropertySingleValue") and part.NominalValue is not None:
                        facts[f"{name}.{part.Name}"] = self._read_value(part.NominalValue, part.Unit)
                    elif part.is_a("IfcPropertyEnumeratedValue") and part.EnumerationValues:
                        words = (str(value.wrappedValue) for value in part.EnumerationValues)
                        facts[f"{name}.{part.Name}"] = ", ".join(words)
            elif one.is_a("IfcElementQuantity"):
                for part in one.Quantities or ():
                    measure = _QUANTITY_MEASURE.get(part.is_a())
                    if measure is not None and isinstance(part[3], int | float):
                        facts[f"{name}.{part.Name}"] = self._units.to_si(part[3], measure, part.Unit)
            self._sets[key] = facts
        return self._sets[key]

    def _read_value(self, nominal: Any, unit: Any) -> Value:
        value = nominal.wrappedValue
        if isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            return self._units.to_si(value, nominal.is_a(), unit)
        if nominal.is_a() in {"IfcBoolean", "IfcLogical"}:
            return _TRUTH.get(str(value), str(value))
        return str(value)
