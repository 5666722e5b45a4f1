"""MLLP in and out with real sockets: answered after the commit, in order, once, whatever the line does."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from tests.hl7 import PATIENT, admit, make_settings, register
from tests.mllp import Caller, acknowledge, receiver
from tests.reading import get_only, list_records
from tests.records import ACT, make_patient
from tests.unit.web.calling import Client

from oncopolis.interop.hl7 import parse
from oncopolis.interop.hl7.framing import wrap
from oncopolis.interop.messages.announcing import announce, approve, discard, list_held
from oncopolis.interop.messages.listing import list_waiting
from oncopolis.interop.messages.taking import Taker
from oncopolis.interop.settings import Settings
from oncopolis.record.store import Store
from oncopolis.record.store.outbox import Retry
from oncopolis.web.exchange.listening import Listener, Times
from oncopolis.web.exchange.masters import NamesMasters
from oncopolis.web.exchange.sending import Patience, Senders


@contextmanager
def listening(
    store: Store, settings: Settings | None = None, **times: float
) -> Iterator[tuple[tuple[str, int], list[str]]]:
    said: list[str] = []
    limits = Times()
    for name, value in times.items():
        setattr(limits, name, value)
    taker = Taker(store, settings or make_settings(), said.append)
    with closing(socket.create_server(("127.0.0.1", 0))) as port, Listener(port, taker, limits):
        yield port.getsockname(), said


def wait_for(is_so: Callable[[], object]) -> None:
    for _ in range(1000):
        if is_so():
            return
        time.sleep(0.02)
    raise AssertionError("it did not happen")


def test_messages_are_answered_once_they_are_in_the_record(store: Store) -> None:
    with listening(store) as (address, _), Caller(address) as caller:
        answer = caller.ask(admit("7"))
        assert b"MSA|AA|7" in answer
        assert get_only(store, "Encounter")["status"] == "in-progress"
        assert caller.ask(admit("7")) == answer
        assert b"MSA|AR|8" in caller.ask(register("8", version="3.0"))
        several = b"\r\n".join(wrap(register(str(n))) for n in range(10, 15))
        caller.say(several[:100])
        caller.say(several[100:])
        assert [parse(caller.hear()).get_first("MSA").get(2) for _ in range(5)] == [
            str(n) for n in range(10, 15)
        ]


def test_messages_of_one_sender_keep_their_order_over_many_lines(store: Store) -> None:
    """Each connection changes the name in turn; nothing overtakes what was answered before it."""
    with listening(store) as (address, _):
        callers = [Caller(address) for _ in range(8)]
        for n in range(24):
            caller = callers[n % 8]
            assert b"MSA|AA" in caller.ask(register(str(n), PATIENT.replace("Каримова", f"Name-{n:02}")))
        threads = [
            threading.Thread(target=caller.ask, args=(register(f"t{n}", PATIENT.replace("70", f"{n}0")),))
            for n, caller in enumerate(callers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for caller in callers:
            caller.line.close()
    names = [version.body for version in reversed(store.history("Patient", limit=100)) if version.body]
    assert [f"Name-{n:02}".encode() in names[n] for n in range(24)] == [True] * 24
    assert len(list_records(store, "DocumentReference")) == 32


def test_a_sender_that_lost_the_answer_repeats_and_nothing_is_doubled(store: Store) -> None:
    with listening(store) as (address, _):
        with Caller(address) as caller:
            caller.say(wrap(admit("1")))
            wait_for(lambda: store.count("DocumentReference"))
        with Caller(address) as caller:
            assert b"MSA|AA|1" in caller.ask(admit("1"))
    assert len(store.history("Encounter", limit=10)) == 1
    assert len(list_records(store, "DocumentReference")) == 1


def test_half_frames_long_ones_and_other_protocols_leave_nothing(store: Store) -> None:
    settings = make_settings(longest_message=2_000)
    with listening(store, settings, within_s=0.3) as (address, said):
        with Caller(address) as caller:
            caller.say(b"\x0b" + admit("1")[:200])
        with Caller(address) as caller:
            caller.say(b"\x0b" + admit("2")[:200])
            assert caller.hear() == b""
        with Caller(address) as caller:
            answer = caller.ask(admit("3") + b"ZZZ|" + b"x" * 5_000)
            assert b"MSA|AR|3" in answer
            assert b"INT-011" in answer
            assert caller.hear() == b""
        with Caller(address) as caller:
            caller.say(b"GET / HTTP/1.1\r\n\r\n")
            assert caller.hear() == b""
        with Caller(address) as caller:
            caller.say(b"\x0b" + admit("4")[:100])
            assert b"MSA|AA|5" in caller.ask(register("5"))
    wait_for(lambda: len(said) == 4)
    assert len(list_records(store, "DocumentReference")) == 1
    assert not any("Каримова" in line for line in said)


def test_who_is_no_partner_is_not_heard(store: Store) -> None:
    settings = make_settings(his={"addresses": ["10.0.0.0/8"]})
    elsewhere = Settings.model_validate(
        {"partners": {"his": {"application": "HIS", "facility": "CITY", "addresses": ["10.0.0.0/8"]}}}
    )
    with listening(store, elsewhere) as (address, said):
        for _ in range(3):
            with Caller(address) as caller:
                caller.say(wrap(admit("1")))
                assert not hang_up_or_hear(caller)
    assert len(said) == 1
    assert "no partner" in said[0]
    (entry,) = store.ask(lambda reading: reading.session.query("SELECT entry FROM audit"))
    assert "connection refused" in entry[0]
    with listening(store, settings) as (address, _), Caller(address) as caller:
        assert b"MSH^1^3" in caller.ask(admit("1"))
    assert not list_records(store, "Patient")
    assert [one.kind for one in list_waiting(store)] == ["message"]


def hang_up_or_hear(caller: Caller) -> bytes:
    try:
        return caller.hear()
    except ConnectionResetError:
        return b""


class Hurry(Patience):
    away = Retry(n_attempts=1000, first_ms=50, longest_ms=100)
    refused = Retry(n_attempts=2, first_ms=50, longest_ms=50)
    answer_s = 5.0
    look_s = 0.05


def to_his(port: int, **members: Any) -> Settings:
    send = {"host": "127.0.0.1", "port": port, "messages": ["ADT", "SIU"], "version": "2.5"}
    return make_settings(his={"send": send}, **members)


def put(store: Store, number: int, **members: Any) -> None:
    record = {**make_patient("p1", f"Name-{number}"), **members}
    store.submit(lambda tx: tx.put(record), ACT).result()


def test_changes_go_out_in_their_order_also_when_the_partner_was_away(store: Store) -> None:
    is_back = threading.Event()
    with receiver(lambda message: acknowledge(message) if is_back.is_set() else None) as (port, heard):
        settings = to_his(port)
        store.follow(announce(settings, lambda: True))
        said: list[str] = []
        for n in range(4):
            put(store, n)
        with Senders(store, settings, said.append, Hurry()):
            wait_for(lambda: len(heard) >= 3)
            assert {parse(one).get_first("PID").get(5) for one in heard} == {"Name-0"}
            is_back.set()
            wait_for(lambda: len(store.jobs.list("done")) == 4)
        names = list(dict.fromkeys(parse(one).get_first("PID").get(5) for one in heard))
        assert names == [f"Name-{n}" for n in range(4)]
        assert len({parse(one).control_id for one in heard}) == 4
        assert [line.rpartition(" ")[2] for line in said if "back" in line]
    kinds = [
        entry for (entry,) in store.ask(lambda reading: reading.session.query("SELECT entry FROM audit"))
    ]
    assert any("send ADT^A28" in entry for entry in kinds)


def test_what_a_partner_refuses_is_dead_and_keeps_nobody_waiting(store: Store) -> None:
    def answer(message: bytes) -> bytes:
        return acknowledge(message, "AE" if b"Name-0" in message else "AA")

    with receiver(answer) as (port, heard):
        settings = to_his(port)
        store.follow(announce(settings, lambda: True))
        put(store, 0)
        put(store, 1)
        said: list[str] = []
        with Senders(store, settings, said.append, Hurry()):
            wait_for(lambda: store.jobs.list("done"))
        (dead,) = store.jobs.list("dead")
        assert "AE" in dead.error
        assert [parse(one).get_first("PID").get(5) for one in heard] == ["Name-0", "Name-0", "Name-1"]
        assert not any("Name" in line for line in said)


def test_in_shadow_mode_messages_are_held_until_somebody_approves_them(store: Store) -> None:
    with receiver(acknowledge) as (port, heard):
        settings = to_his(port)
        store.follow(announce(settings, lambda: False))
        for n in range(3):
            put(store, n)
        with Senders(store, settings, lambda _line: None, Hurry()):
            held = list(list_held(store))
            assert [job.payload["version"] for job, _ in held] == [1, 2, 3]
            assert [one.kind for one in list_waiting(store)] == ["held"] * 3
            discard(store, held[0][0], ACT)
            approve(store, held[1][0], ACT)
            approve(store, held[1][0], ACT)
            wait_for(lambda: store.jobs.list("done"))
        assert [parse(one).get_first("PID").get(5) for one in heard] == ["Name-1"]
        assert len(list(list_held(store))) == 1


def test_a_partner_is_not_told_what_it_said_or_is_master_of(store: Store) -> None:
    settings = to_his(9, masters={"encounters": "his"})
    store.follow(announce(settings, lambda: True))
    taker = Taker(store, settings, lambda _line: None)
    assert b"MSA|AA" in (taker.take(admit("1"), "127.0.0.1") or b"")
    assert store.jobs.list() == []
    stay = get_only(store, "Encounter")
    store.submit(lambda tx: tx.put({**stay, "status": "finished"}), ACT).result()
    assert store.jobs.list() == []
    put(store, 1)
    assert [job.payload for job in store.jobs.list()] == [{"record": "Patient/p1", "version": 1}]


def test_a_message_that_cannot_be_made_is_dead_at_once(store: Store) -> None:
    with receiver(acknowledge) as (port, heard):
        settings = to_his(port)
        settings.partners["his"].send.__dict__["charset"] = "ASCII"
        store.follow(announce(settings, lambda: True))
        put(store, 0, name=[{"family": "Каримова"}])
        put(store, 1)
        with Senders(store, settings, lambda _line: None, Hurry()):
            wait_for(lambda: store.jobs.list("done"))
        assert "INT-004" in store.jobs.list("dead")[0].error
        assert len(heard) == 1


def test_a_read_says_who_is_master(store: Store, client: Client) -> None:
    settings = make_settings(masters={"demographics": "his", "appointments": "us"})
    client.app = NamesMasters(client.app, settings, "/fhir")  # type: ignore[assignment]
    put(store, 1)
    assert client.call("GET", "/Patient/p1").headers["oncopolis-master"] == "his"
    assert client.call("GET", "/Appointment").headers["oncopolis-master"] == "us"
    assert "oncopolis-master" not in client.call("GET", "/Observation").headers
