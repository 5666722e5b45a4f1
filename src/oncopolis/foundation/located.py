"""YAML that remembers where each value was written, so that errors can say file and line."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from oncopolis.foundation.errors import Collector, InputError

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Segments = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
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
    mark = node.start_mark
    located.places.setdefault(path, Place(located.file, mark.line + 1, mark.column + 1))
    if isinstance(node, yaml.MappingNode):
        return _to_mapping(node, path, located, loader, faults)
    if isinstance(node, yaml.SequenceNode):
        return [_to_data(item, (*path, i), located, loader, faults) for i, item in enumerate(node.value)]
    try:
        return loader.construct_object(node, deep=True)
    except ValueError as error:
        raise yaml.MarkedYAMLError(problem=f"{node.value!r}: {error}", problem_mark=mark) from error


def _to_mapping(
    node: yaml.MappingNode, path: Segments, located: Located, loader: Any, faults: Collector
) -> dict[str, Any]:
    written = [id(key_node) for key_node, _ in node.value]
    loader.flatten_mapping(node)
    merged: set[str] = set()
    mapping: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(loader.construct_object(key_node, deep=True))
        here = (*path, key)
        mark = key_node.start_mark
        place = Place(located.file, mark.line + 1, mark.column + 1)
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
        merged = merged - {key} if id(key_node) in written else merged | {key}
        located.places[here] = place
        mapping[key] = _to_data(value_node, here, located, loader, faults)
    return mapping
