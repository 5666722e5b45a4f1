"""The rules of FHIR R4 itself beside types and cardinality, read from ``rules.json``.

``tools/make_fhir_rules.py`` makes the file from HL7's package (CC0)::

    provenance  name, version, licence and digest of the package
    invariants  [path, key, severity, expression]
    bindings    [path, value set, whether its codes are listed]: required ones the definitions leave out
    value_sets  value set -> [[system, codes], ...]
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeAlias

from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.fhir.validating.remarks import Severity

__all__ = ["Binding", "Codes", "Invariant", "Rules", "get_rules"]

Codes: TypeAlias = Mapping[str | None, frozenset[str]]
"""System -> codes."""


@dataclass(frozen=True, slots=True)
class Invariant:
    """A condition in FHIRPath that has to hold for every value of an element."""

    key: str
    severity: Severity
    expression: str


@dataclass(frozen=True, slots=True)
class Binding:
    """A value set that codes are to be from.

    Parameters
    ----------
    url
        Name of the value set.
    codes
        None where they are not listed: the value set is open or lies elsewhere.
    is_required
        Whether anything else is a fault; otherwise it is to be avoided.
    """

    url: str
    codes: Codes | None
    is_required: bool = True


class Rules:
    """The rules by the element they are said of."""

    def __init__(self, table: Mapping[str, list[list[object]]]) -> None:
        self.provenance = {str(key): str(value) for key, value in table["provenance"]}
        self.invariants: dict[str, list[Invariant]] = {}
        for path, key, severity, expression in table["invariants"]:
            rule = Invariant(str(key), "error" if severity == "error" else "warning", str(expression))
            self.invariants.setdefault(str(path), []).append(rule)
        sets = {name: to_codes(rows) for name, rows in table["value_sets"]}
        self.bindings = {
            str(path): Binding(str(name), sets[name] if is_listed else None)
            for path, name, is_listed in table["bindings"]
        }

    def list_invariants(self, type_: str, path: str) -> list[Invariant]:
        """Rules of a value by its type, what that specialises, and the element it is a value of."""
        found = {
            rule.key: rule
            for name in (*_list_ancestors(type_), path)
            for rule in self.invariants.get(name, ())
        }
        return list(found.values())


def to_codes(rows: object) -> Codes:
    """Codes of a value set as a table of ours has them."""
    assert isinstance(rows, list)
    return {system: frozenset(codes) for system, codes in rows}


@cache
def get_rules() -> Rules:
    """The rules, read once."""
    return Rules(json.loads((files(__package__) / "rules.json").read_text("utf-8")))


@cache
def _list_ancestors(type_: str) -> tuple[str, ...]:
    base = get_definitions().get_type(type_).base
    return (*_list_ancestors(base), type_) if base else (type_,)
