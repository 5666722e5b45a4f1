"""The day unit: who is in which chair for how long, what is to be prepared, and one day of treatment."""

from dataclasses import dataclass

from starlette.responses import Response

from oncopolis.foundation.units import MS_PER_MINUTE
from oncopolis.operations.arrivals.indexes import Queues
from oncopolis.operations.floor import Floor
from oncopolis.operations.infusion import Bag, Bags, Treatment, Treatments
from oncopolis.operations.infusion.finding import judge
from oncopolis.operations.infusion.limits import Gate
from oncopolis.operations.infusion.preparing import is_above, list_allergies
from oncopolis.operations.loop import Parked
from oncopolis.web.live.naming import Names
from oncopolis.web.live.showing import show
from oncopolis.web.live.station import Station
from oncopolis.web.live.topics import name_topic
from oncopolis.web.live.unit_words import BAGS, FAULTS, ROUTES, TREATMENTS
from oncopolis.web.login.visits import Visit
from oncopolis.web.pages import find_words

SOON_MIN = 10  # structure: default of a setting: how long before its end a bag is told of


@dataclass(frozen=True, slots=True)
class Day:
    """One treatment as the board shows it.

    Parameters
    ----------
    left_min
        Minutes until the bag that ends first has run through, below 0 once it should have; None if none runs.
    faults
        Limits of the laboratory that are not met.
    """

    treatment: Treatment
    bags: tuple[Bag, ...]
    left_min: int | None
    faults: tuple[Gate, ...]

    @property
    def is_soon(self) -> bool:
        """Whether somebody has to come to the chair."""
        return self.left_min is not None and self.left_min <= SOON_MIN


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit now: chairs with who sits there, who is still to come, and how much is parked."""

    chairs: tuple[tuple[str, Day | None], ...]
    waiting: tuple[Day, ...]
    n_parked: int


def read_unit(floor: Floor, now_ms: int) -> Unit:
    """Look at the day unit."""
    today = floor.house.to_local(now_ms).date()
    days = [_read_day(floor, one, now_ms) for one in floor.list(Treatment) if one.on <= today]
    of_chair = floor.index(Treatments).of_chair
    by_id = {one.treatment.id: one for one in days}
    seated = {chair: by_id[one.id] for chair, one in of_chair.items() if one.id in by_id}
    waiting = [one for one in days if one.treatment.state != "seated"]
    waiting.sort(key=lambda one: (one.treatment.on, one.treatment.came_ms, one.treatment.id))
    chairs = tuple((chair, seated.get(chair)) for chair in list_chairs(floor))
    return Unit(chairs, tuple(waiting), sum(one.kind in ("regimen", "values") for one in floor.list(Parked)))


def _read_day(floor: Floor, treatment: Treatment, now_ms: int) -> Day:
    bags = floor.index(Bags).list_of(treatment.id)
    ends = [bag.ends_ms for bag in bags if bag.ends_ms is not None]
    left = None if not ends else (min(ends) - now_ms) // MS_PER_MINUTE
    return Day(treatment, bags, left, tuple(gate for gate in judge(treatment, now_ms) if gate.fault))


def list_chairs(floor: Floor) -> list[str]:
    """Return the places that infusions hold, in order; those somebody sits in among them."""
    house = floor.house
    held = {
        resource
        for card in house.cards.values()
        for resource in card.holds
        if house.centre.resources[resource].kind == "place" and card.department == "chemotherapy"
    }
    return [
        unit for resource in house.centre.resources if resource in held for unit in house.units_of[resource]
    ]


def list_free_chairs(floor: Floor) -> list[str]:
    """Return the chairs in which nobody is."""
    used = floor.index(Queues).of_unit
    return [chair for chair in list_chairs(floor) if chair not in used]


def show_unit(station: Station, visit: Visit) -> Response:
    """The board of the day unit."""
    now_ms = station.now_ms
    unit, free = station.live.ask(lambda floor: (read_unit(floor, now_ms), list_free_chairs(floor)))
    days = [*unit.waiting, *(day for _, day in unit.chairs if day is not None)]
    names = Names(station.house, find_words(visit.language))
    return show(
        station, visit, "infusions.html",
        topics=["treatment", "bag", "parked", name_topic("area", "chemotherapy")],
        unit=unit, people=station.people.find_names({day.treatment.patient for day in days}, visit.language),
        free=[(chair, names.chair(chair)) for chair in free], states=TREATMENTS, bags=BAGS, faults=FAULTS,
        today=station.house.to_local(now_ms).date(),
    )  # fmt: skip


def show_treatment(station: Station, visit: Visit) -> Response:
    """One day of treatment, from the order to the last bag."""
    id_, now_ms = visit.parts["id"], station.now_ms

    def look(floor: Floor) -> tuple[Day, tuple[Gate, ...], list[str], list[str]]:
        known = floor.get(Treatment, id_)
        day = _read_day(floor, known, now_ms)
        return day, judge(known, now_ms), list_allergies(floor, known), list_free_chairs(floor)

    day, gates, allergies, free = station.live.ask(look)
    names = Names(station.house, find_words(visit.language))
    return show(
        station, visit, "treatment.html", topics=[name_topic("treatment", id_), "bag"], own=day.bags,
        one=day.treatment, gates=gates, allergies=allergies, above=is_above,
        needs_reason=bool(allergies) or any(map(is_above, day.treatment.lines)), states=TREATMENTS, bags=BAGS,
        faults=FAULTS, routes=ROUTES, free=[(chair, names.chair(chair)) for chair in free],
        people=station.people.find_names({day.treatment.patient}, visit.language),
        today=station.house.to_local(now_ms).date(),
    )  # fmt: skip
