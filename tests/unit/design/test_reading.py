"""Models of three schemas, three units and several exporters are read as the same building."""

import re
from pathlib import Path

import openpyxl
import pytest
from tests.unit.design.ifc_files import EAST, FOOT_M, SQUARE, Author, write_house

from oncopolis.design.reading import read_models
from oncopolis.design.reading.lines import Lines
from oncopolis.design.reading.units import Units
from oncopolis.design.review import make_case
from oncopolis.design.rules import CHECKS, find_pack
from oncopolis.foundation import InputError


@pytest.mark.parametrize("schema", ["IFC2X3", "IFC4", "IFC4X3"])
@pytest.mark.parametrize("unit", ["metre", "millimetre", "foot"])
def test_schema_and_unit_do_not_matter(tmp_path: Path, schema: str, unit: str) -> None:
    building = read_models([write_house(tmp_path / "m.ifc", schema, unit)])
    exam = building.spaces[0]
    assert exam.words == "1 Exam room"
    assert exam.area is not None
    assert exam.area.place == "drawn outline"
    assert exam.area.value == pytest.approx(20.0)
    assert exam.body_height_m == pytest.approx(3.0)
    assert len(exam.outline) == len(SQUARE)
    assert building.name_storey(exam.storey) == "Ground"
    [door] = building.doors
    assert door.width is not None
    assert door.width.value == pytest.approx(0.9)
    assert door.joins == tuple(space.id for space in building.spaces)
    assert building.files[0].format.startswith(schema)


@pytest.mark.parametrize(
    ("set_", "name", "kind"),
    [
        ("Qto_SpaceBaseQuantities", "NetFloorArea", "IfcQuantityArea"),
        ("BaseQuantities", "NetFloorArea", "IfcQuantityArea"),
        ("GSA Space Areas", "GSA BIM Area", "IfcQuantityArea"),
        ("PSet_Revit_Dimensions", "Area", "IfcAreaMeasure"),
        ("ArchiCADQuantities", "Net Area", "IfcAreaMeasure"),
        ("Qto_SpaceBaseQuantities", "GrossFloorArea", "IfcQuantityArea"),
    ],
)
def test_areas_are_found_where_exporters_put_them(tmp_path: Path, set_: str, name: str, kind: str) -> None:
    author = Author(unit="foot")
    space = author.add_space("1", "Exam room", SQUARE)
    author.add_property(space, "Pset_SpaceCommon", "NetPlannedArea", "IfcAreaMeasure", 999.0)
    add = author.add_quantity if kind.startswith("IfcQuantity") else author.add_property
    add(space, set_, name, kind, 21.0 / FOOT_M**2)
    area = read_models([author.save(tmp_path / "m.ifc")]).spaces[0].area
    assert area is not None
    assert area.place == f"{set_}.{name}"
    assert area.value == pytest.approx(21.0)


def test_what_is_net_goes_before_what_is_gross_or_drawn(tmp_path: Path) -> None:
    author = Author()
    space = author.add_space("1", "Exam room", SQUARE)
    author.add_quantity(space, "Qto_SpaceBaseQuantities", "GrossFloorArea", "IfcQuantityArea", 24.0)
    author.add_property(space, "PSet_Revit_Dimensions", "Area", "IfcAreaMeasure", 23.0)
    author.add_quantity(space, "BaseQuantities", "NetFloorArea", "IfcQuantityArea", 22.0)
    read = read_models([author.save(tmp_path / "m.ifc")]).spaces[0]
    assert read.area is not None
    assert read.gross is not None
    assert (read.area.value, read.area.place) == (22.0, "BaseQuantities.NetFloorArea")
    assert read.gross.value == 24.0


@pytest.mark.slow
def test_bodies_of_faces_and_of_the_kernel_are_outlined(tmp_path: Path) -> None:
    author = Author(unit="millimetre")
    faces = author.add_space("1", "Exam room", SQUARE)
    faces.Representation = author.brep(SQUARE, 3.0)
    turned = author.add_space("2", "Office", EAST)
    profile = turned.Representation.Representations[0].Items[0].SweptArea
    turned.Representation.Representations[0].Items[0].SweptArea = author.make(
        "IfcLShapeProfileDef", ProfileType="AREA", Depth=5000.0, Width=4000.0, Thickness=1000.0
    )
    assert profile.is_a("IfcArbitraryClosedProfileDef")
    building = read_models([author.save(tmp_path / "m.ifc")])
    drawn = [space.drawn_m2 for space in building.spaces]
    assert drawn[0] == pytest.approx(20.0)
    assert drawn[1] == pytest.approx(8.0)  # 5 x 1 + 3 x 1
    assert [space.body_height_m for space in building.spaces] == pytest.approx([3.0, 3.0])


