"""What is kept in memory beside the store is told what was done, and forgets what was undone."""

from collections.abc import Callable, Iterator
from threading import Event
from typing import Any

import pytest
from tests.databases import Cluster
from tests.records import ACT, make_slot

from oncopolis.record.store import Store, Transaction, open_store
from oncopolis.record.store.keys import Keys
from oncopolis.record.store.postgres import PostgresSession
from oncopolis.record.store.session import ConnectionLost, DatabaseFault, RaceLost
from oncopolis.record.store.transaction import Transaction as Hands


class Memory:
    """A list that commands add to; it tells what it had to forget."""

    def __init__(self) -> None:
        self.kept: list[Any] = []
        self.forgotten: list[Any] = []
        self.durable: list[Any] = []

    def add(self, tx: Transaction, one: Any) -> None:
        self.kept.append(one)

        def forget() -> None:
            self.kept.remove(one)
            self.forgotten.append(one)

        tx.on_undo(forget)
        tx.on_commit(lambda: self.durable.append(one))


def test_nothing_is_forgotten_of_what_is_done(store: Store) -> None:
    memory = Memory()
    store.submit(lambda tx: memory.add(tx, 1), ACT).result()
    assert (memory.kept, memory.forgotten, memory.durable) == ([1], [], [1])


def test_a_command_that_fails_is_forgotten_backwards_and_alone(store: Store) -> None:
    memory, gate = Memory(), Event()

    def fail(tx: Transaction) -> None:
        memory.add(tx, 2)
        memory.add(tx.as_house(), 3)
        raise ValueError("no")

    held = store.submit(lambda tx: gate.wait(30), ACT)
    commands: list[Callable[[Transaction], None]] = [
        lambda tx: memory.add(tx, 1),
        fail,
        lambda tx: memory.add(tx, 4),
    ]
    futures = [store.submit(command, ACT) for command in commands]
    gate.set()
    held.result()
    assert [type(future.exception()) for future in futures] == [type(None), ValueError, type(None)]
    assert (memory.kept, memory.forgotten, memory.durable) == ([1, 4], [3, 2], [1, 4])


def test_a_batch_that_is_run_again_is_forgotten_before(store: Store) -> None:
    memory, gate, races = Memory(), Event(), [1]

    def lose(tx: Transaction) -> None:
        memory.add(tx, 2)
        if races:
            races.pop()
            raise RaceLost("2")

    held = store.submit(lambda tx: gate.wait(30), ACT)
    futures = [store.submit(lambda tx: memory.add(tx, 1), ACT), store.submit(lose, ACT)]
    gate.set()
    held.result()
    assert [future.exception() for future in futures] == [None, None]
    assert (memory.kept, memory.forgotten, memory.durable) == ([1, 2], [2, 1], [1, 2])


def test_a_batch_that_cannot_be_committed_is_forgotten(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory()

    def refuse(_: Hands) -> None:
        raise DatabaseFault("full")

    def write(tx: Transaction) -> None:
        memory.add(tx, 1)
        monkeypatch.setattr(type(tx.session), "commit", refuse)

    assert store.submit(write, ACT).exception() is not None
    assert (memory.kept, memory.forgotten, memory.durable) == ([], [1], [])


@pytest.fixture
def postgres(own_cluster: Cluster, keys: Keys) -> Iterator[Store]:
    with open_store(own_cluster.add_schema(), keys=keys) as store:
        yield store


@pytest.mark.parametrize(("is_committed", "forgotten"), [(True, []), (False, [1])])
def test_a_commit_in_doubt_is_forgotten_if_it_was_none(
    postgres: Store, monkeypatch: pytest.MonkeyPatch, *, is_committed: bool, forgotten: list[int]
) -> None:
    memory, lost, commit = Memory(), list[int](), PostgresSession.commit

    def lose(session: PostgresSession) -> None:
        if lost or is_committed:
            commit(session)
        if not lost:
            lost.append(1)
            session.connection.close()
            raise ConnectionLost

    def write(tx: Transaction) -> int:
        memory.add(tx, 1)
        return tx.put(make_slot("s1")).version

    monkeypatch.setattr(PostgresSession, "commit", lose)
    assert postgres.submit(write, ACT).result() == 1
    assert (memory.kept, memory.forgotten, memory.durable) == ([1], forgotten, [1])
