"""`House`: an equipped centre made ready to be lived in: its units, hours, ways and activities."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from oncopolis.centre import BoundActivity, Centre, Network, Route
from oncopolis.centre.calendar import Calendar
from oncopolis.centre.equipped import Duty, Equipped
from oncopolis.centre.network import make_key
from oncopolis.centre.service import Booking
from oncopolis.foundation import NotFoundError
from oncopolis.operations.house.cards import Card, Values, make_card
from oncopolis.operations.house.hours import Span, is_open, list_open, to_minutes
from oncopolis.operations.house.tariffs import Tariffs, read_tariffs
from oncopolis.operations.house.units import UnitCard, list_units

_MS = 1000  # structure: milliseconds in a second


@dataclass(frozen=True)
class House:
    """What is the same every day; make it with `make_house`."""

    equipped: Equipped
    given_tariffs: Tariffs | None = None
    """Tariffs in place of those of the project's folder."""

    @property
    def centre(self) -> Centre:
        """The definition."""
        return self.equipped.project.centre

    @property
    def network(self) -> Network:
        """Its pathways, ready to be walked."""
        return self.equipped.project.network

    @cached_property
    def zone(self) -> ZoneInfo:
        """Time zone of its clocks."""
        return ZoneInfo(self.centre.time_zone)

    @cached_property
    def units(self) -> Mapping[str, UnitCard]:
        """Units by id."""
        return {unit.id: unit for unit in list_units(self.equipped)}

    @cached_property
    def units_of(self) -> Mapping[str, tuple[str, ...]]:
        """Resource -> ids of its units, in order."""
        found: dict[str, tuple[str, ...]] = dict.fromkeys(self.centre.resources, ())
        for unit in self.units.values():
            found[unit.resource] = (*found[unit.resource], unit.id)
        return found

    @cached_property
    def booking(self) -> Mapping[str, Booking]:
        """How time of a resource is given out; those of which it is not are left out."""
        resources = self.centre.resources.items()
        return {key: resource.booking for key, resource in resources if resource.booking is not None}

    @cached_property
    def values(self) -> Values:
        """Central values of its coefficients."""
        return Values(self.equipped.project)

    @cached_property
    def tariffs(self) -> Tariffs:
        """What its activities cost; nothing where the project does not say."""
        given = self.given_tariffs
        return read_tariffs(self.equipped.project.folder, self.centre.activities) if given is None else given

    @cached_property
    def cards(self) -> Mapping[str, Card]:
        """Activity -> its card; one that several steps do with different parameters, as the first of them."""
        found: dict[str, Card] = {}
        for route in self.network.routes.values():
            for stop in route.stops:
                for task in stop.tasks:
                    found.setdefault(task.activity.id, self.make_card(task.activity))
        return found

    def make_card(self, activity: BoundActivity) -> Card:
        """Return the card of an activity as one step does it."""
        return make_card(activity, self.centre.activities[activity.id].label, self.values)

    def get_card(self, activity: str) -> Card:
        """Return the card of an activity; `NotFoundError` if no pathway does it."""
        card = self.cards.get(activity)
        if card is None:
            raise NotFoundError(
                code="OPS-002", where=f"activity {activity:.80}", got="no such activity",
                expected="one that a pathway of the centre does", fix="choose one of the definition",
            )  # fmt: skip
        return card

    def get_unit(self, id_: str) -> UnitCard:
        """Return a unit; `NotFoundError` if there is none."""
        unit = self.units.get(id_)
        if unit is None:
            raise NotFoundError(
                code="OPS-003", where=f"unit {id_:.80}", got="no such unit", expected="one of the definition",
                fix="look at the records of the centre",
            )  # fmt: skip
        return unit

    def get_route(self, pathway: str, site: str = "", stage: str = "") -> Route:
        """Return a route; `NotFoundError` if nobody is on it."""
        route = self.network.routes.get(make_key(pathway, site, stage, self.network.staged))
        if route is None:
            raise NotFoundError(
                code="OPS-004", where=f"pathway {pathway:.80}", got=f"site {site!r:.40}, stage {stage!r:.40}",
                expected="a pathway of the definition with a site and stage it is for", fix="choose another",
            )  # fmt: skip
        return route

    def list_hours(self, unit: str, day: date) -> tuple[Span, ...]:
        """Return when a unit is open on a local day, minutes since midnight; breaks are taken out."""
        card = self.get_unit(unit)
        return self._list_hours(card.resource, card.number, day)

    def _list_hours(self, resource: str, number: int, day: date) -> tuple[Span, ...]:
        known = self._hours.get((resource, number, day))
        if known is None:
            duties = self._duties[resource]
            known = list_open(duties, self._calendars, number, day, self.centre.country)
            self._hours[resource, number, day] = known
        return known

    @cached_property
    def _hours(self) -> dict[tuple[str, int, date], tuple[Span, ...]]:
        return {}

    @cached_property
    def _duties(self) -> Mapping[str, tuple[Duty, ...]]:
        return {key: self.equipped.list_duties(key) for key in self.centre.resources}

    @cached_property
    def _calendars(self) -> Mapping[str, Calendar]:
        used = {duty.calendar for duty in self.equipped.duties}
        return {key: self.centre.get_calendar(key) for key in used}

    def is_workday(self, day: date) -> bool:
        """Whether a day is a working day: Monday to Friday, no public holiday."""
        return is_open(self.centre.get_working_week(), day, self.centre.country)

    @cached_property
    def buildings(self) -> Mapping[str, str]:
        """Department -> building it is in."""
        buildings = self.centre.campus.buildings.items()
        return {department: key for key, building in buildings for department in building.departments}

    def find_storey(self, department: str) -> int | None:
        """Return the storey a department is on (ground floor 0); None if the definition does not say."""
        building = self.buildings.get(department)
        return self.centre.campus.buildings[building].storeys.get(department) if building else None

    def get_walk_min(self, origin: str, goal: str) -> float:
        """Return the minutes from a department to another; 0 in one building and where nothing is said."""
        ends = {self.buildings.get(origin), self.buildings.get(goal)}
        walks = self.centre.campus.walks
        return next((walk.minutes for walk in walks if set(walk.between) == ends), 0.0)

    def to_local(self, at_ms: int) -> datetime:
        """Return a moment (milliseconds since 1970, UTC) on the centre's clocks."""
        return datetime.fromtimestamp(at_ms / _MS, UTC).astimezone(self.zone)

    def to_ms(self, day: date, minute: int = 0) -> int:
        """Return a minute of a local day as milliseconds since 1970 (UTC)."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        return int((midnight + timedelta(minutes=minute)).timestamp()) * _MS

    def to_minute(self, at_ms: int) -> tuple[date, int]:
        """Return the local day of a moment and the minute of that day."""
        local = self.to_local(at_ms)
        return local.date(), to_minutes(local.time())


def make_house(equipped: Equipped) -> House:
    """Return an equipped centre made ready to be lived in, with all its phases open."""
    return House(equipped)
