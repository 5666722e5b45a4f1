"""Pieces of SQL about records, the same for both databases.

Tables they look into have names that begin with ``x``: queries around them use others.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final

from oncopolis.record.access.allowing import Condition
from oncopolis.record.fhir.definitions import get_definitions

TRUE: Final[Condition] = ("1 = 1", ())
FALSE: Final[Condition] = ("1 = 0", ())


def both(conditions: Iterable[Condition]) -> Condition:
    """All of them; what is always so is left out, what never is makes the whole so."""
    kept = [one for one in conditions if one != TRUE]
    if FALSE in kept:
        return FALSE
    return _join(kept, " AND ") if kept else TRUE


def either(conditions: Iterable[Condition]) -> Condition:
    """Any of them."""
    kept = [one for one in dict.fromkeys(conditions) if one != FALSE]
    if TRUE in kept:
        return TRUE
    return _join(kept, " OR ") if kept else FALSE


def deny(condition: Condition) -> Condition:
    """The opposite."""
    if condition in (TRUE, FALSE):
        return FALSE if condition == TRUE else TRUE
    sql, values = condition
    return f"NOT {sql}", values


def _join(conditions: Sequence[Condition], word: str) -> Condition:
    if len(conditions) == 1:
        return conditions[0]
    sql = word.join(f"({sql})" for sql, _ in conditions)
    return f"({sql})", tuple(value for _, values in conditions for value in values)


def is_in(column: str, values: Iterable[Any]) -> Condition:
    """The column has one of these values."""
    listed = tuple(sorted(values))
    if not listed:
        return FALSE
    if len(listed) == 1:
        return f"{column} = ?", listed
    return f"{column} IN ({', '.join('?' * len(listed))})", listed


@cache
def get_number(type_: str, code: str) -> int:
    """Number of a search parameter in the index tables."""
    found = get_definitions().find_search_parameter(type_, code)
    assert found is not None, f"{type_}?{code}"
    return found.number


def has_token(rk: str, parameter: int | None, system: str, codes: Iterable[str] = ()) -> Condition:
    """The record ``rk`` carries one of these codes (none: any of the system), by any parameter if None."""
    conditions: list[Condition] = [(f"xk.rk = {rk}", ())]
    if parameter is not None:
        conditions.append(("xk.parameter = ?", (parameter,)))
    if system:
        conditions.append(("xk.system = ?", (system,)))
    if listed := tuple(codes):
        conditions.append(is_in("xk.code", listed))
    sql, values = both(conditions)
    return f"EXISTS (SELECT 1 FROM index_token xk WHERE {sql})", values  # noqa: S608 - names of columns


def refers_to(rk: str, parameters: Iterable[int], type_: str, ids: Iterable[str]) -> Condition:
    """The record ``rk`` refers to one of these records of ours."""
    sql, values = both(
        [
            (f"xe.rk = {rk}", ()),
            is_in("xe.parameter", parameters),
            ("xe.type = ?", (type_,)),
            ("xe.url IS NULL", ()),
            is_in("xe.id", ids),
        ]
    )
    if sql == FALSE[0]:
        return FALSE
    return f"EXISTS (SELECT 1 FROM index_reference xe WHERE {sql})", values  # noqa: S608 - names of columns
