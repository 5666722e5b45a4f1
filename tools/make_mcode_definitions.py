"""Make the table of mCODE STU4 profiles and extensions for `$validate` from npm's ``hl7.fhir.us.mcode``.

Usage: ``python tools/make_mcode_definitions.py MCODE.tgz R4.tgz`` with the packages that
``tools/fetch_fhir_examples.py`` fetched. Writes
``src/oncopolis/record/fhir/validating/mcode.json.gz``; the same packages give the same bytes. The layout is
told in `oncopolis.record.fhir.validating.profiles`, which reads it.

Kept is what a profile adds to the base definitions, those of its parents (US Core, genomics reporting)
included as far as the snapshots hold them.
"""

import gzip
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from make_fhir_definitions import read_package, read_provenance
from oncopolis.record.fhir.definitions import get_definitions

TARGET = Path(__file__).resolve().parent.parent / "src/oncopolis/record/fhir/validating/mcode.json.gz"

_STRUCTURE = "http://hl7.org/fhir/StructureDefinition/"
_MAX_VALUE_SET = f"{_STRUCTURE}elementdefinition-maxValueSet"
_US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"

Json = dict[str, Any]


def main(arguments: Sequence[str]) -> int:
    """Read the packages, write the table, say how large it is."""
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    package, base = map(Path, arguments)
    table = make_table(read_package(package), read_package(base), provenance=read_provenance(package))
    text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    content = gzip.compress(text.encode(), compresslevel=9, mtime=0)
    TARGET.write_bytes(content)
    print(f"{TARGET}: {len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}")
    return 0


def make_table(resources: Sequence[Json], base: Sequence[Json], *, provenance: Json) -> Json:
    """The whole table."""
    value_sets = _ValueSets([*base, *resources])
    structures = [r for r in resources if r["resourceType"] == "StructureDefinition"]
    types = {
        r["url"]: str(r["type"]) for r in (*base, *structures) if r["resourceType"] == "StructureDefinition"
    }
    profiles = {r["url"]: _Profile(r, value_sets, types).to_row() for r in structures}
    return {"provenance": provenance, "profiles": profiles, "value_sets": value_sets.used}


class _Profile:
    """One profile or extension, as a tree of what it adds."""

    def __init__(self, structure: Json, value_sets: "_ValueSets", types: Mapping[str, str]) -> None:
        self.structure, self.value_sets, self.types = structure, value_sets, types
        self.children: dict[str, list[Json]] = {}
        for element in structure["snapshot"]["element"][1:]:
            parent = element["id"].rpartition(".")[0]
            self.children.setdefault(parent, []).append(element)

    def to_row(self) -> list[Any]:
        """``[type, base profile, title, node]``."""
        s = self.structure
        root = s["snapshot"]["element"][0]
        return [s["type"], s["baseDefinition"], s.get("title", s["name"]), self._to_node(root)]

    def _to_node(self, element: Json) -> list[Any]:
        """``[name, said, children]``; nothing said and no children: not kept."""
        name = element["path"].rpartition(".")[2]
        said = self._find_said(element)
        is_told_there = any(profile in self.types for profile in said.get("profiles", ()))
        children = () if is_told_there else self.children.get(element["id"], ())
        nodes = [self._to_node(child) for child in children]
        return [name, said, [node for node in nodes if _says_something(node, nodes)]]

    def _find_said(self, element: Json) -> Json:
        said: Json = {}
        base = element["base"]
        if "sliceName" in element:
            said["slice"] = element["sliceName"]
        if element["min"] > (0 if "slice" in said else base["min"]):
            said["min"] = element["min"]
        if element["max"] != ("*" if "slice" in said else base["max"]):
            said["max"] = int(element["max"])
        for key, value in element.items():
            if key.startswith(("fixed", "pattern")):
                said["fixed" if key.startswith("fixed") else "pattern"] = value
        if element.get("mustSupport"):
            said["must"] = 1
        if "slicing" in element:
            said["slicing"] = _make_slicing(element["slicing"])
        said |= self._find_types(element) | self._find_binding(element)
        rules = [] if "profiles" in said else list(_list_invariants(element))
        return said | ({"invariants": rules} if rules else {})

    def _find_types(self, element: Json) -> Json:
        """Types where they are fewer than the base has, profiles of the value, types a reference may mean."""
        stated = element.get("type", [])
        base_types, base_targets = _get_base(element["base"]["path"])
        said: Json = {}
        types = [t["code"] for t in stated if not t["code"].startswith("http")]
        if types and types != list(base_types) and types not in (["BackboneElement"], ["Element"]):
            said["types"] = types
        profiles = sorted({p.partition("|")[0] for t in stated for p in t.get("profile", ())})
        if profiles and ("Extension" in types or not all(p.startswith(_STRUCTURE) for p in profiles)):
            said["profiles"] = profiles
        targets = {p for t in stated if t["code"] == "Reference" for p in t.get("targetProfile", ())}
        kinds = {self.types.get(target, _guess_type(target)) for target in targets}
        if kinds and None not in kinds and "Resource" not in kinds and kinds != set(base_targets):
            said["targets"] = sorted(str(kind) for kind in kinds)
        return said

    def _find_binding(self, element: Json) -> Json:
        binding = element.get("binding", {})
        maximum = next(
            (e["valueCanonical"] for e in binding.get("extension", ()) if e["url"] == _MAX_VALUE_SET), None
        )
        strength = "required" if maximum else binding.get("strength")
        url = (maximum or binding.get("valueSet", "")).partition("|")[0]
        if strength not in ("required", "extensible") or not url:
            return {}
        is_of_base = url.startswith("http://hl7.org/fhir/ValueSet/")
        if is_of_base and (strength == "extensible" or [t["code"] for t in element["type"]] == ["code"]):
            return {}
        is_told = self.value_sets.is_listed(url) or (strength == "required" and not is_of_base)
        return {"binding": [strength, url]} if is_told else {}


