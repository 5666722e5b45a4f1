"""The concept model: valid IFC4 that says what the brief says, the same bytes every time."""

from collections.abc import Iterator
from pathlib import Path

import ifcopenshell
import ifcopenshell.util.element
import ifcopenshell.validate
import pytest
from ifctester import ids  # type: ignore[import-untyped]  # ships no types
from ifctester.ids import get_schema  # type: ignore[import-untyped]
from tests.buildings import label, make_rooms, make_small_programme

from oncopolis.design.concept import make_concept, to_bytes
from oncopolis.design.layout import Layout, make_layout
from oncopolis.design.requirements import write_ids


@pytest.fixture(scope="module")
def layout() -> Layout:
    return make_layout(make_small_programme())


@pytest.fixture(scope="module")
def model(layout: Layout) -> ifcopenshell.file:
    return make_concept(layout)


def get_set(element: ifcopenshell.entity_instance, name: str) -> dict[str, object]:
    found = ifcopenshell.util.element.get_pset(element, name)
    assert found is not None, (element, name)
    return dict(found)


def list_spaces(model: ifcopenshell.file, kind: str) -> Iterator[ifcopenshell.entity_instance]:
    return (space for space in model.by_type("IfcSpace") if space.ObjectType == kind)


def list_faults(model: ifcopenshell.file, *, with_rules: bool) -> list[str]:
    logger = ifcopenshell.validate.json_logger()  # type: ignore[no-untyped-call]
    ifcopenshell.validate.validate(model, logger, express_rules=with_rules)
    return [statement["message"] for statement in logger.statements]


def test_it_is_valid(model: ifcopenshell.file) -> None:
    """Every attribute is of its type, every GlobalId is one."""
    assert list_faults(model, with_rules=False) == []


@pytest.mark.soak
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_it_keeps_the_rules_written_in_the_schema(model: ifcopenshell.file) -> None:
    """The WHERE rules of IFC4, which take half a minute to load."""
    assert list_faults(model, with_rules=True) == []


def test_a_wrong_model_is_not_valid(layout: Layout) -> None:
    """The check can fail: two spaces with one GlobalId."""
    model = make_concept(layout)
    one, other = model.by_type("IfcSpace")[:2]
    other.GlobalId = one.GlobalId
    assert list_faults(model, with_rules=False) != []


def test_the_same_programme_gives_the_same_bytes(layout: Layout) -> None:
    assert to_bytes(layout) == to_bytes(make_layout(make_small_programme()))


def test_a_room_keeps_its_id_through_revisions(model: ifcopenshell.file) -> None:
    """One consulting room fewer leaves the GlobalIds of all others as they are."""
    rooms = tuple(room for room in make_rooms() if room.id != "toilet")
    later = make_concept(make_layout(make_small_programme(rooms)))
    ids_before = {space.Name: space.GlobalId for space in model.by_type("IfcSpace")}
    ids_after = {space.Name: space.GlobalId for space in later.by_type("IfcSpace")}
    assert set(ids_before) - set(ids_after) == {"toilet.1", "toilet.2", "toilet.3"}
    assert all(ids_before[name] == id_ for name, id_ in ids_after.items())
    assert len({root.GlobalId for root in model.by_type("IfcRoot")}) == len(model.by_type("IfcRoot"))


def test_a_room_carries_its_sheet(model: ifcopenshell.file) -> None:
    bunker = next(list_spaces(model, "bunker"))
    quantities, sheet = get_set(bunker, "Qto_SpaceBaseQuantities"), get_set(bunker, "Oncopolis_Room")
    assert quantities["NetFloorArea"] == pytest.approx(75.3)
    assert sheet["RequiredArea"] == pytest.approx(75.3)
    assert sheet["ShieldingArea"] == pytest.approx(33.4)
    assert sheet["Shielding"] == "megavoltage"
    assert get_set(bunker, "Pset_SpaceCommon")["GrossPlannedArea"] == pytest.approx(108.7)
    assert {part.RepresentationIdentifier for part in bunker.Representation.Representations} == {
        "Body",
        "FootPrint",
    }


def test_the_door_graph_can_be_walked(model: ifcopenshell.file) -> None:
    """From the dock through doors and lifts to every room, within the house and to the bunkers outside."""
    joined: dict[str, set[str]] = {}
    for boundary in model.by_type("IfcRelSpaceBoundary"):
        if boundary.RelatedBuildingElement.is_a() in ("IfcDoor", "IfcTransportElement"):
            joined.setdefault(boundary.RelatedBuildingElement.GlobalId, set()).add(
                boundary.RelatingSpace.Name
            )
    reached, before = {"dock.1"}, 0
    while len(reached) > before:
        before = len(reached)
        reached |= {name for names in joined.values() if names & reached for name in names}
    assert reached == {space.Name for space in model.by_type("IfcSpace")} | {"outside"}


def test_doors_are_as_wide_as_asked_and_stand_in_walls(model: ifcopenshell.file) -> None:
    least = min(room.door_width_m.value for room in make_rooms())
    doors = model.by_type("IfcDoor")
    assert doors
    for door in doors:
        assert door.OverallWidth >= least
        opening = door.FillsVoids[0].RelatingOpeningElement
        assert opening.VoidsElements[0].RelatingBuildingElement.is_a("IfcWall")


