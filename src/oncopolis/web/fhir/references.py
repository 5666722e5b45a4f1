"""References in what is written: placeholders become the ids that are given, our own addresses relative."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

Json: TypeAlias = Any

CONDITIONAL = re.compile(r"(?P<type>[A-Z][A-Za-z]{1,60})\?(?P<query>.+)", re.ASCII | re.DOTALL)
_PLACEHOLDER = re.compile(r"urn:(?:uuid|oid):", re.ASCII)
_RECORD = re.compile(
    r"[A-Z][A-Za-z]{1,60}/[A-Za-z0-9.-]{1,64}(?:/_history/[A-Za-z0-9.-]{1,64})?(?:#.*)?", re.ASCII
)
_NOT_LINKS = frozenset({"id", "value", "system", "resourceType"})
"""Members whose text is no link: an identifier may have a UUID of its own as value."""
_IN_NARRATIVE = re.compile(r"""(?P<start>\b(?:href|src)=(?P<quote>["']))(?P<link>[^"'<>]*)(?P=quote)""")


def rewrite(value: Json, links: Mapping[str, str], resolve: Callable[[str], str | None], root: str) -> Json:
    """Return a copy in which links to entries of the bundle name the records these become.

    Parameters
    ----------
    value
        Resource, or a part of it.
    links
        Full URL of an entry -> ``Type/id``.
    resolve
        Says what a conditional reference (``Patient?identifier=...``) stands for, None if the text is none.
    root
        Base of the full URL of the resource's own entry, against which its relative references are read;
        empty if that is no address.
    """

    def change(node: Json, member: str) -> Json:
        if isinstance(node, dict):
            return {name: change(child, name) for name, child in node.items()}
        if isinstance(node, list):
            return [change(child, member) for child in node]
        if not isinstance(node, str) or member in _NOT_LINKS:
            return node
        if member == "div":
            return _IN_NARRATIVE.sub(lambda match: _relink(match, links), node)
        if node in links:
            return links[node]
        if member != "reference":
            return node
        return links.get(f"{root}{node}") or resolve(node) or node

    return change(value, "")


def make_local(value: Json, base: str) -> Json:
    """Return a copy in which references to records at our own address are relative, as they are found by."""
    return rewrite(value, {}, lambda reference: to_relative(reference, base), "")


def to_relative(reference: str, base: str) -> str | None:
    """Return ``Type/id`` of a reference to a record at our own address, None for any other."""
    inner = reference.removeprefix(f"{base}/")
    return inner if inner != reference and _RECORD.fullmatch(inner) else None


def list_references(resource: Json, path: str) -> Iterator[tuple[str, str]]:
    """Yield path and text of every `Reference.reference` of a resource."""
    if isinstance(resource, dict):
        for name, child in resource.items():
            if name == "reference" and isinstance(child, str):
                yield f"{path}.reference", child
            else:
                yield from list_references(child, f"{path}.{name}")
    elif isinstance(resource, list):
        for place, child in enumerate(resource):
            yield from list_references(child, f"{path}[{place}]")


def is_placeholder(reference: str) -> bool:
    """Tell whether a reference can only mean an entry of the same bundle."""
    return _PLACEHOLDER.match(reference) is not None


def find_root(full_url: str, type_: str, id_: str) -> str:
    """Return the base of a full URL that is the address of a record, else an empty text."""
    tail = f"{type_}/{id_}"
    return full_url.removesuffix(tail) if id_ and full_url.endswith(f"/{tail}") else ""


def _relink(match: re.Match[str], links: Mapping[str, str]) -> str:
    quote = match["quote"]
    return f"{match['start']}{links.get(match['link'], match['link'])}{quote}"
