"""Pieces of SQL with their values: text is made of our own names only, whatever was asked is a value."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from oncopolis.record.access import Allowed
from oncopolis.record.fhir.definitions import get_definitions

Sql: TypeAlias = tuple[str, tuple[Any, ...]]
"""Text with ``?`` for values, and the values."""

TRUE: Sql = ("1 = 1", ())
FALSE: Sql = ("1 = 0", ())


def both(parts: Iterable[Sql]) -> Sql:
    """All of them."""
    return _join(" AND ", [part for part in parts if part is not TRUE], TRUE)


def either(parts: Iterable[Sql]) -> Sql:
    """Any of them."""
    return _join(" OR ", list(parts), FALSE)


def _join(word: str, parts: Sequence[Sql], empty: Sql) -> Sql:
    if not parts:
        return empty
    if len(parts) == 1:
        return parts[0]
    text = word.join(f"({text})" for text, _ in parts)
    return text, tuple(value for _, values in parts for value in values)


def put(template: str, **parts: Sql) -> Sql:
    """A text with the parts in the places of their names, which stand in the order they are given."""
    values = tuple(value for _, values in parts.values() for value in values)
    return template.format(**{name: text for name, (text, _) in parts.items()}), values


def is_in(column: str, values: Sequence[Any]) -> Sql:
    """A column that has one of the values; none has one of none."""
    if not values:
        return FALSE
    if len(values) == 1:
        return f"{column} = ?", (values[0],)
    return f"{column} IN ({', '.join('?' * len(values))})", tuple(values)


def is_there(types: Sequence[str], alias: str) -> Sql:
    """A row of ``resource`` that is there, and is of one of the types."""
    there: Sql = (f"{alias}.deleted = 0", ())
    if len(types) == len(get_definitions().resource_types):
        return there
    return both((is_in(f"{alias}.type", types), there))


def may_be_seen(types: Sequence[str], alias: str, allowed: Allowed) -> Sql:
    """What is allowed of a row that is of one of the types."""
    groups: dict[Sql, list[str]] = {}
    for type_ in types:
        groups.setdefault(allowed.restrict(type_, alias), []).append(type_)
    if len(groups) == 1:
        return _without_truth(next(iter(groups)))
    return either(
        both((is_in(f"{alias}.type", of_types), _without_truth(condition)))
        for condition, of_types in groups.items()
    )


def is_seen(types: Sequence[str], alias: str, allowed: Allowed) -> Sql:
    """A row of ``resource`` that is there, is of one of the types, and may be seen."""
    return both((is_there(types, alias), may_be_seen(types, alias, allowed)))


def _without_truth(part: Sql) -> Sql:
    return TRUE if part == TRUE else part
