"""A wait that is foretold comes true as often as is said."""

import math
import random
from collections.abc import Iterator
from dataclasses import replace
from heapq import heappop, heappush
from itertools import count

import pytest
from tests.clinic import minutes
from tests.live import MONDAY_MS
from tests.waiting import HOUR_MS, MINUTE_MS, ROOMS, Day, get_clinic, make_booking, make_day

from oncopolis.evidence import Row
from oncopolis.operations.arrivals.calling import find_next
from oncopolis.operations.arrivals.indexes import Queues
from oncopolis.operations.arrivals.views import Contact
from oncopolis.operations.booking.units import Down, Room
from oncopolis.operations.forecasting import Forecast, forecast, pace, waits
from oncopolis.operations.forecasting.durations import Duration, compute_sd, list_durations
from oncopolis.operations.forecasting.turnout import Turnout

AREA = "outpatient"


class Crowd:
    """A day of a crowded clinic, at some moments of which everybody who waits is told how long."""

    def __init__(self, seed: int, slow: float) -> None:
        self.draw, self.slow = random.Random(seed), slow
        self.duration = list_durations(get_clinic())["consult"]
        booked = [make_booking(f"b{i}", f"p{i}", MONDAY_MS + i * 9 * MINUTE_MS) for i in range(40)]
        self.day = make_day(*booked)
        self.free = list(ROOMS)
        self.told: dict[str, list[tuple[Forecast, int]]] = {}
        self.ties, self.events = count(), list[tuple[int, int, str, str]]()
        for one in booked:
            if self.draw.random() > 0.1:
                late_ms = self.draw.gauss(-20, 14) * MINUTE_MS
                self.plan(max(one.start_ms + late_ms, MONDAY_MS), "comes", one.id)
        for i in range(8):
            self.plan(MONDAY_MS + self.draw.uniform(0, 4 * HOUR_MS), "walks in", f"w{i}")
            self.plan(MONDAY_MS + (i + 1) * 35 * MINUTE_MS, "look", "")

    def plan(self, at_ms: float, what: str, whom: str) -> None:
        heappush(self.events, (round(at_ms), next(self.ties), what, whom))

    def live(self) -> Iterator[tuple[Forecast, float]]:
        """Yield what was foretold with what it was."""
        while self.events:
            self.day.at_ms, _, what, whom = heappop(self.events)
            self.happen(what, whom)
            while self.free and (found := find_next(self.day.floor, AREA, self.day.at_ms)) is not None:
                for told, at_ms in self.told.pop(found.id, ()):
                    yield told, (self.day.at_ms - at_ms) / MINUTE_MS
                self.begin(found.id, self.free.pop())

    def happen(self, what: str, whom: str) -> None:
        if what == "comes":
            self.day.do("check_in", booking=whom)
        elif what == "walks in":
            self.day.do("check_in", patient=whom, activity="consult")
        elif what == "ends":
            self.free.append(self.day.get(whom).units[0])
            self.day.do("finish", contact=whom)
        else:
            for *_, id_ in self.day.floor.index(Queues).waiting[AREA]:
                told = forecast(self.day.floor, id_, self.day.at_ms)
                assert told is not None
                self.told.setdefault(id_, []).append((told, self.day.at_ms))

    def begin(self, contact: str, room: str) -> None:
        self.day.do("call", area=AREA, room=room, contact=contact)
        self.day.do("start", contact=contact)
        mu = self.duration.mu + math.log(self.slow)
        took = math.exp(self.draw.gauss(mu, self.duration.sigma))
        self.plan(self.day.at_ms + took * MINUTE_MS, "ends", contact)


def list_outcomes(n_days: int, slow: float = 1.0) -> list[tuple[Forecast, float]]:
    return [outcome for seed in range(n_days) for outcome in Crowd(seed, slow).live()]


def count_inside(outcomes: list[tuple[Forecast, float]]) -> int:
    return sum(told.low_min <= waited <= told.high_min for told, waited in outcomes)


@pytest.mark.slow
def test_eight_of_ten_waits_are_in_the_interval() -> None:
    """80 %, and a tenth on either side; half are below the middle. Waits of one day are alike, so 4 % off."""
    outcomes = list_outcomes(40)
    n = len(outcomes)
    assert n > 1500
    assert 0.76 <= count_inside(outcomes) / n <= 0.84
    assert 0.06 <= sum(waited < told.low_min for told, waited in outcomes) / n <= 0.14
    assert 0.06 <= sum(waited > told.high_min for told, waited in outcomes) / n <= 0.14
    assert 0.44 <= sum(waited <= told.middle_min for told, waited in outcomes) / n <= 0.56


def test_a_slow_day_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where everything takes 1.3 times as long, who knows today's pace is right far more often."""
    noticed = list_outcomes(10, slow=1.3)
    monkeypatch.setattr(pace, "WEIGHT", 1e9)
    unnoticed = list_outcomes(10, slow=1.3)
    assert count_inside(noticed) / len(noticed) > 0.65
    assert count_inside(unnoticed) / len(unnoticed) < 0.45


def fill(day: Day, n: int = 12) -> list[str]:
    """Let so many wait, and start three of them."""
    contacts = [day.check_in(f"p{i:02}").id for i in range(n)]
    for room in ROOMS:
        id_ = day.do("call", area=AREA, room=room)["contact"]
        day.do("start", contact=id_)
        contacts.remove(id_)
    return sorted(contacts, key=lambda id_: day.get(id_).rank)


