"""What FHIR R4 is: resource types, their elements, search parameters, the patient compartment.

Read from ``definitions.json.gz``, which ``tools/make_fhir_definitions.py`` makes from HL7's package (CC0)::

    provenance  name, version, licence and digest of the package
    types       name -> [kind, base, [[element, types, min, max, flags, code list, targets], ...]]
    codes       code list -> [system or null, codes]
    search      [[code, type, expression, targets, components], ...]
    parameters  resource type -> [[number, index in search], ...]
    patient     resource type -> search parameters that tie it to a patient

A missing end of a row stands for ``null``, an empty text or an empty list; a maximum of ``null`` for any
number.
Flags: ``s`` part of the summary, ``p`` plain (a value that takes no extension).
"""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import chain, zip_longest
from typing import Any

from oncopolis.foundation.errors import NotFoundError

__all__ = [
    "CodeList",
    "Definitions",
    "Element",
    "SearchParameter",
    "TypeDefinition",
    "capitalise",
    "get_definitions",
]

_ABSTRACT = frozenset({"Resource", "DomainResource"})
_ELEMENT_FIELDS = ("name", "types", "min", "max", "flags", "codes", "targets")


@dataclass(frozen=True, slots=True)
class CodeList:
    """The codes a required binding allows, and their system where it is one."""

    name: str
    system: str | None
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a type.

    Parameters
    ----------
    name
        Without ``[x]``.
    types
        Names of its types; those of nested elements are paths such as ``Patient.contact``.
    min, max
        How often it may stand; a `max` of None is any number.
    is_choice
        Its member carries the type in its name: ``valueQuantity``.
    is_summary
        Belongs to the summary of a resource.
    is_plain
        Takes no extensions: ``id`` of elements and ``url`` of extensions.
    codes
        What a ``code`` must be one of.
    targets
        Types of resources a reference may point at; none means any.
    """

    name: str
    types: tuple[str, ...]
    min: int
    max: int | None
    is_choice: bool = False
    is_summary: bool = False
    is_plain: bool = False
    codes: CodeList | None = None
    targets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TypeDefinition:
    """A resource, a complex type, a nested element or a primitive.

    Parameters
    ----------
    kind
        ``resource``, ``complex``, ``nested`` or ``primitive``.
    elements
        By name without ``[x]``, the inherited ones first.
    members
        By name in JSON, each with its element and its type.
    """

    name: str
    kind: str
    base: str
    elements: Mapping[str, Element]
    members: Mapping[str, tuple[Element, str]] = field(repr=False)

    @property
    def is_primitive(self) -> bool:
        """Written as a bare value in JSON."""
        return self.kind == "primitive"


@dataclass(frozen=True, slots=True)
class SearchParameter:
    """One search parameter of one resource type.

    Parameters
    ----------
    number
        Unique for every pair of resource type and code, and never given to another: index rows hold it.
    type
        ``token``, ``string``, ``reference``, ``date``, ``number``, ``quantity``, ``uri``, ``composite`` or
        ``special``.
    expression
        FHIRPath of the values; it may name several resource types.
    targets
        Types a reference may point at; none means any.
    components
        Of a composite: code of a parameter and the path of its value, from what `expression` gives.
    """

    number: int
    resource_type: str
    code: str
    type: str
    expression: str
    targets: tuple[str, ...]
    components: tuple[tuple[str, str], ...]


class Definitions:
    """FHIR R4 as one table; types are built when they are first asked for."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._table = table
        self._types: dict[str, TypeDefinition] = {}
        self._parameters: dict[str, tuple[SearchParameter, ...]] = {}
        self._codes: dict[str, CodeList] = {}
        self.provenance: Mapping[str, str] = table["provenance"]
        self.resource_types = tuple(
            name for name, row in table["types"].items() if row[0] == "resource" and name not in _ABSTRACT
        )
        self._resource_types = frozenset(self.resource_types)

    def is_resource_type(self, name: str) -> bool:
        """Whether records of this type exist."""
        return name in self._resource_types

    def get_type(self, name: str) -> TypeDefinition:
        """One type.

        Raises
        ------
        NotFoundError
            FHIR R4 has no such type (REC-001).
        """
        known = self._types.get(name)
        if known is None:
            known = self._types[name] = self._make_type(name)
        return known

    def is_a(self, name: str, ancestor: str) -> bool:
        """Whether a type is another one or specialises it."""
        while name and name != ancestor:
            name = self._table["types"][name][1]
        return bool(name)

    def list_search_parameters(self, resource_type: str) -> tuple[SearchParameter, ...]:
        """Search parameters of a resource type, those of every resource among them, by number."""
        known = self._parameters.get(resource_type)
        if known is None:
            rows = self._table["parameters"].get(resource_type, ())
            known = tuple(self._make_parameter(resource_type, number, index) for number, index in rows)
            self._parameters[resource_type] = known
        return known

    def find_search_parameter(self, resource_type: str, code: str) -> SearchParameter | None:
        """The parameter a search of this type calls by this name."""
        return next((p for p in self.list_search_parameters(resource_type) if p.code == code), None)

    def patient_parameters(self, resource_type: str) -> tuple[str, ...]:
        """Codes of the parameters by which a resource is in the compartment of a patient."""
        return tuple(self._table["patient"].get(resource_type, ()))

    def _make_type(self, name: str) -> TypeDefinition:
        if name not in self._table["types"]:
            raise NotFoundError(
                code="REC-001", where="type", got=repr(name), expected="a type of FHIR R4", fix="correct it"
            )
        kind, base, rows = self._table["types"][name]
        own = (self._make_element(row) for row in rows)
        inherited = self.get_type(base).elements.values() if base and kind != "primitive" else ()
        elements = {element.name: element for element in chain(inherited, own)}
        members = {
            (element.name + capitalise(of_type) if element.is_choice else element.name): (element, of_type)
            for element in elements.values()
            for of_type in element.types
        }
        return TypeDefinition(name=name, kind=kind, base=base, elements=elements, members=members)

    def _make_element(self, row: list[Any]) -> Element:
        values = dict(zip_longest(_ELEMENT_FIELDS, row))
        flags = values["flags"] or ""
        return Element(
            name=values["name"].removesuffix("[x]"),
            types=tuple(values["types"]),
            min=values["min"],
            max=values["max"],
            is_choice=values["name"].endswith("[x]"),
            is_summary="s" in flags,
            is_plain="p" in flags,
            codes=self._get_codes(values["codes"]) if values["codes"] else None,
            targets=tuple(values["targets"] or ()),
        )

    def _get_codes(self, name: str) -> CodeList:
        if name not in self._codes:
            system, codes = self._table["codes"][name]
            self._codes[name] = CodeList(name=name, system=system, codes=frozenset(codes))
        return self._codes[name]

    def _make_parameter(self, resource_type: str, number: int, index: int) -> SearchParameter:
        code, kind, expression, targets, components = self._table["search"][index]
        return SearchParameter(
            number=number,
            resource_type=resource_type,
            code=code,
            type=kind,
            expression=expression,
            targets=tuple(targets),
            components=tuple((name, path) for name, path in components),
        )


@cache
def get_definitions() -> Definitions:
    """FHIR R4, read once."""
    packed = (files(__package__) / "definitions.json.gz").read_bytes()
    return Definitions(json.loads(gzip.decompress(packed)))


def capitalise(name: str) -> str:
    """The way a type ends the name of a choice: ``dateTime`` in ``valueDateTime``."""
    return name[0].upper() + name[1:]
