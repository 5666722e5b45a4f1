"""How long the biobank takes, at any size.

Fills a database with a made-up inventory (the same for the same seed) unless it is there, then measures: acts
that place, move and find specimens, one after the other; the selection of 5,000 specimens by six criteria and
their pick list; the list of all that is in a tank; the verification of custody; and how long the rows took to
be imported. Wall and CPU times of this process are printed. Acts are measured with the database as it ships,
and again without waiting for the disk: what the disk adds is told apart.

Usage: python benchmarks/biobank.py [--specimens N] [--database URL] [--acts N]
"""

# ruff: noqa: S311 - what is done to whom is made up

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from oncopolis.biobank.inventory.loading import load
from oncopolis.biobank.performing import Bank
from oncopolis.biobank.storage.building import Size, fit_size
from oncopolis.biobank.storage.evacuating import plan_evacuation
from oncopolis.record import Act, Who
from oncopolis.record.biobank import custody
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.holdings import Holdings
from oncopolis.record.store import open_store

SEED = 20261122
ACT = Act("E", "benchmark", Who("Device", "benchmark"), "benchmark")
COMMITTEE = Act("E", "benchmark", Who("Device", "committee"), "benchmark")
TASHKENT = Size(26, 1, 13_000, 6, 0.8)
CRITERIA = {
    "kinds": ["TIS"],
    "sites": ["C50"],
    "quality_min": 5.0,
    "cold_max_s": 3_600,
    "collected_from_ms": 1_600_000_000_000,
    "n_thaws_max": 1,
    "reserve": 2,
    "per_donor": 6,
}


@contextmanager
def measured(what: str, goal: str = "") -> Iterator[None]:
    """Print how long a block took."""
    began, cpu = time.perf_counter(), time.process_time()
    yield
    wall, used = time.perf_counter() - began, time.process_time() - cpu
    print(f"{what:<58} {wall:8.2f} s wall {used:8.2f} s CPU{f'   goal {goal}' if goal else ''}", flush=True)


def measure_each(what: str, n: int, do: Callable[[int], Any]) -> None:
    """Print median and 99th percentile of many, by the clock and of the CPU: busy machines wait."""
    took, used = [], []
    for i in range(n):
        began, cpu = time.perf_counter(), time.process_time()
        do(i)
        took.append((time.perf_counter() - began) * 1_000)
        used.append((time.process_time() - cpu) * 1_000)
    told = [f"{statistics.median(some):6.2f} {sorted(some)[int(n * 0.99)]:6.2f}" for some in (took, used)]
    print(f"{what:<40} median and p99: {told[0]} ms wall {told[1]} ms CPU   goal 5 ms", flush=True)


def find_way(books: Books, barcode: str) -> list[str]:
    """Where a specimen is: the labels from the site to the box."""
    found = books.find_specimen(barcode)
    return [] if found is None or found.box is None else [one.name for one in books.list_path(found.box)]


def measure_acts(bank: Bank, n: int, n_specimens: int) -> None:
    """Take specimens out and put them back somewhere else; and find others."""
    draw = random.Random(SEED)
    ids = draw.sample(range(1, n_specimens + 1), n)
    specimens = bank.ask(lambda books: books.get_specimens(ids))
    withdrawn = bank.ask(lambda books: books.find_withdrawn(one.donor for one in specimens.values()))
    moved = [one for one in specimens.values() if one.donor not in withdrawn]
    boxes = bank.ask(lambda books: books.list_kind("box"))
    free: list[tuple[str, str]] = []
    while len(free) < 2 * len(moved):
        box = draw.choice(boxes)
        taken = {place for _, place in bank.ask(lambda books, id_=box.id: list(books.list_taken([id_])))}  # type: ignore[misc]
        free += [(box.name, f"{'ABCDEFGHIJ'[p // 10]}{p % 10 + 1}") for p in range(100) if p not in taken][:3]
    free = list(dict.fromkeys(free))

    def move(i: int) -> None:
        box, position = free[i]
        bank.perform(
            "bank_place", {"barcode": moved[i].barcode, "box": box, "position": position}, ACT
        ).result()

    def take(i: int) -> None:
        bank.perform("bank_take", {"barcodes": [moved[i].barcode]}, ACT).result()

    def place(i: int) -> None:
        box, position = free[len(moved) + i]
        bank.perform(
            "bank_place", {"barcode": moved[i].barcode, "box": box, "position": position}, ACT
        ).result()

    def find(_: int) -> None:
        barcode = f"V{draw.randrange(1, n_specimens + 1):09d}"
        bank.ask(lambda books: find_way(books, barcode))

    measure_each("move from one position to another", len(moved), move)
    measure_each("take out", len(moved), take)
    measure_each("place", min(len(moved), len(free) - len(moved)), place)
    measure_each("find by barcode, with the way to it", n, find)


def measure_questions(bank: Bank, n: int) -> None:
    """Lists, a selection, a plan, and the chain."""
    tank = bank.ask(lambda books: books.list_kind("tank")[6])
    with measured("list of all specimens in a tank", "1 s"):
        exposed = bank.ask(lambda books: len(books.list_specimens_within(tank.id)))
    print(f"  {exposed:,} specimens")
    wanted = min(5_000, n // 200)
    said = {
        "title": "benchmark", "applicant": "a", "organisation": "o", "scopes": ["research"],
        "criteria": CRITERIA, "n_wanted": wanted,
    }  # fmt: skip
    request = bank.perform("bank_request", said, ACT).result()["request"]
    decided = {"request": request, "verdict": "approved", "reason": "benchmark", "mta": "none"}
    bank.perform("bank_decide_request", decided, COMMITTEE).result()
    with measured(f"selection of {wanted:,} by 6 criteria, with pick list and walk", "5 s"):
        told = bank.perform("bank_select", {"request": request}, ACT).result()
    print(f"  {told['n']:,} specimens from {told['boxes']:,} boxes")
    with measured("plan of the evacuation of a tank"):
        plan = bank.ask(lambda books: plan_evacuation(books, tank.name, 0))
    print(f"  {plan.n_specimens:,} specimens in {len(plan.carries)} lines, {len(plan.left)} without a place")
    n_events = bank.store.ask(lambda reading: custody.count(reading.session))
    with measured(f"verification of {n_events:,} custody events", "30 s for 1,000,000"):
        findings = bank.store.ask(lambda reading: list(custody.verify(reading.session)))
    print(f"  {len(findings)} findings")


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--specimens", type=int, default=1_000_000)
    parser.add_argument("--database")
    parser.add_argument("--acts", type=int, default=2_000)
    arguments = parser.parse_args()
    n = arguments.specimens
    with tempfile.TemporaryDirectory() as folder:
        url = arguments.database or f"sqlite:///{folder}/biobank.db"
        with open_store(url) as store:
            if not store.ask(lambda reading: Holdings(reading.session).list_kind("tank")):
                with measured(f"import of {n:,} rows, checked, with custody", "180 s for 1,000,000"):
                    load(store, fit_size(TASHKENT, n), n, SEED, ACT)
        if url.startswith("sqlite:///"):
            size = Path(url.removeprefix("sqlite:///")).stat().st_size
            print(f"disk: {size / 1e9:.2f} GB, {size / n:.0f} bytes a specimen")
            with open_store(f"{url}?synchronous=OFF") as store:
                print("acts, without waiting for the disk:")
                measure_acts(Bank(store), arguments.acts, n)
        with open_store(url) as store:
            print("acts, durable when answered:")
            measure_acts(Bank(store), arguments.acts // 10, n)
            measure_questions(Bank(store), n)


if __name__ == "__main__":
    main()
