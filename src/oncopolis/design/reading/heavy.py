"""Walls and heavy equipment of an IFC file: what a floor has to carry."""

from collections.abc import Mapping
from typing import Any

from oncopolis.design.model import Equipment, Point, Slab, Wall
from oncopolis.design.reading.areas import (
    DENSITY,
    FLOOR_LOAD,
    HEIGHT,
    LENGTH,
    MASS,
    ON_GROUND,
    THICKNESS,
    find_number,
)
from oncopolis.design.reading.attributes import Attributes
from oncopolis.design.reading.outlines import Outlines
from oncopolis.design.reading.placements import Placements, Vector
from oncopolis.design.reading.places import (
    GLOBAL_ID,
    ITEMS,
    NAME,
    PLACEMENT,
    REPRESENTATION,
    REPRESENTATIONS,
    SHAPE_NAME,
)
from oncopolis.design.reading.relations import Relations
from oncopolis.design.reading.units import Units

_EQUIPMENT = ("IfcMedicalDevice", "IfcBuildingElementProxy", "IfcTransportElement", "IfcElectricAppliance")
_AXIS_POINTS = 2


class Heavy:
    """Reader of the walls and the equipment of one file.

    Parameters
    ----------
    attributes, placements, outlines, relations, units
        Readers of the file.
    file
        Its name.
    """

    def __init__(
        self,
        attributes: Attributes,
        placements: Placements,
        outlines: Outlines,
        relations: Relations,
        units: Units,
        file: str,
    ) -> None:
        self._attributes, self._placements, self._outlines = attributes, placements, outlines
        self._relations, self._units, self._file = relations, units, file
        self._densities: dict[int, float | None] = {}

    def list_equipment(
        self, model: Any, classes: set[str], storey_of: Mapping[int, str]
    ) -> tuple[Equipment, ...]:
        """Return the equipment whose mass is stated."""
        listed = []
        for kind in _EQUIPMENT:
            for thing in model.by_type(kind) if kind in classes else ():
                facts = self._attributes.read(thing)
                mass = find_number(facts, MASS)
                if mass is None:
                    continue
                drawn = self._outlines.find(thing)
                space, storey = self._find_container(thing, storey_of)
                place = self._find_place(thing)
                listed.append(
                    Equipment(
                        thing.GlobalId, thing.Name or "", kind, space, storey, self._file, mass,
                        drawn.area_m2 if drawn else None, place, facts,
                    )
                )  # fmt: skip
        return tuple(listed)

    def list_walls(self, model: Any, storey_of: Mapping[int, str]) -> tuple[Wall, ...]:
        """Return the walls."""
        self._general = {
            one.Material.id(): one.MassDensity * self._units.get_scale("IfcMassDensityMeasure")
            for one in (model.by_type("IfcGeneralMaterialProperties") if model.schema == "IFC2X3" else ())
            if one.MassDensity
        }
        return tuple(self._make_wall(thing, storey_of) for thing in model.by_type("IfcWall"))

    def list_slabs(self, model: Any, storey_of: Mapping[int, str]) -> tuple[Slab, ...]:
        """Return the slabs of which it is said what they carry, or that they lie on the ground."""
        slabs = []
        for thing in model.by_type("IfcSlab"):
            facts = self._attributes.read(thing)
            load = find_number(facts, FLOOR_LOAD)
            on_ground = any(key.endswith(ON_GROUND) and value is True for key, value in facts.items())
            if load is None and not on_ground:
                continue
            drawn = self._outlines.find(thing)
            _, storey = self._find_container(thing, storey_of)
            outline = drawn.outline if drawn else ()
            carried = load.value if load else None
            slabs.append(
                Slab(thing.GlobalId, thing.Name or "", storey, self._file, outline, carried, on_ground)
            )
        return tuple(slabs)

    def _make_wall(self, thing: Any, storey_of: Mapping[int, str]) -> Wall:
        facts = self._attributes.read(thing)
        _, storey = self._find_container(thing, storey_of)
        layers, density = self._read_material(thing)
        thickness = find_number(facts, THICKNESS)
        height, length = find_number(facts, HEIGHT), find_number(facts, LENGTH)
        stated = find_number(facts, DENSITY)
        return Wall(
            thing.get_argument(GLOBAL_ID), thing.get_argument(NAME) or "", storey, self._file,
            thickness.value if thickness else layers,
            height.value if height else None,
            length.value if length else None,
            stated.value if stated else density,
            tuple(dict.fromkeys(self._relations.bounded.get(thing.id(), ()))),
            self._read_axis(thing),
            self._find_place(thing),
            facts,
        )  # fmt: skip

    def _read_material(self, thing: Any) -> tuple[float | None, float | None]:
        """Return thickness and density of a wall's layers; the density of the thickest layer counts."""
        for given in self._relations.materials.get(thing.id(), ()):
            material = given.ForLayerSet if given.is_a("IfcMaterialLayerSetUsage") else given
            if material.is_a("IfcMaterialLayerSet"):
                layers = [layer for layer in material.MaterialLayers if layer.LayerThickness]
                if not layers:
                    return None, None
                thickest = max(layers, key=lambda layer: float(layer.LayerThickness))
                total = sum(float(layer.LayerThickness) for layer in layers) * self._units.length_m
                return total, self._find_density(thickest.Material)
            if material.is_a("IfcMaterial"):
                return None, self._find_density(material)
        return None, None

    def _find_density(self, material: Any) -> float | None:
        if material is None:
            return None
        key = material.id()
        if key not in self._densities:
            found = self._general.get(key)
            for one in getattr(material, "HasProperties", ()) or ():
                for part in getattr(one, "Properties", ()) or ():
                    if part.Name == "MassDensity" and part.NominalValue is not None:
                        found = self._units.to_si(
                            part.NominalValue.wrappedValue, "IfcMassDensityMeasure", part.Unit
                        )
            self._densities[key] = found
        return self._densities[key]

    def _read_axis(self, thing: Any) -> tuple[Point, ...]:
        representation = thing.get_argument(REPRESENTATION)
        for one in representation.get_argument(REPRESENTATIONS) or () if representation else ():
            items = one.get_argument(ITEMS) if one.get_argument(SHAPE_NAME) == "Axis" else ()
            if items and items[0].is_a("IfcPolyline"):
                frame = self._placements.find(thing.get_argument(PLACEMENT))
                points = [point.get_argument(0) for point in items[0].get_argument(0)]
                if len(points) >= _AXIS_POINTS:
                    return tuple(self._to_point(frame.apply(_fill(point))) for point in points)
        return ()

    def _find_place(self, thing: Any) -> Point | None:
        placement = thing.get_argument(PLACEMENT)
        return self._to_point(self._placements.find(placement).origin) if placement is not None else None

    def _find_container(self, thing: Any, storey_of: Mapping[int, str]) -> tuple[str, str]:
        """Return the space a thing stands in, if it is contained in one, and its storey."""
        for holder in self._relations.holders.get(thing.id(), ()):
            space = holder.get_argument(GLOBAL_ID) if holder.is_a("IfcSpace") else ""
            return space, storey_of.get(holder.id(), "")
        return "", ""

    def _to_point(self, at: Vector) -> Point:
        return at[0] * self._units.length_m, at[1] * self._units.length_m


def _fill(numbers: Any) -> Vector:
    x, y, z = (*map(float, numbers), 0.0)[:3]
    return x, y, z
