"""Make the table of FHIR R4's own rules for `$validate` from the npm package ``hl7.fhir.r4.examples``.

Usage: ``python tools/make_fhir_rules.py PACKAGE.tgz`` where the package was fetched by
``tools/fetch_fhir_examples.py``. Writes ``src/oncopolis/record/fhir/validating/rules.json``; the same package
gives the same bytes. The layout is told in `oncopolis.record.fhir.validating.rules`, which reads it.
"""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from make_fhir_definitions import ValueSets, is_base_structure, read_package, read_provenance

TARGET = Path(__file__).resolve().parent.parent / "src/oncopolis/record/fhir/validating/rules.json"

_EVERYWHERE = ("ele-1", "ext-1", "dom-2", "txt-1", "txt-2")
"""Rules that the check of the base definitions holds anyway."""
_ONCE = ("dom-3", "dom-4", "dom-5", "dom-6")
"""Rules of every resource; said once, at DomainResource."""
_SIMPLE_QUANTITY = "http://hl7.org/fhir/StructureDefinition/SimpleQuantity"
_TRACE = re.compile(r"\.trace\('[a-z]*'\)")

Json = dict[str, Any]


def main(arguments: Sequence[str]) -> int:
    """Read the package, write the rules, say how many they are."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    package = Path(arguments[0])
    rules = make_rules(read_package(package), provenance=read_provenance(package))
    TARGET.write_text(to_lines(rules), "utf-8")
    print(f"{TARGET}: {len(rules['invariants'])} invariants, {len(rules['bindings'])} bindings")
    return 0


def make_rules(resources: Sequence[Json], *, provenance: Json) -> Json:
    """The whole table."""
    value_sets = ValueSets(resources)
    elements = [
        element
        for structure in sorted(filter(is_base_structure, resources), key=lambda s: str(s["type"]))
        for element in structure.get("snapshot", {}).get("element", ())
        if element["base"]["path"] == element["path"]
    ]
    return {
        "provenance": provenance,
        "invariants": [row for element in elements for row in list_invariants(element)],
        "bindings": [row for element in elements for row in _list_bindings(element, value_sets)],
        "value_sets": {name: [row] for name, row in value_sets.used.items()},
    }


def list_invariants(element: Json) -> Iterator[list[str]]:
    """``[path, key, severity, expression]`` of every invariant of an element."""
    for rule in element.get("constraint", ()):
        key = rule["key"]
        is_said = key in _EVERYWHERE or (key in _ONCE and element["path"] != "DomainResource")
        if rule.get("expression") and not is_said:
            expression = " ".join(_TRACE.sub("", rule["expression"]).split())
            yield [element["path"], key, rule["severity"], expression]
    if any(_SIMPLE_QUANTITY in stated.get("profile", ()) for stated in element.get("type", ())):
        yield [element["path"], "sqty-1", "error", "comparator.empty()"]


def _list_bindings(element: Json, value_sets: ValueSets) -> Iterator[list[Any]]:
    """``[path, value set, whether its codes are listed]`` of bindings the definitions leave out."""
    binding = element.get("binding", {})
    if binding.get("strength") != "required":
        return
    types = [stated["code"] for stated in element["type"]]
    name = value_sets.find_codes(element)
    if types != ["code"] or name is None:
        url = binding["valueSet"].partition("|")[0]
        yield [element["path"], name or url, name is not None]
    if types == ["code"] and name is not None:
        value_sets.used.pop(name, None)


def to_lines(table: Json) -> str:
    """JSON with one row a line, so that a change of it can be read."""
    parts = []
    for name, value in table.items():
        rows = value if isinstance(value, list) else [[key, item] for key, item in value.items()]
        lines = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in rows)
        parts.append(f'"{name}": [\n{lines}\n]')
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
