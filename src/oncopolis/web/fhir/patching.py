"""JSON Patch, RFC 6902, over JSON values with exact decimals; the document given stays as it is."""

import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from decimal import Decimal
from http import HTTPStatus
from typing import Any, TypeAlias

from oncopolis.web.fhir.refusing import RequestError

Json: TypeAlias = Any
Pointer: TypeAlias = tuple[str, ...]

MOST_OPERATIONS = 1000  # structure: keeps one patch from holding up the writer
MOST_NODES = 100_000  # structure: a few copies of copies would otherwise fill the memory
DEEPEST = 64  # structure: nesting that the parser of bodies accepts

_INDEX = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)
_BAD_ESCAPE = re.compile(r"~(?![01])")
_MEMBERS = {
    "add": {"value"},
    "remove": set(),
    "replace": {"value"},
    "move": {"from"},
    "copy": {"from"},
    "test": {"value"},
}
"""Operation -> the members it has beside ``op`` and ``path``."""


def check_patch(patch: Json) -> Sequence[Mapping[str, Json]]:
    """Return the operations of a patch document whose form is right.

    Raises
    ------
    RequestError
        With status 400, naming the operation and the member.
    """
    if not isinstance(patch, list):
        raise _malformed("patch", _name(patch), "an array of operations")
    if len(patch) > MOST_OPERATIONS:
        raise _malformed("patch", f"{len(patch)} operations", f"at most {MOST_OPERATIONS}")
    for place, operation in enumerate(patch):
        _check_operation(f"patch[{place}]", operation)
    return patch


def apply_patch(document: Json, patch: Sequence[Mapping[str, Json]]) -> Json:
    """Return the document as a checked patch makes it.

    Raises
    ------
    RequestError
        With status 422 for an operation that cannot be done, a test that fails.
    """
    hands = _Hands(deepcopy(document))
    for place, operation in enumerate(patch):
        hands.where = f"patch[{place}]"
        _DO[operation["op"]](hands, operation)
    return hands.document


