"""Worker processes: done once, tried again, dead and seen, cancelled, and ended with the server."""

import os
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from tests.records import ACT
from tests.servers import list_children, list_group
from tests.unit.web.work import WORK

from oncopolis.foundation import InputError
from oncopolis.record.store import Store
from oncopolis.record.store.outbox import Retry
from oncopolis.web.jobs import Workers
from oncopolis.web.work import call_hook

ROOT = Path(__file__).resolve().parents[3]
SOON = Retry(n_attempts=2, first_ms=1)


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes of their own find the tests' work."""
    monkeypatch.syspath_prepend(ROOT)


def send(store: Store, kind: str, **payload: Any) -> int:
    return store.submit(lambda transaction: transaction.send(kind, payload), ACT).result()


def wait_for(is_so: Callable[[], bool]) -> None:
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.05)
    pytest.fail("it did not happen in 30 s")


def get_state(store: Store, id_: int) -> str:
    job = store.jobs.find(id_)
    assert job is not None
    return job.state


@pytest.mark.slow
def test_jobs_are_done_once_tried_again_and_dead_where_somebody_sees_it(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "noted"
    said: list[str] = []
    done = [send(store, "note", file=str(file), text=f"note {number}") for number in range(3)]
    failing = send(store, "fail", file=str(file), text="fail")
    dying = send(store, "die", file=str(file), text="die")
    unknown = send(store, "unknown")
    with Workers(store, 2, work=WORK, retry=SOON, say=said.append):
        wait_for(lambda: get_state(store, dying) == "dead" and get_state(store, failing) == "dead")
        wait_for(lambda: all(get_state(store, id_) == "done" for id_ in done))
    assert sorted(file.read_text("utf-8").split("\n")[:-1]) == ["die"] * 2 + ["fail"] * 2 + [
        f"note {number}" for number in range(3)
    ]
    assert get_state(store, unknown) == "waiting"
    told = "\n".join(said)
    assert f"job {failing} (fail) is dead after 2 attempts: ValueError: no such luck" in told
    assert f"job {dying} (die) is dead after 2 attempts: its process ended with 7" in told
    # Somebody mended it: it is tried again from the start.
    assert store.jobs.revive(failing)
    with Workers(store, 1, work=WORK | {"fail": WORK["note"]}, say=said.append):
        wait_for(lambda: get_state(store, failing) == "done")


@pytest.mark.slow
def test_a_cancelled_job_is_stopped_and_the_next_one_done(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "noted"
    sleeping = send(store, "sleep", file=str(file), text="sleep")
    with Workers(store, 1, work=WORK):
        wait_for(file.exists)
        assert store.jobs.cancel(sleeping)
        after = send(store, "note", file=str(file))
        wait_for(lambda: get_state(store, after) == "done")
    assert get_state(store, sleeping) == "cancelled"


@pytest.mark.slow
def test_what_a_cancelled_job_has_started_ends_with_it(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "noted"
    sharing = send(store, "share", file=str(file), text="share")
    with Workers(store, 1, work=WORK):
        wait_for(file.exists)
        ours = list_group(list_children(os.getpid()))
        assert len(ours) == 2
        assert store.jobs.cancel(sharing)
        wait_for(lambda: not any(Path(f"/proc/{number}").exists() for number in ours))


@pytest.mark.slow
def test_a_job_that_would_fail_again_is_dead_at_once(store: Store) -> None:
    said: list[str] = []
    hopeless = send(store, "hook", url="file:///etc/passwd")
    with Workers(store, 1, say=said.append):
        wait_for(lambda: get_state(store, hopeless) == "dead")
    job = store.jobs.find(hopeless)
    assert job is not None
    assert (job.attempts, job.error.startswith("url: got 'file:///etc/passwd'")) == (1, True)
    assert said == [f"job {hopeless} (hook) is dead after 1 attempts: {job.error}"]


@pytest.mark.slow
def test_a_server_that_stops_ends_its_workers_and_their_jobs_wait(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "noted"
    sleeping = send(store, "sleep", file=str(file))
    with Workers(store, 1, work=WORK):
        wait_for(file.exists)
    assert get_state(store, sleeping) == "waiting"


def test_a_hook_is_called_with_its_body() -> None:
    seen: list[bytes] = []

    class Neighbour(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Neighbour) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        call_hook({"url": f"http://127.0.0.1:{server.server_port}/", "body": {"a": 1}})
        thread.join()
    assert seen == [b'{"a": 1}']
    with pytest.raises(InputError, match="http or https"):
        call_hook({"url": "file:///etc/passwd"})
