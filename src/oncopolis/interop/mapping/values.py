"""OBX-5 / the value of an observation, by the type that OBX-2 says."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from oncopolis.interop.hl7.message import Components, Segment
from oncopolis.interop.hl7.moments import from_fhir, to_fhir
from oncopolis.interop.hl7.refusing import Refusal, show
from oncopolis.interop.mapping.concepts import Concept
from oncopolis.interop.mapping.kinds import drop_empty, pick, read_number
from oncopolis.interop.mapping.results import LINES, Result
from oncopolis.interop.mapping.rows import Change, Repetition
from oncopolis.interop.naming import Naming

__all__ = ["UCUM", "VALUES", "list_values", "make_value_changes", "write_documents", "write_value"]

UCUM: Final = "http://unitsofmeasure.org"
VALUES: Final = {
    "NM": "valueQuantity",
    "SN": "valueQuantity",
    "ST": "valueString",
    "TX": "valueString",
    "FT": "valueString",
    "CE": "valueCodeableConcept",
    "CWE": "valueCodeableConcept",
    "CNE": "valueCodeableConcept",
    "DT": "valueDateTime",
    "TS": "valueDateTime",
    "DTM": "valueDateTime",
    "ED": "presentedForm",
}
"""Type of OBX-5 -> element; ED is a document of the report. SN may also become a range or ratio."""
_ELEMENTS: Final = (
    "valueQuantity",
    "valueString",
    "valueCodeableConcept",
    "valueDateTime",
    "valueRange",
    "valueRatio",
)
_COMPARED: Final = re.compile(r"\s*(<=|>=|<|>)\s*([+-]?[0-9.]+)\s*")


def list_values(result: Result, naming: Naming) -> list[tuple[str, Any]]:
    """Return element and value of each repetition of an OBX; none if it is empty."""
    segment = result.segment
    kind, where = segment.get(2).upper(), segment.name_field(5)
    repetitions = segment.list_repetitions(5)
    if not segment.get_raw(5):
        return []
    if kind not in VALUES:
        raise Refusal(
            code="INT-019", where=segment.name_field(2), got=show(kind),
            expected=f"one of {', '.join(VALUES)}",
            condition="103",
        )  # fmt: skip
    if kind in LINES:
        text = "\n".join(result.texts)
        return [("valueString", text)] if text else []
    found = (_read_value(kind, one, segment, f"{where}[{n}]", naming) for n, one in enumerate(repetitions, 1))
    return [one for one in found if one is not None]


def _read_value(
    kind: str, repetition: Repetition, segment: Segment, where: str, naming: Naming
) -> tuple[str, Any] | None:
    text = pick(repetition, 1)
    if kind == "ED":
        return "presentedForm", read_document([pick(repetition, n) for n in range(1, 6)], where)
    if kind == "SN":
        return _read_structured(repetition, _read_unit(segment), where)
    if VALUES[kind] == "valueCodeableConcept":
        concept = Concept().read(repetition, where, naming)
        return ("valueCodeableConcept", concept) if concept else None
    if VALUES[kind] == "valueDateTime":
        return ("valueDateTime", to_fhir(text, naming.zone, where)) if text else None
    return _read_measured(text, _read_unit(segment), where) if text else None


def _read_measured(text: str, unit: Mapping[str, str], where: str) -> tuple[str, Any]:
    """A number; with a sign of comparison, which senders put into NM; or what else stands there, as text."""
    compared = _COMPARED.fullmatch(text)
    if compared:
        return "valueQuantity", {"value": read_number(compared[2], where), "comparator": compared[1], **unit}
    try:
        return "valueQuantity", {"value": read_number(text, where), **unit}
    except Refusal:
        return "valueString", text


def _read_structured(repetition: Repetition, unit: Mapping[str, str], where: str) -> tuple[str, Any] | None:
    """SN: comparator, number, separator, number."""
    sign, first, between, second = (pick(repetition, n) for n in range(1, 5))
    if not first:
        return None
    one: dict[str, Any] = {"value": read_number(first, where), **unit}
    if second and between == "-":
        return "valueRange", {"low": one, "high": {"value": read_number(second, where), **unit}}
    if second and between in (":", "/"):
        return "valueRatio", {"numerator": one, "denominator": {"value": read_number(second, where)}}
    if second or sign not in ("", "=", "<", "<=", ">", ">=") or between not in ("", "+"):
        raise Refusal(code="INT-020", where=where, got=show(f"{sign}^{first}^{between}^{second}"),
                      expected="a number, a range (-) or a ratio (: or /)")  # fmt: skip
    return "valueQuantity", one | ({"comparator": sign} if sign not in ("", "=") else {})


def _read_unit(segment: Segment) -> dict[str, str]:
    repetitions = segment.list_repetitions(6)
    if not repetitions:
        return {}
    code, text, system = (pick(repetitions[0], n) for n in range(1, 4))
    if system == "UCUM" and code:
        return drop_empty({"unit": text or code, "system": UCUM, "code": code})
    return drop_empty({"unit": text or code})


def make_value_changes(element: str, value: Any) -> list[Change]:
    """Return the changes that give an observation a value, and take away one of another type."""
    return [Change(one, value if one == element else None) for one in _ELEMENTS]


def read_document(segment_text: list[str], where: str) -> dict[str, Any]:
    """Return the Attachment of an ED value: source, type, subtype, encoding, data."""
    _, kind, subtype, encoding, data = (*segment_text, "", "", "", "", "")[:5]
    if encoding.upper() != "BASE64":
        raise Refusal(
            code="INT-016", where=f"{where}.4", got=show(encoding), expected="Base64", condition="103"
        )
    try:
        raw = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Refusal(
            code="INT-016", where=f"{where}.5", got="text that is not Base64", expected="Base64"
        ) from None
    media = _MEDIA.get(subtype.upper()) or (
        f"{kind}/{subtype}".lower() if kind and subtype else "application/octet-stream"
    )
    return {"contentType": media, "data": base64.b64encode(raw).decode()}


_MEDIA: Final = {
    "PDF": "application/pdf",
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "RTF": "text/rtf",
    "HTML": "text/html",
}


def write_value(
    observation: Mapping[str, Any], naming: Naming, *, is_new: bool
) -> tuple[str, Components, Components]:
    """Return OBX-2, OBX-5 and OBX-6 of an observation; '' for one without a value.

    Parameters
    ----------
    is_new
        Whether the version has CWE; an older one has CE.
    """
    if "valueQuantity" in observation:
        quantity = observation["valueQuantity"]
        unit, number = _write_unit(quantity), str(quantity.get("value", ""))
        comparator = quantity.get("comparator")
        return ("SN", [comparator, number], unit) if comparator else ("NM", [number], unit)
    if "valueString" in observation:
        text = observation["valueString"]
        return "FT" if "\n" in text else "ST", [text], []
    if "valueCodeableConcept" in observation:
        kind = "CWE" if is_new else "CE"
        return kind, Concept().write(observation["valueCodeableConcept"], naming), []
    if "valueDateTime" in observation:
        return "TS", [from_fhir(observation["valueDateTime"])], []
    for element, mark, names in (
        ("valueRange", "-", ("low", "high")),
        ("valueRatio", ":", ("numerator", "denominator")),
    ):
        if element in observation:
            first, second = (observation[element].get(name, {}) for name in names)
            return (
                "SN",
                ["", str(first.get("value", "")), mark, str(second.get("value", ""))],
                _write_unit(first),
            )
    return "", [], []


def _write_unit(quantity: Mapping[str, Any]) -> Components:
    is_ucum = quantity.get("system") == UCUM
    code = quantity.get("code", "") if is_ucum else ""
    unit = quantity.get("unit", "")
    return [code or unit, unit, "UCUM" if is_ucum else ""] if code or unit else []


def write_documents(report: Mapping[str, Any]) -> Iterator[Components]:
    """Yield OBX-5 of each document of a report that has its data with it."""
    for one in report.get("presentedForm", ()):
        if "data" in one:
            kind, _, subtype = str(one.get("contentType", "application/octet-stream")).partition("/")
            yield [
                "",
                kind.upper() if kind != "application" else "AP",
                subtype.upper(),
                "Base64",
                one["data"],
            ]
