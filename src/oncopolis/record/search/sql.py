"""Pieces of SQL with their values: text is made of our own names only, whatever was asked is a value."""

from collections.abc import Sequence
from typing import TypeAlias

from oncopolis.record.access import Allowed
from oncopolis.record.access.allowing import Condition
from oncopolis.record.access.conditions import both, either, is_in
from oncopolis.record.fhir.definitions import get_definitions

Sql: TypeAlias = Condition
"""Text with ``?`` for values, and the values; not only of conditions."""


def put(template: str, **parts: Sql) -> Sql:
    """A text with the parts in the places of their names, which stand in the order they are given."""
    values = tuple(value for _, values in parts.values() for value in values)
    return template.format(**{name: text for name, (text, _) in parts.items()}), values


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
        return next(iter(groups))
    return either(
        both((is_in(f"{alias}.type", of_types), condition)) for condition, of_types in groups.items()
    )


def is_seen(types: Sequence[str], alias: str, allowed: Allowed) -> Sql:
    """A row of ``resource`` that is there, is of one of the types, and may be seen."""
    return both((is_there(types, alias), may_be_seen(types, alias, allowed)))
