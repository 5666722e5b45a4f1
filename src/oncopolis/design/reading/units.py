"""`Units`: what the numbers of one IFC file measure, as factors to SI."""

from collections.abc import Mapping
from typing import Any

from oncopolis.foundation import InputError

_GRAM_TO_KG = 1e-3  # structure: unit conversion
_PREFIX = {
    "EXA": 1e18, "PETA": 1e15, "TERA": 1e12, "GIGA": 1e9, "MEGA": 1e6, "KILO": 1e3, "HECTO": 1e2, "DECA": 1e1,
    "DECI": 1e-1, "CENTI": 1e-2, "MILLI": 1e-3, "MICRO": 1e-6, "NANO": 1e-9, "PICO": 1e-12, "FEMTO": 1e-15,
    "ATTO": 1e-18,
}  # fmt: skip  # structure: SI prefixes
_POWERS = {"METRE": 1, "SQUARE_METRE": 2, "CUBIC_METRE": 3}  # structure: a prefix is raised with its unit
_DEEPEST = 8  # structure: units defined by units defined by units
_ABSOLUTE_ZERO_C = 273.15  # structure: unit conversion

KIND_OF_MEASURE = {
    "IfcLengthMeasure": "LENGTHUNIT",
    "IfcPositiveLengthMeasure": "LENGTHUNIT",
    "IfcNonNegativeLengthMeasure": "LENGTHUNIT",
    "IfcAreaMeasure": "AREAUNIT",
    "IfcVolumeMeasure": "VOLUMEUNIT",
    "IfcMassMeasure": "MASSUNIT",
    "IfcPlaneAngleMeasure": "PLANEANGLEUNIT",
    "IfcPressureMeasure": "PRESSUREUNIT",
    "IfcForceMeasure": "FORCEUNIT",
    "IfcPlanarForceMeasure": "PLANARFORCEUNIT",
    "IfcMassDensityMeasure": "MASSDENSITYUNIT",
    "IfcPowerMeasure": "POWERUNIT",
    "IfcThermodynamicTemperatureMeasure": "THERMODYNAMICTEMPERATUREUNIT",
    "IfcIlluminanceMeasure": "ILLUMINANCEUNIT",
}
"""Measure of a property -> unit of the project it is stated in; measures not listed have no unit."""


class Units:
    """Units of a file.

    Parameters
    ----------
    project
        Its IfcProject.
    where
        File, for messages.

    Raises
    ------
    InputError
        DES-037 if the file states no unit of length.
    """

    def __init__(self, project: Any, where: str) -> None:
        assignment = project.UnitsInContext
        stated = {
            str(getattr(unit, "UnitType", "")): unit
            for unit in (assignment.Units if assignment else None) or ()
        }
        if "LENGTHUNIT" not in stated:
            raise InputError(
                code="DES-037",
                where=where,
                got="no unit of length",
                expected="an IfcUnitAssignment of the project with a LENGTHUNIT",
                fix="set the project's units in the drawing program and export again",
            )
        self._scales = {kind: _compute_scale(unit, where) for kind, unit in stated.items() if kind}
        self.length_m = self._scales["LENGTHUNIT"]
        self.area_m2 = self._scales.setdefault("AREAUNIT", self.length_m**2)
        self._by_measure = {
            measure: self._scales[kind] for measure, kind in KIND_OF_MEASURE.items() if kind in self._scales
        }
        self.words = tuple(self._list_words(stated))

    def get_scale(self, measure: str, unit: Any = None) -> float:
        """Return what a number of a measure is multiplied with; `unit` overrides that of the project."""
        if unit is not None:
            return _compute_scale(unit, "")
        return self._by_measure.get(measure, 1.0)

    def to_si(self, value: float, measure: str, unit: Any = None) -> float:
        """Return a number in SI units; temperatures in kelvin become degrees Celsius."""
        scaled = value * self.get_scale(measure, unit)
        return scaled - _ABSOLUTE_ZERO_C if measure == "IfcThermodynamicTemperatureMeasure" else scaled

    def _list_words(self, stated: Mapping[str, Any]) -> list[str]:
        words = [f"{kind.removesuffix('UNIT').lower()}: {_name(stated[kind])}" for kind in ("LENGTHUNIT",)]
        if "AREAUNIT" in stated:
            words.append(f"area: {_name(stated['AREAUNIT'])}")
        else:
            words.append("area: not stated, taken as the square of the length")
        return words


def _compute_scale(unit: Any, where: str) -> float:
    if unit.is_a("IfcDerivedUnit"):
        scale = 1.0
        for element in unit.Elements or ():
            scale *= _compute_named(element.Unit, where) ** element.Exponent
        return scale
    if unit.is_a("IfcMonetaryUnit"):
        return 1.0
    return _compute_named(unit, where)


def _compute_named(unit: Any, where: str) -> float:
    scale = 1.0
    for _ in range(_DEEPEST):
        if not unit.is_a("IfcConversionBasedUnit"):
            break
        factor = unit.ConversionFactor
        scale *= float(factor.ValueComponent.wrappedValue)
        unit = factor.UnitComponent
    if not unit.is_a("IfcSIUnit"):
        if unit.is_a("IfcContextDependentUnit") or unit.is_a("IfcDerivedUnit"):
            return scale
        raise InputError(
            code="DES-038",
            where=where,
            got=f"the unit {unit}",
            expected="a unit that leads to an SI unit",
            fix="set the project's units in the drawing program and export again",
        )
    name = str(unit.Name)
    if name == "GRAM":
        scale *= _GRAM_TO_KG
    return scale * float(_PREFIX.get(str(unit.Prefix), 1)) ** _POWERS.get(name, 1)


def _name(unit: Any) -> str:
    if unit.is_a("IfcSIUnit"):
        return " ".join(part.lower() for part in (unit.Prefix, unit.Name) if part).replace("_", " ")
    return str(getattr(unit, "Name", "") or "a derived unit").lower()