def test_only_who_waits_is_told_a_wait() -> None:
    day = make_day()
    waiting = fill(day)
    served = next(one.id for one in day.floor.list(Contact) if one.state == "served")
    day.do("step_out", contact=waiting[0])
    assert forecast(day.floor, "nobody", day.at_ms) is None
    assert forecast(day.floor, served, day.at_ms) is None
    assert forecast(day.floor, waiting[0], day.at_ms) is None
    told = [forecast(day.floor, id_, day.at_ms) for id_ in waiting[1:]]
    assert all(one is not None and 0 <= one.low_min <= one.middle_min <= one.high_min for one in told)
    middles = [one.middle_min for one in told if one is not None]
    assert middles == sorted(middles)


def test_the_same_is_foretold_of_the_same() -> None:
    told = []
    for _ in range(2):
        day = make_day()
        told.append([forecast(day.floor, id_, day.at_ms) for id_ in fill(day)])
    assert told[0] == told[1]


def test_an_area_is_computed_once_for_all_who_look(monkeypatch: pytest.MonkeyPatch) -> None:
    n = count()
    foretell = waits.foretell
    monkeypatch.setattr(waits, "foretell", lambda *said: (next(n), foretell(*said))[1])
    day = make_day()
    waiting = fill(day)
    for _ in range(100):
        for id_ in waiting:
            forecast(day.floor, id_, day.at_ms)
    assert next(n) == 1
    day.check_in("another")
    forecast(day.floor, waiting[0], day.at_ms + 4_000)
    assert next(n) == 2  # the count itself took one: nothing was computed
    forecast(day.floor, waiting[0], day.at_ms + 5_000)
    assert next(n) == 4


def test_a_room_out_of_order_makes_it_longer_and_without_rooms_nobody_can_say() -> None:
    day = make_day()
    last = fill(day)[-1]
    before = forecast(day.floor, last, day.at_ms)
    for i, room in enumerate(ROOMS):
        day.floor.put(Room(room, Down(f"r{i}", day.at_ms, day.at_ms + HOUR_MS, "water")))
        day.wait(0.5)
        after = forecast(day.floor, last, day.at_ms)
        assert before is not None
        assert after is None if i == 2 else (after is not None and after.middle_min > before.middle_min)


def test_nothing_begins_in_the_break() -> None:
    day = make_day(house=get_clinic(breaks_min=60))
    day.at_ms = MONDAY_MS + round(4.4 * HOUR_MS)
    last = fill(day, 4)[-1]
    told = forecast(day.floor, last, day.at_ms)
    assert told is not None
    assert told.high_min >= 66
    assert not 6 < told.middle_min < 66


def test_after_closing_whoever_still_waits_is_served() -> None:
    day = make_day()
    day.at_ms = MONDAY_MS + 11 * HOUR_MS
    assert forecast(day.floor, fill(day)[-1], day.at_ms) is not None


def test_who_is_expected_before_is_counted() -> None:
    told = []
    for n in (0, 12):
        booked = [make_booking(f"b{i}", f"q{i}", MONDAY_MS + 31 * MINUTE_MS) for i in range(n)]
        day = make_day(*booked)
        last = fill(day, 9)[-1]
        day.floor.put(replace(day.get(last), order_ms=MONDAY_MS + HOUR_MS))
        told.append(forecast(day.floor, last, day.at_ms))
    before, after = told
    assert before is not None
    assert after is not None
    assert after.middle_min > before.middle_min + 30


def test_who_is_not_here_long_after_their_usual_time_probably_never_comes() -> None:
    house = get_clinic()
    turnout, card = Turnout(house), house.cards["consult"]
    assert turnout.lateness == (-20.0, 14.0)
    shares = [turnout.compute_comes(card, due_min) for due_min in (120, 20, 0, -30)]
    assert shares[0] == pytest.approx(0.9)
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] < 0.01
    assert turnout.compute_comes(house.cards["fraction"], 120) == pytest.approx(1.0)


def test_what_is_left_follows_from_what_has_gone_by() -> None:
    duration = Duration.of_moments(30, 12)
    mean = math.exp(duration.mu + duration.sigma**2 / 2)
    sd = mean * math.sqrt(math.expm1(duration.sigma**2))
    assert mean == pytest.approx(30)
    assert sd == pytest.approx(12)
    assert duration.compute_left(0, 0) == 1
    assert duration.compute_left(0, math.exp(duration.mu)) == pytest.approx(0.5)
    assert duration.compute_left(40, 10) == pytest.approx(
        duration.compute_left(0, 50) / duration.compute_left(0, 40)
    )
    fixed = Duration.of_moments(30, 0)
    assert (fixed.compute_left(10, 19), fixed.compute_left(10, 21), fixed.compute_left(31, 1)) == (1, 0, 0)


@pytest.mark.parametrize(
    ("spread", "sd"),
    [
        (None, 0.0),
        ({"family": "fixed"}, 0.0),
        ({"family": "exponential"}, 30.0),
        ({"family": "gamma", "cv": 0.5}, 15.0),
        ({"family": "normal", "sd": 7.0}, 7.0),
        ({"family": "uniform", "low": 0.0, "high": 60.0}, 60 / math.sqrt(12)),
        ({"family": "triangular", "low": 0.0, "high": 60.0}, math.sqrt(150)),
    ],
)
def test_the_spread_is_that_of_the_evidence(spread: dict[str, object] | None, sd: float) -> None:
    row = Row.model_validate(minutes(30) | ({"distribution": spread} if spread else {}))
    assert compute_sd(row) == pytest.approx(sd)