def test_a_door_without_boundaries_joins_what_it_stands_between(tmp_path: Path) -> None:
    author = Author()
    author.add_space("1", "Exam room", SQUARE)
    author.add_space("2", "Office", EAST)
    author.add_door(3.65, 2.5, 0.9)
    building = read_models([author.save(tmp_path / "m.ifc")])
    [door] = building.doors
    assert sorted(door.joins) == sorted(space.id for space in building.spaces)
    assert door.joined_by == "position"


def test_files_of_several_units_are_one_building(tmp_path: Path) -> None:
    paths = [write_house(tmp_path / "a.ifc"), write_house(tmp_path / "b.ifc", "IFC2X3", "foot")]
    building = read_models(paths)
    assert [source.units[0] for source in building.files] == ["length: metre", "length: foot"]
    assert [space.drawn_m2 for space in building.spaces] == pytest.approx([20.0] * 4)
    assert len(building.storeys) == 1


def test_objects_with_one_id_are_told_apart(tmp_path: Path) -> None:
    author = Author()
    author.add_space("1", "Exam room", SQUARE)
    author.add_space("2", "Office", EAST).GlobalId = author.file.by_type("IfcSpace")[0].GlobalId
    building = read_models([author.save(tmp_path / "m.ifc")])
    assert len(building.space_by_id) == 2
    assert building.repeated == (building.spaces[0].id,)


def test_names_in_letters_as_they_are_keep_them(tmp_path: Path) -> None:
    path = write_house(tmp_path / "m.ifc")
    path.write_text(path.read_text("utf-8").replace("Exam room", "Кабинет 진료실"), "utf-8")
    assert read_models([path]).spaces[0].words == "1 Кабинет 진료실"


def test_letters_of_an_unknown_encoding_are_refused(tmp_path: Path) -> None:
    path = write_house(tmp_path / "m.ifc")
    path.write_bytes(path.read_text("utf-8").replace("Exam room", "Кабинет").encode("cp1251"))
    with pytest.raises(InputError, match=r"m.ifc:\d+.*0xca.*DES-120"):
        read_models([path])


def test_spaces_are_on_the_storey_that_contains_them(tmp_path: Path) -> None:
    """Some exporters contain spaces like furniture, aggregate them in zones, rooms or not at all."""
    author = Author("IFC4X3")
    for number, corners in (("1", SQUARE), ("2", EAST), ("3", SQUARE)):
        author.add_space(number, "Exam room", corners)
    contained, inner, loose = author.file.by_type("IfcSpace")
    for relation in author.file.by_type("IfcRelAggregates"):
        if relation.RelatedObjects[0].is_a("IfcSpace"):
            author.file.remove(relation)
    author.make(
        "IfcRelContainedInSpatialStructure", GlobalId=author.guid(), RelatedElements=[contained],
        RelatingStructure=author.storey,
    )  # fmt: skip
    zone = author.make("IfcSpatialZone", GlobalId=author.guid(), Name="East")
    author.aggregate(author.storey, zone)
    author.aggregate(zone, inner)
    loose.GlobalId = None
    building = read_models([author.save(tmp_path / "m.ifc")])
    assert [building.name_storey(space.storey) for space in building.spaces] == ["Ground", "Ground", ""]
    assert building.spaces[2].id.startswith("#")


def test_a_space_drawn_as_a_part_of_another_does_not_lie_over_it(tmp_path: Path) -> None:
    author = Author()
    author.add_space("1", "Suite", SQUARE)
    inside = author.add_space("2", "Toilet", [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)])
    suite, rule = author.file.by_type("IfcSpace")[0], find_pack("model").rules
    [overlap] = [one for one in rule if one.id == "model.overlap"]

    def decide(name: str) -> set[str]:
        case = make_case(read_models([author.save(tmp_path / name)]), None, {}, None)
        return {outcome.state for outcome in CHECKS[overlap.check].decide(case, overlap)}

    assert "failed" in decide("loose.ifc")
    for relation in author.file.by_type("IfcRelAggregates"):
        if inside in relation.RelatedObjects:
            author.file.remove(relation)
    author.aggregate(suite, inside)
    assert decide("nested.ifc") == {"passed"}
    building = read_models([tmp_path / "nested.ifc"])
    assert [space.within for space in building.spaces] == ["", suite.GlobalId]
    assert building.spaces[1].storey == building.spaces[0].storey


