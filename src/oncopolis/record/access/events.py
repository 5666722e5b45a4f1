"""Audit entries as FHIR AuditEvents, after the patterns of IHE BALP 1.1.

The query of a search holds the names of its parameters only; BALP has the whole request there, which would
name patients in the audit after they were erased.
"""

import base64
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from oncopolis.record.access.trail import Entry

Shows: TypeAlias = Callable[[str, str], bool]
"""Tells whether the record of a type and id may be named to the reader."""

_MS: Final = 1000  # structure: milliseconds in a second
_DCM: Final = "http://dicom.nema.org/resources/ontology/DCM"
_TERMS: Final = "http://terminology.hl7.org/CodeSystem/"
_PROFILE: Final = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit."
_REQUEST: Final = "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType"
_PATTERNS: Final[Mapping[str, str]] = {
    "read": "Read",
    "vread": "Read",
    "search": "Query",
    "create": "Create",
    "update": "Update",
    "patch": "Update",
    "delete": "Delete",
}
_REST: Final = frozenset({*_PATTERNS, "history", "transaction", "batch"})
_INTERACTIONS: Final = {"C": "create", "R": "read", "U": "update", "D": "delete"}
_WHO: Final = frozenset(
    {"Practitioner", "PractitionerRole", "Organization", "Device", "Patient", "RelatedPerson"}
)
REST_TYPE: Final = (f"{_TERMS}audit-event-type", "rest")
SUBTYPES: Final = "http://hl7.org/fhir/restful-interaction"


def to_audit_event(entry: Entry, base: str, shows: Shows = lambda _type, _id: True) -> dict[str, Any]:
    """Return an entry as an AuditEvent.

    Parameters
    ----------
    base
        Our address.
    shows
        What the reader may know of; every record if left out.
    """
    content, what = entry.content, str(entry.content["what"])
    is_refused = content.get("outcome") == "4"
    moment = datetime.fromtimestamp(entry.place.at_ms // _MS, UTC)
    instant = f"{moment:%Y-%m-%dT%H:%M:%S}.{entry.place.at_ms % _MS:03}Z"
    event: dict[str, Any] = {
        "resourceType": "AuditEvent",
        "id": entry.id,
        "meta": {"versionId": "1", "lastUpdated": instant, **_tell_profile(content, is_refused)},
        **_tell_kind(what, content["action"]),
        "action": "E" if what == "search" else content["action"],
        "recorded": instant,
        "outcome": content.get("outcome", "0"),
        "agent": list(_list_agents(content, base)),
        "source": {
            "site": base,
            "observer": {"display": "Oncopolis"},
            "type": [_code("security-source-type", "4")],
        },
        "entity": list(_list_entities(content, shows)),
    }
    if is_refused:
        event["outcomeDesc"] = content.get("reason", "refused")
    if content["purpose"]:
        event["purposeOfEvent"] = [{"coding": [_code("v3-ActReason", content["purpose"])]}]
    return {name: value for name, value in event.items() if value != []}


def _code(system: str, code: str) -> dict[str, str]:
    return {"system": system if ":" in system else f"{_TERMS}{system}", "code": code}


def _tell_profile(content: Mapping[str, Any], is_refused: bool) -> dict[str, Any]:
    """The pattern it follows; those of patients have one patient, and none is for what was refused."""
    pattern = _PATTERNS.get(content["what"])
    if pattern is None or is_refused:
        return {}
    is_of_patient = len(content.get("patients", ())) == 1
    return {"profile": [f"{_PROFILE}{'Patient' if is_of_patient else ''}{pattern}"]}


def _tell_kind(what: str, action: str) -> dict[str, Any]:
    """Type and subtype: an interaction of FHIR, or what somebody did with the house."""
    if what in _REST:
        return {"type": _code(*REST_TYPE), "subtype": [_code(SUBTYPES, what)]}
    if what == "refusal":
        return {"type": _code(*REST_TYPE), "subtype": [_code(SUBTYPES, _INTERACTIONS[action])]}
    code = "110114" if "sign" in what else "110113" if what == "break-glass" else "110100"
    return {"type": _code(_DCM, code), "subtype": [{"display": what}]}


def _list_agents(content: Mapping[str, Any], base: str) -> Iterator[dict[str, Any]]:
    """Who acted, the machine they acted from, and the server; data flows from source to destination."""
    kind, id_, name = content["who"]
    comes_out = content["action"] == "R" and content["what"] != "search"
    ends = ("110152", "110153") if comes_out else ("110153", "110152")
    user: dict[str, Any] = {
        "type": {"coding": [_code("v3-ParticipationType", "IRCP")]},
        "who": _refer(kind, id_),
        **({"name": name} if name else {}),
        "requestor": True,
    }
    if content["purpose"]:
        user["purposeOfUse"] = [{"coding": [_code("v3-ActReason", content["purpose"])]}]
    yield user
    client = content.get("client", "")
    address = content.get("address") or (id_ if kind == "address" else "unknown")
    yield {
        "type": {"coding": [_code(_DCM, ends[0])]},
        "who": {"display": address} | ({"identifier": {"value": client}} if client else {}),
        "requestor": False,
        "network": {"address": address, "type": "2"},
    }
    yield {
        "type": {"coding": [_code(_DCM, ends[1])]},
        "who": {"display": base},
        "requestor": False,
        "network": {"address": base, "type": "5"},
    }


def _refer(kind: str, id_: str) -> dict[str, Any]:
    """Somebody as a record, or by name where there is none of their kind."""
    if kind in _WHO:
        return {"reference": f"{kind}/{id_}"}
    return {"identifier": {"system": f"urn:oncopolis:{kind.lower()}", "value": id_}}


def _list_entities(content: Mapping[str, Any], shows: Shows) -> Iterator[dict[str, Any]]:
    for patient in content.get("patients", ()):
        if shows("Patient", patient):
            what = {"reference": f"Patient/{patient}"}
            yield {"what": what, "type": _code("audit-entity-type", "1"), "role": _code("object-role", "1")}
    for type_, id_, version, _ in content["versions"]:
        if shows(type_, id_):
            past = f"/_history/{version}" if version > 0 else ""
            what = {"reference": f"{type_}/{id_}{past}"}
            yield {"what": what, "type": _code("audit-entity-type", "2"), "role": _code("object-role", "4")}
    if content["what"] == "search" or content.get("query"):
        query = base64.b64encode(content.get("query", "").encode()).decode()
        yield {
            "type": _code("audit-entity-type", "2"),
            "role": _code("object-role", "24"),
            **({"query": query} if query else {"description": "every record"}),
        }
    yield {"what": {"identifier": {"value": content["request"]}}, "type": _code(_REQUEST, "XrequestId")}
