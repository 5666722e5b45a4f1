"""What can be asked of which types: search parameters, their modifiers and comparisons."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from oncopolis.record.fhir.definitions import SearchParameter, get_definitions
from oncopolis.record.fhir.paths import IsSet, Route, compile_path

PREFIXES: Final = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")
WITH_PREFIXES: Final = frozenset({"date", "number", "quantity"})

MODIFIERS: Final = {
    "token": ("missing", "not", "text", "of-type"),
    "string": ("missing", "exact", "contains", "text"),
    "reference": ("missing", "identifier", "[type]"),
    "date": ("missing",),
    "number": ("missing",),
    "quantity": ("missing",),
    "uri": ("missing", "above", "below"),
    "composite": (),
}
"""Modifiers of each type of parameter; ``of-type`` only where there are identifiers."""

NEEDS_TERMINOLOGY: Final = frozenset({"in", "not-in", "above", "below"})
"""Modifiers of tokens that ask a terminology server."""

KEY_COLUMNS: Final = {
    "token": ("code",),
    "string": ("normalised",),
    "date": ("low_ms", "high_ms"),
    "number": ("low", "high"),
    "quantity": ("low", "high"),
    "uri": ("value",),
}
"""Columns of the index tables that results are sorted by, in the order of the index."""


_MANY: Final = frozenset({"CodeableConcept", "Identifier", "HumanName", "Address", "Extension"})
"""Types of which one value has several rows."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A search parameter of one type, or the parameters of that code of several types.

    Parameters
    ----------
    numbers
        What index rows hold.
    targets
        Types a reference may point at; none means any.
    components
        Of a composite: the parameters of its parts.
    is_single
        No resource has more than one row of it.
    has_identifiers
        Its tokens are identifiers, which have types.
    has_addresses
        Its references may be canonical addresses, which need not look like one.
    """

    code: str
    kind: str
    types: tuple[str, ...]
    numbers: tuple[int, ...]
    targets: tuple[str, ...] = ()
    components: "tuple[Parameter, ...]" = ()
    is_single: bool = False
    has_identifiers: bool = False
    has_addresses: bool = False


@cache
def find_parameter(types: tuple[str, ...], code: str) -> Parameter | None:
    """The parameter that all the types have; None if one has none, or they differ in kind."""
    found = [get_definitions().find_search_parameter(type_, code) for type_ in types]
    known = [one for one in found if one is not None]
    kinds = {one.type for one in known}
    if len(known) < len(types) or len(kinds) != 1:
        return None
    routes = [_list_routes(one) for one in known]
    targets = {target for one in known for target in one.targets}
    return Parameter(
        code=code,
        kind=kinds.pop(),
        types=types,
        numbers=tuple(one.number for one in known),
        targets=() if any(not one.targets for one in known) else tuple(sorted(targets)),
        components=_list_components(types, known[0]),
        is_single=all(_is_single(one, types[0]) for one in routes) and len(types) == 1,
        has_identifiers=any(route.type == "Identifier" for one in routes for route in one),
        has_addresses=any(route.type in ("canonical", "uri") for one in routes for route in one),
    )


@cache
def list_parameters(type_: str) -> tuple[Parameter, ...]:
    """Every parameter that a search of a type knows, by name."""
    codes = {one.code for one in get_definitions().list_search_parameters(type_) if one.type != "special"}
    found = (find_parameter((type_,), code) for code in sorted(codes))
    return tuple(one for one in found if one is not None)


@cache
def list_codes(types: tuple[str, ...]) -> tuple[str, ...]:
    """Names of the parameters that all the types have."""
    codes = [one.code for one in list_parameters(types[0])]
    return tuple(code for code in codes if find_parameter(types, code) is not None)


def list_modifiers(parameter: Parameter) -> tuple[str, ...]:
    """Modifiers that a parameter takes, types for ``[type]`` among them."""
    if parameter.code == "_id":
        return ("not",)
    names = [
        name
        for name in MODIFIERS.get(parameter.kind, ())
        if name != "[type]" and (name != "of-type" or parameter.has_identifiers)
    ]
    return (*names, *(list_targets(parameter) if parameter.kind == "reference" else ()))


def list_targets(parameter: Parameter) -> Sequence[str]:
    """Types a reference may point at."""
    return parameter.targets or get_definitions().resource_types


def _list_routes(parameter: SearchParameter) -> tuple[Route, ...]:
    if parameter.type in ("composite", "special"):
        return ()
    compiled = compile_path(parameter.expression, parameter.resource_type)
    return compiled.routes if isinstance(compiled, IsSet) else compiled


def _is_single(routes: Sequence[Route], type_: str) -> bool:
    """Whether all routes lead to one place, a choice of types at most, along elements that stand once.

    The rows of a quantity by its code and by its unit have the same number, and count as one.
    """
    if any(route.type in _MANY for route in routes):
        return False
    places = {tuple(_list_elements(route, type_)) for route in routes}
    return len(places) == 1 and all(is_once for _, is_once in places.pop())


def _list_elements(route: Route, type_: str) -> list[tuple[str, bool]]:
    elements = []
    for step in route.steps:
        element, type_ = get_definitions().get_type(type_).members[step.member]
        elements.append((element.name, element.max == 1))
    return elements


def _list_components(types: tuple[str, ...], parameter: SearchParameter) -> tuple[Parameter, ...]:
    found = (find_parameter(types[:1], code) for code, _ in parameter.components)
    return tuple(one for one in found if one is not None)
