"""How long it takes to find a time, and what bookings take in memory, with very many of them.

Fills the floor of an example with appointments (fixed seed) on consulting rooms with oncologists, linacs with
therapists, chairs and scanners, seven of eight times taken, until there are enough. Then searches are timed
from random days on, for one appointment, for series and for trips, and a machine goes out of order. Printed
are CPU milliseconds: median, 90th and 99th percentile, and the longest.

Usage: python benchmarks/booking.py [--bookings N] [--searches N] [--example FOLDER]
"""

# ruff: noqa: S311 - the patients are made up

import argparse
import gc
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path

from oncopolis.operations import Floor, House, Moment, make_house
from oncopolis.operations.booking import BOOKER, Booking, Machine, Rhythm, Spot, Wanted, Window, make_agenda
from oncopolis.operations.booking.slots import find_first, find_starts
from oncopolis.operations.booking.views import make_held, make_window
from oncopolis.operations.house import SLOT_MIN
from oncopolis.operations.upkeep.acts import report_down, undo_down
from oncopolis.operations.upkeep.asking import ReportDown, UndoDown
from oncopolis.record import Who
from oncopolis.studies.preparing import prepare

FIRST = date(2031, 3, 3)
TAKEN = 7 / 8
PER_PATIENT = 4
FILLED = ("medical_consultation", "linac_fraction", "infusion", "ct_scan")
SEARCHED = (*FILLED, "follow_up_visit", "operation", "blood_draw")
TRIP = ("blood_draw", "ct_scan", "medical_consultation", "infusion")


def list_day(floor: Floor, now_ms: int, day: date, random_: random.Random) -> Iterator[Booking]:
    """Yield the appointments of a day: each unit of each activity's first resource, one after the other."""
    agenda = make_agenda(floor, now_ms)
    for activity in FILLED:
        needs = agenda.openings.get_needs(activity).units
        n = agenda.openings.count_slots(activity)
        pools = [(agenda.house.units_of[resource], held) for resource, held in needs.items()]
        rows = min(len(units) // held for units, held in pools)
        opened = agenda.openings.find_hours(needs, day)
        slots, starts = [], find_starts(opened, n)
        while starts:
            slots.append(find_first(starts))
            starts = starts >> slots[-1] + n << slots[-1] + n
        for row in range(rows):
            names = [unit for units, held in pools for unit in units[row * held : (row + 1) * held]]
            for slot in slots:
                if random_.random() < TAKEN:
                    spot = Spot(agenda.house.to_ms(day, slot * SLOT_MIN), tuple(map(make_held, names)))
                    yield Booking(
                        "", "", activity, "booked", n * SLOT_MIN, now_ms, spot=spot,
                        window=make_window(day, day, day + timedelta(days=30)), pathway="p", step="s",
                    )  # fmt: skip


def fill(floor: Floor, now_ms: int, wanted: int, random_: random.Random) -> int:
    """Book until there are enough; how many there are."""
    day, n = FIRST, 0
    patients = [f"patient-{i:028}" for i in range(wanted // PER_PATIENT)]
    while n < wanted:
        if floor.house.is_workday(day):
            for one in list_day(floor, now_ms, day, random_):
                n += 1
                floor.put(replace(one, id=f"booking-{n:028}", patient=random_.choice(patients)))
        day += timedelta(days=1)
    return n


def measure(do: Callable[[], object], n: int) -> str:
    """Time something many times."""
    times = []
    for _ in range(n):
        began = time.thread_time()
        do()
        times.append(1000 * (time.thread_time() - began))
    times.sort()
    return "  ".join(f"{times[int((n - 1) * part)]:8.2f}" for part in (0.5, 0.9, 0.99, 1.0))


def read_memory_mb() -> float:
    """Return the memory this process has, MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


def search(floor: Floor, now_ms: int, n: int, random_: random.Random) -> None:
    """Time searches."""

    def want(activity: str, day: date) -> Wanted:
        n_slots = make_agenda(floor, now_ms).openings.count_slots(activity)
        return Wanted(f"new-{random_.random()}", activity, n_slots, Window(day, day))

    def draw() -> date:
        return FIRST + timedelta(days=random_.randrange(200))

    for activity in SEARCHED:
        told = measure(lambda a=activity: BOOKER.find(make_agenda(floor, now_ms), want(a, draw())), n)  # type: ignore[misc]
        print(f"{activity:24}{told}")
    rhythm = Rhythm(25, 1, is_in_workdays=True)
    told = measure(
        lambda: BOOKER.find_series(make_agenda(floor, now_ms), want("linac_fraction", draw()), rhythm),
        n // 10,
    )
    print(f"{'series of 25':24}{told}")
    told = measure(
        lambda: BOOKER.find_trip(
            make_agenda(floor, now_ms), [want(a, day) for day in [draw()] for a in TRIP]
        ),
        n // 10,
    )
    print(f"{'trip of 4':24}{told}")


def break_down(floor: Floor, house: House, now_ms: int) -> None:
    """Time a day and four weeks without one linac."""
    unit = house.units_of["linac"][0]
    floor.put(Machine(unit))
    numbers = count()
    moment = Moment(now_ms, Who("Device", "benchmark"), lambda: f"made-{next(numbers)}", house)
    for days in (0, 28):
        until_ms = house.to_ms(FIRST + timedelta(days=days), 23 * 60)
        began = time.thread_time()
        down = report_down(floor, ReportDown(unit=unit, reason="fault", until_ms=until_ms), moment)
        told = 1000 * (time.thread_time() - began)
        floor.put(*down.puts)
        began = time.thread_time()
        back = undo_down(floor, UndoDown(report=down.answer["report"]), moment)
        floor.put(*back.puts)
        undone = 1000 * (time.thread_time() - began)
        n = len(down.answer["moved"])
        print(
            f"a linac out of order for {days + 1} days: {n} moved in {told:.0f} ms, back in {undone:.0f} ms"
        )


def main() -> None:
    """Fill, search, break."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bookings", type=int, default=400_000)
    parser.add_argument("--searches", type=int, default=1000)
    parser.add_argument("--example", type=Path, default=Path("examples/tashkent"))
    asked = parser.parse_args()
    house = make_house(prepare(asked.example, {}, lambda _doing, _done: None).equipped)
    floor, random_ = Floor(house), random.Random(20261122)
    now_ms = house.to_ms(FIRST, 7 * 60)
    BOOKER.find(make_agenda(floor, now_ms), Wanted("x", FILLED[0], 6, Window(FIRST, FIRST)))
    gc.collect()
    before, began = read_memory_mb(), time.thread_time()
    n = fill(floor, now_ms, asked.bookings, random_)
    gc.collect()
    per = 1e6 * (time.thread_time() - began) / n
    print(f"{n} bookings: {read_memory_mb() - before:.0f} MB, {per:.0f} us each to put on the floor")
    print(f"{'CPU ms of a search':24}{'p50':>8}  {'p90':>8}  {'p99':>8}  {'max':>8}")
    search(floor, now_ms, asked.searches, random_)
    break_down(floor, house, now_ms)


if __name__ == "__main__":
    main()