VALUES = [
    ("IfcLabel", "Oʻquv xonasi, комната 'A' 진료실"),
    ("IfcLabel", ""),
    ("IfcText", "a,b;#5=IFCPROPERTYSET('x')"),
    ("IfcText", "back\\slash"),
    ("IfcLabel", "🏥"),
    ("IfcIdentifier", "T"),
    ("IfcBoolean", True),
    ("IfcLogical", False),
    ("IfcInteger", -7),
    ("IfcReal", -1.5e-7),
    ("IfcLengthMeasure", 2500.0),
    ("IfcAreaMeasure", 12.5),
    ("IfcThermodynamicTemperatureMeasure", 293.15),
    ("IfcCountMeasure", 3.0),
    ("IfcSoundPowerMeasure", 0.5),
]


@pytest.mark.parametrize("schema", ["IFC2X3", "IFC4", "IFC4X3"])
def test_lines_are_read_as_the_parser_reads_them(tmp_path: Path, schema: str) -> None:
    """A remark anywhere leaves everything to the parser."""
    author = Author(schema, "millimetre")
    space = author.add_space("1", "Exam room", SQUARE)
    for n, (kind, value) in enumerate(VALUES):
        if kind == "IfcCountMeasure" and schema == "IFC4X3":
            value = 3  # noqa: PLW2901 - a whole number there
        author.add_property(space, f"Set {n}", "Value's", kind, value)
    author.add_quantity(space, "Qto", "Net", "IfcQuantityArea", 20.0)
    author.add_quantity(space, "Qto", "Width", "IfcQuantityLength", 900.0)
    foot = author.make("IfcSIUnit", UnitType="LENGTHUNIT", Name="METRE")
    length = author.file.create_entity("IfcLengthMeasure", 2.0)
    own = author.make("IfcPropertySingleValue", Name="Own", NominalValue=length, Unit=foot)
    none = author.make("IfcPropertySingleValue", Name="None")
    author.define(
        space, author.make("IfcPropertySet", GlobalId=author.guid(), Name="Own", HasProperties=[own, none])
    )
    plain = author.save(tmp_path / "plain.ifc")
    text = plain.read_text("utf-8")
    spaced = tmp_path / "spaced.ifc"
    spaced.write_bytes(re.sub(r"(?m)^(#\d+)=", r"\1= ", text).replace("\n", "\r\n").encode())
    remarked = tmp_path / "remarked.ifc"
    remarked.write_text(text.replace("DATA;", "/* as it was */\nDATA;"), "utf-8")
    facts = [dict(read_models([path]).spaces[0].facts) for path in (remarked, plain, spaced)]
    assert facts[0] == facts[1] == facts[2]
    assert len(facts[0]) >= len(VALUES)
    assert facts[0]["Set 10.Value's"] == pytest.approx(2.5)
    lines = Lines(plain, Units(author.project, "m.ifc"))
    sets = author.file.by_type("IfcPropertySet")
    assert sum(lines.find_set(one.id()) is not None for one in sets) >= len(VALUES) - 5


def write_workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_workbooks_of_other_tools_are_read(tmp_path: Path) -> None:
    """Other capitals, decimal commas, numbers as names, what is not a number: seen in exports of COBie."""
    path = write_workbook(
        tmp_path / "m.xlsx",
        {
            "FACILITY": [["Name", "Linear Units", "AREAUNITS"], ["Clinic", "Millimeters", "Square Feet"]],
            "floor": [["Name", "Elevation"], [1, "-0,5"]],
            "Space": [
                ["name", "FloorName", "Description", "NetArea", "UsableHeight"],
                [101.0, 1.0, "Кабинет врача", "1 076,391", 2700],
                ["102", "1", "진료실", "nan", "1e999"],
                [None] * 5,
            ],
        },
    )
    building = read_models([path])
    office, other = building.spaces
    assert (office.words, building.name_storey(office.storey)) == ("101 Кабинет врача", "1")
    assert office.area is not None
    assert office.height is not None
    assert (office.area.value, office.height.value) == pytest.approx((100.0, 2.7), abs=1e-4)
    assert (other.area, other.height) == (None, None)
    assert building.storeys[0].elevation_m == pytest.approx(-0.0005)


def test_a_room_beyond_all_bounds_has_no_outline(tmp_path: Path) -> None:
    author = Author()
    author.add_space("1", "Exam room", [(0.0, 0.0), (1e200, 0.0), (1e200, 1e200), (0.0, 1e200)])
    [read] = read_models([author.save(tmp_path / "m.ifc")]).spaces
    assert (read.area, read.outline) == (None, ())
