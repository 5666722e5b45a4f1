"""Which specimens were in a tank while something was wrong with it, and for how long: to the specimen.

What has not moved since then is where it is. Of what has, custody tells where it was when.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import Told, list_own
from oncopolis.record.biobank.rows import select_in
from oncopolis.record.biobank.specimens import Specimen
from oncopolis.record.store.session import Session

_EVER: Final = 1 << 62  # structure: later than any moment
Span = tuple[int, int]
"""From one moment up to, not including, another; milliseconds since 1970 (UTC)."""


@dataclass(frozen=True, slots=True)
class Exposed:
    """A specimen that was in the tank, from one moment to another; one that came back is told of twice."""

    specimen: int
    barcode: str
    from_ms: int
    until_ms: int


def list_exposed(session: Session, tank: int, since_ms: int, until_ms: int) -> list[Exposed]:
    """Specimens that were in a tank between two moments, by number and time.

    Parameters
    ----------
    until_ms
        Of something that goes on: now.
    """
    books = Books(session)
    moved = _list_moved(session, "specimen", since_ms)
    carried = _list_moved(session, "container", since_ms, "AND what IN ('added', 'moved')")
    find_spans = _make_spans(session, books, tank)
    here = {
        one.id: one
        for container in (tank, *carried)
        for one in books.walk_specimens_within(container)
        if one.id not in moved
    }
    found: list[Exposed] = []
    for one in here.values():
        assert one.box is not None
        found += _tell(one, find_spans(one.box), since_ms, until_ms)
    for one in select_in(session, Specimen, "id", sorted(moved)):
        own = [event for event in list_own(session, "specimen", one.id) if "box" in event.told]
        spans = [
            (max(from_ms, inside[0]), min(to_ms, inside[1]))
            for box, from_ms, to_ms in _list_times(own, "box")
            for inside in find_spans(box)
        ]
        found += _tell(one, spans, since_ms, until_ms)
    return sorted(found, key=lambda one: (one.specimen, one.from_ms))


def _tell(one: Specimen, spans: list[Span], since_ms: int, until_ms: int) -> Iterator[Exposed]:
    for from_ms, to_ms in spans:
        begin_ms, end_ms = max(from_ms, since_ms), min(to_ms, until_ms)
        if begin_ms < end_ms:
            yield Exposed(one.id, one.barcode, begin_ms, end_ms)


def _list_moved(session: Session, column: str, since_ms: int, only: str = "") -> set[int]:
    """What custody tells of since a moment; numbers of events rise with time."""
    first = _find_first(session, since_ms)
    sql = f"SELECT DISTINCT {column} FROM bank_custody WHERE seq >= ? AND {column} IS NOT NULL {only}"  # noqa: S608
    return {int(id_) for (id_,) in session.query(sql, (first,))}


def _find_first(session: Session, since_ms: int) -> int:
    """The first event that is not before a moment, by halving."""
    low, high = 1, int(session.query("SELECT COALESCE(max(seq), 0) FROM bank_custody")[0][0]) + 1
    while low < high:
        middle = (low + high) // 2
        rows = session.query("SELECT at_ms FROM bank_custody WHERE seq >= ? ORDER BY seq LIMIT 1", (middle,))
        if rows and rows[0][0] < since_ms:
            low = middle + 1
        else:
            high = middle
    return low


def _make_spans(session: Session, books: Books, tank: int) -> Callable[[int], list[Span]]:
    """What tells when a container was in the tank."""

    @cache
    def find_spans(container: int) -> list[Span]:
        if container == tank:
            return [(-_EVER, _EVER)]
        events = [event for event in list_own(session, "container", container) if "parent" in event.told]
        stays = _list_times(events, "parent")
        if not stays:
            known = books.get_containers([container]).get(container)
            stays = [] if known is None or known.parent is None else [(known.parent, -_EVER, _EVER)]
        return [
            (max(from_ms, inside[0]), min(to_ms, inside[1]))
            for parent, from_ms, to_ms in stays
            for inside in find_spans(parent)
            if max(from_ms, inside[0]) < min(to_ms, inside[1])
        ]

    return find_spans


def _list_times(events: list[Told], name: str) -> list[tuple[int, int, int]]:
    """Where it was from when to when."""
    if not events:
        return []
    ends = [*(one.at_ms for one in events[1:]), _EVER]
    spans = zip(events, ends, strict=True)
    return [(one.told[name], one.at_ms, end) for one, end in spans if one.told[name] is not None]
