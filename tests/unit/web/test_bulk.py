"""Exports over HTTP: asked for, made by a worker, fetched whole or in part by whom they are for."""

import asyncio
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep, time
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from tests.copies import live
from tests.records import make_keys
from tests.unit.web.calling import HOST, check_refused

from oncopolis.record import Who
from oncopolis.record.access.practice import read_practice
from oncopolis.record.store import Store, open_store
from oncopolis.record.store.outbox import Retry
from oncopolis.web.app import make_app
from oncopolis.web.bulk import Shelf, make_routes
from oncopolis.web.bulk.shelf import KEPT_S
from oncopolis.web.jobs import Workers

ASYNC = {"Prefer": "respond-async"}


class House:
    """A record, its shelf of exports, and one who calls."""

    def __init__(self, store: Store, shelf: Shelf) -> None:
        self.store, self.shelf = store, shelf
        self.who = Who("address", "127.0.0.1")
        app = make_app(store, pages=make_routes(store, shelf, self.admit))
        self.app: Starlette = app

    async def admit(self, _request: Request) -> Who:
        return self.who

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
                return await client.request(method, path, **options)

        return asyncio.run(go())

    def ask(self, path: str = "$export", **parameters: Any) -> str:
        answer = self.call("GET", f"/fhir/{path}", params=parameters, headers=ASYNC)
        assert answer.status_code == 202, answer.text
        return answer.headers["content-location"].removeprefix(HOST)

    def work(self) -> None:
        """What a worker does."""
        for job in self.store.jobs.take(["export"], lease_ms=60_000, limit=10):
            self.shelf.make(job.payload)
            self.store.jobs.finish(job)

    def fetch(self, address: str) -> dict[str, list[str]]:
        manifest = self.call("GET", address)
        assert manifest.status_code == 200, manifest.text
        found: dict[str, list[str]] = {}
        for part in manifest.json()["output"]:
            file = self.call("GET", part["url"].removeprefix(HOST))
            assert file.headers["content-type"] == "application/fhir+ndjson"
            lines = [json.loads(line) for line in file.text.splitlines()]
            assert len(lines) == part["count"]
            found.setdefault(part["type"], []).extend(line["id"] for line in lines)
        return found


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    keys = make_keys(tmp_path)
    url = f"sqlite:///{tmp_path}/record.sqlite"
    with open_store(url, keys=keys) as store:
        live(store, 3)
        yield House(store, Shelf(tmp_path / "exports", url, keys, read_practice()))


def test_an_export_is_asked_for_made_and_fetched(house: House) -> None:
    address = house.ask()
    waiting = house.call("GET", address)
    assert waiting.status_code == 202
    assert waiting.headers["x-progress"] == "0 records"
    assert int(waiting.headers["retry-after"]) > 0
    house.work()
    manifest = house.call("GET", address).json()
    assert manifest["request"] == f"{HOST}/fhir/$export"
    assert manifest["requiresAccessToken"] is True
    assert manifest["error"] == []
    assert house.fetch(address)["Patient"] == ["p0", "p1", "p2"]


@pytest.mark.parametrize(
    ("path", "parameters", "expected"),
    [
        ("Patient/$export", {}, {"Patient": 3, "Observation": 3}),
        ("$export", {"_type": "Patient"}, {"Patient": 3}),
        ("$export", {"_type": "Patient,Observation", "_since": "2999-01-01T00:00:00Z"}, {}),
        ("$export", {"_typeFilter": "Observation?value-quantity=1.70"}, {"Patient": 3, "Observation": 1}),
        (
            "$export",
            {"_typeFilter": "Observation?patient=p0,Observation?patient=p1"},
            {"Patient": 3, "Observation": 2},
        ),
        ("$export", {"_type": "Observation", "_outputFormat": "ndjson"}, {"Observation": 3}),
    ],
)
def test_exports_hold_what_was_asked_for(
    house: House, path: str, parameters: dict[str, str], expected: dict[str, int]
) -> None:
    address = house.ask(path, **parameters)
    house.work()
    assert {type_: len(ids) for type_, ids in house.fetch(address).items()} == expected


def test_by_post_it_is_asked_for_with_parameters(house: House) -> None:
    body = {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "_type", "valueString": "Patient"},
            {"name": "_since", "valueInstant": "2020-01-01T00:00:00Z"},
        ],
    }
    headers = ASYNC | {"Content-Type": "application/fhir+json"}
    answer = house.call("POST", "/fhir/$export", content=json.dumps(body), headers=headers)
    house.work()
    assert set(house.fetch(answer.headers["content-location"].removeprefix(HOST))) == {"Patient"}


