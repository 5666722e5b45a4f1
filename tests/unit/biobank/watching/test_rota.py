"""Who is on duty, and who is called when nobody owns an alarm, on each kind of database."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.banks import ANNA, NOON_MS, act
from tests.unit.biobank.watching.test_watch import LIMITS

from oncopolis.biobank import Bank
from oncopolis.biobank.watching.alarms import TankAlarm, own
from oncopolis.biobank.watching.readings import Reading
from oncopolis.biobank.watching.rota import CALL, find_called, is_to_call
from oncopolis.foundation import ConflictError, InputError, NotFoundError
from oncopolis.record.biobank.watching import Duty, list_duties, list_on_duty
from oncopolis.record.store import open_store
from oncopolis.record.store.outbox import Retry
from oncopolis.web.informing import Gateway
from oncopolis.web.tanks import Watcher
from oncopolis.web.tanks.calling import Calling

MIN = 60_000
HOUR = 60 * MIN
ALARM = TankAlarm("a1", "too-warm:T01", "too-warm", "T01", NOON_MS, NOON_MS + 5 * MIN, 30 * MIN, HOUR)


def put(bank: Bank, person: str, rung: int = 0, first: int = 0, last: int = 8, **more: Any) -> int:
    said = {
        "person": person, "name": person.title(), "address": f"+998 {person}", "rung": rung,
        "from_ms": NOON_MS + first * HOUR, "until_ms": NOON_MS + last * HOUR,
    }  # fmt: skip
    return int(bank.perform("bank_duty", said | more, act(ANNA), at_ms=NOON_MS).result()["duty"])


def test_who_is_on_duty_now_and_later(bank: Bank) -> None:
    first, later = put(bank, "bek"), put(bank, "bek", first=8, last=16)
    found = bank.ask(lambda books: list_duties(books.session, NOON_MS))
    assert [one.id for one in found] == [first, later]
    now = bank.ask(lambda books: list_on_duty(books.session, NOON_MS + 8 * HOUR))
    assert [one.id for one in now] == [later]
    bank.perform("bank_end_duty", {"duty": first}, act(ANNA), at_ms=NOON_MS + HOUR).result()
    assert not bank.ask(lambda books: list_on_duty(books.session, NOON_MS + HOUR))


def test_what_cannot_be_on_a_rota_is_refused(bank: Bank) -> None:
    put(bank, "bek")
    with pytest.raises(InputError, match="BIO-205"):
        put(bank, "dina", first=4, last=4)
    with pytest.raises(InputError, match="BIO-205"):
        put(bank, "dina", first=-4, last=-2)
    with pytest.raises(ConflictError, match="BIO-206"):
        put(bank, "bek", first=7, last=9)
    put(bank, "bek", rung=1)
    with pytest.raises(NotFoundError, match="BIO-207"):
        bank.perform("bank_end_duty", {"duty": 99}, act(ANNA)).result()


def test_those_next_to_an_empty_rung_are_called() -> None:
    rota = [Duty(n, rung, f"p{n}", "", "", 0, 1) for n, rung in enumerate((0, 0, 2))]
    assert [one.id for one in find_called(rota, 0)] == [0, 1]
    assert [one.id for one in find_called(rota, 1)] == [2]
    assert [one.id for one in find_called(rota[:2], 2)] == [0, 1]
    assert not find_called([], 0)


def test_people_are_called_when_it_begins_and_whenever_its_time_runs_out() -> None:
    assert is_to_call(None, ALARM)
    assert not is_to_call(ALARM, replace(ALARM, value=-120.0))
    assert is_to_call(ALARM, replace(ALARM, rung=1, next_ms=ALARM.next_ms + 5 * MIN))
    owned = own(ALARM, "Practitioner/anna", "Anna", NOON_MS)
    assert not is_to_call(ALARM, owned)
    assert is_to_call(owned, replace(ALARM, rung=1, next_ms=owned.next_ms + 5 * MIN))
    assert not is_to_call(ALARM, replace(ALARM, ended_ms=NOON_MS))


@contextmanager
def listen(answers: list[int]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A gateway over HTTP that gives these answers first, and then takes everything."""
    heard: list[dict[str, Any]] = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = answers.pop(0) if answers else 200
            if status == 200:
                heard.append(json.loads(body) | {"key": self.headers["Idempotency-Key"]})
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Taking) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/", heard
        finally:
            server.shutdown()
            thread.join()


def test_an_alarm_calls_one_after_the_other_until_somebody_owns_it(tmp_path: Path) -> None:
    now = [NOON_MS]
    with (
        open_store(f"sqlite:///{tmp_path / 'r.db'}", clock_ms=lambda: now[0]) as store,
        listen([503]) as heard,
    ):
        bank = Bank(store)
        put(bank, "bek")
        put(bank, "dina", rung=1)
        watcher = Watcher(store, (), LIMITS, lambda: now[0])
        once_more = Retry(n_attempts=3, first_ms=1, longest_ms=1)
        calling = Calling(store, Gateway(heard[0]), "en", ZoneInfo("Asia/Tashkent"), retry=once_more)

        def wait(ms: int) -> list[str]:
            now[0] += ms
            watcher.take([Reading("T01", "temperature", -120.0)])
            watcher.step()
            before = len(heard[1])
            calling.call_some()
            now[0] += 10
            calling.call_some()
            return [one["name"] for one in heard[1][before:]]

        assert wait(0) == ["Bek"]
        assert heard[1][0]["telecom"] == [{"value": "+998 bek"}]
        assert "Too warm: T01, since" in heard[1][0]["text"]
        assert wait(MIN) == []
        assert wait(5 * MIN) == ["Dina"]
        (alarm,) = watcher.look().alarms
        watcher.take([Reading("T01", "temperature", -120.0)])
        bank.perform("bank_own_alarm", {"alarm": alarm.id}, act(ANNA), at_ms=now[0]).result()
        assert wait(6 * MIN) == []
        assert wait(25 * MIN) == ["Dina"]
        assert len({one["key"] for one in heard[1]}) == 3


def test_a_call_that_is_too_late_is_not_made_and_one_that_fails_is_told(tmp_path: Path) -> None:
    told: list[str] = []
    with open_store(f"sqlite:///{tmp_path / 'r.db'}") as store:
        bank = Bank(store)
        put(bank, "bek", from_ms=0, until_ms=NOON_MS * 2)
        calling = Calling(
            store, Gateway("http://127.0.0.1:9/"), "en", ZoneInfo("UTC"), retry=Retry(1), say=told.append
        )  # fmt: skip
        made = [bank.perform("bank_drill", {"subject": "T1"}, act(ANNA)).result()["alarm"] for _ in range(2)]
        bank.perform("bank_own_alarm", {"alarm": made[0]}, act(ANNA)).result()
        assert calling.call_some() == 2
        assert len(told) == 1
        assert "Bek for drill:T1 is given up" in told[0]
        assert [job.kind for job in store.jobs.list("dead")] == [CALL]
