"""Records that were found, in their order, and what comes after the last of a page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from oncopolis.record.search.cursors import Cursor, Keys
from oncopolis.record.search.ordering import Sort


@dataclass(frozen=True, slots=True)
class Match:
    """One record that was found."""

    rk: int
    keys: Keys = ()


def to_match(row: Sequence[Any], sorts: Sequence[Sort]) -> Match:
    """A row of ``rk`` and the columns of every key."""
    keys: list[tuple[Any, ...] | None] = []
    place = 1
    for sort in sorts:
        values = tuple(row[place : place + len(sort.columns)])
        keys.append(None if values[0] is None else values)
        place += len(sort.columns)
    return Match(int(row[0]), tuple(keys))


def sort_matches(found: list[Match], sorts: Sequence[Sort]) -> list[Match]:
    """Matches in their order; those without a value come last, records of one value as they were made."""
    found = sorted(found, key=lambda one: one.rk, reverse=bool(sorts) and sorts[-1].is_down)
    for place in reversed(range(len(sorts))):
        with_value = [one for one in found if one.keys[place] is not None]
        without = [one for one in found if one.keys[place] is None]
        with_value.sort(key=lambda one, place=place: one.keys[place], reverse=sorts[place].is_down)  # type: ignore[misc]
        found = with_value + without
    return found


def drop_until(found: list[Match], cursor: Cursor | None, sorts: Sequence[Sort]) -> list[Match]:
    """What comes after the last record of the page before, wherever that record may be now."""
    if cursor is None:
        return found
    last = Match(cursor.rk, cursor.keys)
    low, high = 0, len(found)
    while low < high:
        middle = (low + high) // 2
        if _compare(last, found[middle], sorts) < 0:
            high = middle
        else:
            low = middle + 1
    return found[low:]


def _compare(one: Match, other: Match, sorts: Sequence[Sort]) -> int:
    for place, sort in enumerate(sorts):
        left, right = one.keys[place], other.keys[place]
        if left == right:
            continue
        if left is None or right is None:
            return 1 if left is None else -1
        return (1 if left > right else -1) * (-1 if sort.is_down else 1)
    sign = -1 if sorts and sorts[-1].is_down else 1
    return sign * ((one.rk > other.rk) - (one.rk < other.rk))


def gather(fetch: Callable[[Match | None, int], list[Match]], last: Match | None, n: int) -> list[Match]:
    """The next `n` records, each once: a record can have several rows of one value."""
    found: list[Match] = []
    while len(found) < n:
        limit = n - len(found)
        rows = fetch(last, limit)
        for row in rows:
            if not found or found[-1].rk != row.rk:
                found.append(row)
        if len(rows) < limit:
            break
        last = rows[-1]
    return found
