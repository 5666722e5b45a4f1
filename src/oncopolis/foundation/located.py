"""YAML that remembers where each value was written, so that errors can say file and line."""

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from yaml.resolver import Resolver

from oncopolis.foundation.errors import Collector, InputError

_TEXT = Resolver.DEFAULT_SCALAR_TAG
_REMEMBERED = 1 << 15  # structure: words whose kind is known without looking at them again

Segments = tuple[str | int, ...]


class Place(NamedTuple):
    """A line of a file; both counted from 1. Line 0 is a thing without lines, such as an option."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True)
class Located:
    """Plain data beside the place of every key and list entry in it."""

    data: Any
    file: str
    places: dict[Segments, Place] = field(default_factory=dict)

    def find_place(self, path: Segments) -> Place:
        """Place of `path`, or of the nearest thing around it that was written down."""
        for end in range(len(path), -1, -1):
            if place := self.places.get(path[:end]):
                return place
        return Place(self.file, 1, 1)

    def where(self, path: Segments) -> str:
        """``file:line: a.b[2].c`` for error messages."""
        return f"{self.find_place(path)}: {to_key(path)}" if path else str(self.find_place(path))


def to_key(path: Segments) -> str:
    """Write path segments the way people do: ``steps[2].do``."""
    text = ""
    for segment in path:
        text += f"[{segment}]" if isinstance(segment, int) else (f".{segment}" if text else str(segment))
    return text


def read_text(path: Path, shown: str | None = None) -> str:
    """Read a UTF-8 text file whole.

    Raises
    ------
    InputError
        If it is missing, a folder, unreadable, or not UTF-8 (names line and byte).
    """
    name = shown or str(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(
            code="FIL-001",
            where=name,
            got=error.strerror or "an unreadable file",
            expected="a readable file",
            fix="check the path and its permissions",
        ) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(
            code="FIL-002",
            where=f"{name}:{line}",
            got=f"byte 0x{raw[error.start]:02x}, which is not UTF-8",
            expected="UTF-8 text",
            fix="save the file as UTF-8 (Excel: 'CSV UTF-8')",
        ) from error


@lru_cache(maxsize=_REMEMBERED)
def _find_tag(word: str) -> str:
    """Return what a word without quotes is: text, a number, or a date, say."""
    tag: str = Resolver().resolve(yaml.ScalarNode, word, (True, False))  # type: ignore[no-untyped-call]
    return tag


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """PyYAML's loader, in C where there is one, which looks at each word once only."""

    def resolve(self, kind: type[yaml.Node], value: Any, implicit: Any) -> Any:
        """Return the tag of a node that states none."""
        if kind is yaml.ScalarNode and implicit[0]:
            return _find_tag(value)
        return super().resolve(kind, value, implicit)


def load_yaml(path: Path, shown: str | None = None) -> Located:
    """Read one YAML file with PyYAML's C loader, keeping line and column of every value.

    Raises
    ------
    InputError
        For an unreadable file, broken YAML, or a key written twice in one mapping.
    """
    name = shown or str(path)
    loader = _Loader(read_text(path, name))
    try:
        root = loader.get_single_node()
        located = Located(None, name)
        faults = Collector()
        data = _to_data(root, (), located, loader, faults) if root is not None else None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise InputError(
            code="FIL-003",
            where=f"{name}:{mark.line + 1 if mark else 1}",
            got=_word_problem(error),
            expected="valid YAML",
            fix="check indentation, colons and quotes around this line",
        ) from error
    finally:
        loader.dispose()
    faults.raise_if_any()
    return Located(data, name, located.places)


def _word_problem(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "values nested without end"
    return str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)


def _to_data(node: yaml.Node, path: Segments, located: Located, loader: Any, faults: Collector) -> Any:
    if path not in located.places:
        located.places[path] = _find_place(node, located)
    if isinstance(node, yaml.MappingNode):
        return _to_mapping(node, path, located, loader, faults)
    if isinstance(node, yaml.SequenceNode):
        return [_to_data(item, (*path, i), located, loader, faults) for i, item in enumerate(node.value)]
    return _to_scalar(node, loader)


def _find_place(node: yaml.Node, located: Located) -> Place:
    mark = node.start_mark
    return Place(located.file, mark.line + 1, mark.column + 1)


def _to_scalar(node: yaml.Node, loader: Any) -> Any:
    if node.tag == _TEXT and isinstance(node, yaml.ScalarNode):
        return node.value
    try:
        return loader.construct_object(node, deep=True)
    except ValueError as error:
        raise yaml.MarkedYAMLError(
            problem=f"{node.value!r}: {error}", problem_mark=node.start_mark
        ) from error


def _to_mapping(
    node: yaml.MappingNode, path: Segments, located: Located, loader: Any, faults: Collector
) -> dict[str, Any]:
    written = {id(key_node) for key_node, _ in node.value}
    if any(key_node.tag != _TEXT for key_node, _ in node.value):
        loader.flatten_mapping(node)
    merged: set[str] = set()
    mapping: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(_to_scalar(key_node, loader))
        here = (*path, key)
        place = _find_place(key_node, located)
        if key in mapping and key not in merged:
            faults.add(
                InputError(
                    code="FIL-004",
                    where=f"{place}: {to_key(here)}",
                    got=f"the key {key!r} a second time",
                    expected=f"each key once (first at line {located.places[here].line})",
                    fix="keep one of the two",
                )
            )
            continue
        # What `<<` brings in comes first and may be written over; PyYAML does the same.
        if id(key_node) not in written:
            merged.add(key)
        else:
            merged.discard(key)
        located.places[here] = place
        mapping[key] = _to_data(value_node, here, located, loader, faults)
    return mapping
