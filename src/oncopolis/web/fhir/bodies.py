"""Bodies of requests: resources and patches, read strictly."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

from oncopolis.record.fhir.text import parse
from oncopolis.web.fhir.headers import PATCH_JSON
from oncopolis.web.fhir.patching import check_patch
from oncopolis.web.fhir.refusing import RequestError


def read_patch(body: bytes) -> Sequence[Mapping[str, Any]]:
    """Return the operations of a JSON patch document."""
    # The strict reader takes objects only. What breaks out of the wrapping shows as a second member.
    wrapped = parse(b'{"patch":' + body + b"\n}")
    if wrapped.keys() != {"patch"}:
        raise _bad("patch", "more than one value", "an array of operations")
    return check_patch(wrapped["patch"])


def read_patch_resource(resource: Mapping[str, Any], where: str) -> Sequence[Mapping[str, Any]]:
    """Return the operations of a JSON patch that a Binary brings into a bundle."""
    if resource.get("resourceType") != "Binary" or resource.get("contentType") != PATCH_JSON:
        raise _bad(where, "another resource", f"a Binary with contentType {PATCH_JSON}")
    try:
        return read_patch(base64.b64decode(resource.get("data", ""), validate=True))
    except binascii.Error:
        raise _bad(f"{where}.data", "something else", "base64") from None


def _bad(where: str, got: str, expected: str) -> RequestError:
    return RequestError(
        code="REC-118", where=where, got=got, expected=expected, fix="see RFC 6902", issue="structure"
    )
