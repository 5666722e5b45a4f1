"""Followers are told until they have taken it; a receiver that is gone is given up where it can be seen."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
from tests.records import ACT, make_keys, make_observation, make_patient

from oncopolis.record.access import EVERYTHING
from oncopolis.record.fhir.text import parse
from oncopolis.record.following import Following
from oncopolis.record.store import Store, open_store
from oncopolis.record.store.outbox import Retry
from oncopolis.web.notifying import Notifier

SOON = Retry(n_attempts=3, first_ms=1, longest_ms=2)


@dataclass
class Receiver:
    """A neighbour that notes what it gets; the first answers are those of `statuses`."""

    statuses: list[int] = field(default_factory=list)
    got: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""


@contextmanager
def receive(receiver: Receiver) -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.got.append((self.command, self.path, headers, body))
            status = receiver.statuses.pop(0) if receiver.statuses else 200
            self.send_response(status)
            if status == 302:
                self.send_header("Location", f"{receiver.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_PUT = do_GET = answer  # noqa: N815 - names of http.server

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path}/record.sqlite", keys=make_keys(tmp_path)) as store:
        store.follow(Following(lambda _: EVERYTHING).follow)
        yield store


def subscribe(store: Store, url: str, **channel: Any) -> None:
    resource = {
        "resourceType": "Subscription",
        "id": "s",
        "status": "requested",
        "reason": "a test",
        "criteria": "Observation?code=718-7",
        "channel": {"type": "rest-hook", "endpoint": f"{url}/hook", **channel},
    }
    store.submit(lambda tx: tx.put(resource).version, ACT).result()


def write(store: Store, value: str = "72.50") -> bytes:
    store.submit(lambda tx: tx.put(make_patient()).version, ACT).result()
    written = store.submit(lambda tx: tx.put(make_observation(value, id_="o")), ACT).result()
    assert written.body
    return written.body


def wait(happened: Callable[[], bool]) -> None:
    end = monotonic() + 60
    while not happened():
        assert monotonic() < end
        sleep(0.01)


def get_subscription(store: Store) -> dict[str, Any]:
    return dict(parse(store.get("Subscription", "s").body or b""))


def test_a_record_is_put_where_its_follower_wants_it(store: Store) -> None:
    with receive(Receiver()) as receiver, Notifier(store, retry=SOON):
        subscribe(store, receiver.url, payload="application/fhir+json", header=["Authorization: Bearer x"])
        body = write(store)
        wait(lambda: bool(store.jobs.list("done")))
    ((method, path, headers, got),) = receiver.got
    assert (method, path, got) == ("PUT", "/hook/Observation/o", body)
    assert headers["authorization"] == "Bearer x"
    assert headers["content-type"].startswith("application/fhir+json")


def test_without_payload_an_empty_message_says_that_there_is_something(store: Store) -> None:
    with receive(Receiver()) as receiver, Notifier(store, retry=SOON):
        subscribe(store, receiver.url)
        write(store)
        wait(lambda: bool(store.jobs.list("done")))
    assert [(method, path, body) for method, path, _, body in receiver.got] == [("POST", "/hook", b"")]


def test_it_is_told_again_until_it_is_taken_and_repeats_can_be_seen(store: Store) -> None:
    with receive(Receiver([503, 302])) as receiver, Notifier(store, retry=SOON):
        subscribe(store, receiver.url)
        write(store)
        wait(lambda: bool(store.jobs.list("done")))
    assert [path for _, path, _, _ in receiver.got] == ["/hook"] * 3
    assert len({headers["idempotency-key"] for _, _, headers, _ in receiver.got}) == 1
    assert get_subscription(store)["status"] == "active"


def test_a_receiver_that_is_given_up_is_told_in_its_subscription(store: Store) -> None:
    said: list[str] = []
    with receive(Receiver([500] * 3)) as receiver, Notifier(store, retry=SOON, say=said.append):
        subscribe(store, receiver.url)
        write(store)
        wait(lambda: get_subscription(store)["status"] == "error")
    assert "500" in get_subscription(store)["error"]
    assert len(receiver.got) == 3
    assert "Subscription/s is given up" in said[0]
    write(store, "73")
    assert [job.state for job in store.jobs.list()] == ["dead"]
    # Asked for once more it begins anew, and what was missed can be sent after all.
    with receive(Receiver()) as receiver, Notifier(store, retry=SOON):
        subscribe(store, receiver.url)
        assert store.jobs.revive(store.jobs.list("dead")[0].id)
        wait(lambda: bool(store.jobs.list("done")))
    assert len(receiver.got) == 1


def test_nothing_is_sent_of_who_was_erased(store: Store) -> None:
    with receive(Receiver()) as receiver:
        subscribe(store, receiver.url, payload="application/fhir+json")
        write(store)
        store.erase("p1", ACT).result()
        with Notifier(store, retry=SOON):
            wait(lambda: bool(store.jobs.list("done")))
    assert receiver.got == []
