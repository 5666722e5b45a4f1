"""Records that meet a question: which index to come from, in which order, and where a page ends.

The databases' planners know little of what is asked here, so the way is chosen by looking: rows of each
demand are counted up to a limit. If the smallest is below it, all its records are taken, the other demands
are checked for each, and the whole is sorted (*candidates*; if they are few, the total is known then, else
they are sorted first and checked until the page is full). Otherwise there are many matches, and the page is
found by walking along an index in the order of the results, checking each record, until the page is full
(*walks*). All give the same order, so that a page may go on in another way.
"""

# ruff: noqa: S608 - names are of our own tables and columns, whatever was asked is bound as a value

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from oncopolis.record.access import EVERYTHING, Allowed
from oncopolis.record.search.cursors import Cursor, Keys, read_cursor, write_cursor
from oncopolis.record.search.nodes import Node, Present, Rows
from oncopolis.record.search.ordering import Sort
from oncopolis.record.search.question import Question
from oncopolis.record.search.refusing import refuse_cost
from oncopolis.record.search.sql import TRUE, Sql, both, is_in, is_there, may_be_seen, put
from oncopolis.record.store.session import Session

MOST_CANDIDATES: Final = 5_000  # structure: rows that are looked at one by one
MOST_CHECKED: Final = 500  # structure: rows that are all checked, so that the total is known
FEW: Final = 100  # structure: rows below which no smaller demand is looked for


