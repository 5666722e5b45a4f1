"""Composite parameters: both values in the same element, which one index row holds together."""

from collections.abc import Sequence
from typing import Final

from oncopolis.record.access.conditions import TRUE, both, either
from oncopolis.record.fhir.compounds import list_sources
from oncopolis.record.fhir.references import read_target
from oncopolis.record.fhir.rows import normalise
from oncopolis.record.search.leaves import match_start, read_quantity, read_reach, read_token
from oncopolis.record.search.nodes import Node, Rows
from oncopolis.record.search.parameters import WITH_PREFIXES, Parameter
from oncopolis.record.search.reach import Box, Reach
from oncopolis.record.search.refusing import SearchRefused, refuse_value, show, show_name
from oncopolis.record.search.splitting import split, unescape
from oncopolis.record.search.sql import Sql
from oncopolis.record.store.indexing import fit

_PLACES: Final = ("i.", "i.second_", "i.third_")
"""What the columns of each part begin with."""


def make_composite(parameter: Parameter, modifier: str, values: Sequence[str], where: str) -> Node:
    """The demand of a composite parameter.

    Raises
    ------
    SearchRefused
        A modifier, or a value that is not understood.
    """
    if modifier:
        raise SearchRefused(
            code="REC-201", where=show_name(where), got=f"the modifier {show(modifier)}",
            expected="no modifier of a composite", fix="leave the modifier out", issue="not-supported",
        )  # fmt: skip
    parts = [_read(parameter, value, where) for value in values]
    numbers = tuple(n for type_ in parameter.types for n in list_sources(type_, parameter.code))
    branches = tuple(branch for _, branches in parts for branch in branches)
    return Rows("compound", numbers, either(row for row, _ in parts), branches, is_range=True)


def _read(parameter: Parameter, value: str, where: str) -> tuple[Sql, list[Sql]]:
    """The condition on a row, and its parts that an index can be entered by."""
    pieces = split(value, "$")
    components = parameter.components
    if len(pieces) != len(components) or not all(pieces):
        shape = "$".join(one.code for one in components)
        raise refuse_value(where, value, f"{shape}, a value of each", r"write \$ for a dollar of a value")
    asked = [
        (component, f"{where}.{component.code}", piece, place)
        for component, piece, place in zip(components, pieces, _PLACES, strict=False)
    ]
    row = both(_match(*one) for one in asked)
    component, second_where, piece, _ = asked[1]
    if component.kind not in WITH_PREFIXES:
        row = both((row, ("i.second_low IS NULL", ())))
        return row, [row]
    return row, _list_branches(row, _read_reach(component, second_where, piece).get_box())


def _list_branches(row: Sql, box: Box) -> list[Sql]:
    branches = [both((row, box.limit_low("i.second_low")))]
    if box.may_be_long:
        limit: Sql = ("i.second_high > i.second_low AND i.second_high >= ?", (box.high_min,))
        branches.append(both((row, limit)))
    return branches


def _read_reach(component: Parameter, where: str, value: str) -> Reach:
    if component.kind == "quantity":
        return read_quantity(where, value)[0]
    return read_reach(component, where, value)


def _match(component: Parameter, where: str, value: str, place: str) -> Sql:
    if component.kind == "token":
        return read_token(where, value, place)
    if component.kind == "string":
        return match_start(f"{place}code", normalise(unescape(value)))
    if component.kind == "reference":
        return _match_reference(where, unescape(value), place)
    reach = _read_reach(component, where, value)
    unit = read_quantity(where, value, place)[1] if component.kind == "quantity" else TRUE
    return both((reach.match(f"{place}low", f"{place}high"), unit))


def _match_reference(where: str, text: str, place: str) -> Sql:
    target = read_target(text)
    if target is None or target.url is not None or target.type is None:
        raise refuse_value(where, text, "Type/id")
    return f"{place}system = ? AND {place}code = ?", (target.type, fit(str(target.id)))
