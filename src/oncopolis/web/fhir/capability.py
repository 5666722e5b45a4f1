"""The CapabilityStatement: what this server does, told from the table that routes."""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from oncopolis.record.fhir.definitions import Definitions
from oncopolis.record.search.conformance import describe, list_includes, list_reverse_includes
from oncopolis.record.search.parameters import Parameter, list_parameters
from oncopolis.web.fhir.exchange import to_instant
from oncopolis.web.fhir.headers import FHIR_JSON, FHIR_VERSIONS, PATCH_JSON
from oncopolis.web.fhir.interactions import SYSTEM_CODES, list_codes
from oncopolis.web.fhir.operations import list_of_system, list_of_type
from oncopolis.web.fhir.policy import KEPT, is_deletable
from oncopolis.web.mode import Name

_IMPLEMENTATIONS: Mapping[Name, str] = {
    "live": "The record of a cancer centre",
    "shadow": "The record of a cancer centre, in shadow mode: not approved for the care of patients",
}


def make_capability_statement(
    definitions: Definitions,
    started_ms: int,
    url: str | None,
    security: Mapping[str, Any] | None = None,
    mode: Name = "live",
) -> dict[str, Any]:
    """Return the statement.

    Parameters
    ----------
    started_ms
        When this server was started, milliseconds since 1970 (UTC).
    url
        Our own address, if it is fixed.
    security
        How callers prove themselves.
    mode
        Whether the centre has approved this server for care.
    """
    name = version("oncopolis")
    at_url = {"url": url} if url else {}
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": to_instant(started_ms),
        "kind": "instance",
        "software": {"name": "Oncopolis", "version": name},
        "implementation": {"description": _IMPLEMENTATIONS[mode]} | at_url,
        "fhirVersion": FHIR_VERSIONS[-1],
        "format": [FHIR_JSON, "json"],
        "patchFormat": [PATCH_JSON],
        "rest": [
            {
                "mode": "server",
                **({"security": security} if security else {}),
                "documentation": (
                    "A write is answered after it is durable, a read after it is in the audit. Transactions "
                    "are all or nothing and refer to nothing that is not there. Idempotency-Key makes a "
                    "repeated write harmless. Searches refuse what they do not know, "
                    "unless Prefer: handling=lenient asks them to leave it out and say so."
                ),
                "resource": [_describe(type_) for type_ in definitions.resource_types],
                "interaction": [{"code": code} for code in SYSTEM_CODES],
                **({"operation": list_of_system()} if list_of_system() else {}),
            }
        ],
    }


def _describe(type_: str) -> dict[str, Any]:
    codes = [code for code in list_codes() if code != "delete" or is_deletable(type_)]
    return {
        "type": type_,
        **({} if is_deletable(type_) else {"documentation": _tell_kept(type_)}),
        "interaction": [{"code": code} for code in codes],
        "versioning": "versioned-update",
        "readHistory": True,
        "updateCreate": True,
        "conditionalCreate": True,
        "conditionalRead": "full-support",
        "conditionalUpdate": True,
        "conditionalDelete": "single" if is_deletable(type_) else "not-supported",
        "referencePolicy": ["literal", "logical", "local"],
        "searchInclude": ["*", *list_includes(type_)],
        "searchRevInclude": ["*", *list_reverse_includes(type_)],
        "searchParam": [_describe_parameter(one) for one in list_parameters(type_)],
        "operation": list_of_type(type_),
    }


def _describe_parameter(parameter: Parameter) -> dict[str, Any]:
    told = describe(parameter)
    return {"name": parameter.code, "type": parameter.kind, **({"documentation": told} if told else {})}


def _tell_kept(type_: str) -> str:
    kept = KEPT.get(type_)
    if kept is None or not kept.element:
        return "Not deleted: corrected by an update."
    return f"Not deleted: {kept.element} is set to {kept.value}."
