"""Index rows of a resource, by the official search parameters.

The routes of all parameters of a type are put together into one tree, built at the first use of the type; a
resource is then walked once along the members it has. A patient has more rows, which no parameter asks for:
keys by which somebody who may be the same is found, and whom the patient was replaced by.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from oncopolis.record.fhir.compounds import extract_compounds
from oncopolis.record.fhir.definitions import SearchParameter, get_definitions
from oncopolis.record.fhir.paths import Condition, IsSet, Route, Step, compile_path, find_values
from oncopolis.record.fhir.references import read_reference
from oncopolis.record.fhir.rows import Add, IndexRow, Writer, find_writer
from oncopolis.record.likeness import describe, make_keys

__all__ = ["LIKENESS", "OUTSIDE", "REPLACED_BY", "IndexRow", "extract"]

OUTSIDE: Final = frozenset({"_id"})
"""Parameters without index rows: the id is a column of the record."""

LIKENESS: Final = -1
"""Number of the token rows of a patient with the keys of `record.likeness`."""
REPLACED_BY: Final = -2
"""Number of the reference rows of a patient who was merged into another: to that one."""


def extract(resource: Mapping[str, Any]) -> list[IndexRow]:
    """Index rows of a sound resource, each once; special parameters have none."""
    rows: list[IndexRow] = []
    plan = _get_plan(resource["resourceType"])
    _walk(plan.tree, resource, resource, rows.append)
    for number, test in plan.tests:
        is_set = any(value is not False for _, value in find_values(resource, test.routes))
        rows.append(("token", (number, None, "true" if is_set else "false")))
    rows.extend(extract_compounds(resource))
    if resource["resourceType"] == "Patient":
        rows.extend(_extract_identity(resource))
    return list(dict.fromkeys(rows))


def _extract_identity(patient: Mapping[str, Any]) -> Iterator[IndexRow]:
    for key in make_keys(describe(patient)):
        yield "token", (LIKENESS, None, key)
    for link in patient.get("link", ()):
        target = read_reference(link["other"], patient) if link.get("type") == "replaced-by" else None
        if target is not None:
            yield "reference", (REPLACED_BY, *target)


@dataclass(slots=True)
class _Node:
    """A place in resources of a type: what is written of its value, and the members that lead on."""

    writers: list[Writer] = field(default_factory=list)
    branches: dict[str, list[tuple[Condition | None, int | None, "_Node"]]] = field(default_factory=dict)

    def go(self, step: Step) -> "_Node":
        """The node behind a step, a new one where none was."""
        branches = self.branches.setdefault(step.member, [])
        for condition, index, node in branches:
            if (condition, index) == (step.condition, step.index):
                return node
        node = _Node()
        branches.append((step.condition, step.index, node))
        return node


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is extracted from resources of a type."""

    tree: _Node
    tests: tuple[tuple[int, IsSet], ...]


@cache
def _get_plan(resource_type: str) -> _Plan:
    tree = _Node()
    tests: list[tuple[int, IsSet]] = []
    for parameter in get_definitions().list_search_parameters(resource_type):
        if parameter.code in OUTSIDE:
            continue
        compiled = compile_path(parameter.expression, resource_type)
        if isinstance(compiled, IsSet):
            tests.append((parameter.number, compiled))
            continue
        for route in compiled:
            _plant(tree, parameter, route)
    return _Plan(tree, tuple(tests))


def _plant(tree: _Node, parameter: SearchParameter, route: Route) -> None:
    for ending in _list_endings(route):
        writer = find_writer(parameter.type, ending.type, parameter.number, ending.system)
        if writer is not None:
            node = tree
            for step in ending.steps:
                node = node.go(step)
            node.writers.append(writer)


def _list_endings(route: Route) -> Iterator[Route]:
    """The route itself, or where it ends at an extension, the values that may have."""
    if route.type != "Extension":
        yield route
        return
    for member, (element, of_type) in get_definitions().get_type("Extension").members.items():
        if element.name == "value":
            yield Route((*route.steps, Step(member)), of_type)


def _walk(node: _Node, value: Any, root: Mapping[str, Any], add: Add) -> None:
    for write in node.writers:
        write(value, root, add)
    branches = node.branches
    if not branches:
        return
    for member, item in value.items():
        for condition, index, further in branches.get(member, ()):
            entries = item if type(item) is list else (item,)
            if index is not None:
                entries = entries[index : index + 1]
            for entry in entries:
                if entry is not None and (condition is None or condition.holds(entry, root)):
                    _walk(further, entry, root, add)
