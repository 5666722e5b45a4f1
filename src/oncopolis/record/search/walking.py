"""Pages found by walking along an index in the order of the results, checking each record on the way."""

# ruff: noqa: S608 - names are of our own tables and columns, whatever was asked is bound as a value

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from oncopolis.record.access import Allowed
from oncopolis.record.access.conditions import TRUE, both, is_in
from oncopolis.record.search.cursors import Cursor, Keys
from oncopolis.record.search.matches import Match, drop_until, gather, sort_matches, to_match
from oncopolis.record.search.nodes import Node
from oncopolis.record.search.ordering import Sort
from oncopolis.record.search.question import Question
from oncopolis.record.search.refusing import SearchRefused, refuse_cost
from oncopolis.record.search.sql import Sql, is_there, may_be_seen, put
from oncopolis.record.store.session import Session

_AT_ONCE: Final = 500  # structure: values of one list in a query
_BEYOND: Final = 2**62  # structure: beyond the number of every row
MOST_ALIKE: Final = 5_000  # structure: records of one first key that are sorted by the others


def make_check(question: Question, allowed: Allowed, done: Node | None, by: str = "r") -> Sql:
    """The condition on a row ``r``: every demand but one that is met already; what costs most is last.

    Parameters
    ----------
    by
        Table that is entered first and has ``rk``, by which most demands can be checked at once.
    """
    return both(
        (
            is_there(question.types, "r"),
            *(
                node.check("r" if node.needs_record else by, allowed)
                for node in question.nodes
                if node is not done
            ),
            may_be_seen(question.types, "r", allowed),
        )
    )


