"""The record's server beside the Python server sekmet-fhir, and what it must reach by itself.

Both are started here, one after the other, in processes of their own, with the load generator beside them.
Ours answers a write once it is on the disk (synchronous=FULL); beside every such figure stands what a sync
of this disk takes. Server CPU is that of its process and its children.

Usage: python benchmarks/record.py [--peer PYTHON] [--seconds N] [--examples TARBALL] [--json FILE]
       python benchmarks/record.py --fill N [--database URL]

PYTHON is the interpreter of an environment in which sekmet-fhir is installed; without it only ours is
measured. TARBALL is the npm package hl7.fhir.r4.examples (tools/fetch_fhir_examples.py).
The second form fills a new store with N resources and measures on the way whether it slows down; with URL the
filled store is kept.
"""

import argparse
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "record"
ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(HERE))

N_CONNECTIONS = 16
N_ENTRIES = 30
"""Of a transaction."""
N_TRANSACTIONS = 200
N_SYNCS = 200
RATE = 800.0
"""Requests a second of the run at a fixed rate."""
LARGEST = 9_500_000
"""Bytes that the server takes in one request; three bundles of the package are larger."""
MARKS = (100_000, 300_000, 600_000, 900_000)
"""Resources after which a filling is measured, besides its end."""
TICKS = os.sysconf("SC_CLK_TCK")


def find_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def measure_disk(folder: Path) -> tuple[float, float]:
    """Return median and 99th percentile of a small write and its sync, milliseconds."""
    took = []
    with (folder / "sync").open("wb") as file:
        for _ in range(N_SYNCS):
            file.write(bytes(4096))
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took), sorted(took)[int(0.99 * len(took))]


@contextmanager
def serve(command: list[str], port: int, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start a server and wait until it answers."""
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        for _ in range(600):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/fhir/metadata") as answer:
                    answer.read()
                break
            except OSError:
                if process.poll() is not None:
                    raise SystemExit((folder / "server.log").read_text()[-2000:]) from None
                time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=30)


def measure_cpu(pid: int) -> float:
    """Return the CPU seconds of a process and those of its children that still run."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / TICKS
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(measure_cpu(int(child)) for child in children)


def load(process: subprocess.Popen[bytes], port: int, seconds: float, rate: float | None) -> dict[str, Any]:
    """Load a server by a process beside it."""
    before = measure_cpu(process.pid)
    command = [sys.executable, str(HERE / "load.py"), str(port), str(seconds), str(N_CONNECTIONS)]
    if rate is not None:
        command.append(str(rate))
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    found["cpu_ms"] = (measure_cpu(process.pid) - before) * 1000 / found["requests"]
    return found


async def send_transactions(port: int) -> list[float]:
    """Return the seconds that transactions of many entries took, one after the other."""
    from load import connect, make_observation

    client = await connect(port)
    took = []
    for i in range(N_TRANSACTIONS):
        entries = [
            {
                "fullUrl": f"urn:uuid:00000000-0000-4000-8000-{n:012d}",
                "resource": json.loads(make_observation(None, i + n)),
                "request": {"method": "POST", "url": "Observation"},
            }
            for n in range(N_ENTRIES)
        ]
        body = json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}).encode()
        began = time.perf_counter()
        status, _, answer = await client.ask("POST", "/fhir", body)
        took.append(time.perf_counter() - began)
        assert status == 200, answer[:500]
    return took


def read_examples(path: Path) -> list[dict[str, Any]]:
    """Return the resources of the package that have an id and are not too large; decimals as written."""
    found = []
    with tarfile.open(path) as package:
        for member in package:
            name = Path(member.name).name
            if member.isfile() and name.endswith(".json") and name not in ("package.json", ".index.json"):
                file = package.extractfile(member)
                assert file is not None
                resource = json.loads(file.read(), parse_float=Decimal)
                if resource.get("id") and member.size <= LARGEST:
                    found.append(resource)
    return found


async def load_examples(port: int, resources: list[dict[str, Any]]) -> tuple[float, list[str]]:
    """Put all resources, then get each; return the seconds of the former, and those that came back other."""
    from load import connect

    clients = [await connect(port) for _ in range(N_CONNECTIONS)]
    bodies = [write_exact(resource) for resource in resources]
    wrong: list[str] = []

    async def put(number: int, client: Any) -> None:
        for i in range(number, len(resources), N_CONNECTIONS):
            resource = resources[i]
            path = f"/fhir/{resource['resourceType']}/{resource['id']}"
            status, _, answer = await client.ask("PUT", path, bodies[i])
            if status not in (200, 201):
                wrong.append(f"{path}: {status} {answer[:200]!r}")

    began = time.perf_counter()
    await asyncio.gather(*(put(number, client) for number, client in enumerate(clients)))
    took = time.perf_counter() - began
    refused = {line.partition(":")[0] for line in wrong}
    last = {f"/fhir/{one['resourceType']}/{one['id']}": one for one in resources}
    for path, resource in last.items():
        if path in refused:
            continue
        _, _, answer = await clients[0].ask("GET", path)
        if strip(json.loads(answer, parse_float=Decimal)) != strip(resource):
            wrong.append(f"{path}: came back other than it was")
    return took, wrong


def write_exact(value: Any) -> bytes:
    """Return JSON in which decimals have the digits they came with."""
    if isinstance(value, dict):
        return (
            b"{" + b",".join(json.dumps(k).encode() + b":" + write_exact(v) for k, v in value.items()) + b"}"
        )
    if isinstance(value, list):
        return b"[" + b",".join(map(write_exact, value)) + b"]"
    return str(value).encode() if isinstance(value, Decimal) else json.dumps(value).encode()


