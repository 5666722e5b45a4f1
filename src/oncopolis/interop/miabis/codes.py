"""Codes of MIABIS, and which of ours they are."""

from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

OTHER: Final = "Other"
_OUR_OTHER: Final = "ZZZ"
ICD10: Final = "http://hl7.org/fhir/sid/icd-10"
TOPOGRAPHY: Final = "http://terminology.hl7.org/CodeSystem/icd-o-3"
MEMBER: Final = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Group.member.entity"


@cache
def get_codes() -> dict[str, Any]:
    """The tables."""
    found: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("codes.yaml").read_text("utf-8"))
    return found


def name_profile(name: str) -> str:
    """The address of a profile or extension, such as ``miabis-sample``."""
    return f"{get_codes()['base']}/StructureDefinition/{name}"


def make_concept(system: str, code: str) -> dict[str, Any]:
    """A code of one of their code systems, or of one with an address of its own."""
    address = system if "://" in system else f"{get_codes()['base']}/CodeSystem/{system}"
    return {"coding": [{"system": address, "code": code}]}


def make_extension(name: str, kind: str, value: Any) -> dict[str, Any]:
    """One of their extensions."""
    return {"url": name_profile(name), f"value{kind}": value}


def find_type(kind: str) -> str:
    """The detailed sample type of a type of ours."""
    return str(get_codes()["types"].get(kind, OTHER))


def find_kind(detailed: str) -> str:
    """The type of ours of a detailed sample type, the first of several; ``ZZZ`` if there is none."""
    return next((ours for ours, theirs in get_codes()["types"].items() if theirs == detailed), _OUR_OTHER)


def find_collection_type(kind: str) -> str:
    """The sample type of a collection."""
    return str(get_codes()["collection_types"].get(find_type(kind), "OtherBodyFluid"))


def find_temperature(celsius: float | None) -> str | None:
    """The code of what storage is kept at; None if that is not known."""
    if celsius is None:
        return None
    rows = get_codes()["temperatures"]
    return next((str(row["code"]) for row in rows if row["from_c"] <= celsius <= row["to_c"]), OTHER)
