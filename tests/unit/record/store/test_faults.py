"""Connections that break, commits whose answer is lost, files that cannot be written."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import psycopg
import pytest
from tests.databases import Cluster
from tests.records import ACT, count_rows, make_slot, query

from oncopolis.foundation.errors import ExternalError
from oncopolis.record.store import Store, Transaction, open_store
from oncopolis.record.store.keys import Keys
from oncopolis.record.store.postgres import PostgresSession
from oncopolis.record.store.session import ConnectionLost
from oncopolis.record.store.verifying import verify


@pytest.fixture
def url(own_cluster: Cluster) -> str:
    return own_cluster.add_schema()


@pytest.fixture
def postgres(url: str, keys: Keys) -> Iterator[Store]:
    with open_store(url, keys=keys) as store:
        yield store


def _kill_backends(cluster: Cluster) -> int:
    with psycopg.connect(cluster.make_url(), autocommit=True) as connection:
        return len(
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            ).fetchall()
        )


def test_writing_and_reading_go_on_when_connections_are_killed(postgres: Store, own_cluster: Cluster) -> None:
    def write(n: int) -> int:
        return postgres.submit(lambda tx: tx.put(make_slot(f"s{n % 4}")), ACT).result().version

    with ThreadPoolExecutor(4) as pool:
        futures = [pool.submit(write, n) for n in range(200)]
        assert sum(_kill_backends(own_cluster) for _ in range(5)) > 0
        acknowledged = [future.result() for future in futures]
    assert _kill_backends(own_cluster) > 0
    assert sorted(acknowledged) == sorted([*range(1, 51)] * 4)
    assert postgres.get("Slot", "s0").version == 50
    assert count_rows(postgres)["audit"] == 200
    assert verify(postgres) == []


@pytest.mark.parametrize("is_committed", [True, False])
def test_a_commit_whose_answer_is_lost_is_done_once(
    postgres: Store, monkeypatch: pytest.MonkeyPatch, *, is_committed: bool
) -> None:
    lost: list[int] = []
    ran: list[int] = []
    commit = PostgresSession.commit

    def lose(session: PostgresSession) -> None:
        if lost:
            commit(session)
            return
        lost.append(1)
        if is_committed:
            commit(session)
        session.connection.close()
        raise ConnectionLost

    def create(tx: Transaction) -> int:
        ran.append(1)
        return tx.put(make_slot("s1")).version

    monkeypatch.setattr(PostgresSession, "commit", lose)
    assert postgres.submit(create, ACT).result() == 1
    assert len(ran) == (1 if is_committed else 2)
    assert [one.version for one in postgres.history("Slot", "s1")] == [1]
    assert postgres.submit(create, ACT).result() == 2
    assert query(postgres, "SELECT count(*), max(seq) FROM audit") == [(2, 2)]
    assert verify(postgres) == []


def test_a_connection_that_only_seems_lost_is_ended_before_its_batch_is_run_again(
    postgres: Store, own_cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[PostgresSession] = []
    close = PostgresSession.close

    def keep(session: PostgresSession) -> None:
        if not left:
            left.append(session)
        else:
            close(session)

    def lose(session: PostgresSession) -> None:
        if not left:
            raise ConnectionLost
        session.query("COMMIT")

    monkeypatch.setattr(PostgresSession, "close", keep)
    monkeypatch.setattr(PostgresSession, "commit", lose)
    assert postgres.submit(lambda tx: tx.put(make_slot("s1")), ACT).result().version == 1
    with pytest.raises(ConnectionLost):
        left[0].query("COMMIT")
    close(left[0])
    assert verify(postgres) == []


def test_each_writer_has_a_chain_and_the_next_one_takes_it_on(
    open_another: Callable[[], Store], database_url: str
) -> None:
    first, second = open_another(), open_another()
    for store in (first, second, first):
        store.submit(lambda tx: tx.put(make_slot("s1")), ACT).result()
    first.close()
    second.submit(lambda tx: tx.put(make_slot("s1")), ACT).result()
    third = open_another()
    third.submit(lambda tx: tx.put(make_slot("s1")), ACT).result()
    chains = query(third, "SELECT chain, count(*) FROM audit GROUP BY chain ORDER BY chain")
    assert chains == ([(1, 5)] if database_url.startswith("sqlite") else [(1, 3), (2, 2)])
    assert verify(third) == []


def test_a_server_that_is_started_again_is_found_again(url: str, own_cluster: Cluster, keys: Keys) -> None:
    with open_store(url, keys=keys) as store:
        store.submit(lambda tx: tx.put(make_slot("s1")), ACT).result()
        own_cluster.stop("immediate")
        future = store.submit(lambda tx: tx.put(make_slot("s1")), ACT)
        with pytest.raises(ExternalError, match="REC-068"):
            store.get("Slot", "s1")
        own_cluster.start()
        assert future.result(60).version == 2
        assert store.get("Slot", "s1").version == 2
        assert verify(store) == []


def test_a_full_disk_fails_what_it_must_and_nothing_else(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path}/record.db") as store:
        store.submit(lambda tx: tx.put(make_slot("s1")), ACT).result()
        pages = query(store, "PRAGMA page_count")[0][0]
        store.submit_unseen(lambda tx: tx.session.query(f"PRAGMA max_page_count={pages + 8}")).result()
        gate = Event()
        held = store.submit(lambda tx: gate.wait(30), ACT)
        small = store.submit(lambda tx: tx.put(make_slot("s1")), ACT)
        large = store.submit(lambda tx: tx.put({**make_slot("s2"), "comment": "x" * 100_000}), ACT)
        last = store.submit(lambda tx: tx.put(make_slot("s1")), ACT)
        gate.set()
        assert held.result()
        assert small.result().version == 2
        assert last.result().version == 3
        with pytest.raises(ExternalError, match="REC-067"):
            large.result()
        assert store.read("Slot", "s2") is None
        assert verify(store) == []


def test_a_file_that_is_locked_by_another_is_waited_for(tmp_path: Path) -> None:
    import apsw

    path = tmp_path / "record.db"
    with open_store(f"sqlite:///{path}") as store:
        other = apsw.Connection(str(path))
        other.execute("BEGIN IMMEDIATE")
        future = store.submit(lambda tx: tx.put(make_slot("s1")), ACT)
        assert store.read("Slot", "s1") is None
        assert not future.done()
        other.execute("ROLLBACK")
        assert future.result(60).version == 1
        other.close()