def test_a_fetch_that_broke_off_goes_on_where_it_was(house: House) -> None:
    address = house.ask("$export", _type="Patient")
    house.work()
    (part,) = house.call("GET", address).json()["output"]
    url = part["url"].removeprefix(HOST)
    whole = house.call("GET", url)
    assert whole.headers["accept-ranges"] == "bytes"
    tag, size = whole.headers["etag"], len(whole.content)

    def fetch(text: str, **headers: str) -> httpx.Response:
        return house.call("GET", url, headers={"Range": text, **headers})

    rest = fetch("bytes=100-", **{"If-Range": tag})
    assert rest.status_code == 206
    assert rest.headers["content-range"] == f"bytes 100-{size - 1}/{size}"
    assert rest.content == whole.content[100:]
    assert fetch("bytes=5-9").content == whole.content[5:10]
    assert fetch("bytes=-7").content == whole.content[-7:]
    assert fetch("bytes=0-999999999").content == whole.content
    assert fetch("bytes=100-", **{"If-Range": '"another"'}).status_code == 200
    assert fetch("bytes=0-1,5-6").status_code == 200
    late = fetch(f"bytes={size}-")
    check_refused(late, 416, where="Range")
    assert late.headers["content-range"] == f"bytes */{size}"


def test_an_export_is_its_own_callers_only(house: House) -> None:
    address = house.ask()
    house.work()
    (first, *_) = house.call("GET", address).json()["output"]
    house.who = Who("address", "10.0.0.7")
    for method, path in (("GET", address), ("DELETE", address), ("GET", first["url"].removeprefix(HOST))):
        check_refused(house.call(method, path), 404)
    for other in ("/bulk/1", "/bulk/999-" + "0" * 32, address[:-1] + ("0" if address[-1] != "0" else "1")):
        check_refused(house.call("GET", other), 404)
    house.who = Who("address", "127.0.0.1")
    check_refused(house.call("GET", f"{address}/manifest.json"), 404)
    assert house.call("GET", f"{address}/..%2f..%2frecord.sqlite").status_code == 404
    assert house.call("GET", address).status_code == 200


def test_it_can_be_taken_back_before_and_after(house: House) -> None:
    early, late = house.ask(), house.ask()
    assert house.call("DELETE", early).status_code == 202
    house.work()
    check_refused(house.call("GET", early), 404)
    assert house.fetch(late)
    assert house.call("DELETE", late).status_code == 202
    check_refused(house.call("GET", late), 404)
    assert list(house.shelf.folder.iterdir()) == []


def test_it_goes_away_after_its_time(house: House) -> None:
    address = house.ask()
    house.work()
    (folder,) = house.shelf.folder.iterdir()
    house.shelf.clear()
    assert house.call("GET", address).status_code == 200
    long_ago = time() - KEPT_S - 1
    os.utime(folder, (long_ago, long_ago))
    house.shelf.clear()
    check_refused(house.call("GET", address), 404)


@pytest.mark.parametrize(
    ("path", "parameters", "where"),
    [
        ("$export", {"_type": "Nothing"}, "_type"),
        ("$export", {"_since": "yesterday"}, "URL"),
        ("$export", {"_outputFormat": "application/parquet"}, "_outputFormat"),
        ("$export", {"_elements": "id"}, "URL"),
        ("$export", {"_typeFilter": "Observation?no-such=1"}, "no-such"),
        ("$export", {"_typeFilter": "Observation?code=x", "_type": "Patient"}, "_typeFilter"),
    ],
)
def test_what_is_not_understood_is_refused_at_once(
    house: House, path: str, parameters: dict[str, str], where: str
) -> None:
    check_refused(house.call("GET", f"/fhir/{path}", params=parameters, headers=ASYNC), 400, where=where)
    assert house.store.jobs.list("waiting") == [one for one in house.store.jobs.list() if one.kind == "hello"]


def test_it_has_to_be_asked_for_asynchronously(house: House) -> None:
    check_refused(house.call("GET", "/fhir/$export"), 400, where="Prefer")


@pytest.mark.slow
def test_a_group_that_is_none_is_told_by_the_state(house: House) -> None:
    def wait(happened: Callable[[], bool]) -> None:
        end = monotonic() + 120
        while not happened():
            assert monotonic() < end
            sleep(0.05)

    address = house.ask("Group/none/$export")
    with Workers(
        house.store, 1, work={"export": house.shelf.make}, retry=Retry(n_attempts=1), say=lambda _: None
    ):
        wait(lambda: house.call("GET", address).status_code != 202)
    answer = house.call("GET", address)
    assert answer.status_code == 503
    assert "REC-300" in answer.text
