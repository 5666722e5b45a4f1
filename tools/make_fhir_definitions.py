"""Make the compact FHIR R4 definitions of the record from the npm package ``hl7.fhir.r4.examples``.

Usage: ``python tools/make_fhir_definitions.py PACKAGE.tgz`` where the package was fetched by
``tools/fetch_fhir_examples.py``. Writes ``src/oncopolis/record/fhir/definitions.json.gz``; the same package
gives the same bytes. The layout is told in `oncopolis.record.fhir.definitions`, which reads it.
"""

import gzip
import hashlib
import json
import sys
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parent.parent / "src/oncopolis/record/fhir/definitions.json.gz"
MAX_CODES = 400
"""Largest required value set that is kept as a list of codes."""

_DEFINITION = "http://hl7.org/fhir/StructureDefinition/"
_FHIR_TYPE = f"{_DEFINITION}structuredefinition-fhir-type"
_SYSTEM_TYPE = "http://hl7.org/fhirpath/System."
_KINDS = ("CodeSystem-", "CompartmentDefinition-", "SearchParameter-", "StructureDefinition-", "ValueSet-")
_ABSTRACT = ("Resource", "DomainResource")

Json = dict[str, Any]


def main(arguments: Sequence[str]) -> int:
    """Read the package, write the definitions, say how large they are."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    package = Path(arguments[0])
    content = to_bytes(make_definitions(read_package(package), provenance=read_provenance(package)))
    TARGET.write_bytes(content)
    print(f"{TARGET}: {len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}")
    return 0


def to_bytes(definitions: Json) -> bytes:
    """Compressed JSON that does not depend on the time of writing."""
    text = json.dumps(definitions, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)


def read_package(path: Path) -> list[Json]:
    """Every definition of the package, in the order of file names."""
    found = {}
    with tarfile.open(path) as archive:
        for member in archive:
            name = member.name.removeprefix("package/")
            file = archive.extractfile(member) if name.startswith(_KINDS) else None
            if file is not None:
                found[name] = json.load(file)
    return [found[name] for name in sorted(found)]


def read_provenance(path: Path) -> Json:
    """Name, version and licence as the package states them, and the digest of the archive."""
    with tarfile.open(path) as archive:
        file = archive.extractfile("package/package.json")
        if file is None:
            raise FileNotFoundError("package/package.json")
        stated = json.load(file)
    kept = {key: stated[key] for key in ("name", "version", "license", "author", "url")}
    return {**kept, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}


def make_definitions(resources: Sequence[Json], *, provenance: Json) -> Json:
    """The whole table."""
    structures = [r for r in resources if is_base_structure(r)]
    value_sets = ValueSets(resources)
    types: Json = {}
    for structure in sorted(structures, key=lambda s: str(s["type"])):
        types.update(make_types(structure, value_sets))
    concrete = [name for name, row in types.items() if row[0] == "resource" and name not in _ABSTRACT]
    definitions, parameters = make_search_parameters(resources, concrete)
    return {
        "provenance": provenance,
        "types": types,
        "codes": value_sets.used,
        "search": definitions,
        "parameters": parameters,
        "patient": make_patient_compartment(resources),
    }


def make_types(structure: Json, value_sets: "ValueSets") -> Json:
    """The type of a structure and those of its nested elements, as ``name: [kind, base, elements]``."""
    name = structure["type"]
    kind = structure["kind"].removesuffix("-type")
    base = structure.get("baseDefinition", "").removeprefix(_DEFINITION)
    types: Json = {name: [kind, base, []]}
    if kind == "primitive":
        return types
    elements = structure["snapshot"]["element"]
    parents = {e["path"].rpartition(".")[0] for e in elements}
    for element in elements[1:]:
        path = element["path"]
        parent, _, own_name = path.rpartition(".")
        if path in parents:
            types[path] = ["nested", element["type"][0]["code"], []]
        if element["base"]["path"] == path and element["max"] != "0":
            types[parent][2].append(_make_element(element, own_name, path in parents, value_sets))
    return types


def _make_element(element: Json, name: str, nested: bool, value_sets: "ValueSets") -> list[Any]:
    """``[name, types, min, max, flags, code list, targets]``, cut after the last that says something."""
    types = [element["path"]] if nested else [_to_type(element["path"], t) for t in element.get("type", [])]
    if "contentReference" in element:
        types = [element["contentReference"].removeprefix("#")]
    is_plain = any(t["code"].startswith(_SYSTEM_TYPE) for t in element.get("type", []))
    flags = ("s" if element.get("isSummary") else "") + ("p" if is_plain else "")
    targets = sorted(
        {p.removeprefix(_DEFINITION) for t in element.get("type", []) for p in t.get("targetProfile", [])}
    )
    maximum = None if element["max"] == "*" else int(element["max"])
    codes = value_sets.find_codes(element) if types == ["code"] else None
    row = [name, types, element["min"], maximum, flags, codes, [] if targets == ["Resource"] else targets]
    while row[-1] in ("", None, []):
        row.pop()
    return row


def _to_type(path: str, stated: Json) -> str:
    code = str(stated["code"])
    if not code.startswith(_SYSTEM_TYPE):
        return code
    if path == "Resource.id":  # the definition says string, the text and every profile say id
        return "id"
    return str(next(e["valueUrl"] for e in stated["extension"] if e["url"] == _FHIR_TYPE))


def make_search_parameters(resources: Sequence[Json], concrete: Sequence[str]) -> tuple[list[Any], Json]:
    """Definitions, and for each type its parameters as ``[number, index of the definition]``."""
    used = [r for r in resources if _is_search_parameter(r)]
    by_url = {r["url"]: r["code"] for r in used}
    places: dict[tuple[str, str], int] = {}
    for index, resource in enumerate(used):
        bases = set(resource["base"])
        for name in concrete if bases & set(_ABSTRACT) else sorted(bases):
            if (name, resource["code"]) in places:
                raise ValueError(f"two search parameters {resource['code']} of {name}")
            places[name, resource["code"]] = index
    parameters: dict[str, list[list[int]]] = {}
    for number, ((name, _), index) in enumerate(sorted(places.items()), start=1):
        parameters.setdefault(name, []).append([number, index])
    return [_make_search_parameter(r, by_url, len(concrete)) for r in used], parameters


def _make_search_parameter(resource: Json, by_url: Mapping[str, str], n_types: int) -> list[Any]:
    """``[code, type, expression, targets, components]``; no targets means any."""
    targets = sorted(resource.get("target", []))
    components = [[by_url[c["definition"]], c["expression"]] for c in resource.get("component", [])]
    expression = " ".join(resource["expression"].split())
    return [
        resource["code"],
        resource["type"],
        expression,
        [] if len(targets) >= n_types else targets,
        components,
    ]


def make_patient_compartment(resources: Sequence[Json]) -> dict[str, list[str]]:
    """For each type the parameters by which its resources belong to a patient."""
    (compartment,) = (
        r for r in resources if r["resourceType"] == "CompartmentDefinition" and r["id"] == "patient"
    )
    return {row["code"]: row["param"] for row in compartment["resource"] if row.get("param")}


class ValueSets:
    """Required value sets that can be written out as a list, kept once they are used."""

    def __init__(self, resources: Sequence[Json]) -> None:
        self._value_sets = {r["url"]: r for r in resources if r["resourceType"] == "ValueSet" and "url" in r}
        self._systems = {r["url"]: r for r in resources if r["resourceType"] == "CodeSystem" and "url" in r}
        self.used: dict[str, list[Any]] = {}

    def find_codes(self, element: Json) -> str | None:
        """Name of the list of codes an element must be of, if there is one that is closed and short."""
        binding = element.get("binding", {})
        if binding.get("strength") != "required":
            return None
        url = binding["valueSet"].partition("|")[0]
        name = str(url.rpartition("/")[2])
        if name not in self.used:
            includes = self._value_sets[url]["compose"]["include"] if url in self._value_sets else []
            codes = [code for include in includes for code in self._list_codes(include) or [""]]
            if not codes or "" in codes or len(codes) > MAX_CODES:
                return None
            systems = sorted({include["system"] for include in includes})
            self.used[name] = [systems[0] if len(systems) == 1 else None, codes]
        return name

    def _list_codes(self, include: Json) -> list[str]:
        """Codes of one part of a value set; none where it is not a plain enumeration."""
        if "filter" in include or "valueSet" in include:
            return []
        if "concept" in include:
            return [str(c["code"]) for c in include["concept"]]
        system = self._systems.get(include["system"])
        if system is None or system["content"] != "complete":
            return []
        return list(_walk_codes(system.get("concept", [])))


def _walk_codes(concepts: Sequence[Json]) -> Iterator[str]:
    for concept in concepts:
        yield str(concept["code"])
        yield from _walk_codes(concept.get("concept", []))


def is_base_structure(resource: Json) -> bool:
    """A type of FHIR itself, neither a profile nor a logical model."""
    return (
        resource["resourceType"] == "StructureDefinition"
        and resource.get("derivation") != "constraint"
        and resource["kind"] != "logical"
    )


def _is_search_parameter(resource: Json) -> bool:
    """Those that say where to look; the examples among them define nothing."""
    return (
        resource["resourceType"] == "SearchParameter"
        and bool(resource.get("expression"))
        and bool(resource.get("base"))
        and not resource["id"].startswith("example")
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
