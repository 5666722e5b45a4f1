"""Rows of the biobank: one specimen a position, on both databases and under concurrency."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from tests.banks import act, keep, make_donor, make_room, make_tissue
from tests.databases import cluster, database_url

from oncopolis.foundation.errors import ConflictError
from oncopolis.record.biobank import custody
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.holdings import Holdings
from oncopolis.record.biobank.rows import write
from oncopolis.record.store import Store, open_store

__all__ = ["cluster", "database_url"]


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with open_store(database_url) as made:
        keep(made, [*make_room(), make_donor()])
        yield made


def test_what_was_kept_is_read_back(store: Store) -> None:
    tissue = make_tissue(1, 102, 4, quality=7.5, warm_s=600)
    keep(store, [tissue], Event("stored", specimen=1, told={"box": 102, "place": 4}))

    def look(reading: object) -> None:
        holdings = Holdings(reading.session)  # type: ignore[attr-defined]
        assert holdings.find_specimen("S00001") == holdings.find_at(102, 4) == tissue
        assert [one.name for one in holdings.list_path(102)] == ["site", "room", "T1", "T1-R1", "T1-B1"]
        assert holdings.list_specimens_within(100) == [tissue]
        assert holdings.list_specimens_within(200) == []
        fill = holdings.compute_fill(2, 0)
        assert (fill.n_places, fill.n_stored, fill.n_free) == (24, 1, 23)

    store.ask(look)


def test_a_position_is_one_specimen_s(store: Store) -> None:
    keep(store, [make_tissue(1, 102, 4)])
    with pytest.raises(ConflictError, match=r"T1-B1, place 5: got S00002.*S00001 is there.*BIO-002"):
        keep(store, [make_tissue(2, 102, 4)])
    with pytest.raises(ConflictError, match=r"barcode S00001.*BIO-001"):
        keep(store, [replace(make_tissue(2, 102, 5), barcode="S00001")])
    with pytest.raises(ConflictError, match="BIO-002"):
        keep(store, [make_tissue(2, 103, 0), make_tissue(3, 103, 0)])
    assert store.ask(lambda reading: len(Holdings(reading.session).list_in_box(103))) == 0


def test_specimens_may_change_places_among_each_other(store: Store) -> None:
    keep(store, [make_tissue(1, 102, 0), make_tissue(2, 102, 1)])
    keep(store, [make_tissue(1, 102, 1), make_tissue(2, 102, 0)])
    assert [one.id for one in store.ask(lambda reading: Holdings(reading.session).list_in_box(102))] == [2, 1]


def test_many_writers_who_want_one_position(database_url: str, store: Store) -> None:
    """Two processes' writers, eight wishes each: one specimen a position, and each writer is told."""
    n, results = 8, []
    with open_store(database_url) as other, ThreadPoolExecutor(2) as pool:

        def place(to: Store, first: int) -> list[str]:
            told = []
            for i in range(n):
                row = make_tissue(first + i, 102, i % 4)
                future = to.submit(
                    lambda tx, row=row: write(tx.session, [row], [Event("stored", specimen=row.id)], 1, "x"),  # type: ignore[misc]
                    act(),
                )
                error = future.exception()
                assert error is None or isinstance(error, ConflictError), error
                told.append("" if error is None else error.code)
            return told

        for told in pool.map(place, (store, other), (10, 50)):
            results += told
    assert results.count("") == 4
    assert results.count("BIO-002") == 2 * n - 4
    assert store.ask(lambda reading: list(custody.verify(reading.session))) == []
    assert store.ask(lambda reading: custody.count(reading.session)) == 1 + 4


def test_a_changed_chain_is_found(store: Store) -> None:
    keep(store, [], Event("stored", container=2), Event("moved", container=3, told={"to": "x"}))
    store.submit(
        lambda tx: tx.session.query("UPDATE bank_custody SET entry = '{}' WHERE seq = 2"), act()
    ).result()
    (finding,) = store.ask(lambda reading: list(custody.verify(reading.session)))
    assert finding.where == "custody event 2"
    store.submit(lambda tx: tx.session.query("DELETE FROM bank_custody WHERE seq = 2"), act()).result()
    (finding,) = store.ask(lambda reading: list(custody.verify(reading.session)))
    assert finding.message == "Events are missing before it."


def test_what_happens_to_a_box_happened_to_what_was_in_it(store: Store) -> None:
    keep(store, [make_tissue(1, 102, 0)], Event("stored", specimen=1, told={"box": 102, "place": 0}))
    keep(store, [], Event("moved", container=102, told={"parent": 201, "slot": 2}))
    keep(store, [], Event("moved", container=201, told={"parent": 100, "slot": 1}))
    keep(store, [make_tissue(1)], Event("taken", specimen=1, told={"box": None}))
    keep(store, [], Event("moved", container=102, told={"parent": 101, "slot": 0}))
    found = store.ask(lambda reading: custody.list_of_specimen(reading.session, 1))
    assert [(one.what, one.container) for one in found] == [
        ("stored", None), ("moved", 102), ("moved", 201), ("taken", None),
    ]  # fmt: skip
