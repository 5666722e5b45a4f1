"""Who may call an address is declared beside it; an application with one that says nothing is not made."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TypeVar

from starlette.routing import BaseRoute, Mount, Route

from oncopolis.foundation import ConflictError
from oncopolis.web.needs import Needs

T = TypeVar("T", bound=Callable[..., Any])

_POLICY: Final = "access_policy"
PUBLIC, SIGNED_IN, BY_POLICY = "public", "signed in", "access policy"
"""Anybody; whoever the gate knows; and whatever the table of the record's access policy says."""


def declare(endpoint: T, *policies: str) -> T:
    """Say who may call an endpoint."""
    setattr(endpoint, _POLICY, policies)
    return endpoint


def find_policies(routes: Iterable[BaseRoute], path: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every address below a path, with who may call it; with nothing where nobody has said."""
    for route in routes:
        if isinstance(route, Mount) and route.routes:
            yield from find_policies(route.routes, path + route.path)
        elif isinstance(route, Mount):
            yield f"{path}{route.path}/*", getattr(route.app, _POLICY, ())
        elif isinstance(route, Route):
            declared = getattr(route.endpoint, _POLICY, ()) or tuple(_list_needs(route))
            yield f"{path}{route.path}", declared
        else:
            yield f"{path}{getattr(route, 'path', route)}", ()


def check_declared(routes: Iterable[BaseRoute]) -> None:
    """Refuse an address that does not say who may call it.

    Raises
    ------
    ConflictError
        REC-251
    """
    silent = [path for path, policies in find_policies(routes) if not policies]
    if silent:
        raise ConflictError(
            code="REC-251",
            where="application",
            got=f"{', '.join(silent)} without a policy",
            expected="an address that says who may call it",
            fix="declare it beside the route",
        )


def _list_needs(route: Route) -> Iterator[str]:
    """What a route of the operational API asks its gate for."""
    waiting = [getattr(route, "dependant", None)]
    while waiting:
        one = waiting.pop()
        if one is None:
            continue
        if isinstance(one.call, Needs):
            yield one.call.action
        waiting += one.dependencies
