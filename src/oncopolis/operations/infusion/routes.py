"""Ways into the body, and which medicines have one only: data, and no reason overrules them."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

SNOMED: Final = "http://snomed.info/sct"


@cache
def _read() -> dict[str, Any]:
    return dict(yaml.safe_load((files(__package__) / "routes.yaml").read_text("utf-8")))


def list_routes() -> tuple[str, ...]:
    """Return the ways that are known."""
    return tuple(_read()["routes"])


def find_route(concept: Mapping[str, Any]) -> str:
    """Return the way a CodeableConcept names; empty if it is none that is known."""
    words = {str(concept.get("text", "")).strip().casefold()}
    codes = set()
    for coding in concept.get("coding", ()):
        words |= {str(coding.get("display", "")).strip().casefold(), str(coding.get("code", "")).casefold()}
        if coding.get("system") == SNOMED:
            codes.add(coding.get("code"))
    found = [
        route
        for route, known in _read()["routes"].items()
        if known["snomed"] in codes or words.intersection(known["words"])
    ]
    # What two ways are read from is none: it may be the one that kills.
    return found[0] if len(found) == 1 else ""


def is_deadly(code: str, name: str, route: str) -> bool:
    """Tell whether a medicine must never be given this way."""
    said = f"{name} {code}".casefold()
    return any(
        route != rule["route"]
        for rule in _read()["only"]
        if code.upper().startswith(tuple(rule["atc"])) or any(stem in said for stem in rule["names"])
    )
