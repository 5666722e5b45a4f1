"""A question in, the records it finds out."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from oncopolis.record.access.conditions import is_in
from oncopolis.record.search.finding import find_page
from oncopolis.record.search.including import Record, find_included, name_records
from oncopolis.record.search.question import Question
from oncopolis.record.store.reading import Reading
from oncopolis.record.store.session import Session
from oncopolis.record.types import Version


@dataclass(frozen=True, slots=True)
class Found:
    """What a question finds.

    Parameters
    ----------
    matches, included
        Current versions with their bodies; matches in their order.
    total
        How many match on all pages; None if that was not asked for and is not cheap.
    next
        Cursor of the page that follows, None after the last one.
    """

    matches: tuple[Version, ...]
    included: tuple[Version, ...]
    total: int | None
    next: str | None


def search(reading: Reading, question: Question) -> Found:
    """Answer a question from one moment of the database.

    Parameters
    ----------
    reading
        One that is not within a command. What it is not allowed to see is not found, counted, sorted by,
        followed or included either.

    Raises
    ------
    SearchRefused
        It would cost too much, or its cursor is not its own.
    """
    with _one_moment(reading.session):
        page = find_page(reading.session, question, reading.allowed)
        records = name_records(reading.session, [match.rk for match in page.matches])
        along = find_included(reading.session, records, question.includes, reading.allowed) if records else []
        return Found(_read(reading, records), _read(reading, along), page.total, page.next)


def find_ids(reading: Reading, question: Question) -> list[str]:
    """Ids of the first records of a question, within a command or not; as many as it has for a page."""
    page = find_page(reading.session, question, reading.allowed)
    return [one.id for one in name_records(reading.session, [match.rk for match in page.matches])]


def _read(reading: Reading, records: Sequence[Record]) -> tuple[Version, ...]:
    if not records:
        return ()
    where, values = is_in("r.rk", [one.rk for one in records])
    found = {(one.type, one.id): one for one in reading.list_where(where, values, is_current=True)}
    versions = (found.get((one.type, one.id)) for one in records)
    return tuple(one for one in versions if one is not None and one.body is not None)


@contextmanager
def _one_moment(session: Session) -> Iterator[None]:
    session.query(session.snapshot)
    try:
        yield
    finally:
        session.rollback()
