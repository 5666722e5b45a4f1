"""Stores with something in them, and what has to be the same in a copy."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from tests.banks import make_donor, make_room, make_tissue
from tests.databases import Cluster, find_programs
from tests.records import ACT, make_line, make_observation, make_patient

from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.rows import BankRow
from oncopolis.record.biobank.rows import write as write_bank
from oncopolis.record.biobank.specimens import Specimen
from oncopolis.record.care.manifest import measure
from oncopolis.record.store import Store, Transaction, look
from oncopolis.record.store.tables import METADATA

Rows = dict[str, list[tuple[Any, ...]]]


def live(store: Store, n_patients: int = 3, *, start: int = 0) -> None:
    """Write of everything there is: versions, deletions, claims, audit, jobs, requests, keys, lines."""

    def write(transaction: Transaction, number: int) -> list[str]:
        patient = f"p{number}"
        transaction.put(make_patient(patient))
        made = transaction.put(make_observation(f"{number}.50", patient=patient))
        transaction.put(make_observation(f"{number}.70", patient=patient, id_=made.id))
        dropped = transaction.put({"resourceType": "Basic", "id": f"b{number}", "code": {"text": "x"}})
        transaction.delete("Basic", dropped.id)
        transaction.claim("bed", f"{number}", f"Patient/{patient}")
        transaction.claim("chair", f"{number}", f"Patient/{patient}")
        if number % 2:
            transaction.release("chair", f"{number}", f"Patient/{patient}")
        transaction.send("hello", {"patient": patient}, key=patient)
        transaction.write_lines([make_line(patient)])
        employ(transaction, number)
        bank(transaction, number)
        return [made.id]

    for number in range(start, start + n_patients):
        store.submit(lambda tx, n=number: write(tx, n), ACT, key=f"request-{number}").result(timeout=60)  # type: ignore[misc]


ACCOUNT = (
    "INSERT INTO account (id, login, name, roles, clinics, patients, language, disabled, made_ms) "
    "VALUES (?, ?, 'Dr Kim', '[]', '[]', '[]', 'en', 0, ?)"
)
SESSION = (
    "INSERT INTO login_session (hash, account, how, agent, address, opened_ms, seen_ms, until_ms) "
    "VALUES (?, ?, 'password', 'a browser', '127.0.0.1', ?, ?, ?)"
)


def employ(transaction: Transaction, number: int) -> None:
    """An account that is signed in; the one before gets another login, and is signed out."""
    query, now_ms = transaction.session.query, transaction.now_ms
    query("DELETE FROM login_session")
    query("UPDATE account SET login = id WHERE login = 'login'")
    query(ACCOUNT, (f"a{number}", "login", now_ms))
    query(SESSION, (f"hash{number}", f"a{number}", now_ms, now_ms, now_ms))


def bank(transaction: Transaction, number: int) -> None:
    """A specimen in the first position; what was there goes to that of the one before, and so on."""
    rows: list[BankRow] = [
        make_donor(number + 1),
        make_tissue(number + 1, 1, 0, donor=number + 1),
        *make_room(),
    ]
    rows += [make_tissue(older + 1, 1, number - older, donor=older + 1) for older in range(number)]
    events = [Event("stored", specimen=row.id) for row in rows if isinstance(row, Specimen)]
    write_bank(transaction.session, rows, events, transaction.now_ms, "anna")


def read_rows(url: str) -> Rows:
    """All rows of all tables."""
    with look(url) as reading:
        tables = {name: reading.session.query(f"SELECT * FROM {name}") for name in METADATA.tables}
    return {name: sorted(map(_freeze, rows), key=repr) for name, rows in tables.items()}


def _freeze(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)


def count_patients(url: str) -> int:
    with look(url) as reading:
        return measure(reading.session).counts["patient_key"]


@pytest.fixture
def programs_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client programs of PostgreSQL, wherever they were found."""
    folder = find_programs()
    if folder is not None:
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@contextmanager
def make_database(cluster: Cluster, schema: str) -> Iterator[str]:
    """The URL of a new database with an empty schema of that name."""
    import psycopg

    name = f"restored_{uuid4().hex}"
    with psycopg.connect(cluster.make_url(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    options = quote(f"-csearch_path={schema}")
    url = f"postgresql://oncopolis@/{name}?host={quote(str(cluster.folder), safe='')}&options={options}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}".encode())
    yield url
    with psycopg.connect(cluster.make_url(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name}".encode())