def strip(resource: dict[str, Any]) -> dict[str, Any]:
    """Return a resource without what a server sets; decimals as their digits."""
    meta = {k: v for k, v in resource.get("meta", {}).items() if k not in ("versionId", "lastUpdated")}
    rest = {k: v for k, v in resource.items() if k != "meta"}
    return to_digits({**rest, **({"meta": meta} if meta else {})})  # type: ignore[no-any-return]


def to_digits(value: Any) -> Any:
    """Return a value whose decimals are written out, so that 72.5 is not 72.50."""
    if isinstance(value, dict):
        return {k: to_digits(v) for k, v in value.items()}
    if isinstance(value, list):
        return [to_digits(v) for v in value]
    return f"decimal {value}" if isinstance(value, Decimal) else value


def show(name: str, found: dict[str, Any]) -> None:
    """Print a line."""
    kinds = "  ".join(f"{kind} {ms:.1f}" for kind, ms in found["kinds"].items())
    print(
        f"{name:26} {found['per_s']:8,.0f} /s  p50 {found['p50_ms']:7.1f} ms  p99 {found['p99_ms']:7.1f} ms"
        f"  (p99 {kinds})  CPU {found['cpu_ms']:.2f} ms a request  {found['refused']} refused"
    )


def print_token(where: list[str]) -> str:
    """Return a token with which everything of the mix may be done."""
    command = [sys.executable, "-m", "oncopolis", "token", *where, "--scope", "system/*.cruds", "--days", "1"]
    told = subprocess.run(command, check=True, capture_output=True, text=True)
    return told.stdout.split()[-1]


def measure_ours(
    folder: Path, seconds: float, examples: Path | None, disk: tuple[float, float]
) -> dict[str, Any]:
    """Measure our server."""
    port = find_port()
    where = [str(ROOT / "examples/tashkent"), "--database", f"sqlite:///{folder / 'record.db'}"]
    with serve(
        [sys.executable, "-m", "oncopolis", "serve", *where, "--port", str(port)], port, folder
    ) as process:
        os.environ["ONCOPOLIS_TOKEN"] = print_token(where)
        figures = {"mix": load(process, port, seconds, None)}
        show("oncopolis", figures["mix"])
        figures["fixed rate"] = load(process, port, seconds, RATE)
        show(f"oncopolis, {RATE:,.0f} /s offered", figures["fixed rate"])
        took = asyncio.run(send_transactions(port))
        p50, p99 = statistics.median(took) * 1000, sorted(took)[int(0.99 * len(took))] * 1000
        figures["transactions"] = {"p50_ms": p50, "p99_ms": p99}
        print(f"{N_ENTRIES} entries in a transaction: p50 {p50:.1f} ms, p99 {p99:.1f} ms", end="")
        print(f"; less a sync {p99 - disk[1]:.1f} ms")
        if examples:
            resources = read_examples(examples)
            took_s, wrong = asyncio.run(load_examples(port, resources))
            figures["examples"] = {"n": len(resources), "seconds": took_s, "wrong": wrong}
            print(f"{len(resources):,} official examples put in {took_s:.1f} s", end="")
            print(f"; {len(wrong)} refused or other", *wrong[:10], sep="\n  ")
    return figures


def measure_peer(folder: Path, seconds: float, python: Path) -> dict[str, Any]:
    """Measure the peer."""
    os.environ.pop("ONCOPOLIS_TOKEN", None)
    port = find_port()
    command = [str(python.parent / "sekmet"), "serve", "--host", "127.0.0.1", "--port", str(port)]
    with serve(command, port, folder) as process:
        figures = load(process, port, seconds, None)
    show("sekmet-fhir", figures)
    return figures


def measure_filling(n: int, url: str) -> None:
    """Fill a store in a process of its own; print how fast it is at each mark."""
    command = [sys.executable, str(HERE / "fill.py"), url, str(n), *map(str, MARKS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            found = json.loads(line)
            p99 = "  ".join(f"{kind} {ms:.1f}" for kind, ms in found["p99_ms"].items())
            size = f"{found['mib']:,.0f} MiB  " if "mib" in found else ""
            print(
                f"{found['resources']:9,} resources  {size}{found['per_s']:8,.0f} /s"
                f"  p99 {p99} ms  CPU {found['cpu_ms']:.2f} ms each, {found['fill_cpu_ms']:.2f} while filling"
            )
    if process.returncode:
        raise SystemExit(process.returncode)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="The record's server beside a peer.")
    parser.add_argument("--peer", type=Path)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--examples", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--fill", type=int)
    parser.add_argument("--database")
    asked = parser.parse_args()
    if asked.fill:
        with tempfile.TemporaryDirectory() as name:
            measure_filling(asked.fill, asked.database or f"sqlite:///{name}/record.db")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        disk = measure_disk(folder)
        print(f"a sync of this disk: p50 {disk[0]:.2f} ms, p99 {disk[1]:.2f} ms\n")
        figures = {"oncopolis": measure_ours(folder, asked.seconds, asked.examples, disk)}
        if asked.peer:
            figures["sekmet-fhir"] = measure_peer(folder, asked.seconds, asked.peer.absolute())
            mix, peer = figures["oncopolis"]["mix"], figures["sekmet-fhir"]
            print(f"\nours answers {mix['per_s'] / peer['per_s']:.1f} x as many requests", end="")
            print(f", for 1/{peer['cpu_ms'] / mix['cpu_ms']:.1f} of the CPU each")
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
