"""Lines of the journal: written with the command, listed, gone with their patient, verified."""

from collections.abc import Callable

import pytest
from tests.records import ACT, make_line, make_patient, query

from oncopolis.record import GoneError
from oncopolis.record.store import Store, Transaction
from oncopolis.record.store.journal import JournalLine, list_lines, list_lines_between
from oncopolis.record.store.verifying import verify

HOUR_MS = 3_600_000


def write(store: Store, *lines: JournalLine) -> None:
    store.submit(lambda tx: tx.write_lines(lines), ACT).result()


def read(store: Store, after: int = 0, limit: int = 100) -> list[tuple[int, JournalLine]]:
    return store.ask(lambda reading: list_lines(reading, after, limit))


def test_lines_are_listed_in_their_order_from_a_number_on(store: Store) -> None:
    lines = [make_line(end_ms=n * HOUR_MS) for n in (3, 1, 2)]
    write(store, *lines[:2])
    write(store, lines[2])
    found = read(store)
    assert [line for _, line in found] == lines
    numbers = [seq for seq, _ in found]
    assert numbers == sorted(set(numbers))
    assert read(store, after=numbers[1]) == found[2:]
    assert read(store, limit=2) == found[:2]


def test_lines_of_a_window_end_in_it(store: Store) -> None:
    lines = [make_line(end_ms=n * HOUR_MS) for n in (5, 2, 3, 4)]
    write(store, *lines)
    found = store.ask(lambda reading: list_lines_between(reading, 2 * HOUR_MS, 4 * HOUR_MS))
    assert [line for _, line in found] == lines[1:3]


def test_what_is_not_known_is_none(store: Store) -> None:
    line = make_line()._replace(activity=None, resource=None, planned_ms=None, asked_ms=None, start_ms=None)
    write(store, line)
    assert [found for _, found in read(store)] == [line]


def test_lines_of_a_command_that_fails_are_not_there(store: Store) -> None:
    def fail(tx: Transaction) -> None:
        tx.write_lines([make_line()])
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        store.submit(fail, ACT).result()
    assert read(store) == []


def test_erasure_deletes_the_lines_of_its_patient_only(open_another: Callable[..., Store]) -> None:
    store, other = open_another(), open_another()
    for patient in ("p1", "p2"):
        store.submit(lambda tx, p=patient: tx.put(make_patient(p)), ACT).result()  # type: ignore[misc]
    write(store, make_line("p2"), make_line("p1"), make_line("p1"))
    last = read(store)[-1][0]
    store.erase("p1", ACT).result()
    assert [line.case for _, line in read(other)] == ["p2"]
    with pytest.raises(GoneError, match="REC-055"):
        write(store, make_line("p2"), make_line("p1"))
    write(store, make_line("p2"))
    assert len(read(store)) == 2
    assert read(store)[-1][0] > last
    assert verify(store) == []


def test_erasure_deletes_lines_of_its_own_batch(store: Store) -> None:
    def write_and_erase(tx: Transaction) -> None:
        tx.put(make_patient("p1"))
        tx.write_lines([make_line("p1")])
        tx.erase("p1")

    store.submit(write_and_erase, ACT).result()
    assert read(store) == []


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("UPDATE journal SET start_ms = end_ms + 1", "line-times"),
        ("UPDATE journal SET case_id = 'gone'", "line-erased"),
    ],
)
def test_lines_that_cannot_be_are_found(store: Store, sql: str, rule: str) -> None:
    store.submit(lambda tx: tx.put(make_patient("p1")), ACT).result()
    store.erase("gone", ACT).result()
    write(store, make_line("p1"))
    assert verify(store) == []
    query_changed = store.submit_unseen(lambda tx: tx.session.query(sql))
    query_changed.result()
    assert {finding.rule for finding in verify(store)} == {rule}
    assert query(store, "SELECT count(*) FROM journal") == [(1,)]
