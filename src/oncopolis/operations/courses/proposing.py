"""The whole course proposed as dated appointments: the first times that fit, one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import Field

from oncopolis.foundation import Frozen
from oncopolis.foundation.units import MINUTES_PER_DAY
from oncopolis.operations.booking import BOOKER, Booking, Spot, Wanted, Window, make_agenda
from oncopolis.operations.booking.asking import Id
from oncopolis.operations.courses.branching import get_open
from oncopolis.operations.courses.days import make_rhythm
from oncopolis.operations.courses.foreseeing import Foreseen, Foresight
from oncopolis.operations.courses.indexes import Booked
from oncopolis.operations.courses.telling import tell_window
from oncopolis.operations.courses.views import Course
from oncopolis.operations.courses.ways import get_way
from oncopolis.operations.deciding import Act, Decision, Moment
from oncopolis.operations.floor import Floor
from oncopolis.operations.house import SLOT_MIN

State: TypeAlias = Literal["booked", "free", "late", "no_time", "work"]
"""It has its appointments; there is time, in its window or behind it; there is none; nobody comes for it."""

MOST: Final = 200  # structure: occurrences of a proposal
MOST_DAYS: Final = 366  # structure: days of a year
LOOK_AHEAD_DAYS: Final = 180  # structure: how far a proposal goes if nobody says


@dataclass(frozen=True, slots=True)
class Stop:
    """Something the patient comes for; `booking` if that is booked already."""

    activity: str
    spot: Spot
    booking: str = ""


@dataclass(frozen=True, slots=True)
class Proposed:
    """An occurrence with its day; `over` is the day by which it is done (a stay takes longer than one)."""

    foreseen: Foreseen
    state: State
    day: date
    over: date
    stops: tuple[Stop, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return what a screen shows."""
        foreseen = self.foreseen
        return {
            "step": foreseen.mark,
            "label": foreseen.label,
            "turn": foreseen.turn,
            "state": self.state,
            "day": self.day.isoformat(),
            **tell_window(foreseen.window),
            "provisional": foreseen.is_provisional,
            "undecided": [{"step": step, "part": part} for step, part in foreseen.undecided],
            "optional": [activity for activity, _ in foreseen.optional],
            "stops": [
                {
                    "activity": stop.activity,
                    "start_ms": stop.spot.start_ms,
                    "units": [held.unit for held in stop.spot.units],
                    "booking": stop.booking or None,
                }
                for stop in self.stops
            ],
        }


class ProposeCourse(Frozen):
    """Look at what comes next on a course, with the first times that fit."""

    course: Id
    """Course."""
    days: Annotated[int, Field(ge=1, le=MOST_DAYS)] = LOOK_AHEAD_DAYS
    """How far to look ahead."""


def propose_course(floor: Floor, asked: ProposeCourse, moment: Moment) -> Decision:
    """Answer a proposal; nothing is held and nothing changes."""
    course = get_open(floor, asked.course)
    found = propose(floor, course.id, moment.at_ms, asked.days)
    return Decision(answer={"course": course.id, "proposal": [one.to_json() for one in found]})


def propose(floor: Floor, id_: str, now_ms: int, days: int = LOOK_AHEAD_DAYS) -> tuple[Proposed, ...]:
    """Return what comes next on a course, with the first times that fit; nothing is held.

    Parameters
    ----------
    now_ms
        Nothing is proposed before it; milliseconds since 1970 (UTC).
    days
        How far to look ahead.

    Raises
    ------
    NotFoundError
        There is no such course (OPS-001).
    """
    course = floor.get(Course, id_)
    placer = Placer(floor, course, now_ms)
    sight = Foresight(get_way(floor, course), course, floor.house, now_ms)
    until = placer.agenda.today + timedelta(days=days)
    found: list[Proposed] = []
    while len(found) < MOST and (foreseen := sight.find_next()) is not None:
        if foreseen.window.earliest > until:
            break
        found.append(placer.place(foreseen))
        sight.go_on(foreseen, found[-1].over)
    return tuple(found)


