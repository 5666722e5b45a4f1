"""Where exporters put areas and heights, in the order in which they are believed.

Seen in files: ``Qto_SpaceBaseQuantities`` (IFC4), ``BaseQuantities`` (ArchiCAD, IFC2X3), ``GSA Space Areas``
and ``PSet_Revit_Dimensions`` (Revit). What is planned (``NetPlannedArea`` …) never counts as drawn.
"""

from collections.abc import Mapping, Sequence

from oncopolis.design.model import Measured, Value

NET_AREA = (
    "Qto_SpaceBaseQuantities.NetFloorArea",
    "BaseQuantities.NetFloorArea",
    "*.NetFloorArea",
    "GSA Space Areas.GSA BIM Area",
    "PSet_Revit_Dimensions.Area",
    "Pset_Revit_Dimensions.Area",
    "Dimensions.Area",
    "ArchiCADQuantities.Net Area",
    "ArchiCADQuantities.Area",
    "*.Net Area",
)
"""Places of the net area, best first; ``*`` is any set."""

GROSS_AREA = (
    "Qto_SpaceBaseQuantities.GrossFloorArea",
    "BaseQuantities.GrossFloorArea",
    "*.GrossFloorArea",
    "GSA Space Areas.GSA Design Gross Area",
)

LAST_AREA = ("*.Area", "*.Fläche", "*.Площадь", "*.면적")
"""Places of an area of which nobody says whether it is net."""

CLEAR_HEIGHT = (
    "Qto_SpaceBaseQuantities.FinishCeilingHeight",
    "BaseQuantities.FinishCeilingHeight",
    "*.FinishCeilingHeight",
    "*.ClearHeight",
    "*.Clear Height",
    "*.UsableHeight",
)

CLEAR_WIDTH = ("*.ClearWidth", "*.Clear Width", "*.ClearOpeningWidth", "*.Rough Width")
DRAWN_WIDTH = ("Qto_DoorBaseQuantities.Width", "BaseQuantities.Width", "*.Width")
MASS = ("*.Mass", "*.GrossWeight", "*.NetWeight", "*.Weight", "*.OperatingWeight")
DENSITY = ("*.Density_kg_m3", "*.MassDensity", "*.Density")
FLOOR_LOAD = ("*.LiveLoad_kN_m2", "*.FloorLoad_kN_m2", "*.LiveLoad")
ON_GROUND = ".IsOnGround"
THICKNESS = ("Qto_WallBaseQuantities.Width", "BaseQuantities.Width", "*.Width", "*.Thickness")
LENGTH = ("Qto_WallBaseQuantities.Length", "BaseQuantities.Length", "*.Length")
HEIGHT = ("Qto_WallBaseQuantities.Height", "BaseQuantities.Height", "*.Height")
DEPARTMENT = ("*.Department", "*.DepartmentName", "*.Abteilung", "*.Отделение", "*.부서")


def find_number(facts: Mapping[str, Value], places: Sequence[str]) -> Measured | None:
    """Return the number at the first of the places that holds one."""
    found = _find(facts, places, is_number=True)
    return Measured(float(found[1]), found[0]) if found else None


def find_word(facts: Mapping[str, Value], places: Sequence[str]) -> str:
    """Return the text at the first of the places that holds one, else nothing."""
    found = _find(facts, places, is_number=False)
    return str(found[1]) if found else ""


def _find(facts: Mapping[str, Value], places: Sequence[str], *, is_number: bool) -> tuple[str, Value] | None:
    if not facts:
        return None
    for place in places:
        if place.startswith("*."):
            ending = place[1:]
            keys = [key for key in facts if key.endswith(ending)]
        else:
            keys = [place] if place in facts else []
        for key in keys:
            value = facts[key]
            if (isinstance(value, float | int) and not isinstance(value, bool)) == is_number and value != "":
                return key, value
    return None
