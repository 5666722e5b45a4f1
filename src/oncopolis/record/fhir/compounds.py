"""Index rows that hold several values of one element together.

They are of composite parameters, and of identifiers with their types. A row is ``system, code,
second_system, second_code, second_low, second_high, third_low, third_high`` after the number of the
parameter. The first value is a token, or a reference with its type as system; the second and third are what
they are, the columns of the other kinds stay None. Composites that are the union of others of their type
have no rows: `list_sources` names whose they use.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice, product
from typing import Any, Final, TypeAlias

from oncopolis.record.fhir.definitions import SearchParameter, get_definitions
from oncopolis.record.fhir.paths import IsSet, Route, Step, compile_path, find_values, follow
from oncopolis.record.fhir.rows import IndexRow, Writer, find_writer

__all__ = ["extract_compounds", "list_sources"]

MOST_OF_ELEMENT: Final = 1000  # structure: rows of one element; codings times values, a handful in truth
_AT_ROOT: Final = "%resource."
_EMPTY: Final = (None, None, None, None)
_Value: TypeAlias = tuple[Any, Any, Any, Any]
"""system, code, low, high."""


@dataclass(frozen=True, slots=True)
class _Component:
    """One part: the ways to its values, from the element or from the resource, and how these are written."""

    ways: tuple[tuple[tuple[Step, ...], Writer], ...]
    kind: str
    is_at_root: bool

    @property
    def members(self) -> frozenset[str]:
        """One of these an element has that has a value."""
        return frozenset(steps[0].member for steps, _ in self.ways if steps)


@dataclass(frozen=True, slots=True)
class _Compound:
    """What is written of one parameter.

    Parameters
    ----------
    needed
        One of these members a resource has that has rows.
    """

    number: int
    elements: tuple[Route, ...]
    components: tuple[_Component, ...]
    needed: frozenset[str]


def extract_compounds(resource: Mapping[str, Any]) -> Iterator[IndexRow]:
    """Rows of a sound resource."""
    for compound in _list_compounds(resource["resourceType"]):
        if compound.needed.isdisjoint(resource):
            continue
        for _, element in find_values(resource, compound.elements):
            values: list[list[_Value]] = []
            for part in compound.components[::-1]:  # The last part is the one most often missing.
                values.insert(0, _find(part, element, resource))
                if not values[0]:
                    break
            else:
                for found in islice(product(*values), MOST_OF_ELEMENT):
                    yield _make_row(compound.number, found)


@cache
def list_sources(resource_type: str, code: str) -> tuple[int, ...]:
    """Numbers under which the rows of a composite parameter are kept."""
    parameter = get_definitions().find_search_parameter(resource_type, code)
    if parameter is None:
        return ()
    parts = _list_parts(parameter)
    return tuple(part.number for part in parts) or (parameter.number,)


def _list_parts(whole: SearchParameter) -> list[SearchParameter]:
    """Composites that together find exactly what another one finds; none if there are none."""
    places = _list_elements(whole)
    alike = [
        other
        for other in get_definitions().list_search_parameters(whole.resource_type)
        if other.type == "composite"
        and [path for _, path in other.components] == [path for _, path in whole.components]
        and _list_elements(other) < places
    ]
    return alike if frozenset().union(*(_list_elements(one) for one in alike)) == places else []


def _list_elements(parameter: SearchParameter) -> frozenset[Route]:
    compiled = compile_path(parameter.expression, parameter.resource_type)
    return frozenset(() if isinstance(compiled, IsSet) else compiled)


@cache
def _list_compounds(resource_type: str) -> tuple[_Compound, ...]:
    made = []
    for parameter in get_definitions().list_search_parameters(resource_type):
        if parameter.type == "composite" and not _list_parts(parameter):
            made += [_make_compound(parameter, route) for route in sorted(_list_elements(parameter), key=str)]
        elif parameter.type == "token":
            identifiers = tuple(r for r in _list_routes(parameter) if r.type == "Identifier")
            if identifiers:
                needed = frozenset(route.steps[0].member for route in identifiers)
                made.append(_Compound(parameter.number, identifiers, _IDENTIFIER, needed))
    return tuple(made)


def _list_routes(parameter: SearchParameter) -> tuple[Route, ...]:
    compiled = compile_path(parameter.expression, parameter.resource_type)
    return () if isinstance(compiled, IsSet) else compiled


def _make_compound(parameter: SearchParameter, element: Route) -> _Compound:
    parts = []
    for code, path in parameter.components:
        component = get_definitions().find_search_parameter(parameter.resource_type, code)
        kind = component.type if component is not None else "token"
        parts.append(_make_component(kind, path, parameter.resource_type, element.type))
    # Of the resource itself, only what may be missing tells: its code hardly ever is.
    needed = frozenset({element.steps[0].member}) if element.steps else parts[-1].members
    return _Compound(parameter.number, (element,), tuple(parts), needed)


def _make_component(kind: str, path: str, resource_type: str, element_type: str) -> _Component:
    is_at_root = path.startswith(_AT_ROOT)
    # R4 writes DateTime for dateTime.
    expression = path.removeprefix(_AT_ROOT).replace("(DateTime)", "(dateTime)")
    compiled = compile_path(expression, resource_type if is_at_root else element_type)
    routes = () if isinstance(compiled, IsSet) else compiled
    return _Component(_list_ways(kind, routes), kind, is_at_root)


def _list_ways(kind: str, routes: tuple[Route, ...]) -> tuple[tuple[tuple[Step, ...], Writer], ...]:
    found = ((route.steps, find_writer(kind, route.type, 0, route.system)) for route in routes)
    return tuple((steps, writer) for steps, writer in found if writer is not None)


def _find(part: _Component, element: Any, resource: Mapping[str, Any]) -> list[_Value]:
    rows: list[IndexRow] = []
    for steps, write in part.ways:
        for value in follow(resource if part.is_at_root else element, steps, resource):
            write(value, resource, rows.append)
    return [_to_value(kind, values[1:]) for kind, values in dict.fromkeys(rows) if kind == part.kind]


def _to_value(kind: str, values: tuple[Any, ...]) -> _Value:
    if kind in ("date", "number"):
        low, high = values
        return None, None, float(low), float(high)
    if kind == "quantity":
        system, code, low, high = values
        return system, code, low, high
    if kind == "string":
        return None, values[0], None, None
    return values[0], values[1], None, None


def _make_row(number: int, found: tuple[_Value, ...]) -> IndexRow:
    first, second, third = (*found, _EMPTY)[:3]
    return "compound", (number, first[0], first[1], *second, third[2], third[3])


_IDENTIFIER: Final = (
    _make_component("token", "type", "Identifier", "Identifier"),
    _Component(_list_ways("token", (Route((), "Identifier"),)), "token", False),
)
"""The type of an identifier, and itself."""
