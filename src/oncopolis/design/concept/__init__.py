"""The concept model: a layout as an IFC4 file, and what in it carries what.

`make_concept` gives an ``ifcopenshell.file`` that may be edited afterwards; `to_bytes` writes it. The same
programme gives the same bytes. GlobalIds follow from project and key, so that a room keeps its own through
every revision. Lengths are metres, areas square metres, masses kilograms.

Spatial structure
    IfcProject > IfcSite > IfcBuilding (``Name`` = building id, ``LongName`` = label) > IfcBuildingStorey
    (``Name`` = ``<building>.<level>``, ``Elevation``) > IfcSpace. The IfcSite also has an
    IfcExternalSpatialElement ``outside``.
Spaces
    Room: ``Name`` = ``<room type>.<k>``, ``LongName`` = English label, ``ObjectType`` = room type id,
    ``PredefinedType`` SPACE. Ways: ``Name`` = ``corridor.<department>.<building>.<level>``,
    ``street.<building>.<level>`` or ``lobby.<building>.<level>``, ``ObjectType`` = ``corridor``, ``street``
    or ``lobby``, ``PredefinedType`` INTERNAL. Body (clear outline up to the clear height) and FootPrint.
``Qto_SpaceBaseQuantities``
    NetFloorArea, GrossFloorArea (both the clear area), Height and FinishCeilingHeight (both the clear
    height), NetVolume, NetPerimeter (rectangular spaces).
``Pset_SpaceCommon``
    Reference (room type id, or kind of way), IsExternal, NetPlannedArea (clear area asked for),
    GrossPlannedArea (with the shielding the programme counts as net).
``Oncopolis_Room`` (rooms only)
    RoomType, Department, Function, Label_en/ko/ru/uz, RequiredArea, ShieldingArea, RequiredHeight,
    RequiredDoorWidth, FloorLoad_kN_m2, Shielding, Zone (clean, dirty, neutral), Places, AirChangesPerHour,
    Pressure (positive, negative, neutral), Outlets_<gas>.
Classification
    IfcRelAssociatesClassification to ``Oncopolis rooms`` (identification = function, every room) and
    ``OmniClass Table 13`` (where known).
Departments
    IfcZone (``Name`` = department id, ``ObjectType`` = ``department``) of rooms and corridors, with
    ``Oncopolis_Department``: PlannedNetArea, GrossFactor, PlannedGrossArea, DrawnGrossArea.
Doors
    IfcDoor with OverallWidth and OverallHeight, filling an IfcOpeningElement of an IfcWall; ``Name`` =
    ``<space>|<space>``, ways out end in ``|out``. An IfcRelSpaceBoundary joins each door to both its spaces
    (a way out: to its street and to ``outside``), so that the door graph can be walked. A lift
    (IfcTransportElement, ``Pset_TransportElementElevator.ClearWidth``) bounds the lobbies of all storeys.
Bunkers
    IfcWall (``ObjectType`` = primary or secondary) and an IfcSlab ROOF, each bounding its room, with
    ``Oncopolis_Wall``: Shields (room), Barrier, Thickness, Density_kg_m3; an IfcMaterialLayerSet of concrete
    with ``Pset_MaterialCommon.MassDensity``; ``Qto_WallBaseQuantities``.
Floors
    IfcSlab FLOOR of each department on each storey, ``Oncopolis_Slab``: LiveLoad_kN_m2 (the largest of the
    room loads and of the bunker walls on their foot), IsOnGround.
Heavy equipment
    IfcMedicalDevice contained in its room, ``ObjectType`` = item id, ``Oncopolis_Equipment``: Item, Weight,
    Department. Its body is a mark of one metre, not the size of the machine.
"""

import ifcopenshell

from oncopolis.design.concept.elements import ElementWriter, write_equipment, write_lift
from oncopolis.design.concept.ink import Ink
from oncopolis.design.concept.rooms import list_drawn, write_classifications, write_departments, write_space
from oncopolis.design.concept.step import Ref
from oncopolis.design.layout import DrawnStorey, Layout
from oncopolis.design.required import Block

__all__ = ["make_concept", "to_bytes"]


def make_concept(layout: Layout) -> ifcopenshell.file:
    """Return the concept model of a layout, to be edited or written."""
    return ifcopenshell.file.from_string(_write(layout).file.to_text())


def to_bytes(layout: Layout) -> bytes:
    """Return the concept model as the bytes of an IFC file."""
    return _write(layout).file.to_text().encode("ascii")


def _write(layout: Layout) -> Ink:
    programme = layout.programme
    ink = Ink(programme.project)
    site = ink.make(
        "IfcSite", ink.identify("site", "site"), None, "site", None, None,
        ink.place(0.0, 0.0, 0.0, None), None, programme.project,
        "ELEMENT", None, None, None, None, None,
    )  # fmt: skip
    ink.aggregate(ink.project, "project", [site])
    outside = ink.make(
        "IfcExternalSpatialElement", ink.identify("outside", "outside"), None, "outside", None, None,
        ink.place(0.0, 0.0, 0.0, site), None, None, "EXTERNAL",
    )  # fmt: skip
    spaces: dict[str, Ref] = {}
    elements = ElementWriter(ink, programme, spaces, outside)
    buildings = [_write_building(ink, layout, block, site, elements, spaces) for block in programme.blocks]
    ink.aggregate(site, "site", [*buildings, outside])
    elements.write_materials()
    write_classifications(ink, programme, spaces)
    write_departments(ink, layout, spaces)
    drawn = {space.key: space for space in list_drawn(layout.storeys)}
    write_equipment(ink, programme, drawn, spaces)
    return ink


def _write_building(
    ink: Ink, layout: Layout, block: Block, site: Ref, elements: ElementWriter, spaces: dict[str, Ref]
) -> Ref:
    building = ink.make(
        "IfcBuilding", ink.identify("building", block.id), None, block.id, None, None,
        ink.place(0.0, 0.0, 0.0, site), None, block.labels["en"], "ELEMENT", None, None, None,
    )  # fmt: skip
    storeys: list[Ref] = []
    lobbies: dict[str, Ref] = {}
    for drawn in layout.storeys:
        if drawn.building == block.id:
            storey = _write_storey(ink, layout, drawn, building, elements, spaces)
            storeys.append(storey)
            lobbies[drawn.key] = spaces[f"lobby.{drawn.key}"]
    ink.aggregate(building, f"building {block.id}", storeys)
    write_lift(ink, building, block.id, lobbies, layout.programme.get("door.bed"))
    return building


def _write_storey(
    ink: Ink,
    layout: Layout,
    drawn: DrawnStorey,
    building: Ref,
    elements: ElementWriter,
    spaces: dict[str, Ref],
) -> Ref:
    storey = ink.make(
        "IfcBuildingStorey", ink.identify("storey", drawn.key), None, drawn.key, None, None,
        ink.place(0.0, 0.0, drawn.elevation_m, building), None, None, "ELEMENT",
        drawn.elevation_m,
    )  # fmt: skip
    here = {space.key: write_space(ink, space, layout.programme, storey) for space in drawn.drawing.spaces}
    spaces.update(here)
    ink.aggregate(storey, f"storey {drawn.key}", list(here.values()))
    elements.write_storey(drawn, storey)
    return storey
