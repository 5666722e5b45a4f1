"""`make_programme`: what a plan asks a building to hold.

The siblings of this room read a `Programme` and nothing else of a plan: `Programme.rooms` has one entry for
each room type with `n` alike rooms; `Programme.get` and `Programme.stated` have the numbers of ``design.*``.
"""

from collections.abc import Callable, Iterator, Mapping
from math import ceil

from oncopolis.centre.facility import Equipment, Room
from oncopolis.centre.number import Number
from oncopolis.design.links import list_links
from oncopolis.design.required import (
    Air,
    Beside,
    Block,
    Code,
    Department,
    Item,
    Labels,
    Link,
    Programme,
    RoomType,
    Stated,
    Walls,
    Way,
)
from oncopolis.design.sheets import DENSITY, RoomSheets
from oncopolis.evidence import list_sources
from oncopolis.foundation import InputError
from oncopolis.planning import Plan
from oncopolis.planning.space import Counted

__all__ = [
    "LANGUAGES",
    "Air",
    "Beside",
    "Block",
    "Code",
    "Department",
    "Item",
    "Labels",
    "Link",
    "Programme",
    "RoomType",
    "Stated",
    "Translate",
    "Walls",
    "Way",
    "make_programme",
]

LANGUAGES = ("en", "ko", "ru", "uz")

Translate = Callable[[str, str], str]
"""Language and English label -> label in that language."""

DELIVERY = ("proton_delivery", "receiving_room", "clean_dock")
"""Kinds of rooms that equipment comes in by; one in the own department before those of others."""


def make_programme(plan: Plan, translate: Translate = lambda _language, label: label) -> Programme:
    """Return what the last phase of a plan asks a building to hold.

    Parameters
    ----------
    plan
        Plan of a project; draws are not needed.
    translate
        Gives labels in the languages of the house; English ones stay where it is left out.

    Raises
    ------
    InputError
        DES-001 if the plan needs no room at all, DES-002 if a number of the brief is not above 0, DES-003 if
        the shielding of a room leaves nothing of its area.
    """
    return ProgrammeMaker(plan, translate).make()


