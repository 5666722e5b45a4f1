"""From the record of a live centre to the state a run starts from: who is where, booked, or in a bed."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from oncopolis.centre import Route
from oncopolis.centre.equipped import Equipped
from oncopolis.centre.pathway import END
from oncopolis.foundation import ConflictError, InputError, NotFoundError
from oncopolis.foundation.units import MINUTES_PER_HOUR, MS_PER_DAY, MS_PER_MINUTE
from oncopolis.operations import Floor, make_house
from oncopolis.operations.booking.views import Booking
from oncopolis.operations.courses import Course
from oncopolis.operations.courses.indexes import Booked, Courses
from oncopolis.operations.courses.trail import Mark
from oncopolis.operations.performing import load
from oncopolis.operations.wards.views import Stay
from oncopolis.record.care.backup import check_keys
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.store.keys import Keys
from oncopolis.record.store.reading import Reading
from oncopolis.record.store.store import get_time_ms, look
from oncopolis.twin import Beginning, Lying, Standing
from oncopolis.twin.compiling.people import find_place, find_step, list_beds
from oncopolis.twin.scope import ADDED, GONE, LATER, LOOSE, LYING, OLDER, OPENED, PAST


def read_beginning(
    url: str,
    keys: Keys | None,
    equipped: Equipped,
    day: date | None = None,
    *,
    clock_ms: Callable[[], int] = get_time_ms,
) -> Beginning:
    """Read who is there from the record of a live centre; nothing is written to it.

    Today begins now: who came today is in the record already.

    Parameters
    ----------
    url
        Database of the record.
    keys
        Its master key; None if nothing in it is sealed.
    equipped
        The centre as it is defined now.
    day
        Local day on which the run begins; today if None. Any other than today begins at midnight.
    clock_ms
        Milliseconds since 1970.

    Raises
    ------
    InputError
        TWN-071 if nobody is on a pathway in it; the URL or the keys do not fit.
    ConflictError
        TWN-070 if it is the record of another project; it has no tables, or those of another program.
    ExternalError
        It cannot be reached.
    """
    house = make_house(equipped)
    today, minute = house.to_minute(clock_ms())
    day = day or today
    at_ms = minute * MS_PER_MINUTE if day == today else 0
    with look(url, keys) as reading:
        check_keys(reading)
        _check_owner(reading, equipped)
        floor = Floor(house, lambda type_, id_: find_resource(reading.read(type_, id_)))
        load(floor, (Course, Booking, Stay), reading)
        beginning = _Reader(floor, day, at_ms).read()
    if not beginning.people:
        raise InputError(
            code="TWN-071",
            where="--from-record",
            got="a record in which nobody is on a pathway" + "".join(f"; {one}" for one in beginning.omitted),
            expected="patients with open courses",
            fix="name the database of the live centre, or leave the option out",
        )
    return beginning


def open_all(equipped: Equipped, year: int) -> Equipped:
    """Return a centre with everything there from a year on that was to come later: as it is lived in."""
    return replace(
        equipped,
        duties=tuple(replace(duty, from_year=min(duty.from_year, year)) for duty in equipped.duties),
        opened={department: min(opens, year) for department, opens in equipped.opened.items()},
    )


def _check_owner(reading: Reading, equipped: Equipped) -> None:
    """Refuse the record of another project."""
    record = find_resource(reading.read("Organization", "centre"))
    name = equipped.project.centre.name
    if record is not None and record.get("name") != name:
        raise ConflictError(
            code="TWN-070",
            where="--from-record",
            got=f"the record of {record.get('name')!r}",
            expected=f"that of {name!r}",
            fix="name the database of this project; if it was renamed, start its server with --apply first",
        )


class _Reader:
    """Reads a floor; what cannot be said in the terms of the definition is counted."""

    def __init__(self, floor: Floor, day: date, at_ms: int) -> None:
        self.floor, self.day, self.at_ms = floor, day, at_ms
        self.house, self.omitted = floor.house, Counter[str]()
        centre, opened = self.house.centre, self.house.equipped.opened
        self.beds = list_beds(centre)
        self.opening = dict.fromkeys(opened, 0)
        self.later = [centre.departments[key].label for key, year in opened.items() if year > day.year]
        self.in_beds = [stay for stay in floor.list(Stay) if stay.bed is not None]

    def read(self) -> Beginning:
        """Return everybody who is there."""
        people: list[Standing] = []
        lying = self._match_beds()
        for course in sorted(self.floor.list(Course), key=lambda one: one.id):
            self._count_added(course)
            route = self._find_route(course)
            if route is None:
                self.omitted[GONE] += 1
                continue
            person = self._place_in_bed(course, route, lying) or self._place(course, route)
            if person is None:
                continue
            if course.version != self.house.centre.pathways[course.pathway].version:
                self.omitted[OLDER] += 1
            people.append(person)
        self._count_loose()
        told = [text.format(n) for text, n in sorted(self.omitted.items()) if n]
        told += [OPENED.format(", ".join(self.later))] if self.later else []
        if self.at_ms:
            hours, minutes = divmod(self.at_ms // MS_PER_MINUTE, MINUTES_PER_HOUR)
            told.append(PAST.format(f"{hours:02}:{minutes:02}"))
        return Beginning(self.day, tuple(people), tuple(told), self.at_ms)

    # --- Beds ---

    def _match_beds(self) -> Mapping[str, tuple[str, Lying]]:
        """Return course -> step and bed of whoever lies in one."""
        found: dict[str, tuple[str, Lying]] = {}
        for stay in self.in_beds:
            match = self._match_bed(stay)
            if match is None:
                self.omitted[LYING] += 1
            else:
                found[match[0]] = match[1:]
        return found

    def _match_bed(self, stay: Stay) -> tuple[str, str, Lying] | None:
        """Return the course that a stay is of, with the step and the bed."""
        bed = self.house.units.get(stay.bed or "")
        since = stay.beds[0].from_ms if stay.came_ms is None else stay.came_ms
        lying = Lying(
            stay.activity, bed.resource if bed else stay.ward, max(self.at_ms - self._to_ticks(since), 0)
        )
        courses = self.floor.index(Courses).list_of(stay.patient)
        for course in sorted(courses, key=lambda one: (one.pathway != stay.pathway, one.id)):
            route = self._find_route(course)
            if route is None:
                continue
            for step in (stay.step, course.at):
                number = find_step(route, step)
                if number is None:
                    continue
                if find_place(route.stops[number], lying, self.opening, self.beds) is not None:
                    return course.id, step, lying
        return None

    def _place_in_bed(
        self, course: Course, route: Route, lying: Mapping[str, tuple[str, Lying]]
    ) -> Standing | None:
        if course.id not in lying:
            return None
        step, bed = lying[course.id]
        self._count_later(course, "")
        return Standing(step=step, lying=bed, **self._say(course, route))

    # --- Steps ---

    def _find_route(self, course: Course) -> Route | None:
        try:
            return self.house.get_route(course.pathway, course.site, course.stage)
        except NotFoundError:
            return None

    def _say(self, course: Course, route: Route) -> dict[str, Any]:
        """Return what is the same wherever somebody stands."""
        treating = {stop.id for stop in route.stops if stop.modality is not None and stop.tasks}
        return {
            "id": course.id,
            "route": route.key,
            "began_ms": self._to_ticks(course.started_ms),
            "attributes": frozenset(course.attributes),
            "is_treated": any(one.done and one.step in treating for one in course.marks),
        }

    def _place(self, course: Course, route: Route) -> Standing | None:
        """Return where somebody stands; None, counted, if the definition has no such step."""
        if course.at == END:
            return None
        if find_step(route, course.at) is None:
            self.omitted[GONE] += 1
            return None
        said = self._say(course, route) | {"step": course.at}
        pending = course.find_pending()
        if pending is not None:
            self._count_later(course, "")
            is_gate = pending.part == "gate"
            due = self._find_due(pending.window.target if pending.window else self.day)
            return Standing(n_left=int(is_gate), is_ahead=is_gate, due_ms=due, **said)
        here = _find_here(course)
        n_left = 1 if here is None else max(here.times - here.n_done, 1)
        dates = self._list_dates(course)[:n_left]
        return Standing(
            n_done=0 if here is None else here.n_done,
            n_left=n_left,
            due_ms=self._find_due(here.window.target if here is not None and here.window else self.day),
            appointments_ms=tuple(dates),
            **said,
        )

    def _list_dates(self, course: Course) -> list[int]:
        """Return when somebody is booked for their step, once a day; one that has passed is not kept."""
        self._count_later(course, course.at)
        spots = [one for one in self.floor.index(Booked).list_of(course.id) if one.step == course.at]
        ticks = sorted(self._to_ticks(one.start_ms) for one in spots if one.spot is not None)
        by_day: dict[int, int] = {}
        for at in ticks:
            if at >= self.at_ms:
                by_day.setdefault(at // MS_PER_DAY, at)
        return list(by_day.values())

    # --- What cannot be said ---

    def _count_added(self, course: Course) -> None:
        self.omitted[ADDED] += sum(not one.step for one in course.list_open())

    def _count_later(self, course: Course, step: str) -> None:
        booked = [one for one in self.floor.index(Booked).list_of(course.id) if one.spot is not None]
        self.omitted[LATER] += sum(one.step != step for one in booked)

    def _count_loose(self) -> None:
        for booking in self.floor.list(Booking):
            if booking.spot is not None and self.floor.find(Course, booking.course) is None:
                self.omitted[LOOSE] += 1

    # --- Time ---

    def _to_ticks(self, at_ms: int) -> int:
        """Return milliseconds from the first midnight of the run, by the clock of the centre."""
        day, minute = self.house.to_minute(at_ms)
        return (day - self.day).days * MS_PER_DAY + minute * MS_PER_MINUTE

    def _find_due(self, target: date) -> int:
        return max((target - self.day).days, 0) * MS_PER_DAY


def _find_here(course: Course) -> Mark | None:
    """Return what is open of the step somebody is at, or in its place."""
    marks = [one for one in course.list_open() if one.step == course.at]
    instead = [
        one
        for one in course.list_open()
        if (known := course.find_mark(one.instead_of)) is not None and known.step == course.at
    ]
    return next(iter((*reversed(marks), *instead)), None)