def _says_something(node: list[Any], siblings: Sequence[list[Any]]) -> bool:
    """Whether a node adds anything; that an element could be sliced is nothing where it has no slices."""
    name, said, children = node
    is_sliced = any(other[0] == name and "slice" in other[1] for other in siblings)
    return bool(children) or bool(said.keys() - {"slicing"}) or ("slicing" in said and is_sliced)


def _list_invariants(element: Json) -> Iterator[list[str]]:
    """``[key, severity, expression]`` of those that are not of the base definitions."""
    for rule in element.get("constraint", ()):
        if not rule.get("source", _STRUCTURE).startswith(_STRUCTURE) and rule.get("expression"):
            yield [rule["key"], rule["severity"], " ".join(rule["expression"].split())]


def _make_slicing(slicing: Json) -> list[Any]:
    """``[rules, [[type, path], ...]]``."""
    return [slicing["rules"], [[d["type"], d["path"]] for d in slicing.get("discriminator", ())]]


def _get_base(path: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Types and targets of an element in the base definitions."""
    parent, _, name = path.rpartition(".")
    if not parent:
        return (), ()
    element = get_definitions().get_type(parent).elements.get(name.removesuffix("[x]"))
    return ((), ()) if element is None else (element.types, element.targets)


def _guess_type(profile: str) -> str | None:
    """Type of resource of a profile that is not in the package; None where its name does not tell."""
    types = get_definitions().resource_types
    if profile.startswith(_US_CORE):
        name = profile.removeprefix(_US_CORE).replace("-", "").lower()
        return max((t for t in types if name.startswith(t.lower())), key=len, default=None)
    return None


class _ValueSets:
    """Value sets that can be written out, kept once they are asked for."""

    def __init__(self, resources: Sequence[Json]) -> None:
        self._value_sets = {r["url"]: r for r in resources if r["resourceType"] == "ValueSet" and "url" in r}
        self._systems = {r["url"]: r for r in resources if r["resourceType"] == "CodeSystem" and "url" in r}
        self.used: Json = {}

    def is_listed(self, url: str) -> bool:
        """Whether all codes of a value set are known; if so it is kept."""
        if url not in self.used:
            rows = self._list_codes(url)
            if rows is None:
                return False
            merged: dict[str, set[str]] = {}
            for system, codes in rows:
                merged.setdefault(system, set()).update(codes)
            self.used[url] = [[system, sorted(merged[system])] for system in sorted(merged)]
        return True

    def _list_codes(self, url: str) -> list[tuple[str, list[str]]] | None:
        """Systems with their codes; None where the value set is open or not in the packages."""
        compose = self._value_sets.get(url, {}).get("compose")
        if compose is None or "exclude" in compose:
            return None
        rows: list[tuple[str, list[str]]] = []
        for include in compose["include"]:
            part = self._list_part(include)
            if part is None:
                return None
            rows += part
        return rows

    def _list_part(self, include: Mapping[str, Any]) -> list[tuple[str, list[str]]] | None:
        if "valueSet" in include and "system" not in include and len(include["valueSet"]) == 1:
            return self._list_codes(include["valueSet"][0].partition("|")[0])
        if "filter" in include or "valueSet" in include:
            return None
        if "concept" in include:
            return [(include["system"], [c["code"] for c in include["concept"]])]
        system = self._systems.get(include["system"])
        if system is None or system.get("content") != "complete":
            return None
        return [(include["system"], list(_walk(system.get("concept", []))))]


def _walk(concepts: Sequence[Json]) -> Iterator[str]:
    for concept in concepts:
        yield str(concept["code"])
        yield from _walk(concept.get("concept", []))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
