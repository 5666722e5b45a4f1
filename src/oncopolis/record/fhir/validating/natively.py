"""Rules that fhirpathpy cannot evaluate, or not in good time, and that are told here in Python."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from oncopolis.record.fhir.validating.walking import Spot

__all__ = ["NATIVE", "REWORDED"]


def _holds_dom_3(spot: Spot) -> bool:
    """A contained resource is referred to from the resource, or refers to it."""
    contained = spot.value.get("contained", ())
    if not contained:
        return True
    named = set(_list_fragments(spot.value))
    return all(
        f"#{one.get('id')}" in named or any(text == "#" for text in _list_fragments(one)) for one in contained
    )


def _holds_dom_6(spot: Spot) -> bool:
    """A resource that stands for itself has a narrative."""
    return spot.path.endswith(".contained") or "div" in spot.value.get("text", {})


def _holds_ref_1(spot: Spot) -> bool:
    """What begins with # names a contained resource, or the one that holds it."""
    text = spot.value.get("reference", "")
    if not text.startswith("#") or text == "#":
        return True
    return any(one.get("id") == text[1:] for one in spot.root.get("contained", ()))


def _holds_rng_2(spot: Spot) -> bool:
    """The low end is not above the high end; ends in different units are not compared."""
    low, high = spot.value.get("low", {}), spot.value.get("high", {})
    units = [(one.get("system"), one.get("code"), one.get("unit")) for one in (low, high)]
    if units[0] != units[1] or "value" not in low or "value" not in high:
        return True
    return bool(low["value"] <= high["value"])


def _list_fragments(value: Any) -> Iterator[str]:
    """Texts that begin with #, wherever a reference or an address may stand."""
    if isinstance(value, str):
        if value.startswith("#"):
            yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _list_fragments(item)
    elif isinstance(value, list):
        for item in value:
            yield from _list_fragments(item)


NATIVE: Final[Mapping[str, Callable[[Spot], bool]]] = {
    "dom-3": _holds_dom_3,
    "dom-6": _holds_dom_6,
    "ref-1": _holds_ref_1,
    "rng-2": _holds_rng_2,
}
"""By key of the rule."""

REWORDED: Final[Mapping[str, str]] = {
    "que-7": "operator = 'exists' implies (answer is boolean)",
    "us-core-1": "$this is dateTime implies $this.toString().length() >= 10",
}
"""By key of the rule: its expression with the names of types that fhirpathpy knows."""
