"""The campus in numbers: who is inside, queues, beds, theatres, chairs, machines."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from oncopolis.foundation.units import MS_PER_MINUTE
from oncopolis.operations.arrivals.indexes import Inside, Queues
from oncopolis.operations.booking import find_outages
from oncopolis.operations.floor import Floor
from oncopolis.operations.infusion import Treatments
from oncopolis.operations.orders.critical import list_critical
from oncopolis.operations.theatre import Operations, list_theatres
from oncopolis.operations.wards.indexes import Beds


@dataclass(frozen=True, slots=True)
class Queue:
    """An area: how many wait, are called and are served, and the longest wait in minutes."""

    area: str
    waiting: int
    called: int
    served: int
    longest_min: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything at a moment.

    Parameters
    ----------
    inside
        Building, empty for none -> people who came today and have not left, and those in a bed there.
    queues
        Areas with anybody, the longest wait first.
    beds
        Ward -> state -> beds.
    theatres
        (in use, all).
    n_seated
        People in chairs of the day unit.
    down
        Kind of unit -> (out of order, all); machines, rooms and places.
    n_critical
        Critical results that nobody has seen.
    """

    inside: Mapping[str, int]
    queues: tuple[Queue, ...]
    beds: Mapping[str, Mapping[str, int]]
    theatres: tuple[int, int]
    n_seated: int
    down: Mapping[str, tuple[int, int]]
    n_critical: int

    @property
    def n_inside(self) -> int:
        """Everybody on the campus."""
        return sum(self.inside.values())

    @property
    def n_waiting(self) -> int:
        """Everybody who waits."""
        return sum(queue.waiting for queue in self.queues)

    def count_beds(self, *states: str) -> int:
        """Beds in these states."""
        return sum(ward.get(state, 0) for ward in self.beds.values() for state in states)


def read_overview(floor: Floor, now_ms: int) -> Overview:
    """Count."""
    rooms = list_theatres(floor.house)
    of_room = floor.index(Operations).of_room
    in_use = sum(any(one.is_in_room for one in of_room.get(room, {}).values()) for room in rooms)
    wards = floor.index(Beds).of_ward
    beds = {ward: Counter[str](bed.state for bed in of.values()) for ward, of in wards.items() if of}
    return Overview(
        _count_inside(floor), _list_queues(floor, now_ms), beds, (in_use, len(rooms)),
        len(floor.index(Treatments).of_chair), _count_down(floor, now_ms), len(list_critical(floor)),
    )  # fmt: skip


def _count_inside(floor: Floor) -> dict[str, int]:
    house, found = floor.house, Counter[str]()
    for area, n in floor.index(Inside).n_of_area.items():
        found[house.buildings.get(area, "")] += n
    for ward, beds in floor.index(Beds).of_ward.items():
        building = house.buildings.get(house.centre.resources[ward].department, "")
        found[building] += sum(bed.state in ("occupied", "isolation") for bed in beds.values())
    return {building: n for building, n in found.items() if n}


def _list_queues(floor: Floor, now_ms: int) -> tuple[Queue, ...]:
    queues = []
    for area, contacts in floor.index(Queues).of_area.items():
        states = Counter(one.state for one in contacts.values())
        waits = [now_ms - one.asked_ms for one in contacts.values() if one.state == "waiting"]
        longest = max(max(waits, default=0), 0) // MS_PER_MINUTE
        if states:
            queues.append(Queue(area, states["waiting"], states["called"], states["served"], longest))
    return tuple(sorted(queues, key=lambda one: (-one.longest_min, one.area)))


def _count_down(floor: Floor, now_ms: int) -> dict[str, tuple[int, int]]:
    units = floor.house.units
    everything = Counter(card.kind for card in units.values())
    down = Counter(
        units[unit].kind
        for unit, one in find_outages(floor).of.items()
        if unit in units and one.since_ms <= now_ms
    )
    return {kind: (down[kind], everything[kind]) for kind in ("machine", "room", "place") if everything[kind]}