@dataclass(frozen=True, slots=True)
class Walker:
    """The walks of one question.

    Parameters
    ----------
    driver
        The demand with the fewest rows, None if there is none.
    is_gathered
        Whether its records are looked for in a set that is made of them once, where another order is walked.
    """

    session: Session
    question: Question
    allowed: Allowed
    driver: Node | None
    is_gathered: bool = False

    def walk(self, cursor: Cursor | None) -> list[Match]:
        """Matches after the cursor, one more than fit a page if there are.

        Raises
        ------
        SearchRefused
            No index has the order, or too many records are alike in its first key.
        """
        sorts, n = self.question.sorts, self.question.count + 1
        if not sorts:
            return self._walk_rows(cursor, n, is_down=False)
        if len(self.question.types) > 1:
            raise _refuse_order()
        if len(sorts) > 1:
            return self._walk_groups(cursor, n)
        return self._walk_by(sorts[0], cursor, n)

    def _walk_by(self, sort: Sort, cursor: Cursor | None, n: int) -> list[Match]:
        return self._walk_keys(sort, cursor, n) if sort.kind else self._walk_ids(sort, cursor, n)

    def _walk_groups(self, cursor: Cursor | None, n: int) -> list[Match]:
        """Along the index of the first key; records that are alike in it are sorted by the others."""
        first, sorts = self.question.sorts[0], self.question.sorts
        start = None if cursor is None else Cursor(cursor.keys[:1], -1 if not first.is_down else _BEYOND)
        while True:
            found = self._walk_by(first, start, n)
            is_all = len(found) < n
            if not is_all:
                last = found[-1].keys
                found = [one for one in found if one.keys != last]
            page = drop_until(sort_matches(self._add_keys(found), sorts), cursor, sorts)
            if is_all or len(page) > self.question.count:
                return page
            if n > MOST_ALIKE:
                raise _refuse_order()
            n *= 2

    def _add_keys(self, found: Sequence[Match]) -> list[Match]:
        made = []
        for start in range(0, len(found), _AT_ONCE):
            rows = is_in("r.rk", [one.rk for one in found[start : start + _AT_ONCE]])
            keys = select_keys(self.question.sorts)
            sql = put("SELECT r.rk{keys} FROM resource r WHERE {rows}", keys=keys, rows=rows)
            made += [to_match(row, self.question.sorts) for row in self._query(sql)]
        return made

    def _query(self, sql: Sql) -> list[tuple[Any, ...]]:
        return self.session.query(*sql)

    def _check(self, done: Node | None, by: str = "r") -> Sql:
        return make_check(self.question, self.allowed, done, by)

    def _check_gathered(self, by: str) -> Sql:
        """The check of a row ``r``; what the driver demands is asked of the set of its records."""
        drive = self.driver.drive(self.allowed) if self.is_gathered and self.driver is not None else None
        if drive is None:
            return self._check(None, by)
        return both((put(f"({by}.rk IN ({{drive}})) IS TRUE", drive=drive), self._check(self.driver, by)))

    def _walk_rows(
        self, cursor: Cursor | None, n: int, *, is_down: bool, missing: Sort | None = None
    ) -> list[Match]:
        """In the order of ``rk``: along the index of the driver if it has that order, else of the types."""
        walk = self.driver.walk if self.driver is not None else None
        done = None
        source, key, start = "resource r", "r.rk", TRUE
        if walk is not None:
            done, key, start = self.driver, "w.rk", ("r.rk = w.rk", ())
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

        return gather(fetch, None if cursor is None else Match(cursor.rk, cursor.keys), n)

    def _walk_ids(self, sort: Sort, cursor: Cursor | None, n: int) -> list[Match]:
        # By code points, as everything else is sorted, whatever the language of the server.
        key = 'r.id COLLATE "C"' if self.session.dialect == "postgresql" else "r.id"
        sign, order = ("<", "DESC") if sort.is_down else (">", "ASC")
        where = self._check(None)

        def fetch(last: Match | None, limit: int) -> list[Match]:
            after = [] if last is None or last.keys[0] is None else [(f"{key} {sign} ?", last.keys[0])]
            sql = put("SELECT r.rk, r.id FROM resource r WHERE {where}", where=both((where, *after)))
            rows = self._query((f"{sql[0]} ORDER BY {key} {order} LIMIT ?", (*sql[1], limit)))
            return [to_match(row, (sort,)) for row in rows]

        return gather(fetch, None if cursor is None else Match(cursor.rk, cursor.keys), n)

    def _walk_keys(self, sort: Sort, cursor: Cursor | None, n: int) -> list[Match]:
        """Along the index of the sort values; those that have none come last."""
        found: list[Match] = []
        is_past = cursor is not None and cursor.keys[0] is None
        if not is_past:
            found = gather(
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
        where = [("s.parameter = ? AND r.rk = s.rk", (sort.numbers[0],)), self._check_gathered("s")]
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
        return [to_match(one, (sort,)) for one in self._query((text, (*sql[1], limit)))]


def _come_first(sort: Sort) -> Sql:
    """The condition on a row ``s`` that no other value of its record comes before it."""
    ours, theirs = (", ".join(f"{alias}.{column}" for column in sort.columns) for alias in "sb")
    better = f"({theirs}) {'>' if sort.is_down else '<'} ({ours})"
    row = f"SELECT 1 FROM index_{sort.kind} b WHERE b.rk = +s.rk AND +b.parameter = ? AND {better}"
    return f"NOT EXISTS ({row})", (sort.numbers[0],)


def _find_row(sort: Sort) -> Sql:
    return put(
        f"SELECT 1 FROM index_{sort.kind} i WHERE i.rk = +r.rk AND {{parameter}}",
        parameter=is_in("+i.parameter", sort.numbers),
    )


def select_keys(sorts: Sequence[Sort]) -> Sql:
    """The columns of every key, each with a comma before it."""
    keys = [_select_key(sort, column) for sort in sorts for column in sort.columns]
    return "".join(f", {text}" for text, _ in keys), tuple(v for _, values in keys for v in values)


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


def _refuse_order() -> SearchRefused:
    return refuse_cost(
        "_sort", f"more than {MOST_ALIKE} matches to be sorted at once",
        "one type, and a first key that tells more records apart", "narrow the search or change the order",
    )  # fmt: skip
