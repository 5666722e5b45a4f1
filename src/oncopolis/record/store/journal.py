"""Lines of the centre's journal: what was done, refused or put off, and when.

`oncopolis.centre.journal` says what the columns mean. Here moments are milliseconds since 1970 (UTC), and a
case is the id of its patient: when the patient is erased, their lines are deleted. A line whose name alone
were taken away would still tell a disease to whoever knows when somebody was there.
"""

from collections.abc import Sequence
from typing import NamedTuple

from oncopolis.record.store.reading import Reading
from oncopolis.record.store.session import Row, Session

TABLE = "journal"
PAGE = 10_000  # structure: lines of an answer


class JournalLine(NamedTuple):
    """One line.

    Parameters
    ----------
    case
        Id of the Patient.
    planned_ms, asked_ms, start_ms, end_ms
        Milliseconds since 1970 (UTC).
    """

    case: str
    pathway: str
    step: str
    activity: str | None
    resource: str | None
    planned_ms: int | None
    asked_ms: int | None
    start_ms: int | None
    end_ms: int
    outcome: str


COLUMNS = tuple("case_id" if name == "case" else name for name in JournalLine._fields)
"""Of the table, without its number: ``case`` is a word of SQL."""
_SELECT = f"SELECT seq, {', '.join(COLUMNS)} FROM {TABLE}"  # noqa: S608 - names of columns


def list_lines(reading: Reading, after: int = 0, limit: int = PAGE) -> list[tuple[int, JournalLine]]:
    """Lines with their numbers, in their order, from the first with a number larger than ``after``.

    Numbers rise, with gaps. Where several processes write to PostgreSQL, a line may come to be seen after one
    with a larger number.
    """
    rows = reading.session.query(f"{_SELECT} WHERE seq > ? ORDER BY seq LIMIT ?", (after, limit))
    return _to_lines(rows)


def list_lines_between(reading: Reading, from_ms: int, until_ms: int) -> list[tuple[int, JournalLine]]:
    """Lines with their numbers that ended from one moment up to, not including, another, by their end."""
    rows = reading.session.query(
        f"{_SELECT} WHERE end_ms >= ? AND end_ms < ? ORDER BY end_ms, seq", (from_ms, until_ms)
    )
    return _to_lines(rows)


def list_lines_of(reading: Reading, pathway: str, from_ms: int, until_ms: int) -> list[JournalLine]:
    """Lines of one pathway that ended from one moment up to, not including, another, by their end."""
    rows = reading.session.query(
        f"{_SELECT} WHERE end_ms >= ? AND end_ms < ? AND pathway = ? ORDER BY end_ms, seq",
        (from_ms, until_ms, pathway),
    )
    return [line for _, line in _to_lines(rows)]


def list_times_between(reading: Reading, from_ms: int, until_ms: int) -> Sequence[Row]:
    """Times of activities that ended from one moment up to, not including, another; nobody is named.

    Returns
    -------
    sequence of rows
        ``activity, resource, asked_ms, start_ms, end_ms, outcome`` each; milliseconds since 1970 (UTC).
    """
    return reading.session.query(
        "SELECT activity, resource, asked_ms, start_ms, end_ms, outcome FROM journal "
        "WHERE end_ms >= ? AND end_ms < ? AND activity IS NOT NULL",
        (from_ms, until_ms),
    )


def _to_lines(rows: Sequence[Row]) -> list[tuple[int, JournalLine]]:
    return [(row[0], JournalLine(*row[1:])) for row in rows]


def delete_lines(session: Session, case: str) -> None:
    """Delete what is told of an erased patient."""
    session.query(f"DELETE FROM {TABLE} WHERE case_id = ?", (case,))  # noqa: S608
