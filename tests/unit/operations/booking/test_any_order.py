"""Whatever is booked, moved, cancelled, broken, mended and undone, in any order: nothing is held twice."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule
from tests.booked import MONDAY, act, at, get_booked_house, list_minutes
from tests.live import make_floor

from oncopolis.foundation import ConflictError, InputError, NotFoundError
from oncopolis.operations.booking import Booking, Machine, Room, get_diary, make_agenda
from oncopolis.operations.booking.diary import find_mask, locate, make_pool
from oncopolis.operations.booking.finding import count_walk, is_there

PATIENTS = st.sampled_from(["ann", "bo", "cem", "dina"])
ACTIVITIES = st.sampled_from(["consult", "fraction", "operation", "report"])
DAYS = st.integers(0, 4).map(lambda n: str(MONDAY + timedelta(days=n)))
UNITS = st.sampled_from(["machine.linac.1", "machine.linac.2", "room.theatre.1", "room.consult-room.1"])


class Bookings(RuleBasedStateMachine):
    """A week in which few patients have much to do with few rooms."""

    booked = Bundle("booked")
    waiting = Bundle("waiting")
    reports = Bundle("reports")

    def __init__(self) -> None:
        super().__init__()
        self.now, self.n = at("7:30"), 0
        self.floor = make_floor(
            Machine("machine.linac.1"), Machine("machine.linac.2"), Room("room.theatre.1"),
            Room("room.consult-room.1"), house=get_booked_house(),
        )  # fmt: skip
        for activity in ("operation", "fraction", "consult"):
            self.do("book", patient="eve", activity=activity)

    def do(self, name: str, **said: Any) -> Any:
        """Do an act; None if it is refused, which changes nothing."""
        self.n += 1
        before = dict(self.floor.to_state())
        try:
            return act(self.floor, name, self.now, f"n{self.n}", **said)
        except (ConflictError, InputError, NotFoundError):
            assert self.floor.to_state() == before
            return None

    @rule(minutes=st.integers(0, 90))
    def wait(self, minutes: int) -> None:
        self.now += minutes * 60_000

    @rule(target=booked, patient=PATIENTS, activity=ACTIVITIES, day=DAYS, priority=st.integers(3, 6))
    def book(self, patient: str, activity: str, day: str, priority: int) -> Any:
        found = self.do("book", patient=patient, activity=activity, earliest=day, priority=priority)
        return multiple() if found is None else found["booking"]

    @rule(
        target=booked, patient=PATIENTS, activity=ACTIVITIES, day=st.integers(0, 2), slot=st.integers(95, 130)
    )
    def book_then(self, patient: str, activity: str, day: int, slot: int) -> Any:
        start = at("0:00", MONDAY + timedelta(days=day)) + slot * 300_000
        found = self.do("book", patient=patient, activity=activity, start_ms=start)
        return multiple() if found is None else found["booking"]

    @rule(target=booked, patient=PATIENTS, day=DAYS)
    def book_series(self, patient: str, day: str) -> Any:
        found = self.do("book_series", patient=patient, activity="fraction", earliest=day, n=4, workdays=True)
        return multiple(*(one["booking"] for one in found["bookings"])) if found else multiple()

    @rule(target=booked, patient=PATIENTS, day=DAYS, some=st.lists(ACTIVITIES, min_size=2, max_size=3))
    def book_trip(self, patient: str, day: str, some: list[str]) -> Any:
        stops = [{"activity": activity} for activity in some]
        found = self.do("book_trip", patient=patient, stops=stops, earliest=day)
        return multiple(*(one["booking"] for one in found["bookings"])) if found else multiple()

    @rule(booking=booked, day=DAYS)
    def move(self, booking: str, day: str) -> None:
        self.do("move", booking=booking, earliest=day)

    @rule(booking=consumes(booked), rest=st.booleans())
    def cancel(self, booking: str, rest: bool) -> None:
        self.do("cancel", booking=booking, reason="patient", rest=rest)

    @rule(target=waiting, patient=PATIENTS, activity=ACTIVITIES, day=DAYS)
    def await_time(self, patient: str, activity: str, day: str) -> Any:
        found = self.do("await", patient=patient, activity=activity, earliest=day, reason="full")
        return found["booking"]

    @rule(booking=waiting)
    def offer(self, booking: str) -> None:
        self.do("offer", booking=booking)

    @rule(booking=waiting, name=st.sampled_from(["accept", "decline"]))
    def answer(self, booking: str, name: str) -> None:
        self.do(name, booking=booking)

    @rule(target=reports, unit=UNITS, hours=st.integers(1, 30))
    def report_down(self, unit: str, hours: int) -> Any:
        found = self.do("report_down", unit=unit, reason="fault", until_ms=self.now + hours * 3_600_000)
        return found["report"]

    @rule(unit=UNITS)
    def report_up(self, unit: str) -> None:
        self.do("report_up", unit=unit)

    @rule(target=booked, report=reports, patient=PATIENTS)
    def take_what_was_left(self, report: str, patient: str) -> Any:
        """Somebody is booked where a breakdown moved another one away."""
        moved = [one.moved.spot for one in get_diary(self.floor).list_moved(report) if one.moved is not None]
        if not moved:
            return multiple()
        self.do("report_up", unit=moved[0].units[0].unit)
        first = next(one for one in get_diary(self.floor).list_moved(report))
        found = self.do("book", patient=patient, activity=first.activity, start_ms=moved[0].start_ms)
        return multiple() if found is None else found["booking"]

    @rule(report=reports)
    def undo(self, report: str) -> None:
        self.do("undo_down", report=report)

    @invariant()
    def no_unit_is_held_twice(self) -> None:
        claims = Counter(claim for one in self.floor.list(Booking) for claim in one.list_claims())
        assert max(claims.values(), default=1) == 1

    @invariant()
    def all_that_an_activity_needs_is_held(self) -> None:
        openings = make_agenda(self.floor, self.now).openings
        for one in self.floor.list(Booking):
            if one.spot is not None:
                kinds = Counter(openings.house.get_unit(held.unit).resource for held in one.spot.units)
                assert kinds == openings.get_needs(one.activity).units
                assert len({held.unit for held in one.spot.units}) == len(one.spot.units)

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        agenda = make_agenda(self.floor, self.now)
        here = [one for one in self.floor.list(Booking) if one.spot is not None and is_there(agenda, one)]
        here.sort(key=lambda one: one.start_ms)
        for i, first in enumerate(here):
            for second in here[i + 1 :]:
                if second.patient == first.patient:
                    walk = count_walk(agenda, first.activity, second.activity)
                    assert list_minutes(second)[0] >= list_minutes(first)[-1] + 1 + walk

    @invariant()
    def the_diary_is_what_the_bookings_say(self) -> None:
        agenda = make_agenda(self.floor, self.now)
        pools: dict[Any, Any] = {}
        for one in self.floor.list(Booking):
            for held in one.spot.units if one.spot is not None else ():
                assert one.spot is not None
                day, mask = find_mask(agenda.house, one.spot, one.minutes)
                found = locate(agenda.openings, held.unit, day)
                assert found is not None
                place, unit = found
                pools.setdefault(place, make_pool(agenda.openings, place)).take(unit, held.layer, mask)
        for place, pool in pools.items():
            kept = agenda.get_pool(place)
            for unit in pool.list_units():
                assert kept.count_taken(unit) == pool.count_taken(unit)
                for layer in (0, 1):
                    assert kept.find_free(unit, layer) & ~pool.find_free(unit, layer) == 0

    @invariant()
    def series_have_one_turn_a_day(self) -> None:
        house = get_booked_house()
        days = Counter(
            (one.series, house.to_minute(one.start_ms)[0])
            for one in self.floor.list(Booking)
            if one.series and one.spot is not None
        )
        assert max(days.values(), default=1) == 1


TestAnyOrder = Bookings.TestCase
TestAnyOrder.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)


@pytest.mark.soak
class TestAnyOrderForLong(Bookings.TestCase):  # type: ignore[misc, valid-type]
    settings = settings(max_examples=1000, stateful_step_count=60, deadline=None)
