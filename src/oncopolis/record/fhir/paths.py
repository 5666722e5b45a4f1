"""FHIRPath of search parameters, compiled to routes through the JSON of a resource.

Search parameters use a small part of FHIRPath: paths, ``|``, ``as``, ``ofType``, ``where`` with one
condition, ``extension``, an index, and one test with ``exists() and ... != false``. As the types of elements
are known, a path becomes the JSON members to go through and the type of what is at their end.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from oncopolis.foundation.errors import InputError
from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.fhir.references import read_reference

__all__ = [
    "Condition",
    "Equals",
    "HasExtension",
    "IsSet",
    "PointsAt",
    "Route",
    "Step",
    "UnknownPath",
    "compile_path",
    "find_values",
    "follow",
]

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<name>[A-Za-z_]\w*)|'(?P<text>[^']*)'|(?P<number>\d+)|(?P<sign>!=|[.()\[\]|=]))"
)
_Json: TypeAlias = Mapping[str, Any]


class UnknownPath(InputError):  # noqa: N818 - what is unknown is the path
    """An expression is outside the part of FHIRPath that search parameters use."""

    def __init__(self, expression: str, got: str) -> None:
        super().__init__(
            code="REC-003",
            where=repr(expression),
            got=got,
            expected="the FHIRPath of search parameters",
            fix="write it with paths, |, as, ofType, where, extension and exists",
        )
        self.expression = expression

    def __reduce__(self) -> tuple[object, ...]:
        return UnknownPath, (self.expression, self.got)


@dataclass(frozen=True, slots=True)
class PointsAt:
    """``resolve() is T``: a reference to a resource of a type, told from its text."""

    type: str

    def holds(self, value: Any, root: _Json) -> bool:
        """Whether `value` of the resource `root` meets it."""
        target = read_reference(value, root)
        return target is not None and target.type == self.type


@dataclass(frozen=True, slots=True)
class Equals:
    """``member = 'text'``."""

    member: str
    text: str

    def holds(self, value: Any, _root: _Json) -> bool:
        """Whether `value` meets it."""
        return bool(value.get(self.member) == self.text)


@dataclass(frozen=True, slots=True)
class HasExtension:
    """``hasExtension('url')``."""

    url: str

    def holds(self, value: Any, _root: _Json) -> bool:
        """Whether `value` meets it."""
        return any(extension.get("url") == self.url for extension in value.get("extension", ()))


Condition: TypeAlias = PointsAt | Equals | HasExtension


@dataclass(frozen=True, slots=True)
class Step:
    """Into one member of an object; of an array all entries, or the one at `index`, that meet `condition`."""

    member: str
    condition: Condition | None = None
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """Steps from a resource to values of one type; codes may be of a `system` that is not written."""

    steps: tuple[Step, ...]
    type: str
    system: str | None = None


@dataclass(frozen=True, slots=True)
class IsSet:
    """``X.exists() and X != false``: whether any of the routes has a value other than false."""

    routes: tuple[Route, ...]


def compile_path(expression: str, resource_type: str) -> tuple[Route, ...] | IsSet:
    """Routes of an expression in resources of one type; parts about other types give none.

    Raises
    ------
    UnknownPath
        The expression needs more of FHIRPath than is known here.
    """
    return _Compiler(expression, resource_type).compile()


def find_values(resource: _Json, routes: Sequence[Route]) -> list[tuple[str, Any]]:
    """Every value at the end of the routes, with its type."""
    return [(route.type, value) for route in routes for value in follow(resource, route.steps, resource)]


def follow(value: Any, steps: Sequence[Step], root: _Json) -> Sequence[Any]:
    """Every value behind the steps from a value of the resource `root`."""
    values: Sequence[Any] = (value,)
    for step in steps:
        further: list[Any] = []
        for one in values:
            found = one.get(step.member)
            if found is None:
                continue
            entries = found if type(found) is list else (found,)
            if step.index is not None:
                entries = entries[step.index : step.index + 1]
            further += [
                entry
                for entry in entries
                if entry is not None and (step.condition is None or step.condition.holds(entry, root))
            ]
        if not further:
            return ()
        values = further
    return values


class _Compiler:
    """Reads one expression from left to right."""

    def __init__(self, expression: str, resource_type: str) -> None:
        self._expression = expression
        self._resource_type = resource_type
        self._tokens = list(_split(expression))
        self._next = 0

    def compile(self) -> tuple[Route, ...] | IsSet:
        routes = self._read_union()
        if self._peek() == ".exists":
            return self._read_is_set(routes)
        if self._peek():
            raise self._make_error(self._peek())
        return tuple(dict.fromkeys(routes))

    def _read_is_set(self, routes: list[Route]) -> IsSet:
        for token in (".exists", "(", ")", "and"):
            self._expect(token)
        if self._read_path() != routes:
            raise self._make_error("a test of two different paths")
        for token in ("!=", "false", ""):
            self._expect(token)
        return IsSet(tuple(routes))

    def _read_union(self) -> list[Route]:
        routes = self._read_cast()
        while self._peek() == "|":
            self._take()
            routes += self._read_cast()
        return routes

    def _read_cast(self) -> list[Route]:
        routes = self._read_path()
        if self._peek() == "as":
            self._take()
            routes = _keep_type(routes, self._take())
        return routes

    def _read_path(self) -> list[Route]:
        if self._peek() == "(":
            self._take()
            routes = self._read_union()
            self._expect(")")
        else:
            routes = self._start(self._take())
        while self._peek().startswith((".", "[")) and self._peek() != ".exists":
            routes = self._read_step(routes)
        return routes

    def _start(self, name: str) -> list[Route]:
        """Routes of the first name: a type, or a member of the resource."""
        whole = Route((), self._resource_type)
        if name[:1].isupper():
            return [whole] if get_definitions().is_a(self._resource_type, name) else []
        return self._go(name, [whole])

    def _read_step(self, routes: list[Route]) -> list[Route]:
        name = self._take()
        if name == "[":
            index = self._take()
            if not index.isdecimal():
                raise self._make_error(index)
            self._expect("]")
            return [_with_last(route, index=int(index)) for route in routes]
        if self._peek() != "(":
            return self._go(name[1:], routes)
        self._take()
        if name in (".as", ".ofType"):
            routes = _keep_type(routes, self._take())
        elif name == ".where":
            condition = self._read_condition()
            routes = [_with_last(route, condition=condition) for route in routes]
        elif name == ".extension":
            condition = Equals("url", self._take_text())
            routes = [Route((*r.steps, Step("extension", condition)), "Extension") for r in routes]
        else:
            raise self._make_error(f"the function {name[1:]}")
        self._expect(")")
        return routes

    def _read_condition(self) -> Condition:
        name = self._take()
        if name == "resolve":
            for token in ("(", ")", "is"):
                self._expect(token)
            return PointsAt(self._take())
        if name == "hasExtension":
            self._expect("(")
            condition = HasExtension(self._take_text())
            self._expect(")")
            return condition
        self._expect("=")
        return Equals(name, self._take_text())

    def _go(self, name: str, routes: list[Route]) -> list[Route]:
        """One element further; a choice goes into each of its members."""
        further = [
            Route((*route.steps, Step(member)), of_type, element.codes.system if element.codes else None)
            for route in routes
            for member, (element, of_type) in get_definitions().get_type(route.type).members.items()
            if element.name == name
        ]
        if routes and not further:
            raise self._make_error(f"{name!r}, which {routes[0].type} does not have")
        return further

    def _peek(self) -> str:
        return self._tokens[self._next] if self._next < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        self._next += 1
        return token

    def _take_text(self) -> str:
        token = self._take()
        if not token.startswith("'"):
            raise self._make_error(token)
        return token[1:-1]

    def _expect(self, token: str) -> None:
        got = self._take()
        if got != token:
            raise self._make_error(got)

    def _make_error(self, got: str) -> UnknownPath:
        return UnknownPath(self._expression, got or "its end")


def _split(expression: str) -> Iterator[str]:
    """Names, texts in quotes, signs; a point belongs to the name after it."""
    position, point = 0, ""
    while position < len(expression):
        match = _TOKEN.match(expression, position)
        if match is None:
            raise UnknownPath(expression, expression[position:])
        position = match.end()
        word = match.group().strip()
        if word == ".":
            point = "."
        else:
            yield point + word
            point = ""


def _keep_type(routes: Sequence[Route], name: str) -> list[Route]:
    return [route for route in routes if get_definitions().is_a(route.type, name)]


def _with_last(route: Route, *, condition: Condition | None = None, index: int | None = None) -> Route:
    """The route with one more demand on its last step."""
    last = route.steps[-1]
    last = replace(last, condition=condition or last.condition, index=last.index if index is None else index)
    return replace(route, steps=(*route.steps[:-1], last))
