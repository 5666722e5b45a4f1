"""Notices leave the house: once, unless taken back; a gateway that is away is tried again, then given up."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from tests.phones import Centre

from oncopolis.foundation import InputError
from oncopolis.operations.notices.telling import UNDO_MS
from oncopolis.record.store.outbox import Retry
from oncopolis.web.informing import Gateway, Informer, read_gateway


@dataclass
class Taken:
    """What a gateway was handed."""

    address: str = ""
    status: int = 200
    bodies: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@pytest.fixture
def gateway() -> Iterator[Taken]:
    taken = Taken()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if taken.status == 200 and self.headers["Authorization"] == "Bearer let me in":
                taken.bodies.append(body)
                taken.keys.append(self.headers["Idempotency-Key"])
            self.send_response(taken.status)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    taken.address = f"http://127.0.0.1:{server.server_address[1]}/"
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield taken
    server.shutdown()
    thread.join()
    server.server_close()


def make_informer(centre: Centre, taken: Taken, said: list[str] | None = None) -> Informer:
    handing = Gateway(taken.address, {"Authorization": "Bearer let me in"})
    return Informer(
        centre.door.live, handing, retry=Retry(2, 1, 1), say=(said if said is not None else []).append
    )


def ask(centre: Centre) -> str:
    return str(centre.do("ask_form", patient="p1", form="before-visit", language="ru")["notice"])


def list_states(centre: Centre) -> list[str]:
    return [job.state for job in centre.store.jobs.list() if job.kind == "patient-notice"]


def test_a_notice_is_handed_over_once_after_the_time_to_take_it_back(centre: Centre, gateway: Taken) -> None:
    informer, notice = make_informer(centre, gateway), ask(centre)
    assert informer.hand_some() == 0
    centre.clock.pass_s(UNDO_MS / 1000)
    assert informer.hand_some() == 1
    assert informer.hand_some() == 0
    assert gateway.keys == [notice]
    assert gateway.bodies[0] == {
        "notice": notice, "patient": "p1", "kind": "form", "language": "ru", "telecom": [],
        "text": "Пожалуйста, заполните анкету до посещения.",
    }  # fmt: skip
    assert list_states(centre) == ["done"]


def test_what_was_taken_back_is_told_to_nobody(centre: Centre, gateway: Taken) -> None:
    informer, notice = make_informer(centre, gateway), ask(centre)
    centre.do("take_back_notice", notice=notice)
    centre.clock.pass_s(UNDO_MS / 1000)
    assert informer.hand_some() == 1
    assert gateway.bodies == []
    assert list_states(centre) == ["done"]


def test_a_gateway_that_is_away_is_tried_again_and_then_given_up(centre: Centre, gateway: Taken) -> None:
    said: list[str] = []
    informer = make_informer(centre, gateway, said)
    ask(centre)
    gateway.status = 503
    centre.clock.pass_s(UNDO_MS / 1000)
    informer.hand_some()
    assert list_states(centre) == ["waiting"]
    centre.clock.pass_s(1)
    informer.hand_some()
    assert list_states(centre) == ["dead"]
    assert "given up after 2 attempts" in said[0]
    [dead] = centre.store.jobs.list("dead")
    gateway.status = 200
    assert centre.store.jobs.revive(dead.id)
    informer.hand_some()
    assert len(gateway.bodies) == 1


def test_without_an_address_it_stays_in_the_list(centre: Centre) -> None:
    informer = Informer(centre.door.live, Gateway())
    ask(centre)
    centre.clock.pass_s(UNDO_MS / 1000)
    with informer:
        for _ in range(200):
            if list_states(centre) == ["done"]:
                break
            informer._stopping.wait(0.05)
    assert list_states(centre) == ["done"]


def test_where_notices_are_handed_stands_in_a_file(tmp_path: Path) -> None:
    assert read_gateway(tmp_path) == Gateway()
    path = tmp_path / "notices.yaml"
    path.write_text("address: https://sms.example/in\nheaders: {Authorization: Bearer x}\n", "utf-8")
    assert read_gateway(tmp_path) == Gateway("https://sms.example/in", {"Authorization": "Bearer x"})
    for wrong in (
        "address: ftp://x\n",
        "address: https://x\nmore: 1\n",
        "- a\n",
        "{}\n",
        "headers: {a: b}\n",
    ):
        path.write_text(wrong, "utf-8")
        with pytest.raises(InputError, match="OPS-200"):
            read_gateway(tmp_path)
