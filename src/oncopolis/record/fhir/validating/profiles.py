"""The profiles and extensions of mCODE STU4, read from ``mcode.json.gz``.

``tools/make_mcode_definitions.py`` makes the file from HL7's package (CC0)::

    provenance  name, version, licence and digest of the package
    profiles    URL -> [type, base profile, title, node]
    value_sets  value set -> [[system, codes], ...]

A node is ``[name, said, children]`` and says only what the base definitions do not: ``slice``, ``min``,
``max``, ``types``, ``fixed``, ``pattern``, ``must`` (must support), ``slicing`` (``[rules, [[type, path],
...]]``), ``profiles`` of the value, ``targets`` of a reference, ``binding`` and ``invariants``.
"""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final

from oncopolis.record.fhir.validating.rules import Binding, Codes, Invariant, to_codes

__all__ = ["CANONICAL", "Node", "Profile", "Profiles", "get_profiles"]

CANONICAL: Final = "http://hl7.org/fhir/us/mcode/StructureDefinition/"


@dataclass(frozen=True, slots=True)
class Node:
    """What a profile says of one element, or of one slice of it.

    Parameters
    ----------
    max
        None for any number.
    fixed, pattern
        A value it has to equal, or to contain; None: any.
    discriminators
        How its slices are told apart: type and path.
    is_closed
        Whether there may be nothing but its slices.
    """

    name: str
    slice: str = ""
    min: int = 0
    max: int | None = None
    types: tuple[str, ...] = ()
    fixed: Any = None
    pattern: Any = None
    is_supported: bool = False
    discriminators: tuple[tuple[str, str], ...] = ()
    is_closed: bool = False
    profiles: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    binding: Binding | None = None
    invariants: tuple[Invariant, ...] = ()
    children: tuple["Node", ...] = field(default=(), repr=False)

    def group(self) -> Mapping[str, list["Node"]]:
        """Children by name: the element itself first, then its slices."""
        groups: dict[str, list[Node]] = {}
        for child in self.children:
            groups.setdefault(child.name, []).append(child)
        return groups


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile of a resource, or an extension."""

    url: str
    type: str
    base: str
    title: str
    root: Node

    @property
    def name(self) -> str:
        """Last part of its address."""
        return self.url.rpartition("/")[2]


class Profiles:
    """Profiles by URL; each is built when it is first asked for."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.provenance: Mapping[str, str] = table["provenance"]
        self._rows: Mapping[str, list[Any]] = table["profiles"]
        self._codes: dict[str, Codes] = {url: to_codes(rows) for url, rows in table["value_sets"].items()}
        self._built: dict[str, Profile] = {}

    @property
    def urls(self) -> tuple[str, ...]:
        """Every profile and extension there is."""
        return tuple(self._rows)

    def find(self, url: str) -> Profile | None:
        """Return a profile by its URL, with a version or without."""
        url = url.partition("|")[0]
        if url in self._rows and url not in self._built:
            type_, base, title, node = self._rows[url]
            self._built[url] = Profile(url, type_, base, title, self._make_node(node))
        return self._built.get(url)

    def _make_node(self, row: list[Any]) -> Node:
        name, said, children = row
        rules, discriminators = said.get("slicing", ("open", ()))
        return Node(
            name=name,
            slice=said.get("slice", ""),
            min=said.get("min", 0),
            max=said.get("max"),
            types=tuple(said.get("types", ())),
            fixed=said.get("fixed"),
            pattern=said.get("pattern"),
            is_supported="must" in said,
            discriminators=tuple((kind, path) for kind, path in discriminators),
            is_closed=rules == "closed",
            profiles=tuple(said.get("profiles", ())),
            targets=tuple(said.get("targets", ())),
            binding=self._make_binding(said.get("binding")),
            invariants=tuple(Invariant(*rule) for rule in said.get("invariants", ())),
            children=tuple(self._make_node(child) for child in children),
        )

    def _make_binding(self, row: list[str] | None) -> Binding | None:
        if row is None:
            return None
        strength, url = row
        return Binding(url, self._codes.get(url), is_required=strength == "required")


@cache
def get_profiles() -> Profiles:
    """The profiles, read once."""
    return Profiles(json.loads(gzip.decompress((files(__package__) / "mcode.json.gz").read_bytes())))
