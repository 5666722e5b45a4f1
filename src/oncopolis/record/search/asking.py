"""Names and values as they were asked become a `Question`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, get_args

from oncopolis.record.access.conditions import TRUE
from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.search.criteria import Criterion, UnknownParameter, read_criterion
from oncopolis.record.search.leaves import make_alive, make_stretches, read_quantity, read_reach
from oncopolis.record.search.nodes import AnyOf, Ids, Node, Not, Rows
from oncopolis.record.search.ordering import Sort, read_sort
from oncopolis.record.search.parameters import Parameter, find_parameter, list_parameters
from oncopolis.record.search.question import Include, Question, Summary, Total
from oncopolis.record.search.reach import Reach
from oncopolis.record.search.refusing import (
    SearchRefused,
    refuse_cost,
    refuse_unsupported,
    refuse_value,
    show,
)
from oncopolis.record.search.splitting import split
from oncopolis.record.search.sql import Sql

Pairs: TypeAlias = Sequence[tuple[str, str]]

PAGE: Final = 50  # structure: matches of a page unless `_count` says otherwise
LARGEST_PAGE: Final = 1000  # structure: keeps one page from filling the memory
MOST_PARAMETERS: Final = 50  # structure: more than any question needs
_DIGITS: Final = 18  # structure: digits of a count
_INCLUDE_PARTS: Final = 3  # structure: type, parameter, type of the target
SHOWING: Final = frozenset({"_format", "_pretty", "_cursor"})
"""Parameters that do not change what is found."""


@dataclass(slots=True)
class _Reading:
    """A question while it is read."""

    types: tuple[str, ...]
    base: str
    criteria: list[Criterion] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    sorts: tuple[Sort, ...] = ()
    includes: list[Include] = field(default_factory=list)
    count: int = PAGE
    total: Total | None = None
    summary: Summary = "false"
    elements: tuple[str, ...] = ()
    cursor: str | None = None


def read_question(
    types: Sequence[str], pairs: Pairs, *, base: str = "", patient: str | None = None, is_strict: bool = True
) -> Question:
    """Understand a question.

    Parameters
    ----------
    types
        Types that are searched; all types of records if none.
    pairs
        Names and values, decoded; a name may come more than once.
    base
        Our own address.
    patient
        Whose compartment is searched.
    is_strict
        Whether unknown parameters are refused; otherwise they are left out and named in the question.

    Raises
    ------
    SearchRefused
        With the parameter and what is expected.
    """
    if len(pairs) > MOST_PARAMETERS:
        raise refuse_cost("URL", f"{len(pairs)} parameters", f"at most {MOST_PARAMETERS}", "ask in parts")
    reading = _Reading(_read_types(tuple(types), pairs, patient), base)
    applied, ignored, seen = [], [], set()
    for name, value in pairs:
        if name in _ONCE and name in seen:
            raise refuse_value(name, f"{name} twice", "it once", "leave one of them out")
        seen.add(name)
        try:
            _read_pair(reading, name, value)
        except UnknownParameter as error:
            if is_strict:
                raise
            ignored.append(f"{error.where}: {error.got} is not known and does not count; {error.expected}")
        else:
            applied.append((name, value))
    nodes = [*reading.nodes, *_merge(reading.criteria)]
    if patient is not None:
        nodes.append(_make_compartment(reading.types, patient))
    if all(isinstance(node, Not | Ids) for node in nodes):
        nodes.append(make_alive(reading.types))
    return Question(
        types=reading.types, nodes=tuple(nodes), sorts=reading.sorts, includes=tuple(reading.includes),
        count=reading.count, total=reading.total, summary=reading.summary, elements=reading.elements,
        cursor=reading.cursor, applied=tuple(applied), ignored=tuple(ignored),
        identity=repr((reading.types, patient, [pair for pair in applied if pair[0] not in _OF_PAGE])),
    )  # fmt: skip


def _read_types(types: tuple[str, ...], pairs: Pairs, patient: str | None) -> tuple[str, ...]:
    known = get_definitions().resource_types
    if not types and patient is not None:
        types = tuple(
            type_ for type_ in known if type_ == "Patient" or get_definitions().patient_parameters(type_)
        )
    named = [one for name, value in pairs if name == "_type" for one in split(value, ",")]
    if not named:
        return types or known
    for one in named:
        if one not in (types or known):
            raise refuse_value("_type", one, "types of FHIR R4, of those that are searched")
    return tuple(dict.fromkeys(named))


def _read_pair(reading: _Reading, name: str, value: str) -> None:
    bare, _, modifier = name.partition(":")
    if bare in ("_include", "_revinclude"):
        reading.includes.append(_read_include(bare, modifier, value))
    elif name in _RESULT:
        _RESULT[name](reading, value)
    elif bare in _RESULT:
        raise SearchRefused(
            code="REC-206", where=bare, got=f"the modifier {show(modifier)}", expected="none",
            fix="leave the modifier out",
        )  # fmt: skip
    else:
        found = read_criterion(reading.types, name, value, reading.base)
        if isinstance(found, Criterion):
            # Made once here, so that a fault is told by the parameter that has it.
            found.make_node()
            reading.criteria.append(found)
        else:
            reading.nodes.append(found)


def _merge(criteria: Sequence[Criterion]) -> list[Node]:
    """Demands; those on one date or number that stands once become one, so that both ends limit it."""
    nodes: list[Node] = []
    stretches: dict[tuple[Parameter, Sql], list[list[Reach]]] = {}
    for one in criteria:
        unit = _find_unit(one)
        if unit is None:
            nodes.append(one.make_node())
            continue
        stretches.setdefault((one.parameter, unit), []).append(_read_reaches(one))
    return [
        *nodes,
        *(make_stretches(parameter, ways, also=unit) for (parameter, unit), ways in stretches.items()),
    ]


def _find_unit(one: Criterion) -> Sql | None:
    """The condition on the unit that demands must share to be one; None if they never can."""
    if one.modifier or not one.parameter.is_single:
        return None
    if one.parameter.kind in ("date", "number"):
        return TRUE
    if one.parameter.kind == "quantity" and len(one.values) == 1:
        return read_quantity(one.where, one.values[0])[1]
    return None


def _read_reaches(one: Criterion) -> list[Reach]:
    if one.parameter.kind == "quantity":
        return [read_quantity(one.where, value)[0] for value in one.values]
    return [read_reach(one.parameter, one.where, value) for value in one.values]


def _make_compartment(types: tuple[str, ...], patient: str) -> Node:
    definitions = get_definitions()
    found = [
        parameter.numbers[0]
        for type_ in types
        for code in definitions.patient_parameters(type_)
        if (parameter := find_parameter((type_,), code)) is not None
    ]
    refers = Rows(
        "reference",
        tuple(found),
        ("i.id = ? AND i.type = ? AND i.url IS NULL", (patient, "Patient")),
        is_one_place=True,
    )
    return AnyOf((refers, Ids(("Patient",), (patient,)))) if "Patient" in types else refers


def _read_include(name: str, modifier: str, value: str) -> Include:
    if modifier not in ("", "iterate", "recurse"):
        raise _refuse_include(name, f"the modifier {show(modifier)}", ":iterate, or none")
    is_reverse, is_repeated = name == "_revinclude", bool(modifier)
    if value == "*":
        return Include(None, (), None, is_reverse, is_repeated)
    parts = value.split(":")
    definitions = get_definitions()
    if not 1 < len(parts) <= _INCLUDE_PARTS or not definitions.is_resource_type(parts[0]):
        raise _refuse_include(name, show(value), "Type:parameter, Type:parameter:Type, Type:* or *")
    source, code, *target = parts
    if target and not definitions.is_resource_type(target[0]):
        raise _refuse_include(name, show(target[0]), "a type of FHIR R4")
    if code == "*":
        numbers = tuple(one.numbers[0] for one in list_parameters(source) if one.kind == "reference")
    else:
        parameter = find_parameter((source,), code)
        if parameter is None or parameter.kind != "reference":
            known = ", ".join(one.code for one in list_parameters(source) if one.kind == "reference")
            raise _refuse_include(
                name, show(value), f"a reference parameter of {source}: {known or 'there is none'}"
            )
        numbers = parameter.numbers
    return Include(source, numbers, target[0] if target else None, is_reverse, is_repeated)


def _refuse_include(where: str, got: str, expected: str) -> SearchRefused:
    return SearchRefused(code="REC-206", where=where, got=got, expected=expected, fix="correct the include")


def _read_count(reading: _Reading, value: str) -> None:
    if not (value.isascii() and value.isdigit() and len(value) <= _DIGITS):
        raise refuse_value("_count", value, "a whole number from 0")
    reading.count = min(int(value), LARGEST_PAGE)


def _set_order(reading: _Reading, value: str) -> None:
    reading.sorts = read_sort(reading.types, value)


def _set_total(reading: _Reading, value: str) -> None:
    reading.total = _choose("_total", value, get_args(Total))


def _set_summary(reading: _Reading, value: str) -> None:
    reading.summary = _choose("_summary", value, get_args(Summary))


def _choose(name: str, value: str, known: Sequence[Any]) -> Any:
    if value not in known:
        raise refuse_value(name, value, f"one of {', '.join(known)}")
    return value


def _set_elements(reading: _Reading, value: str) -> None:
    names = tuple(one for one in split(value, ",") if one)
    known = {name for type_ in reading.types for name in get_definitions().get_type(type_).elements}
    for name in names:
        bare = name.rpartition(".")[2]
        if bare not in known:
            raise refuse_value("_elements", name, "names of elements at the top of the records")
    reading.elements = tuple(name.rpartition(".")[2] for name in names)


def _set_cursor(reading: _Reading, value: str) -> None:
    reading.cursor = value


def _check_contained(_reading: _Reading, value: str) -> None:
    if value != "false":
        raise refuse_unsupported(
            "_contained", show(value), "false: contained records are not found by themselves"
        )


def _skip(_reading: _Reading, _value: str) -> None:
    """Nothing to understand here."""


_RESULT: Final[dict[str, Callable[[_Reading, str], None]]] = {
    "_sort": _set_order,
    "_count": _read_count,
    "_total": _set_total,
    "_summary": _set_summary,
    "_elements": _set_elements,
    "_contained": _check_contained,
    "_cursor": _set_cursor,
    "_type": _skip,
    "_format": _skip,
    "_pretty": _skip,
}
_ONCE: Final = frozenset(_RESULT) - {"_type"}
_OF_PAGE: Final = SHOWING | {"_count", "_total", "_include", "_revinclude", "_elements", "_summary"}
RESULT_PARAMETERS: Final = (*sorted(set(_RESULT) - SHOWING), "_include", "_revinclude")
"""Parameters about the answer."""
__all__ = ["LARGEST_PAGE", "MOST_PARAMETERS", "PAGE", "RESULT_PARAMETERS", "SHOWING", "read_question"]