def test_bunker_walls_say_thickness_and_density(model: ifcopenshell.file) -> None:
    walls = [wall for wall in model.by_type("IfcWall") if wall.ObjectType == "primary"]
    assert len(walls) == 4
    shield = get_set(walls[0], "Oncopolis_Wall")
    assert (shield["Thickness"], shield["Density_kg_m3"]) == (pytest.approx(2.3), 2350)
    material = ifcopenshell.util.element.get_material(walls[0])
    assert material is not None
    layers = material.MaterialLayers
    assert [layer.LayerThickness for layer in layers] == [pytest.approx(2.3)]
    density = ifcopenshell.util.element.get_pset(layers[0].Material, "Pset_MaterialCommon", "MassDensity")
    assert density == 2350


def test_a_floor_is_made_for_the_walls_on_it(model: ifcopenshell.file) -> None:
    """Concrete of 2,350 kg/m3, 2.7 m high, presses with 62 kN/m2; a ward asks for its 3."""
    floors = {slab.Name: get_set(slab, "Oncopolis_Slab") for slab in model.by_type("IfcSlab", False)
              if slab.PredefinedType == "FLOOR"}  # fmt: skip
    assert floors["floor.radiotherapy.bunkers.-1"]["LiveLoad_kN_m2"] == pytest.approx(2.35 * 9.80665 * 2.7)
    assert floors["floor.wards.house.1"]["LiveLoad_kN_m2"] == 3.0
    assert floors["floor.radiotherapy.bunkers.-1"]["IsOnGround"] is True


def test_heavy_equipment_stands_in_its_room(model: ifcopenshell.file) -> None:
    devices = model.by_type("IfcMedicalDevice")
    assert [device.Name for device in devices] == ["linac.1", "linac.2"]
    where = [device.ContainedInStructure[0].RelatingStructure.Name for device in devices]
    assert where == ["bunker.1", "bunker.2"]
    assert get_set(devices[0], "Oncopolis_Equipment")["Weight"] == 9000


def test_departments_are_zones(model: ifcopenshell.file, layout: Layout) -> None:
    zones = {zone.Name: zone for zone in model.by_type("IfcZone")}
    assert set(zones) == {"clinic", "wards", "radiotherapy"}
    members = zones["radiotherapy"].IsGroupedBy[0].RelatedObjects
    assert {space.ObjectType for space in members} == {"bunker", "maze", "control", "corridor"}
    areas = get_set(zones["radiotherapy"], "Oncopolis_Department")
    assert areas["PlannedNetArea"] == pytest.approx(layout.programme.departments[2].net_m2)


def test_awkward_words_survive(tmp_path: Path) -> None:
    """Quotes, backslashes and letters of all languages come back as they went in."""
    words = "O'Neil \\ «Зал» 방사선 oʻrin"
    rooms = make_rooms()
    rooms = (rooms[0].__class__(**{**vars(rooms[0]), "labels": label(words)}), *rooms[1:])
    path = tmp_path / "concept.ifc"
    path.write_bytes(to_bytes(make_layout(make_small_programme(rooms))))
    model = ifcopenshell.open(str(path))
    assert next(list_spaces(model, "consulting")).LongName == words


def test_the_ids_file_is_valid_and_its_own_model_passes(
    layout: Layout, model: ifcopenshell.file, tmp_path: Path
) -> None:
    path = tmp_path / "requirements.ids"
    path.write_bytes(write_ids(layout.programme, "en"))
    assert get_schema().is_valid(str(path))
    specifications = ids.open(str(path), validate=True)
    specifications.validate(model)
    assert len(specifications.specifications) == len(layout.programme.rooms) + 2
    assert [part.name for part in specifications.specifications if not part.status] == []


@pytest.mark.parametrize("fault", ["small", "low", "missing", "narrow", "unclassed"])
def test_the_ids_file_finds_what_is_wrong(layout: Layout, tmp_path: Path, fault: str) -> None:
    """A room too small or too low, a missing type or class, a narrow door: something fails each time."""
    model = make_concept(layout)
    space = next(list_spaces(model, "consulting"))
    if fault in ("small", "low"):
        name = "NetFloorArea" if fault == "small" else "FinishCeilingHeight"
        for definition in space.IsDefinedBy:
            for quantity in getattr(definition.RelatingPropertyDefinition, "Quantities", ()):
                if quantity.Name == name:
                    quantity[3] = quantity[3] * 0.9
    elif fault == "missing":
        for each in list_spaces(model, "consulting"):
            each.ObjectType = "waiting"
    elif fault == "narrow":
        model.by_type("IfcDoor")[0].OverallWidth = 0.7
    else:
        model.remove(next(rel for rel in space.HasAssociations if rel.is_a("IfcRelAssociatesClassification")))
    path = tmp_path / "requirements.ids"
    path.write_bytes(write_ids(layout.programme, "en"))
    specifications = ids.open(str(path))
    specifications.validate(model)
    failed = {part.name for part in specifications.specifications if not part.status}
    room = "consulting (consulting)"
    assert {"narrow": {"Doors"}, "unclassed": {"Rooms", room}}.get(fault, {room}) <= failed
