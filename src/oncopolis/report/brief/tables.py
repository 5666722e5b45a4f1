"""Tables of a brief: one description for the workbook and the document."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from oncopolis.design.layout import Layout
from oncopolis.design.required import Item, RoomType, Stated
from oncopolis.design.sheets import OWN_CODES
from oncopolis.report.language import Language, mark
from oncopolis.report.page import HOLLOW
from oncopolis.report.workbooks.book import Field

PRESSURES = {"positive": mark("positive"), "negative": mark("negative"), "neutral": mark("neutral")}
SHIELDINGS = {
    "megavoltage": mark("megavoltage photons"),
    "proton": mark("protons"),
    "brachytherapy": mark("brachytherapy source"),
    "cyclotron": mark("cyclotron"),
    "x_ray": mark("X-rays"),
    "gamma": mark("gamma rays"),
    "radio_frequency": mark("radio frequency cage"),
}
ZONES = {"clean": mark("clean"), "dirty": mark("soiled")}
GRADES = {"high": mark("high"), "moderate": mark("moderate"), "minimal": mark("minimal")}
GASES = {
    "oxygen": mark("oxygen"),
    "vacuum": mark("vacuum"),
    "medical_air": mark("medical air"),
    "surgical_air": mark("surgical air"),
    "scavenging": mark("gas scavenging"),
}
NEIGHBOURS = {
    (True, True, False): mark("{room} (entered through this room)"),
    (True, False, True): mark("{room} (entered from there only)"),
    (True, False, False): mark("{room} (door between)"),
    (False, False, False): mark("{room} (wall in common)"),
}


@dataclass(frozen=True)
class Table:
    """Headings with the kinds of their columns, and rows."""

    title: str
    fields: tuple[Field, ...]
    rows: tuple[tuple[Any, ...], ...]


class BriefTables:
    """Words and rows of a brief in one language."""

    def __init__(self, layout: Layout, language: Language) -> None:
        self.layout, self.programme, self.language = layout, layout.programme, language
        self.text = language.text
        self.departments = {part.id: self.name(part.labels) for part in self.programme.departments}

    def name(self, labels: Any) -> str:
        """Return a label in this language."""
        return str(labels[self.language.code])

    def write_code(self, room: RoomType) -> str:
        """Return the classes of a room."""
        return "; ".join(
            code.code if code.system == OWN_CODES else f"{code.code} {code.name}" for code in room.codes
        )

    def write_air(self, room: RoomType) -> str:
        """Return the ventilation of a room in words."""
        if room.air is None:
            return ""
        changes = room.air.changes_per_hour
        pressure = self.text(PRESSURES[room.air.pressure])
        return f"{self.write(changes, 0)} {self.text('an hour')}, {pressure}"

    def write_gases(self, room: RoomType) -> str:
        """Return the outlets of a room in words."""
        return ", ".join(
            f"{self.write(outlets, 0)} {self.text(GASES[gas])}" for gas, outlets in room.gases.items()
        )

    def write_beside(self, room: RoomType) -> str:
        """Return which rooms share a wall with this one."""
        own = [
            self.text(
                NEIGHBOURS[near.has_door, near.is_way_in, near.is_private],
                room=self.name(self.programme.room_types[near.room].labels),
            )
            for near in room.beside
        ]
        return "; ".join(own)

    def write_walls(self, room: RoomType) -> str:
        """Return the shielding walls of the concept."""
        if room.walls is None:
            return ""
        primary, secondary = self.write(room.walls.primary_m, 2), self.write(room.walls.secondary_m, 2)
        return self.text("{primary} m, elsewhere {secondary} m", primary=primary, secondary=secondary)

    def write_shielding(self, room: RoomType) -> str:
        """Return what a room is shielded against."""
        return self.text(SHIELDINGS[room.shielding]) if room.shielding else ""

    def write(self, value: Stated, digits: int) -> str:
        """Write a number with the mark of what nobody has opened or signed."""
        return f"{self.language.numeral(value.value, digits)}{'' if value.is_verified else HOLLOW}"

    def list_departments(self) -> Table:
        """Return net and gross area of every department."""
        text = self.text
        fields = (
            Field(text("Department"), is_long=True),
            Field(text("Net area, m²"), "tenths", is_summed=True),
            Field(text("Gross factor"), "hundredths"),
            Field(text("Department gross, m²"), "tenths", is_summed=True, formula="=B{row}*C{row}"),
            Field(text("Drawn in the concept, m²"), "tenths", is_summed=True),
        )
        drawn = self._sum_drawn()
        rows = tuple(
            (self.name(part.labels), part.net_m2, part.gross_factor.value, part.gross_m2, drawn[part.id])
            for part in self.programme.departments
        )
        return Table(text("Departments"), fields, rows)

    def _sum_drawn(self) -> dict[str, float]:
        drawn: dict[str, float] = {}
        for storey in self.layout.storeys:
            for part in storey.parts:
                drawn[part.department] = drawn.get(part.department, 0.0) + part.outline.area
        return drawn

    def list_rooms(self, rooms: Sequence[RoomType]) -> Table:
        """Return the space programme of rooms."""
        text = self.text
        fields = (
            Field(text("Room"), is_long=True),
            Field(text("Department")),
            Field(text("Key")),
            Field(text("Number"), "count", is_summed=True),
            Field(text("Places"), "count"),
            Field(text("Clear area of one, m²"), "tenths"),
            Field(text("Shielding of one, m²"), "tenths"),
            Field(text("Area, m²"), "tenths", is_summed=True, formula="=D{row}*(F{row}+G{row})"),
        )
        rows = tuple(
            (
                self.name(room.labels),
                self.departments[room.department],
                room.id,
                room.n,
                room.n_places or None,
                room.area_m2.value,
                room.shielding_m2,
                room.net_m2,
            )
            for room in rooms
        )
        return Table(text("Space programme"), fields, rows)

    def list_sheets(self) -> Table:
        """Return what every room has to be like."""
        text = self.text
        titles = (text("Room"), text("Department"), text("Key"), text("Kind"), text("Class"))
        fields = (
            *(Field(title) for title in titles),
            Field(text("Number"), "count"),
            Field(text("Clear area of one, m²"), "tenths"),
            Field(text("Least area, m²"), "tenths"),
            Field(text("Largest area, m²"), "tenths"),
            Field(text("Clear height, m"), "hundredths"),
            Field(text("Door width, m"), "hundredths"),
            Field(text("Floor load, kN/m²"), "hundredths"),
            *(Field(self.text(title)) for title in SHEET_WORDS),
        )
        rows = tuple(self._list_sheet(room) for room in self.programme.rooms)
        return Table(text("Room data sheets"), fields, rows)

    def _list_sheet(self, room: RoomType) -> tuple[Any, ...]:
        area = room.area_m2.value
        return (
            self.name(room.labels),
            self.departments[room.department],
            room.id,
            room.function,
            self.write_code(room),
            room.n,
            area,
            area * (1 - room.shortfall.value),
            area * (1 + room.excess.value),
            room.height_m.value,
            room.door_width_m.value,
            room.load_kn_m2.value,
            *(value for _, value in self.list_words(room)),
            ", ".join(dict.fromkeys(value.key for value in list_stated(room))),
        )

    def list_words(self, room: RoomType) -> list[tuple[str, str]]:
        """Return the entries of a data sheet that are words, each with its title."""
        values = (
            self.write_air(room),
            self.write_gases(room),
            self.write_shielding(room),
            self.write_walls(room),
            self.text(ZONES[room.zone]) if room.zone else "",
            self.write_beside(room),
        )
        return [(self.text(title), value) for title, value in zip(SHEET_WORDS[:-1], values, strict=True)]

    def list_equipment(self) -> Table:
        """Return the equipment list."""
        text = self.text
        fields = (
            Field(text("Equipment"), is_long=True),
            Field(text("Department")),
            Field(text("Room")),
            Field(text("Key")),
            Field(text("Number"), "count", is_summed=True),
            Field(text("Weight of one, kg"), "count"),
            Field(text("Power of one, kW"), "hundredths"),
            Field(text("Comes in by")),
            Field(text("Corridors at least, m"), "hundredths"),
            Field(text("Doors at least, m"), "hundredths"),
            Field(text("Doors as high as, m"), "hundredths"),
        )
        return Table(
            text("Equipment list"), fields, tuple(self._list_item(item) for item in self.programme.equipment)
        )

    def _list_item(self, item: Item) -> tuple[Any, ...]:
        rooms, way = self.programme.room_types, item.way
        return (
            self.name(item.labels),
            self.departments.get(item.department, item.department),
            self.name(rooms[item.room].labels) if item.room else None,
            item.id,
            item.n,
            item.weight_kg.value if item.weight_kg else None,
            item.power_kw.value if item.power_kw else None,
            self.name(rooms[way.start].labels) if way and way.start else None,
            way.width_m.value if way else None,
            way.door_m.value if way else None,
            way.height_m.value if way else None,
        )

    def list_links(self) -> Table:
        """Return which departments belong together and how near they came."""
        text = self.text
        fields = (
            Field(text("Department"), is_long=True),
            Field(text("Belongs to"), is_long=True),
            Field(text("Relation")),
            Field(text("Weight"), "count", is_summed=True),
            Field(text("Way, m"), "count"),
            Field(text("Closeness"), "hundredths"),
            Field(text("Source")),
        )
        rows = tuple(
            (
                self.departments[way.link.between[0]],
                self.departments[way.link.between[1]],
                self.text(GRADES[way.link.grade]),
                way.link.weight,
                way.way_m,
                way.closeness,
                way.link.source,
            )
            for way in self.layout.score.ways
        )
        return Table(text("Relations"), fields, rows)


SHEET_WORDS = (
    mark("Air changes and pressure"),
    mark("Medical gases"),
    mark("Shielding"),
    mark("Walls of the concept"),
    mark("Zone"),
    mark("Beside"),
    mark("Evidence"),
)


def list_stated(room: RoomType) -> Iterator[Stated]:
    """Yield the numbers of a data sheet."""
    yield from (room.area_m2, room.height_m, room.door_width_m, room.load_kn_m2, room.shortfall, room.excess)
    if room.air is not None:
        yield room.air.changes_per_hour
    yield from room.gases.values()
    if room.walls is not None:
        yield from (room.walls.primary_m, room.walls.secondary_m, room.walls.density_kg_m3)
