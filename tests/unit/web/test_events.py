"""Listeners hear of what is written and may be seen, from where they left off."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, MutableMapping
from functools import wraps
from pathlib import Path
from typing import Any, Self

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from tests.records import ACT, make_keys, make_observation, make_patient, make_slot

from oncopolis.foundation import ForbiddenError
from oncopolis.record.access import EVERYTHING, Allowed
from oncopolis.record.access.allowing import Condition
from oncopolis.record.store import Store, open_store
from oncopolis.web.events import make_routes, routes
from oncopolis.web.events.pulse import LOOK_S


def in_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    @wraps(test)
    def run(*args: Any, **options: Any) -> None:
        asyncio.run(test(*args, **options))

    return run


class _OnlyPatients:
    def restrict(self, type_: str, alias: str) -> Condition:
        return ("1 = 1" if type_ == "Patient" else "1 = 0"), ()


class Gate:
    def __init__(self) -> None:
        self.allowed: Allowed | None = EVERYTHING

    async def __call__(self, request: Request) -> Allowed:
        if self.allowed is None:
            raise ForbiddenError(code="X", where="x", got="nobody", expected="somebody", fix="sign in")
        return self.allowed


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/record.sqlite", keys=make_keys(tmp_path)) as store:
        yield store


async def write(store: Store, resource: dict[str, Any]) -> None:
    await asyncio.wrap_future(store.submit(lambda tx: tx.put(resource).version, ACT))


class Listener:
    """One stream of events, over ASGI: messages as they are sent."""

    def __init__(self, store: Store, gate: Gate, query: str, last: str | None = None) -> None:
        self.app = Starlette(routes=list(make_routes(store, gate)))
        self.scope = {
            "type": "http", "method": "GET", "path": "/events", "raw_path": b"/events", "root_path": "",
            "scheme": "http", "query_string": query.encode(), "http_version": "1.1",
            "headers": [(b"last-event-id", last.encode())] if last else [], "asgi": {"spec_version": "2.4"},
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2),
        }  # fmt: skip
        self.sent: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        async def receive() -> MutableMapping[str, Any]:
            await asyncio.Event().wait()
            raise AssertionError

        self.task = asyncio.create_task(self.app(self.scope, receive, self.sent.put))
        return self

    async def __aexit__(self, *_: object) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def read(self) -> AsyncIterator[dict[str, Any]]:
        text = ""
        while True:
            message = await asyncio.wait_for(self.sent.get(), 60)
            text += message.get("body", b"").decode()
            while "\n\n" in text:
                event, _, text = text.partition("\n\n")
                lines = dict(line.split(": ", 1) for line in event.split("\n") if not line.startswith(":"))
                if "data" in lines:
                    yield {"id": lines["id"], "event": lines["event"], **json.loads(lines["data"])}
            if message["type"] == "http.response.body" and not message.get("more_body"):
                return

    async def take(self, n: int) -> list[dict[str, Any]]:
        found = []
        async for event in self.read():
            found.append(event)
            if len(found) == n:
                break
        return found


def name(events: list[dict[str, Any]]) -> list[str]:
    return [f"{one['reference']}/{one['versionId']}" for one in events]


@in_loop
async def test_what_is_written_is_told_in_its_order(store: Store) -> None:
    await write(store, make_slot("before"))
    async with Listener(store, Gate(), "criteria=Slot&criteria=Observation%3Fcode%3D718-7") as listener:
        await listener.sent.get()
        await listener.sent.get()  # The stream has begun.
        for resource in (make_slot("s1"), make_patient(), make_observation(id_="o"), make_slot("s1")):
            await write(store, resource)
            await asyncio.sleep(2 * LOOK_S)
        assert name(await listener.take(3)) == ["Slot/s1/1", "Observation/o/1", "Slot/s1/2"]


@in_loop
async def test_a_stream_goes_on_where_it_broke(store: Store) -> None:
    for number in range(5):
        await write(store, make_slot(f"s{number}"))
    async with Listener(store, Gate(), "criteria=Slot", last="0") as listener:
        first = await listener.take(2)
    async with Listener(store, Gate(), "criteria=Slot", last=first[-1]["id"]) as listener:
        rest = await listener.take(3)
    assert name(first + rest) == [f"Slot/s{number}/1" for number in range(5)]


@in_loop
async def test_pages_follow_one_another(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "PAGE", 2)
    for number in range(5):
        await write(store, make_slot(f"s{number}"))
    async with Listener(store, Gate(), "criteria=Slot", last="0") as listener:
        assert len(await listener.take(5)) == 5


@in_loop
async def test_nobody_hears_of_what_they_may_not_see(store: Store) -> None:
    gate = Gate()
    gate.allowed = _OnlyPatients()
    await write(store, make_slot("s1"))
    await write(store, make_patient())
    async with Listener(store, gate, "criteria=Slot&criteria=Patient", last="0") as listener:
        assert name(await listener.take(1)) == ["Patient/p1/1"]


@in_loop
async def test_who_may_no_longer_listen_is_cut_off(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "ALIVE_S", 0.05)
    gate = Gate()
    async with Listener(store, gate, "criteria=Slot") as listener:
        await listener.sent.get()
        gate.allowed = None
        assert [event async for event in listener.read()] == []


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("", {}),
        ("criteria=Nothing", {}),
        ("criteria=Slot%3Fno-such%3D1", {}),
        ("criteria=Slot&other=1", {}),
        ("&".join(["criteria=Slot"] * 21), {}),
        ("criteria=Slot", {"last-event-id": "x"}),
    ],
)
@in_loop
async def test_what_is_not_understood_is_refused(store: Store, query: str, headers: dict[str, str]) -> None:
    app = Starlette(routes=list(make_routes(store, Gate())))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.get(f"/events?{query}", headers=headers)
    assert answer.status_code == 400
    assert answer.json()["resourceType"] == "OperationOutcome"