def is_same(one: Json, other: Json) -> bool:
    """Tell whether two JSON values are equal: numbers by value, truth values only to themselves."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(is_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(is_same, one, other))
    if isinstance(one, (int, float, Decimal)) and isinstance(other, (int, float, Decimal)):
        return one == other
    return type(one) is type(other) and bool(one == other)


class _Hands:
    """A document in the making."""

    def __init__(self, document: Json) -> None:
        self.document = document
        self.where = "patch"
        self.n_nodes = 0

    def get(self, pointer: Pointer) -> Json:
        value = self.document
        for token in pointer:
            value = self._step(value, token, pointer)
        return value

    def put(self, pointer: Pointer, value: Json) -> None:
        """Add a member or insert an item."""
        self._count(value, len(pointer))
        if not pointer:
            self.document = value
            return
        parent = self.get(pointer[:-1])
        if isinstance(parent, list):
            last = pointer[-1]
            parent.insert(len(parent) if last == "-" else self._index(parent, last, pointer, 1), value)
        elif isinstance(parent, dict):
            parent[pointer[-1]] = value
        else:
            raise self._not_there(pointer)

    def take(self, pointer: Pointer) -> Json:
        """Remove what is there and return it."""
        if not pointer:
            raise self.fail("the whole document", "a path below it", "replace it in place of removing it")
        value = self.get(pointer)
        parent = self.get(pointer[:-1])
        del parent[int(pointer[-1]) if isinstance(parent, list) else pointer[-1]]
        return value

    def replace(self, pointer: Pointer, value: Json) -> None:
        self.get(pointer)
        self._count(value, len(pointer))
        if not pointer:
            self.document = value
            return
        parent = self.get(pointer[:-1])
        parent[int(pointer[-1]) if isinstance(parent, list) else pointer[-1]] = value

    def fail(self, got: str, expected: str, fix: str) -> RequestError:
        return RequestError(
            code="REC-102", where=self.where, got=got, expected=expected, fix=fix,
            status=HTTPStatus.UNPROCESSABLE_ENTITY, issue="processing"
        )  # fmt: skip

    def _step(self, value: Json, token: str, pointer: Pointer) -> Json:
        if isinstance(value, list):
            return value[self._index(value, token, pointer, 0)]
        if isinstance(value, dict) and token in value:
            return value[token]
        raise self._not_there(pointer)

    def _index(self, array: list[Json], token: str, pointer: Pointer, beyond: int) -> int:
        if not _INDEX.fullmatch(token) or int(token) >= len(array) + beyond:
            raise self._not_there(pointer)
        return int(token)

    def _not_there(self, pointer: Pointer) -> RequestError:
        path = "/" + "/".join(pointer)
        return self.fail(f"{path}, which is not there", "a path of the record as it is", "read it again")

    def _count(self, value: Json, depth: int) -> None:
        """Keep copies of copies from growing without end."""
        left = [(value, depth)]
        while left:
            node, depth = left.pop()
            self.n_nodes += 1
            if self.n_nodes > MOST_NODES or depth > DEEPEST:
                raise self.fail(
                    "a record that grows too large or too deep", "a patch of what changes", "send an update"
                )
            inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
            left.extend((child, depth + 1) for child in inner)


def _add(hands: _Hands, operation: Mapping[str, Json]) -> None:
    hands.put(_split(operation["path"]), deepcopy(operation["value"]))


def _remove(hands: _Hands, operation: Mapping[str, Json]) -> None:
    hands.take(_split(operation["path"]))


def _replace(hands: _Hands, operation: Mapping[str, Json]) -> None:
    hands.replace(_split(operation["path"]), deepcopy(operation["value"]))


def _move(hands: _Hands, operation: Mapping[str, Json]) -> None:
    source, target = _split(operation["from"]), _split(operation["path"])
    if source == target:
        hands.get(source)
        return
    if target[: len(source)] == source:
        raise hands.fail("a move into itself", "another place", "move it elsewhere, or copy it")
    hands.put(target, hands.take(source))


def _copy(hands: _Hands, operation: Mapping[str, Json]) -> None:
    hands.put(_split(operation["path"]), deepcopy(hands.get(_split(operation["from"]))))


def _test(hands: _Hands, operation: Mapping[str, Json]) -> None:
    if not is_same(hands.get(_split(operation["path"])), operation["value"]):
        raise hands.fail(
            f"another value at {operation['path']}", "the value of the test", "read the record again"
        )


_DO: dict[str, Callable[[_Hands, Mapping[str, Json]], None]] = {
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "move": _move,
    "copy": _copy,
    "test": _test,
}


def _check_operation(where: str, operation: Json) -> None:
    if not isinstance(operation, dict):
        raise _malformed(where, _name(operation), "an object with `op` and `path`")
    op = operation.get("op")
    if not isinstance(op, str) or op not in _MEMBERS:
        raise _malformed(f"{where}.op", _name(op), "one of " + ", ".join(_MEMBERS))
    for member in sorted({"path"} | _MEMBERS[op]):
        if member not in operation:
            raise _malformed(f"{where}.{member}", "nothing", f"`{member}`, which {op!r} needs")
    for member in {"path", "from"} & operation.keys():
        pointer = operation[member]
        if not isinstance(pointer, str) or (pointer and pointer[0] != "/") or _BAD_ESCAPE.search(pointer):
            raise _malformed(f"{where}.{member}", _name(pointer), "a JSON pointer such as /name/0/family")


def _split(pointer: str) -> Pointer:
    return tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:])


def _malformed(where: str, got: str, expected: str) -> RequestError:
    return RequestError(
        code="REC-101", where=where, got=got, expected=expected, fix="see RFC 6902", issue="structure"
    )


def _name(value: Json) -> str:
    return f"{str(value)[:60]!r}"