class ProgrammeMaker:
    """Turns the counted rooms and machines of a plan into lines of a brief."""

    def __init__(self, plan: Plan, translate: Translate) -> None:
        self.plan, self.centre, self.translate = plan, plan.project.centre, translate
        self.phase = plan.calculation.phases[-1]
        self.asking = plan.calculation.asking
        self.sheets = RoomSheets(plan.project.evidence)
        self.kinds = {part.id: self._find_kind(part) for part in self.phase.space.rooms}
        self.present = [part for part in self.phase.space.rooms if _count(part)]

    def make(self) -> Programme:
        """Make the programme."""
        rooms = tuple(self._make_room(part) for part in self.present)
        departments = tuple(self._list_departments(rooms))
        if not rooms:
            raise InputError(
                code="DES-001",
                where=f"{self.plan.project.folder}: rooms",
                got="no room that is needed",
                expected="rooms in the departments that are open",
                fix="define `rooms` with the rules that count them, or use the library `oncology`",
            )
        names = {part.id for part in departments}
        stated = {
            key: self.sheets.state(key)
            for key in (*self.plan.project.evidence.rows, DENSITY)
            if key.startswith("design.") or key == DENSITY
        }
        programme = Programme(
            project=self.centre.name,
            country=self.centre.country,
            languages=tuple(self.centre.languages),
            year=self.centre.reference_year,
            departments=departments,
            rooms=rooms,
            equipment=tuple(self._list_items()),
            links=list_links(names, stated),
            blocks=tuple(self._list_blocks(names)),
            walks=self._list_walks(),
            building_factor=self._state(self.centre.building_gross),
            stated=stated,
            sources={},
        )
        return Programme(**{**vars(programme), "sources": _list_cited(programme)})

    def _label(self, label: str) -> Labels:
        return {language: self.translate(language, label) for language in LANGUAGES}

    def _state(self, number: Number) -> Stated:
        return self.sheets.state(self.asking.find_key(number))

    def _find_kind(self, part: Counted) -> str:
        room = _get_room(part)
        return self.sheets.find_kind(part.id, self.asking.find_key(room.area))

    def _make_room(self, part: Counted) -> RoomType:
        room, kind = _get_room(part), self.kinds[part.id]
        sheet = self.sheets.find_sheet(kind)
        counted, each = _count(part), self._state(room.area)
        n, n_places = counted, 0
        if sheet.places:
            n = ceil(counted / self.sheets.state_word("places", sheet.places).value)
            n_places = counted
        taken = (
            self.sheets.state_word("shielding", sheet.shielding_area).value if sheet.shielding_area else 0.0
        )
        clear = each.value * counted / n - taken
        if clear <= 0:
            raise InputError(
                code="DES-003",
                where=each.key,
                got=f"{each.value:g} m2 for a room with {taken:g} m2 of shielding walls",
                expected="an area that leaves room inside the walls",
                fix=f"raise the area, or lower design.shielding.{sheet.shielding_area}",
            )
        return RoomType(
            id=part.id,
            department=room.department,
            function=kind or part.id,
            labels=self._label(room.label),
            n=n,
            n_places=n_places,
            area_m2=Stated(clear, each.unit, each.key, each.source, each.locator, each.is_verified),
            shielding_m2=taken,
            shortfall=self.sheets.state("design.tolerance.area"),
            excess=self.sheets.state("design.tolerance.excess"),
            height_m=self.sheets.state_word("height", sheet.height),
            door_width_m=self._find_door(part.id, sheet.door),
            load_kn_m2=self.sheets.state_word("load", sheet.load),
            air=self.sheets.find_air(sheet.air),
            gases=self.sheets.list_gases(sheet.gases),
            shielding=sheet.shielding,
            walls=self.sheets.find_walls(sheet.walls),
            zone=sheet.zone,
            beside=tuple(
                Beside(other.id, neighbour.door, neighbour.way_in, neighbour.private)
                for neighbour in sheet.beside
                for other in self.present
                if self.kinds[other.id] == neighbour.to and _get_room(other).department == room.department
            ),
            codes=self.sheets.list_codes(sheet, kind or part.id),
            is_known=bool(kind),
        )

    def _find_door(self, room: str, word: str) -> Stated:
        """Return the door of a room: its own, or that which its heavy equipment comes in by."""
        own, wide = self.sheets.state_word("door", word), self.sheets.state("design.door.bed")
        is_heavy = any(
            isinstance(part.item, Equipment) and part.item.room == room and self._find_weight(part.item)
            for part in self.phase.equipment
        )
        return max(own, wide, key=lambda door: door.value) if is_heavy else own

    def _find_weight(self, item: Equipment) -> Stated | None:
        """Return the weight of heavy equipment, None of any other."""
        weight = self._state(item.weight) if item.weight else None
        is_heavy = weight is not None and weight.value >= self.sheets.state("design.heavy.from").value
        return weight if is_heavy else None

    def _list_departments(self, rooms: tuple[RoomType, ...]) -> Iterator[Department]:
        for part in self.phase.space.departments:
            net = sum(room.net_m2 for room in rooms if room.department == part.id)
            if net:
                yield Department(
                    part.id, self._label(part.department.label), net, self._state(part.department.gross)
                )

    def _list_items(self) -> Iterator[Item]:
        names = {part.id for part in self.present}
        for part in self.phase.equipment:
            item = part.item
            assert isinstance(item, Equipment)
            if not (n := _count(part)):
                continue
            weight = self._state(item.weight) if item.weight else None
            room = item.room if item.room in names else ""
            yield Item(
                id=part.id,
                labels=self._label(item.label),
                department=item.department,
                room=room or "",
                n=n,
                weight_kg=weight,
                power_kw=self._state(item.power) if item.power else None,
                way=self._find_way(item),
            )

    def _find_way(self, item: Equipment) -> Way | None:
        if self._find_weight(item) is None:
            return None
        starts = [
            (_get_room(part).department != item.department, DELIVERY.index(self.kinds[part.id]), part.id)
            for part in self.present
            if self.kinds[part.id] in DELIVERY
            and (self.kinds[part.id] != DELIVERY[0] or _get_room(part).department == item.department)
        ]
        return Way(
            start=min(starts)[-1] if starts else "",
            width_m=self.sheets.state("design.route.width"),
            door_m=self.sheets.state("design.door.bed"),
            height_m=self.sheets.state("design.door.height"),
        )

    def _list_blocks(self, names: set[str]) -> Iterator[Block]:
        """Yield the buildings; departments that none names share one of their own."""
        placed: set[str] = set()
        for key, building in self.centre.campus.buildings.items():
            inside = tuple(name for name in building.departments if name in names and name not in placed)
            placed.update(inside)
            if inside:
                storeys = {name: storey for name, storey in building.storeys.items() if name in inside}
                yield Block(key, self._label(building.label), inside, storeys)
        if rest := tuple(part for part in self.centre.departments if part in names - placed):
            name = "centre"
            while name in self.centre.campus.buildings:
                name += "_"
            yield Block(name, self._label(self.centre.name), rest, {})

    def _list_walks(self) -> Mapping[tuple[str, str], float]:
        return {
            pair: walk.minutes
            for walk in self.centre.campus.walks
            for pair in ((walk.between[0], walk.between[1]), (walk.between[1], walk.between[0]))
        }


def _get_room(part: Counted) -> Room:
    assert isinstance(part.item, Room)
    return part.item


def _count(part: Counted) -> int:
    return round(float(part.n.central[0]))


def _list_cited(programme: Programme) -> Mapping[str, str]:
    """Return the citation of every source that a line of the programme names."""
    named = {value.source for value in programme.stated.values()}
    named |= {room.area_m2.source for room in programme.rooms}
    named |= {part.gross_factor.source for part in programme.departments} | {programme.building_factor.source}
    named |= {link.source for link in programme.links}
    named |= {
        value.source
        for item in programme.equipment
        for value in (item.weight_kg, item.power_kw)
        if value is not None
    }
    return {key: source.citation for key, source in list_sources().items() if key in named}
