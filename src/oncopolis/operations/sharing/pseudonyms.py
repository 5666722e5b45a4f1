"""A case without its patient's name: an mCODE bundle of what was chosen, with other ids and nobody named.

Only elements that are listed here go out. Of texts every word that is part of the patient's name, numbers,
birth date or telephone is taken out; whether somebody else is named in a text is for who shares it to see.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from oncopolis.operations.sharing.views import Scope, Share
from oncopolis.operations.views import Record

TAKEN_OUT: Final = "[…]"
TYPES: Final[dict[str, Scope]] = {
    "Condition": "diagnosis", "Observation": "diagnosis", "Procedure": "procedures",
    "DiagnosticReport": "results", "MedicationRequest": "medicines",
}  # fmt: skip
"""Type of record -> scope that lets it out."""
_ELEMENTS: Final[dict[str, tuple[str, ...]]] = {
    "Condition": (
        "clinicalStatus", "verificationStatus", "category", "code", "bodySite", "onsetDateTime", "stage",
        "evidence", "recordedDate", "subject",
    ),
    "Observation": (
        "status", "category", "code", "focus", "effectiveDateTime", "valueCodeableConcept", "valueQuantity",
        "valueString", "valueInteger", "valueBoolean", "dataAbsentReason", "interpretation", "bodySite",
        "method", "referenceRange", "component", "hasMember", "subject",
    ),
    "Procedure": (
        "status", "category", "code", "performedDateTime", "performedPeriod", "bodySite", "outcome",
        "subject",
    ),
    "DiagnosticReport": (
        "status", "category", "code", "effectiveDateTime", "issued", "result", "conclusion", "conclusionCode",
        "subject",
    ),
    "MedicationRequest": (
        "status", "intent", "medicationCodeableConcept", "authoredOn", "dosageInstruction", "subject",
    ),
}  # fmt: skip
_EXTENSIONS: Final = ("http://hl7.org/fhir/us/mcode/", "http://hl7.org/fhir/StructureDefinition/condition-")
_WRONG: Final = ("entered-in-error", "cancelled", "not-done")
_LEAST: Final = 3  # structure: letters of a word that is looked for; shorter ones are in every text
_SHORT, _SHORT_ENDING, _ENDING = (
    4,
    3,
    7,
)  # structure: letters; a long ending makes another word of a short one
_WORD: Final = re.compile(r"\w+")


def make_bundle(share: Share, patient: Record, records: Iterable[Record], at: str) -> Record:
    """Return the case as a collection of records in which nobody is named.

    Parameters
    ----------
    records
        Of the patient; those that the consent does not cover are left out.
    at
        When it is put together, as an instant.
    """
    chosen = [one for one in records if TYPES.get(one["resourceType"]) in share.scopes and not _is_wrong(one)]
    names = {f"{one['resourceType']}/{one['id']}": f"x{n}" for n, one in enumerate(chosen, start=1)}
    names[f"Patient/{share.patient}"] = share.pseudonym
    words = find_words(patient)
    resources = [_make_patient(share, patient), *(_strip(one, names, words) for one in chosen)]
    return {
        "resourceType": "Bundle",
        "id": share.pseudonym,
        "type": "collection",
        "timestamp": at,
        "entry": [
            {"fullUrl": f"urn:oncopolis:shared:{one['resourceType']}:{one['id']}", "resource": one}
            for one in resources
        ],
    }


def find_words(patient: Mapping[str, Any]) -> frozenset[str]:
    """Return the words by which a patient could be known, in small letters."""
    texts = [text for name in patient.get("name", ()) for text in _list_name(name)]
    numbers = [
        str(one.get("value", "")) for kind in ("identifier", "telecom") for one in patient.get(kind, ())
    ]
    words = {word.casefold() for text in (*texts, *numbers) for word in _WORD.findall(text)}
    whole = {number.casefold() for number in (*numbers, str(patient.get("birthDate", ""))) if number}
    return frozenset(word for word in {*words, *whole} if len(word) >= _LEAST)


def hide(text: str, words: frozenset[str]) -> str:
    """Return a text without words by which somebody could be known, and what is made of them."""
    if not words:
        return text
    listed = "|".join(_write_pattern(word) for word in sorted(words, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{listed})(?!\w)", TAKEN_OUT, text, flags=re.IGNORECASE)


def _write_pattern(word: str) -> str:
    """A word with the endings it may have: names are declined."""
    longest = _ENDING if len(word) > _SHORT else _SHORT_ENDING
    return rf"{re.escape(word)}\w{{0,{longest}}}"


def _list_name(name: Mapping[str, Any]) -> Iterator[str]:
    yield from (name.get("family", ""), name.get("text", ""), *name.get("given", ()))


def _make_patient(share: Share, patient: Mapping[str, Any]) -> Record:
    born = str(patient.get("birthDate", ""))[: len("2000")]
    known = {"gender": patient.get("gender", ""), "birthDate": born}
    return {"resourceType": "Patient", "id": share.pseudonym} | {
        key: one for key, one in known.items() if one
    }


def _strip(record: Record, names: Mapping[str, str], words: frozenset[str]) -> Record:
    type_ = record["resourceType"]
    profiles = record.get("meta", {}).get("profile")
    stripped: Record = {"resourceType": type_, "id": names[f"{type_}/{record['id']}"]}
    if profiles:
        stripped["meta"] = {"profile": profiles}
    extensions = [one for one in record.get("extension", ()) if str(one.get("url")).startswith(_EXTENSIONS)]
    if extensions:
        stripped["extension"] = _clean(extensions, names, words)
    for name in _ELEMENTS[type_]:
        if name in record and (value := _clean(record[name], names, words)) not in ({}, [], None):
            stripped[name] = value
    return stripped


def _clean(value: Any, names: Mapping[str, str], words: frozenset[str]) -> Any:
    """Return a value with other names of records, and without those that stay here."""
    if isinstance(value, str):
        return hide(value, words)
    if isinstance(value, list):
        cleaned = (_clean(one, names, words) for one in value)
        return [one for one in cleaned if one not in ({}, [], None)]
    if not isinstance(value, dict):
        return value
    if "reference" in value:
        target = names.get(str(value["reference"]))
        type_ = str(value["reference"]).partition("/")[0]
        kept = {"display": hide(str(value["display"]), words)} if "display" in value else {}
        return {"reference": f"{type_}/{target}"} | kept if target else None
    if "identifier" in value and "system" not in value:
        return None
    cleaned_members = {name: _clean(one, names, words) for name, one in value.items()}
    return {name: one for name, one in cleaned_members.items() if one not in ({}, [], None)}


def _is_wrong(record: Mapping[str, Any]) -> bool:
    codes: Sequence[Any] = record.get("verificationStatus", {}).get("coding", ())
    return record.get("status") in _WRONG or any(one.get("code") in _WRONG for one in codes)