class Placer:
    """Finds days for the occurrences of one course, each after what was found for those before."""

    def __init__(self, floor: Floor, course: Course, now_ms: int) -> None:
        self.agenda = make_agenda(floor, now_ms)
        self._house, self._course = floor.house, course
        self._way = get_way(floor, course)
        booked = [one for one in floor.index(Booked).list_of(course.id) if one.spot is not None]
        self._booked = sorted(booked, key=lambda one: (one.start_ms, one.id))
        self._series: dict[str, list[Spot]] = {}
        self._n_taken = 0

    def place(self, foreseen: Foreseen) -> Proposed:
        """Return an occurrence with its day."""
        if not foreseen.activities:
            day = max(foreseen.window.target, self.agenda.today)
            return Proposed(foreseen, "work", day, day)
        known = list(self._take_booked(foreseen))
        missing = list(self._list_missing(foreseen, known))
        if not missing:
            return self._make(foreseen, "booked", known)
        first = self._get_day(known[0].spot) if known else max(foreseen.window.earliest, self.agenda.today)
        window = Window(first, first) if known else foreseen.window
        found, is_late = self._find_all(foreseen, missing, self._open(window))
        if found is None:
            day = max(foreseen.window.target, first)
            return Proposed(foreseen, "no_time", day, day, tuple(known))
        return self._make(foreseen, "late" if is_late else "free", [*known, *found])

    def _open(self, window: Window) -> Window:
        """Return the part of a window that is still to come."""
        first = max(window.earliest, self.agenda.today)
        return Window(first, max(window.target, first), window.latest)

    def _find_all(
        self, foreseen: Foreseen, activities: list[str], window: Window
    ) -> tuple[list[Stop] | None, bool]:
        """Return times for everything, the first of each activity on one day; whether it is too late."""
        latest = window.latest
        if latest is None or window.earliest <= latest:
            found = self._find(foreseen, activities, window)
            if found is not None:
                return found, False
        if latest is None:
            return None, False
        return self._find(foreseen, activities, replace(window, latest=None)), True

    def _find(self, foreseen: Foreseen, activities: list[str], window: Window) -> list[Stop] | None:
        once = list(dict.fromkeys(activities))
        wanted = [self._want(foreseen, activity, window) for activity in once]
        spots = self._find_turn(foreseen, wanted)
        if spots is None:
            return None
        found = [self._take(one, spot) for one, spot in zip(wanted, spots, strict=True)]
        for activity in once:
            for _ in range(activities.count(activity) - 1):
                day = self._get_day(found[-1].spot) + timedelta(days=1)
                again = self._want(foreseen, activity, Window(day, day))
                spot = BOOKER.find(self.agenda, again)
                if spot is None:
                    return None
                found.append(self._take(again, spot))
        return found

    def _find_turn(self, foreseen: Foreseen, wanted: list[Wanted]) -> tuple[Spot, ...] | None:
        if len(wanted) > 1:
            trip = BOOKER.find_trip(self.agenda, wanted, is_in_order=True)
            return trip or BOOKER.find_trip(self.agenda, wanted)
        if self._is_series(foreseen):
            return self._find_of_series(foreseen, wanted[0])
        spot = BOOKER.find(self.agenda, wanted[0])
        return None if spot is None else (spot,)

    def _is_series(self, foreseen: Foreseen) -> bool:
        step = self._way.steps.get(foreseen.step)
        return (
            step is not None and step.times > 1 and foreseen.activities == ((foreseen.activities[0][0], 1),)
        )

    def _find_of_series(self, foreseen: Foreseen, wanted: Wanted) -> tuple[Spot, ...] | None:
        """Return the next turn; all that are left are looked for at once, on one machine."""
        step = self._way.steps[foreseen.step]
        if not self._series.get(foreseen.mark):
            mark = self._course.find_mark(foreseen.mark)
            times = step.times if mark is None else mark.times
            rhythm = replace(make_rhythm(step), n=times - foreseen.turn + 1)
            self._series[foreseen.mark] = list(BOOKER.find_series(self.agenda, wanted, rhythm) or ())
        if self._series[foreseen.mark]:
            return (self._series[foreseen.mark].pop(0),)
        spot = BOOKER.find(self.agenda, wanted)
        return None if spot is None else (spot,)

    def _want(self, foreseen: Foreseen, activity: str, window: Window) -> Wanted:
        n_slots = self.agenda.openings.count_slots(activity)
        return Wanted(self._course.patient, activity, n_slots, window, foreseen.priority)

    def _take(self, wanted: Wanted, spot: Spot) -> Stop:
        """Let what is found not be found again."""
        self._n_taken += 1
        sketch = Booking(
            f"proposed-{self._n_taken}", wanted.patient, wanted.activity, "proposed",
            wanted.n_slots * SLOT_MIN, 0, spot=spot,
        )  # fmt: skip
        self.agenda.take(sketch)
        return Stop(wanted.activity, spot)

    def _take_booked(self, foreseen: Foreseen) -> Iterator[Stop]:
        """Yield what is booked for an occurrence already."""
        for activity, n in foreseen.activities:
            for _ in range(n):
                names = (foreseen.mark, foreseen.step)
                found = next(
                    (one for one in self._booked if one.step in names and one.activity == activity), None
                )
                if found is None or found.spot is None:
                    break
                self._booked.remove(found)
                yield Stop(activity, found.spot, found.id)

    def _list_missing(self, foreseen: Foreseen, known: list[Stop]) -> Iterator[str]:
        for activity, n in foreseen.activities:
            yield from [activity] * (n - sum(stop.activity == activity for stop in known))

    def _make(self, foreseen: Foreseen, state: State, stops: list[Stop]) -> Proposed:
        stops.sort(key=lambda stop: stop.spot.start_ms)
        over = max(self._get_day(stop.spot) + self._count_nights(stop.activity) for stop in stops)
        return Proposed(foreseen, state, self._get_day(stops[0].spot), over, tuple(stops))

    def _count_nights(self, activity: str) -> timedelta:
        return timedelta(days=self._house.get_card(activity).minutes // MINUTES_PER_DAY)

    def _get_day(self, spot: Spot) -> date:
        return self._house.to_local(spot.start_ms).date()


PROPOSE = Act("propose_course", ProposeCourse, propose_course, ("Appointment",))
