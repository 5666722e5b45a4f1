"""Older tables: what index rows there are has changed, and every record's are made anew."""

from collections.abc import Callable

import pytest
from tests.records import ACT, make_observation, make_patient

from oncopolis.foundation.errors import InputError
from oncopolis.record.fhir.text import to_text
from oncopolis.record.search import read_question, search
from oncopolis.record.store import Store, open_store
from oncopolis.record.store.keys import Vault
from oncopolis.record.store.reading import Reading
from oncopolis.record.store.reindexing import reindex
from oncopolis.record.store.schema import prepare
from oncopolis.record.store.session import Session
from oncopolis.record.store.store import find_database
from oncopolis.record.store.verifying import verify

OLD = "0001"


def _refuse(_: Session) -> None:
    raise AssertionError("there is nothing to read yet")


def make_old(url: str) -> None:
    """A database as the first program made it, with two records and none of their rows."""
    database = find_database(url)
    session = database.open_writer()
    prepare(database, session, lambda _: None, reindex=_refuse, head=OLD)
    meta = {"versionId": "1", "lastUpdated": "2026-01-01T00:00:00.000Z"}
    for rk, made in enumerate((make_patient("p1"), make_observation(id_="o1")), start=1):
        body = to_text({**made, "meta": meta})
        session.query("INSERT INTO resource VALUES (?, ?, ?, 1, 0)", (rk, made["resourceType"], made["id"]))
        session.query(
            "INSERT INTO version (seq, rk, version, at_ms, method, body) VALUES (?, ?, 1, 0, 'create', ?)",
            (rk, rk, body),
        )
    session.query("INSERT INTO index_token (parameter, code, rk, n) VALUES (1, 'old', 2, 0)")
    session.close()


def test_an_upgrade_makes_the_rows_of_every_record(empty_url: str) -> None:
    make_old(empty_url)
    told: list[str] = []
    with open_store(empty_url, announce=told.append) as store:
        assert "index rows: every record is read, and its rows are made anew" in told
        question = read_question(("Observation",), [("code-value-quantity", "718-7$lt73||g/L")])
        found = store.ask(lambda reading: search(reading, question))
        assert [one.id for one in found.matches] == ["o1"]
        assert "index-current" not in {one.rule for one in verify(store)}


def test_without_the_keys_nothing_is_changed(open_another: Callable[..., Store], database_url: str) -> None:
    store = open_another()
    store.submit(lambda tx: tx.put(make_observation(id_="o1")), ACT).result()
    session = find_database(database_url).open_writer()
    with pytest.raises(InputError, match="REC-056"):
        reindex(Reading(session, Vault(None)))
    session.close()
    assert not verify(store)
