"""Records that meet a question: which index to come from, in which order, and where a page ends.

The databases' planners know little of what is asked here, so the way is chosen by looking: rows of each
demand are counted up to a limit. If the smallest is below it, all its records are taken, the other demands
are checked for each, and the whole is sorted (*candidates*; if they are few, the total is known then, else
they are sorted first and checked until the page is full). Otherwise there are many matches, and the page is
found by walking along an index in the order of the results, checking each record, until the page is full
(*walks*; the records of a demand that are not too many are gathered into a set first). All give the same
order, so that a page may go on in another way.
"""

from dataclasses import dataclass
from typing import Any, Final

from oncopolis.record.access import EVERYTHING, Allowed
from oncopolis.record.search.cursors import Cursor, read_cursor, write_cursor
from oncopolis.record.search.matches import Match, drop_until, sort_matches, to_match
from oncopolis.record.search.nodes import Node, Present, Rows
from oncopolis.record.search.question import Question
from oncopolis.record.search.sql import Sql, put
from oncopolis.record.search.walking import Walker, make_check, select_keys
from oncopolis.record.store.session import Session
from oncopolis.record.store.statements import write_tuples

MOST_CANDIDATES: Final = 5_000  # structure: rows that are looked at one by one
MOST_CHECKED: Final = 100  # structure: rows that are all checked, so that the total is known
MOST_GATHERED: Final = 20_000  # structure: rows that are put into a set sooner than looked up one by one
FEW: Final = 100  # structure: rows below which no smaller demand is looked for


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
            return self._make_walker().walk(cursor), None
        sorts = self.question.sorts
        if self.driver.n <= MOST_CHECKED:
            found = sort_matches(self._list_checked(self.driver), sorts)
            return drop_until(found, cursor, sorts), len(found)
        found = sort_matches(self._list_candidates(self.driver), sorts)
        return self._check_in_order(self.driver.node, drop_until(found, cursor, sorts)), None

    def _make_walker(self) -> Walker:
        if self.driver is None:
            return Walker(self.session, self.question, self.allowed, None)
        is_gathered = bool(self.question.sorts) and self._is_gathered(self.driver)
        return Walker(self.session, self.question, self.allowed, self.driver.node, is_gathered=is_gathered)

    def _is_gathered(self, driver: _Driver) -> bool:
        """Whether a walk in another order had better know all records of the driver beforehand."""
        return isinstance(driver.node, Rows) and self._count_rows(driver.drive, MOST_GATHERED) < MOST_GATHERED

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
            n = self._count_rows(drive, limit)
            if isinstance(node, Present) and n > MOST_CHECKED and self._can_walk():
                continue
            if best is None or n < best.n:
                best = _Driver(node, drive, n)
            if n <= FEW:
                break
        return best

    def _count_rows(self, drive: Sql, limit: int) -> int:
        sql = put("SELECT count(*) FROM (SELECT 1 FROM ({drive}) d LIMIT ?) c", drive=drive)
        return int(self.session.query(sql[0], (*sql[1], limit))[0][0])

    def _check_in_order(self, done: Node, candidates: list[Match]) -> list[Match]:
        """The first candidates that meet what is left, as many as a page takes."""
        found: list[Match] = []
        step = self.question.count + 1
        for start in range(0, len(candidates), step):
            part = candidates[start : start + step]
            sql = put(
                "SELECT r.rk FROM (SELECT column1 AS rk FROM ({rows}) v) m CROSS JOIN resource r "
                "WHERE r.rk = m.rk AND {where}",
                rows=(write_tuples(1, len(part)), tuple(one.rk for one in part)),
                where=self._check(done, "m"),
            )
            good = {rk for (rk,) in self._query(sql)}
            found += [one for one in part if one.rk in good]
            if len(found) > self.question.count:
                break
        return found

    def _list_candidates(self, driver: _Driver) -> list[Match]:
        """All that the driver has, with their keys; no record is looked at, unless for its id."""
        has_ids = any(not sort.kind for sort in self.question.sorts)
        source = "SELECT DISTINCT d.rk FROM ({drive}) d"
        if has_ids:
            source = f"SELECT r.rk, r.id FROM ({source}) m CROSS JOIN resource r WHERE r.rk = m.rk"  # noqa: S608
        keys = select_keys(self.question.sorts)
        text = f"SELECT r.rk{{keys}} FROM ({source}) r"  # noqa: S608 - one of the two above
        sql = put(text, keys=keys, drive=driver.drive)
        return [to_match(row, self.question.sorts) for row in self._query(sql)]

    def _list_checked(self, driver: _Driver) -> list[Match]:
        """All matches."""
        sql = put(
            "SELECT r.rk{keys} FROM (SELECT DISTINCT d.rk FROM ({drive}) d) m CROSS JOIN resource r "
            "WHERE r.rk = m.rk AND {where}",
            keys=select_keys(self.question.sorts),
            drive=driver.drive,
            where=self._check(driver.node, "m"),
        )
        return [to_match(row, self.question.sorts) for row in self._query(sql)]

    def _can_walk(self) -> bool:
        """Whether an index has the order that is asked for."""
        return not self.question.sorts or len(self.question.types) == 1

    def _check(self, done: Node | None, by: str = "r") -> Sql:
        return make_check(self.question, self.allowed, done, by)


def _guess_effort(node: Node) -> int:
    """Which demands to look at first: those whose rows are found fastest and are likely to be few."""
    if not isinstance(node, Rows):
        return 2 if node.walk is None else 0
    return 0 if node.is_one_place else 1
