"""How long an export of everything takes in its own process, and what it does to writes meanwhile."""

import os
import signal
import statistics
import time
from collections import deque
from concurrent.futures import Future
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from oncopolis.record import Act, Who
from oncopolis.record.access import EVERYTHING
from oncopolis.record.bulk import Manifest, Wanted, export, find_manifest
from oncopolis.record.store import Store, look

ACT = Act("C", "create", Who("Device", "benchmark"), "benchmark")
WAITING = 16
TURN_S = 1.0
"""How long writes are counted with the export going on, and as long with it stopped, in turns."""
OBSERVATION = {
    "resourceType": "Observation",
    "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "718-7"}]},
    "subject": {"reference": "Patient/p1"},
    "valueQuantity": {"value": 120, "unit": "g/L", "system": "http://unitsofmeasure.org", "code": "g/L"},
}


def run_export(url: str, folder: str) -> None:
    """Export everything; in a process of its own, as a worker does."""
    os.nice(5)
    with look(url) as reading:
        export(
            reading,
            Wanted("system"),
            Path(folder),
            allowed=EVERYTHING,
            filters=lambda _type: ("1 = 1", ()),
            keys=None,
        )


def count_writes(store: Store, seconds: float) -> float:
    """Return durable writes a second for some time, several waiting at a time."""
    waiting: deque[Future[Any]] = deque()
    began, n = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        waiting.append(store.submit(lambda transaction: transaction.put(OBSERVATION).version, ACT))
        if len(waiting) >= WAITING:
            waiting.popleft().result()
            n += 1
    for one in waiting:
        one.result()
    return (n + len(waiting)) / (time.perf_counter() - began)


def measure_export(store: Store, url: str, folder: Path) -> dict[str, float]:
    """Export everything alone, then beside writes; print and return what it took."""
    context = get_context("spawn")
    target = folder / "export"
    alone = context.Process(target=run_export, args=(url, str(target)))
    began = time.perf_counter()
    alone.start()
    alone.join()
    took = time.perf_counter() - began
    manifest: Manifest | None = find_manifest(target)
    assert manifest is not None, "the export failed"
    n = sum(part.count for part in manifest.parts)
    size = sum(part.n_bytes for part in manifest.parts)
    beside = context.Process(target=run_export, args=(url, str(target)))
    beside.start()
    during, calm = [], []
    while beside.is_alive() and beside.pid is not None:
        during.append(count_writes(store, TURN_S))
        os.kill(beside.pid, signal.SIGSTOP)
        calm.append(count_writes(store, TURN_S))
        os.kill(beside.pid, signal.SIGCONT)
    beside.join()
    with_it, without = statistics.mean(during[:-1]), statistics.mean(calm[:-1])
    print(
        f"\nexport: {n} records, {size / 1e6:.0f} MB in {took:.1f} s ({n / took:.0f} records/s, a million in "
        f"{1e6 * took / n:.0f} s); durable writes {without:.0f}/s while it is stopped, {with_it:.0f}/s while "
        f"it runs: {with_it / without:.2f} ({len(during) - 1} turns)"
    )
    return {"records": n, "seconds": took, "writes": without, "writes_beside": with_it}
