"""Parameters of operations: from the query, or from a resource Parameters in the body."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oncopolis.record.fhir.text import parse
from oncopolis.web.fhir.exchange import Asked
from oncopolis.web.fhir.headers import JSON_TYPES, check_content_type
from oncopolis.web.fhir.queries import GENERAL, read_query
from oncopolis.web.fhir.refusing import RequestError, show


@dataclass(frozen=True, slots=True)
class Parameters:
    """What came with an operation.

    Parameters
    ----------
    texts
        Simple values by name.
    resource
        What the parameter ``resource`` holds, or a body that is no Parameters.
    """

    texts: Mapping[str, str]
    resource: Mapping[str, Any] | None


def read_parameters(asked: Asked, known: frozenset[str]) -> Parameters:
    """Read what came with an operation; each parameter may stand once, in the query or in the body.

    Parameters
    ----------
    known
        Names of simple parameters.

    Raises
    ------
    RequestError
        For a body that is no JSON, a parameter that is not known, given twice or without its value.
    """
    texts = {name: value for name, value in read_query(asked.query).items() if name not in GENERAL}
    body = _read_body(asked)
    if body is None or body.get("resourceType") != "Parameters" or not _is_wrapping(asked, body):
        return Parameters(texts, body)
    resource = None
    given = body.get("parameter", [])
    if not isinstance(given, list):
        raise _bad("Parameters.parameter", "no array", "an array of parameters")
    for place, parameter in enumerate(given):
        where = f"Parameters.parameter[{place}]"
        if not isinstance(parameter, dict) or not isinstance(parameter.get("name"), str):
            raise _bad(where, "no name", "a parameter with a name")
        name = parameter["name"]
        if name == "resource" and resource is None and isinstance(parameter.get("resource"), dict):
            resource = parameter["resource"]
        elif name in known and name not in texts:
            texts[name] = _get_text(parameter, where)
        else:
            raise _bad(where, f"{show(name)}", f"each of resource, {', '.join(sorted(known))} once at most")
    return Parameters(texts, resource)


def _read_body(asked: Asked) -> Mapping[str, Any] | None:
    if asked.method != "POST":
        return None
    if asked.resource is not None:
        return asked.resource or None
    if not asked.body:
        return None
    check_content_type(asked.headers, JSON_TYPES)
    return parse(asked.body)


def _is_wrapping(asked: Asked, body: Mapping[str, Any]) -> bool:
    """Tell whether Parameters wrap what is meant, also where Parameters themselves could be meant."""
    if asked.segments[0] != "Parameters":
        return True
    given = body.get("parameter")
    return isinstance(given, list) and any(
        isinstance(one, dict) and one.get("name") == "resource" and "resource" in one for one in given
    )


def _get_text(parameter: Mapping[str, Any], where: str) -> str:
    values = [value for name, value in parameter.items() if name.startswith("value")]
    if len(values) != 1 or not isinstance(values[0], str):
        raise _bad(where, "no text as its value", "one text, such as valueCode or valueUri")
    return str(values[0])


def _bad(where: str, got: str, expected: str) -> RequestError:
    return RequestError(
        code="REC-220", where=where, got=got, expected=expected, fix="mend the parameters", issue="structure"
    )
