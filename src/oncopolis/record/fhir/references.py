"""What a reference points at, as far as its text tells."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from oncopolis.record.fhir.definitions import get_definitions

__all__ = ["Target", "find_contained", "read_reference", "read_target"]

_LOCATION: Final = re.compile(r"(?:(?P<base>[^#]*)/)?(?P<type>[A-Z][A-Za-z]+)/(?P<id>[A-Za-z0-9.-]{1,64})")
_N_KEPT: Final = 4_096  # structure: texts that are remembered; a record repeats those of its patient
_VERSION: Final = re.compile(r"/_history/[A-Za-z0-9.-]{1,64}$")


class Target(NamedTuple):
    """Type and id where the text says them; `url` is None for a resource of the same server."""

    type: str | None
    id: str | None
    url: str | None


@lru_cache(_N_KEPT)
def read_target(text: str) -> Target | None:
    """Target of a reference text, without its version; None for a contained resource (``#...``)."""
    if text.startswith("#"):
        return None
    location = _VERSION.sub("", text)
    match = _LOCATION.fullmatch(location)
    if match is None or not get_definitions().is_resource_type(match["type"]):
        return Target(None, None, text)
    return Target(match["type"], match["id"], location if match["base"] else None)


def read_reference(reference: Mapping[str, Any], root: Mapping[str, Any]) -> Target | None:
    """Target of a Reference element of the resource `root`; None if it has no text."""
    text = reference.get("reference")
    if not isinstance(text, str):
        return None
    if text.startswith("#"):
        contained = find_contained(text, root)
        return None if contained is None else Target(contained.get("resourceType"), None, text)
    target = read_target(text)
    if target is not None and target.type is None:
        return target._replace(type=reference.get("type"))
    return target


def find_contained(text: str, root: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The resource a text such as ``#p1`` means; ``#`` alone means the container."""
    if text == "#":
        return root
    return next((r for r in root.get("contained", ()) if r.get("id") == text[1:]), None)
