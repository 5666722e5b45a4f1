"""Load over HTTP/1.1 by connections that are kept open, with little work for the generator.

Run as a process of its own: python load.py PORT SECONDS CONNECTIONS [RATE]; prints one line of JSON. If the
environment has ONCOPOLIS_TOKEN, requests carry it.
"""

import asyncio
import json
import os
import random
import sys
import time
from dataclasses import dataclass, field

N_WARM = 64
"""Records made before the clock runs."""
SHARES = (("create", 0.25), ("read", 0.75), ("update", 1.0))
"""Kind of request and cumulated share."""


@dataclass
class Found:
    """What came back: seconds by kind of request, and how often something else than success."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind, _ in SHARES})
    refused: int = 0


def make_observation(id_: str | None, number: int) -> bytes:
    """Return an Observation like those of a laboratory, about 700 bytes."""
    resource = {
        "resourceType": "Observation",
        **({"id": id_} if id_ else {}),
        "status": "final",
        "category": [{"coding": [{"system": "http://example.org/category", "code": "laboratory"}]}],
        "code": {
            "coding": [{"system": "http://loinc.org", "code": "718-7", "display": "Hemoglobin"}],
            "text": "Hemoglobin",
        },
        "subject": {"identifier": {"system": "urn:example:mrn", "value": f"{number % 1000}"}},
        "effectiveDateTime": "2026-11-22T08:30:00+05:00",
        "issued": "2026-11-22T09:00:00.000+05:00",
        "valueQuantity": {
            "value": 12 + number % 40 / 10,
            "unit": "g/dL",
            "system": "http://unitsofmeasure.org",
            "code": "g/dL",
        },
        "note": [{"text": f"sample {number}"}],
    }
    return json.dumps(resource).encode()


class Client:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        self._reader, self._writer = reader, writer
        token = os.environ.get("ONCOPOLIS_TOKEN")
        self._always = f"Host: {host}\r\n" + (f"Authorization: Bearer {token}\r\n" if token else "")

    async def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes, bytes]:
        """Send a request; return status, headers and body of the answer."""
        head = (
            f"{method} {path} HTTP/1.1\r\n{self._always}Accept: application/fhir+json\r\n"
            f"Content-Type: application/fhir+json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        headers = await self._reader.readuntil(b"\r\n\r\n")
        lower = headers.lower()
        at = lower.find(b"content-length:")
        length = int(lower[at + 15 : lower.index(b"\r\n", at)]) if at >= 0 else 0
        return int(headers[9:12]), headers, await self._reader.readexactly(length)


async def connect(port: int) -> Client:
    """Open a connection to this machine."""
    return Client(*await asyncio.open_connection("127.0.0.1", port), f"127.0.0.1:{port}")


async def ask_one(client: Client, ids: list[str], dice: random.Random, number: int, found: Found) -> None:
    """Do one request of the mix; its time is that of the request alone."""
    u = dice.random()
    kind = next(kind for kind, share in SHARES if u < share)
    id_ = dice.choice(ids)
    began = time.perf_counter()
    if kind == "create":
        status, _, body = await client.ask("POST", "/fhir/Observation", make_observation(None, number))
        if status == 201:
            ids[dice.randrange(len(ids))] = json.loads(body)["id"]
    elif kind == "read":
        status, _, _ = await client.ask("GET", f"/fhir/Observation/{id_}")
    else:
        status, _, _ = await client.ask("PUT", f"/fhir/Observation/{id_}", make_observation(id_, number))
    found.seconds[kind].append(time.perf_counter() - began)
    found.refused += status not in (200, 201)


async def run(port: int, seconds: float, n_connections: int, rate: float | None) -> dict[str, object]:
    """Load a server for some time: as fast as it answers, or at a fixed rate whether it keeps up or not."""
    clients = [await connect(port) for _ in range(n_connections)]
    ids = []
    for number in range(N_WARM):
        status, _, body = await clients[0].ask("POST", "/fhir/Observation", make_observation(None, number))
        assert status == 201, body
        ids.append(json.loads(body)["id"])
    found = Found()
    late: list[float] = []
    began = time.perf_counter()
    turns = iter(range(10**9))

    async def live(client: Client, dice: random.Random) -> None:
        while True:
            number = next(turns)
            if rate is not None:
                due = began + number / rate
                await asyncio.sleep(max(due - time.perf_counter(), 0.0))
            if time.perf_counter() > began + seconds:
                return
            await ask_one(client, ids, dice, number, found)
            if rate is not None:
                late.append(time.perf_counter() - due)

    await asyncio.gather(*(live(client, random.Random(i)) for i, client in enumerate(clients)))  # noqa: S311 - a mix of requests is no secret
    took = time.perf_counter() - began
    every = late if rate is not None else [s for part in found.seconds.values() for s in part]
    return {
        "requests": len(every),
        "per_s": len(every) / took,
        "refused": found.refused,
        "p50_ms": find_quantile(every, 0.5),
        "p99_ms": find_quantile(every, 0.99),
        "kinds": {kind: find_quantile(part, 0.99) for kind, part in found.seconds.items()},
    }


def find_quantile(seconds: list[float], part: float) -> float:
    """Return a quantile, milliseconds; nought of nothing."""
    return sorted(seconds)[min(int(part * len(seconds)), len(seconds) - 1)] * 1000 if seconds else 0.0


if __name__ == "__main__":
    rate = float(sys.argv[4]) if len(sys.argv) > 4 else None
    print(json.dumps(asyncio.run(run(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), rate))))
