"""Schemas of PostgreSQL with the tables of today, taken by one test after another.

Making the tables takes longer than most tests. A schema is taken again only if nobody is connected to it, its
tables are those it was made with, and so few rows went through it that they change no plan of a query.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from oncopolis.record.store.schema import prepare
from oncopolis.record.store.store import find_database

if TYPE_CHECKING:
    from tests.databases import Cluster

N_ROWS = 2_000
LEAVING_S = 5.0
FORM = """
    SELECT md5(string_agg(format('%%s %%s', oid, xmin), ',' ORDER BY oid)) FROM pg_class
    WHERE relnamespace = %s::regnamespace
"""
GUESTS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"


@dataclass
class _Schema:
    """One of them: what its tables were when they were made, and how many rows have gone through them."""

    name: str
    url: str
    form: str
    wiping: str
    n_rows: int = 0


def add_tables(url: str) -> None:
    """Give an empty database the tables of today, and nothing else."""
    database = find_database(url)
    session = database.open_writer()
    try:
        prepare(database, session, lambda _line: None, reindex=lambda _session: None)
    finally:
        session.close()


class Schemas:
    """The schemas of one worker.

    Parameters
    ----------
    cluster
        Where they are.
    connection
        A connection of psycopg as superuser, in autocommit.
    """

    def __init__(self, cluster: "Cluster", connection: Any) -> None:
        self._cluster, self._connection = cluster, connection
        connection.execute("SET session_replication_role = replica")
        self._free: list[_Schema] = []

    @contextmanager
    def lend(self) -> Iterator[str]:
        """The URL of one without rows."""
        one = self._take()
        yield one.url
        self._free.append(one)

    def close(self) -> None:
        """Let go of the cluster."""
        self._connection.close()

    def _take(self) -> _Schema:
        while self._free:
            one = self._free.pop()
            if self._is_left_alone(one) and self._ask(FORM, one.name) == one.form:
                one.n_rows += self._wipe(one)
                if one.n_rows < N_ROWS:
                    return one
        return self._make()

    def _make(self) -> _Schema:
        url = self._cluster.add_schema()
        name = self._cluster.get_schema(url)
        add_tables(url)
        tables = self._list("SELECT tablename FROM pg_tables WHERE schemaname = %s", name)
        numbers = self._list("SELECT sequencename FROM pg_sequences WHERE schemaname = %s", name)
        wiping = [
            *(f"DELETE FROM {name}.{table}" for table in tables if table != "schema_version"),
            *(f"SELECT setval('{name}.{number}', 1, false)" for number in numbers),
        ]
        return _Schema(name, url, self._ask(FORM, name), ";".join(wiping))

    def _wipe(self, one: _Schema) -> int:
        """Take all rows away; how many there were."""
        cursor = self._connection.execute(one.wiping.encode())
        n_rows = 0
        while True:
            n_rows += cursor.rowcount if cursor.statusmessage.startswith("DELETE") else 0
            if not cursor.nextset():
                return n_rows

    def _is_left_alone(self, one: _Schema) -> bool:
        """Connections end a moment after they are closed."""
        until = monotonic() + LEAVING_S
        while self._ask(GUESTS, one.name):
            if monotonic() > until:
                return False
            sleep(0.005)
        return True

    def _ask(self, sql: str, name: str) -> Any:
        return self._connection.execute(sql, (name,)).fetchone()[0]

    def _list(self, sql: str, name: str) -> list[str]:
        return [row[0] for row in self._connection.execute(sql, (name,))]