@dataclass(frozen=True, slots=True)
class Match:
    """One record that was found."""

    rk: int
    keys: Keys = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Records in their order.

    Parameters
    ----------
    total
        How many there are on all pages, None if that was neither asked for nor cheap.
    next
        Cursor of the page that follows, None after the last one.
    """

    matches: tuple[Match, ...]
    total: int | None
    next: str | None


def find_page(session: Session, question: Question, allowed: Allowed = EVERYTHING) -> Page:
    """One page of a question.

    Raises
    ------
    SearchRefused
        The cursor is not of this question; an order by several keys has too much to sort.
    """
    finder = _Finder(session, question, allowed)
    if question.summary == "count" or question.count == 0:
        return Page((), finder.count(), None)
    cursor = None
    if question.cursor is not None:
        widths = tuple(len(sort.columns) for sort in question.sorts)
        cursor = read_cursor(question.cursor, question.identity, widths)
    found, total = finder.find(cursor)
    page = found[: question.count]
    next_ = None
    if len(found) > len(page):
        next_ = write_cursor(Cursor(page[-1].keys, page[-1].rk), question.identity)
    elif cursor is None:
        total = len(page)
    if total is None and question.total in ("accurate", "estimate"):
        total = finder.count()
    return Page(tuple(page), None if question.total == "none" else total, next_)


@dataclass(frozen=True, slots=True)
class _Driver:
    node: Node
    drive: Sql
    n: int


class _Finder:
    """The ways to answer one question."""

    def __init__(self, session: Session, question: Question, allowed: Allowed) -> None:
        self.session, self.question, self.allowed = session, question, allowed
        self.driver = self._choose()

    def find(self, cursor: Cursor | None) -> tuple[list[Match], int | None]:
        """Matches after the cursor, one more than fit a page if there are; the total if it is known."""
        if self.driver is None or self.driver.n >= MOST_CANDIDATES:
            return self._walk(cursor), None
        sorts = self.question.sorts
        if self.driver.n <= MOST_CHECKED:
            found = _sort(self._list_candidates(self.driver, self._check(self.driver.node, "m")), sorts)
            return _drop_until(found, cursor, sorts), len(found)
        found = _sort(self._list_candidates(self.driver, is_there(self.question.types, "r")), sorts)
        return self._check_in_order(self.driver.node, _drop_until(found, cursor, sorts)), None

    def count(self) -> int:
        """All matches."""
        if self.driver is None:
            sql = put("SELECT count(*) FROM resource r WHERE {where}", where=self._check(None))
        else:
            sql = put(
                "SELECT count(*) FROM (SELECT DISTINCT d.rk FROM ({drive}) d) m CROSS JOIN resource r "
                "WHERE r.rk = m.rk AND {where}",
                drive=self.driver.drive,
                where=self._check(self.driver.node, "m"),
            )
        return int(self._query(sql)[0][0])

    def _query(self, sql: Sql) -> list[tuple[Any, ...]]:
        return self.session.query(*sql)

    def _choose(self) -> _Driver | None:
        """The demand with the fewest rows; of many rows only that there are many is told."""
        best: _Driver | None = None
        drives = [(node, node.drive(self.allowed)) for node in sorted(self.question.nodes, key=_guess_effort)]
        known = [(node, drive) for node, drive in drives if drive is not None]
        if len(known) == 1 and known[0][0].walk is not None and self.question.total == "none":
            return _Driver(*known[0], MOST_CANDIDATES)
        for node, drive in known:
            limit = MOST_CANDIDATES if best is None else best.n
            sql = put("SELECT count(*) FROM (SELECT 1 FROM ({drive}) d LIMIT ?) c", drive=drive)
            n = int(self.session.query(sql[0], (*sql[1], limit))[0][0])
            if isinstance(node, Present) and n > MOST_CHECKED and self._can_walk():
                continue
            if best is None or n < best.n:
                best = _Driver(node, drive, n)
            if n <= FEW:
                break
        return best

    def _check(self, done: Node | None, by: str = "r") -> Sql:
        """The condition on a row ``r``: every demand but one that is met already; what costs most is last.

        Parameters
        ----------
        by
            Table that is entered first and has ``rk``, by which most demands can be checked at once.
        """
        return both(
            (
                is_there(self.question.types, "r"),
                *(
                    node.check("r" if node.needs_record else by, self.allowed)
                    for node in self.question.nodes
                    if node is not done
                ),
                may_be_seen(self.question.types, "r", self.allowed),
            )
        )

    def _check_in_order(self, done: Node, candidates: list[Match]) -> list[Match]:
        """The first candidates that meet what is left, as many as a page takes."""
        found: list[Match] = []
        step = self.question.count + 1
        for start in range(0, len(candidates), step):
            part = candidates[start : start + step]
            sql = put(
                "SELECT r.rk FROM resource r WHERE {rows} AND {where}",
                rows=is_in("r.rk", [one.rk for one in part]),
                where=self._check(done),
            )
            good = {rk for (rk,) in self._query(sql)}
            found += [one for one in part if one.rk in good]
            if len(found) > self.question.count:
                break
        return found

    def _list_candidates(self, driver: _Driver, where: Sql) -> list[Match]:
        keys = [_select_key(sort, column) for sort in self.question.sorts for column in sort.columns]
        sql = put(
            "SELECT r.rk{keys} FROM (SELECT DISTINCT d.rk FROM ({drive}) d) m CROSS JOIN resource r "
            "WHERE r.rk = m.rk AND {where}",
            keys=("".join(f", {text}" for text, _ in keys), tuple(v for _, values in keys for v in values)),
            drive=driver.drive,
            where=where,
        )
        return [_to_match(row, self.question.sorts) for row in self._query(sql)]

    def _can_walk(self) -> bool:
        """Whether an index has the order that is asked for."""
        return not self.question.sorts or (len(self.question.sorts) == 1 and len(self.question.types) == 1)

    def _walk(self, cursor: Cursor | None) -> list[Match]:
        sorts = self.question.sorts
        if not sorts:
            return self._walk_rows(cursor, self.question.count + 1, is_down=False)
        if not self._can_walk():
            raise refuse_cost(
                "_sort", f"more than {MOST_CANDIDATES} matches in this order",
                "one key and one type, or fewer matches", "narrow the search or sort by one key",
            )  # fmt: skip
        (sort,) = sorts
        if not sort.kind:
            return self._walk_ids(sort, cursor)
        return self._walk_keys(sort, cursor)

    def _walk_rows(
        self, cursor: Cursor | None, n: int, *, is_down: bool, missing: Sort | None = None
    ) -> list[Match]:
        """In the order of ``rk``: along the index of the driver if it has that order, else of the types."""
        walk = self.driver.node.walk if self.driver is not None else None
        done = None
        source, key, start = "resource r", "r.rk", TRUE
        if walk is not None and self.driver is not None:
            done, key, start = self.driver.node, "w.rk", ("r.rk = w.rk", ())
            source = "({walk}) w CROSS JOIN resource r"
        where = [start, self._check(done, key.removesuffix(".rk"))]
        if missing is not None:
            where.append(put("NOT EXISTS ({row})", row=_find_row(missing)))
        first = {} if walk is None else {"walk": walk}
        keys: Keys = () if missing is None else (None,)
        sign, order = ("<", "DESC") if is_down else (">", "ASC")

        def fetch(last: Match | None, limit: int) -> list[Match]:
            after = [] if last is None else [(f"{key} {sign} ?", (last.rk,))]
            sql = put(f"SELECT {key} FROM {source} WHERE {{where}}", **first, where=both((*where, *after)))
            rows = self._query((f"{sql[0]} ORDER BY {key} {order} LIMIT ?", (*sql[1], limit)))
            return [Match(rk, keys) for (rk,) in rows]

        return _gather(fetch, None if cursor is None else Match(cursor.rk, cursor.keys), n)

    def _walk_ids(self, sort: Sort, cursor: Cursor | None) -> list[Match]:
        sign, order = ("<", "DESC") if sort.is_down else (">", "ASC")
        where = self._check(None)

        def fetch(last: Match | None, limit: int) -> list[Match]:
            after = [] if last is None or last.keys[0] is None else [(f"r.id {sign} ?", last.keys[0])]
            sql = put("SELECT r.rk, r.id FROM resource r WHERE {where}", where=both((where, *after)))
            rows = self._query((f"{sql[0]} ORDER BY r.id {order} LIMIT ?", (*sql[1], limit)))
            return [_to_match(row, (sort,)) for row in rows]

        return _gather(
            fetch, None if cursor is None else Match(cursor.rk, cursor.keys), self.question.count + 1
        )

    def _walk_keys(self, sort: Sort, cursor: Cursor | None) -> list[Match]:
        """Along the index of the sort values; those that have none come last."""
        n = self.question.count + 1
        found: list[Match] = []
        is_past = cursor is not None and cursor.keys[0] is None
        if not is_past:
            found = _gather(
                lambda last, limit: self._fetch_keys(sort, last, limit),
                None if cursor is None else Match(cursor.rk, cursor.keys),
                n,
            )
        if len(found) < n and not sort.is_everywhere:
            found += self._walk_rows(
                cursor if is_past else None, n - len(found), is_down=sort.is_down, missing=sort
            )
        return found

    def _fetch_keys(self, sort: Sort, last: Match | None, limit: int) -> list[Match]:
        names = [*(f"s.{column}" for column in sort.columns), "s.rk"]
        row = f"({', '.join(names)})"
        sign, order = ("<", "DESC") if sort.is_down else (">", "ASC")
        where = [("s.parameter = ? AND r.rk = s.rk", (sort.numbers[0],)), self._check(None, "s")]
        if last is not None and last.keys[0] is not None:
            where.insert(1, (f"{row} {sign} ({', '.join('?' * len(names))})", (*last.keys[0], last.rk)))
        if not sort.is_single:
            where.append(_come_first(sort))
        sql = put(
            f"SELECT s.rk, {', '.join(names[:-1])} FROM index_{sort.kind} s CROSS JOIN resource r "
            "WHERE {where}",
            where=both(where),
        )
        text = f"{sql[0]} ORDER BY {', '.join(f'{name} {order}' for name in names)} LIMIT ?"
        return [_to_match(one, (sort,)) for one in self._query((text, (*sql[1], limit)))]


def _come_first(sort: Sort) -> Sql:
    """The condition on a row ``s`` that no other value of its record comes before it."""
    ours, theirs = (", ".join(f"{alias}.{column}" for column in sort.columns) for alias in "sb")
    better = f"({theirs}) {'>' if sort.is_down else '<'} ({ours})"
    row = f"SELECT 1 FROM index_{sort.kind} b WHERE b.rk = +s.rk AND +b.parameter = ? AND {better}"
    return f"NOT EXISTS ({row})", (sort.numbers[0],)


def _guess_effort(node: Node) -> int:
    """Which demands to look at first: those whose rows are found fastest and are likely to be few."""
    if not isinstance(node, Rows):
        return 2 if node.walk is None else 0  # structure: an order, not an amount
    return 0 if node.is_one_place else 1


def _find_row(sort: Sort) -> Sql:
    return put(
        f"SELECT 1 FROM index_{sort.kind} i WHERE i.rk = +r.rk AND {{parameter}}",
        parameter=is_in("+i.parameter", sort.numbers),
    )


def _select_key(sort: Sort, column: str) -> Sql:
    """The value of a record that comes first in the order."""
    if not sort.kind:
        return "r.id", ()
    order = ", ".join(f"i.{one} {'DESC' if sort.is_down else 'ASC'}" for one in sort.columns)
    row = put(
        f"SELECT i.{column} FROM index_{sort.kind} i WHERE i.rk = +r.rk AND {{parameter}}",
        parameter=is_in("+i.parameter", sort.numbers),
    )
    return f"({row[0]} ORDER BY {order} LIMIT 1)", row[1]


def _to_match(row: Sequence[Any], sorts: Sequence[Sort]) -> Match:
    keys: list[tuple[Any, ...] | None] = []
    place = 1
    for sort in sorts:
        values = tuple(row[place : place + len(sort.columns)])
        keys.append(None if values[0] is None else values)
        place += len(sort.columns)
    return Match(int(row[0]), tuple(keys))


def _sort(found: list[Match], sorts: Sequence[Sort]) -> list[Match]:
    """Matches in their order; those without a value come last, records of one value as they were made."""
    found = sorted(found, key=lambda one: one.rk, reverse=bool(sorts) and sorts[-1].is_down)
    for place in reversed(range(len(sorts))):
        with_value = [one for one in found if one.keys[place] is not None]
        without = [one for one in found if one.keys[place] is None]
        with_value.sort(key=lambda one, place=place: one.keys[place], reverse=sorts[place].is_down)  # type: ignore[misc]
        found = with_value + without
    return found


def _drop_until(found: list[Match], cursor: Cursor | None, sorts: Sequence[Sort]) -> list[Match]:
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


def _gather(fetch: Callable[[Match | None, int], list[Match]], last: Match | None, n: int) -> list[Match]:
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


__all__ = ["MOST_CANDIDATES", "Match", "Page", "find_page"]
