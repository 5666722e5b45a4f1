"""One server for one database of PostgreSQL: a second is refused, and so is one that comes back too late."""

import psycopg
import pytest
from tests.databases import Cluster, own_cluster
from tests.records import ACT, make_slot

from oncopolis.foundation import ConflictError
from oncopolis.record.store import Store, open_store

__all__ = ["own_cluster"]


@pytest.fixture
def url(own_cluster: Cluster) -> str:
    return own_cluster.add_schema()


def put(store: Store, id_: str) -> int:
    return store.submit(lambda tx: tx.put(make_slot(id_)), ACT).result().version


def end_connections(cluster: Cluster) -> None:
    with psycopg.connect(cluster.make_url(), autocommit=True) as connection:
        ended = connection.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        ).fetchall()
    assert ended


def test_a_second_one_is_refused_and_told_whom_to_stop(url: str) -> None:
    with open_store(url, is_alone=True) as first:
        with pytest.raises(ConflictError, match="REC-357") as refused:
            open_store(url, is_alone=True)
        with psycopg.connect(url) as connection:
            number = refused.value.got.rpartition(" ")[2]
            found = connection.execute(
                "SELECT query FROM pg_stat_activity WHERE pid = %s", (int(number),)
            ).fetchall()
        assert len(found) == 1
        with open_store(url) as beside:
            assert put(beside, "a") == 1
        assert put(first, "a") == 2
    with open_store(url, is_alone=True) as after:
        assert put(after, "a") == 3


def test_other_schemas_have_servers_of_their_own(url: str, own_cluster: Cluster) -> None:
    with open_store(url, is_alone=True) as one, open_store(own_cluster.add_schema(), is_alone=True) as other:
        assert put(one, "a") == put(other, "a") == 1


def test_who_lost_the_connection_goes_on_if_nobody_served_meanwhile(url: str, own_cluster: Cluster) -> None:
    with open_store(url, is_alone=True) as store:
        assert put(store, "a") == 1
        end_connections(own_cluster)
        assert put(store, "a") == 2
        with pytest.raises(ConflictError, match="REC-357"):
            open_store(url, is_alone=True)


def test_who_lost_the_connection_writes_nothing_while_another_serves_nor_afterwards(
    url: str, own_cluster: Cluster
) -> None:
    with open_store(url, is_alone=True) as first:
        assert put(first, "a") == 1
        end_connections(own_cluster)
        with open_store(url, is_alone=True) as second:
            with pytest.raises(ConflictError, match="REC-357"):
                put(first, "a")
            assert put(second, "a") == 2
        with pytest.raises(ConflictError, match="REC-358"):
            put(first, "a")
        assert first.get("Slot", "a").version == 2
    with open_store(url, is_alone=True) as third:
        assert put(third, "a") == 3
