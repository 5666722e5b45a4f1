"""The records of an export, in the order they were first written."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from oncopolis.foundation.errors import NotFoundError
from oncopolis.record.access import Allowed
from oncopolis.record.access.allowing import Condition
from oncopolis.record.bulk.wanted import Wanted
from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.fhir.text import parse
from oncopolis.record.store.compartment import list_numbers
from oncopolis.record.store.reading import Reading
from oncopolis.record.types import Version

STEP = 5_000  # structure: records looked at by one query

Restrict = Callable[[str], Condition]
"""The condition on the records ``r`` of a type."""


def collect(
    reading: Reading, wanted: Wanted, allowed: Allowed, filters: Callable[[str], Condition]
) -> Iterator[list[Version]]:
    """Current versions that are wanted and may be seen, some at a time; an empty list where none were.

    Parameters
    ----------
    filters
        The condition that the filters of the export are for a type.

    Raises
    ------
    NotFoundError
        There is no such group, or it may not be seen.
    """
    belongs = _restrict_to_patients(reading, wanted, allowed)
    restrict = _join(belongs, lambda type_: allowed.restrict(type_, "r"), filters, _since(wanted))
    last = reading.session.query("SELECT coalesce(max(rk), 0) FROM resource")[0][0]
    for start in range(0, last, STEP):
        present = reading.session.query(
            "SELECT DISTINCT type FROM resource WHERE rk > ? AND rk <= ? AND deleted = 0",
            (start, start + STEP),
        )
        for type_ in sorted(row[0] for row in present):
            if wanted.types and type_ not in wanted.types:
                continue
            sql, values = restrict(type_)
            yield reading.list_where(
                f"r.rk > ? AND r.rk <= ? AND r.type = ? AND r.deleted = 0 AND {sql}",
                (start, start + STEP, type_, *values),
                order="ORDER BY r.rk",
                is_current=True,
            )
        yield []


def _join(*parts: Restrict) -> Restrict:
    def restrict(type_: str) -> Condition:
        conditions = [part(type_) for part in parts]
        sql = " AND ".join(f"({sql})" for sql, _ in conditions)
        return sql, tuple(value for _, values in conditions for value in values)

    return restrict


def _since(wanted: Wanted) -> Restrict:
    if wanted.since_ms is None:
        return lambda _type: ("1 = 1", ())
    return lambda _type: ("v.at_ms >= ?", (wanted.since_ms,))


def _restrict_to_patients(reading: Reading, wanted: Wanted, allowed: Allowed) -> Restrict:
    if wanted.level == "system":
        return lambda _type: ("1 = 1", ())
    ids: Callable[[str], Condition] = lambda _column: ("1 = 1", ())  # noqa: E731 - one of two
    if wanted.level == "group":
        ids = _make_members(reading, wanted.group or "", allowed)

    def restrict(type_: str) -> Condition:
        if type_ == "Patient":
            return ids("r.id")
        numbers = sorted(list_numbers(type_))
        if not numbers:
            return "1 = 0", ()
        sql, values = ids("i.id")
        places = ", ".join("?" * len(numbers))
        belongs = (
            "EXISTS (SELECT 1 FROM index_reference i WHERE i.rk = r.rk AND i.type = 'Patient' "  # noqa: S608
            f"AND i.url IS NULL AND i.parameter IN ({places}) AND {sql})"
        )
        return belongs, (*numbers, *values)

    return restrict


def _make_members(reading: Reading, group: str, allowed: Allowed) -> Callable[[str], Condition]:
    """The patients of a group; who has left it (``inactive``) is none of them."""
    sql, values = allowed.restrict("Group", "r")
    found = reading.list_where(
        f"r.type = 'Group' AND r.id = ? AND r.deleted = 0 AND {sql}", (group, *values), is_current=True
    )
    if not found or found[0].body is None:
        raise NotFoundError(
            code="REC-300",
            where=f"Group/{group}",
            got="no such group",
            expected="a group that can be read",
            fix="correct the id",
        )
    number = get_definitions().find_search_parameter("Group", "member")
    assert number is not None
    left = _list_left(parse(found[0].body).get("member", ()))
    members = (
        "SELECT g.id FROM index_reference g JOIN resource x ON x.rk = g.rk WHERE x.type = 'Group' "
        "AND x.id = ? AND g.parameter = ? AND g.type = 'Patient' AND g.url IS NULL"
    )
    without = f" AND g.id NOT IN ({', '.join('?' * len(left))})" if left else ""
    return lambda column: (f"{column} IN ({members}{without})", (group, number.number, *left))


def _list_left(members: Sequence[Any]) -> list[str]:
    """Ids of those who are members no longer."""
    states: dict[str, bool] = {}
    for member in members:
        reference = member.get("entity", {}).get("reference", "")
        is_active = not member.get("inactive", False)
        states[reference] = states.get(reference, False) or is_active
    return sorted(reference.rpartition("/")[2] for reference, is_active in states.items() if not is_active)
