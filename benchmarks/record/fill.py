"""Fill a store with patients and their observations, and measure create, read and update on the way.

Run as a process of its own: python fill.py URL N [MARK ...]; prints a line of JSON at each mark. SQLite does
not sync while it is filled, but while it is measured, as for a server.
"""

import json
import random
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from load import find_quantile, make_observation

from oncopolis.record import Act, Who
from oncopolis.record.fhir.text import parse
from oncopolis.record.store import Store, Transaction, open_store

OBSERVATIONS_OF_PATIENT = 99
N_TOGETHER = 250
N_THREADS = 16
N_MEASURED = 3_000
KINDS = ("create", "read", "read", "update")
FAMILIES = "Karimov Rahimova Kim Park Aliyev Yusupova Nazarov Lee Ismoilov Tosheva".split()
GIVEN = "Aziz Dilnoza Minjun Seoyeon Bekzod Malika Jasur Hana Rustam Nigora".split()
ACT = Act("U", "fill", Who("Device", "benchmark"), "fill")


def make_patient(number: int) -> dict[str, Any]:
    """Return a Patient."""
    return {
        "resourceType": "Patient",
        "id": f"p{number}",
        "identifier": [{"system": "urn:example:mrn", "value": f"{number}"}],
        "name": [{"family": FAMILIES[number % 10], "given": [GIVEN[number // 10 % 10]]}],
        "gender": ("female", "male")[number % 2],
        "birthDate": f"{1930 + number % 80}-{number % 12 + 1:02}-{number % 28 + 1:02}",
    }


def make_one(number: int, id_: str | None = None) -> dict[str, Any]:
    """Return the resource of a number: a patient, then observations of patients made so far."""
    if id_ is None and number % (OBSERVATIONS_OF_PATIENT + 1) == 0:
        return make_patient(number)
    resource = parse(make_observation(id_, number))
    patient = number * 7919 % (number + 1) // (OBSERVATIONS_OF_PATIENT + 1) * (OBSERVATIONS_OF_PATIENT + 1)
    resource["subject"] = {"reference": f"Patient/p{patient}"}
    resource["effectiveDateTime"] = (
        f"20{number % 27:02}-{number % 12 + 1:02}-{number % 28 + 1:02}T08:30:00+05:00"
    )
    return resource


def put(store: Store, resource: dict[str, Any]) -> Future[str]:
    """Write one resource."""
    return store.submit(lambda transaction: transaction.put(resource).id, ACT)


def fill(url: str, first: int, end: int) -> list[str]:
    """Write resources, many in one command; return ids of some observations."""
    some: list[str] = []

    def make_command(numbers: range) -> Callable[[Transaction], None]:
        def command(transaction: Transaction) -> None:
            made = [transaction.put(make_one(number)).id for number in numbers]
            some.append(made[-1])

        return command

    with open_store(url) as store:
        for start in range(first, end, N_TOGETHER):
            store.submit(make_command(range(start, min(start + N_TOGETHER, end))), ACT).result()
    return some


def measure(url: str, ids: list[str], number: int) -> dict[str, Any]:
    """Create, read and update by several threads; seconds of each kind, and CPU of the whole process."""
    seconds: dict[str, list[float]] = {kind: [] for kind in KINDS}

    def live(thread: int) -> None:
        dice = random.Random(thread)  # noqa: S311 - a mix of requests is no secret
        for i in range(N_MEASURED // N_THREADS):
            kind, id_ = dice.choice(KINDS), dice.choice(ids)
            resource = make_one(number + thread * N_MEASURED + i, id_) if kind != "read" else {}
            if kind == "create":
                del resource["id"]
            began = time.perf_counter()
            if kind == "read":
                version = store.get("Observation", id_)
                store.note(ACT, [version]).result()
            else:
                put(store, resource).result()
            seconds[kind].append(time.perf_counter() - began)

    with open_store(url) as store, ThreadPoolExecutor(N_THREADS) as threads:
        cpu, began = time.process_time(), time.perf_counter()
        list(threads.map(live, range(N_THREADS)))
        took = time.perf_counter() - began
        cpu = time.process_time() - cpu
    n = sum(map(len, seconds.values()))
    return {
        "per_s": n / took,
        "cpu_ms": cpu * 1000 / n,
        "p50_ms": {kind: find_quantile(part, 0.5) for kind, part in seconds.items()},
        "p99_ms": {kind: find_quantile(part, 0.99) for kind, part in seconds.items()},
    }


def main() -> None:
    """Fill, and print a line at each mark."""
    url, n = sys.argv[1], int(sys.argv[2])
    marks = sorted({mark for mark in map(int, sys.argv[3:]) if mark < n} | {n})
    is_file = url.startswith("sqlite")
    done, ids = 0, []
    for mark in marks:
        cpu, began = time.process_time(), time.perf_counter()
        ids += fill(f"{url}?synchronous=OFF" if is_file else url, done, mark)
        line: dict[str, Any] = {
            "resources": mark,
            "fill_per_s": (mark - done) / (time.perf_counter() - began),
            "fill_cpu_ms": (time.process_time() - cpu) * 1000 / (mark - done),
        }
        if is_file:
            line["mib"] = Path(urlsplit(url).path[1:]).stat().st_size / 2**20
        line |= measure(url, random.Random(mark).sample(ids, min(len(ids), 2000)), mark * 10)  # noqa: S311
        done = mark
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
