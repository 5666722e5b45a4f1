"""Conditions in FHIRPath, evaluated by fhirpathpy, which is loaded when the first of them is needed."""

from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import Any, Final, TypeAlias

from oncopolis.record.fhir.validating.walking import Spot

__all__ = ["CannotTell", "holds"]

_Condition: TypeAlias = Callable[[Any, dict[str, Any]], list[Any]]

_LOCK: Final = Lock()  # the parser of fhirpathpy keeps a cache that two threads must not fill at once


class CannotTell(Exception):  # noqa: N818 - an answer, not a fault
    """A condition that fhirpathpy does not understand or cannot evaluate here."""


def holds(expression: str, spot: Spot) -> bool:
    """Whether a condition holds for a value; one that gives nothing does.

    Raises
    ------
    CannotTell
    """
    with _LOCK:
        condition, make_node = _compile(expression)
    try:
        found = condition(
            make_node(spot.value, spot.type), {"resource": spot.resource, "rootResource": spot.root}
        )
    except Exception as error:
        raise CannotTell(f"{type(error).__name__}: {error}") from error
    if any(value is not True and value is not False for value in found):
        raise CannotTell("no yes or no")
    return False not in found


@cache
def _compile(expression: str) -> tuple[_Condition, Callable[[Any, str], Any]]:
    import fhirpathpy
    from fhirpathpy.engine.nodes import ResourceNode
    from fhirpathpy.models import models

    def has_value(found: list[Any]) -> list[bool]:
        values = [one.data if isinstance(one, ResourceNode) else one for one in found]
        return [len(values) == 1 and values[0] is not None and not isinstance(values[0], (dict, list))]

    functions = {
        "hasValue": {"fn": has_value, "arity": {0: []}},
        "resolve": {"fn": _resolve, "arity": {0: []}},
    }
    evaluate = fhirpathpy.compile(expression, models["r4"], {"userInvocationTable": functions})

    def make_node(value: Any, type_: str) -> Any:
        is_resource = isinstance(value, dict) and "resourceType" in value
        return value if is_resource else ResourceNode.create_node(value, type_)  # type: ignore[no-untyped-call]

    return evaluate, make_node


def _resolve(_found: list[Any]) -> list[Any]:
    """What a reference means is not looked up: conditions about it hold."""
    return []
