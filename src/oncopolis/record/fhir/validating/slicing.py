"""Which slice of a profile's element a value belongs to."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from oncopolis.record.fhir.validating.bindings import is_of
from oncopolis.record.fhir.validating.profiles import Node
from oncopolis.record.fhir.validating.walking import Spot, list_children

__all__ = ["contains", "get_discriminators", "is_in_slice"]

_BY_URL: Final = (("value", "url"),)
_BY_TYPE: Final = (("type", "$this"),)


def get_discriminators(node: Node | None, name: str) -> tuple[tuple[str, str], ...]:
    """How the slices of an element are told apart: extensions and choices have ways of their own."""
    if node is not None and node.discriminators:
        return node.discriminators
    return _BY_URL if name.lower().endswith("extension") else _BY_TYPE if name.endswith("[x]") else ()


def is_in_slice(spot: Spot, slice_: Node, discriminators: Iterable[tuple[str, str]]) -> bool | None:
    """Whether a value belongs to a slice; None if that cannot be told."""
    answers = [_matches(spot, slice_, kind, path) for kind, path in discriminators]
    if False in answers:
        return False
    return None if None in answers or not answers else True


def _matches(spot: Spot, slice_: Node, kind: str, path: str) -> bool | None:
    if "resolve()" in path or kind == "profile":
        return None
    steps = [] if path == "$this" else path.split(".")
    if kind == "type":
        return _has_type(spot, slice_, steps)
    if path == "url" and slice_.profiles:
        return spot.value is not None and spot.value.get("url") in slice_.profiles
    return _has_value(spot, slice_, steps)


def _has_type(spot: Spot, slice_: Node, steps: Sequence[str]) -> bool | None:
    *_, (nodes, spots) = _descend(spot, slice_, steps)
    types = {type_ for node in nodes for type_ in node.types}
    return any(one.type in types for one in spots) if types else None


def _has_value(spot: Spot, slice_: Node, steps: Sequence[str]) -> bool | None:
    """Whether a value is what the slice says on the way to it, where it first says anything."""
    for nodes, spots in _descend(spot, slice_, steps):
        told = [answer for node in nodes if (answer := _answers(node, spots)) is not None]
        if told:
            return all(told)
    return None


def _descend(spot: Spot, slice_: Node, steps: Sequence[str]) -> Iterator[tuple[list[Node], list[Spot]]]:
    """Yield what a slice says along a path, and what stands there, from the value itself on."""
    nodes, spots = [slice_], [spot]
    yield nodes, spots
    for step in steps:
        nodes = [child for node in nodes for child in node.children if child.name == step and not child.slice]
        spots = [child for one in spots for child in list_children(one) if child.name == step]
        yield nodes, spots


def _answers(node: Node, spots: Iterable[Spot]) -> bool | None:
    """Whether any value is what a node fixes; None if it fixes nothing."""
    if node.fixed is not None:
        return any(one.value == node.fixed for one in spots)
    if node.pattern is not None:
        return any(contains(one.value, node.pattern) for one in spots)
    if node.binding is not None and node.binding.is_required and node.binding.codes is not None:
        codes = node.binding.codes
        return any(is_of(codes, one) for one in spots)
    return None


def contains(value: Any, pattern: Any) -> bool:
    """Whether a value has everything a pattern has; each item of an array anywhere in the array."""
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(
            name in value and contains(value[name], item) for name, item in pattern.items()
        )
    if isinstance(pattern, list):
        return isinstance(value, list) and all(any(contains(one, item) for one in value) for item in pattern)
    return bool(value == pattern)
