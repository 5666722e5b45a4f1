"""How long it takes to find who may be the same person, among very many.

Fills a database through the store with people made up (fixed seed; the generator of the tests), then
registers some of them again with a mistake of each kind. Printed are median and 99th percentile of the time
that finding takes, the CPU time of this process, and how often the person was found, was first, and was so
likely that whoever registers has to say that it is somebody else; how many others were that likely too.

Usage: python benchmarks/people.py [--size N] [--database URL] [--repeat N] [--seconds S]

A database that is given is filled up to the size, and kept; ``--seconds`` ends filling early, to go on later.
"""

# ruff: noqa: S311 - the people are made up

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections import deque
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.people import MISTAKES, Person, make_duplicate, make_person

from oncopolis.record import Act, Who
from oncopolis.record.likeness import describe
from oncopolis.record.search.likely import find_likely
from oncopolis.record.store import Store, Transaction, open_store

SEED = 20261122
PER_COMMAND, WAITING = 250, 8
ACT = Act("U", "fill", Who("Device", "benchmark"), "benchmark")


def make_one(n: int) -> Person:
    """The person of a number; the same in every run."""
    return make_person(random.Random(SEED + n), n)


def put_all(first: int, end: int, transaction: Transaction) -> int:
    """The command that stores people of some numbers; how many."""
    for n in range(first, end):
        transaction.put(make_one(n).to_patient(f"p{n}"))
    return end - first


def fill(store: Store, size: int, seconds: float) -> int:
    """Store people up to a number, or until time is over; how many there are."""
    n, began = store.count("Patient"), time.monotonic()
    waiting: deque[Future[int]] = deque()
    while n < size and time.monotonic() - began < seconds:
        end = min(size, n + PER_COMMAND)
        waiting.append(store.submit(partial(put_all, n, end), ACT))
        n = end
        if len(waiting) > WAITING:
            waiting.popleft().result()
    for one in waiting:
        one.result()
    return n


def ask(store: Store, patient: dict[str, Any]) -> tuple[list[tuple[str, bool]], float]:
    """Who may be the one that is registered, with whether that is likely; milliseconds."""
    asked = describe(patient)
    began = time.perf_counter()
    found = store.ask(lambda reading: find_likely(reading, asked))
    took = (time.perf_counter() - began) * 1000
    return [(str(one.patient["id"]), one.likeness.is_likely) for one in found], took


def measure(store: Store, size: int, repeat: int) -> None:
    """Register people again, and print one line for each kind of mistake."""
    rng = random.Random(SEED)
    columns = f"{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}{'found':>8}{'first':>8}{'likely':>8}{'others':>8}"
    print(f"\n{'':28}{columns}")
    everything: list[float] = []
    for mistake in MISTAKES:
        walls, n_found, n_first, n_likely, n_others = [], 0, 0, 0, 0
        cpu = time.process_time()
        for _ in range(repeat):
            n = rng.randrange(size)
            found, took = ask(store, make_duplicate(rng, make_one(n), mistake).to_patient("new"))
            walls.append(took)
            names = [name for name, _ in found]
            likely = {name for name, is_likely in found if is_likely}
            n_found, n_first = n_found + (f"p{n}" in names), n_first + (names[:1] == [f"p{n}"])
            n_likely, n_others = n_likely + (f"p{n}" in likely), n_others + len(likely - {f"p{n}"})
        spent = (time.process_time() - cpu) * 1000 / repeat
        everything += walls
        walls.sort()
        shares = "".join(f"{n / repeat:8.3f}" for n in (n_found, n_first, n_likely, n_others))
        p99 = walls[int(len(walls) * 0.99)]
        print(f"{mistake:28}{statistics.median(walls):9.2f}{p99:9.2f}{spent:9.2f}{shares}")
    everything.sort()
    p99 = everything[int(len(everything) * 0.99)]
    print(f"{'all':28}{statistics.median(everything):9.2f}{p99:9.2f}")


def main() -> None:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--size", type=int, default=20_000)
    parser.add_argument("--database")
    parser.add_argument("--repeat", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=86_400)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="oncopolis-people-"))
    with open_store(given.database or f"sqlite:///{folder / 'record.db'}") as store:
        began, cpu = time.perf_counter(), time.process_time()
        n = fill(store, given.size, given.seconds)
        took, spent = time.perf_counter() - began, time.process_time() - cpu
        print(f"{n} people; {took:.0f} s and {spent:.0f} s of CPU to fill")
        if n >= given.size:
            measure(store, n, given.repeat)


if __name__ == "__main__":
    main()
