"""What the bare values of FHIR must look like."""

import binascii
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from oncopolis.record.fhir.moments import find_stretch_ms
from oncopolis.record.fhir.narratives import is_narrative

__all__ = ["PRIMITIVES", "Primitive"]

_MAX_TEXT: Final = 1_048_576  # structure: longest string of FHIR, characters
_MAX_INTEGER: Final = 2_147_483_647  # structure: largest integer of FHIR, 32 bits
_DAY_LENGTH: Final = len("2000-01-01")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_SPACE: Final = re.compile(r"[ \t\r\n]+")

_matches_time = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?").fullmatch
_matches_code = re.compile(r"[^\x00-\x20]+(?: [^\x00-\x20]+)*").fullmatch
_matches_id = re.compile(r"[A-Za-z0-9.-]{1,64}").fullmatch
_matches_uri = re.compile(r"[^\x00-\x20]+").fullmatch
_matches_oid = re.compile(r"urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+").fullmatch
_matches_uuid = re.compile(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch


@dataclass(frozen=True, slots=True)
class Primitive:
    """One primitive type: how it is written in JSON, what it is to look like, and the test of it."""

    json_types: tuple[type, ...]
    expected: str
    is_valid: Callable[[Any], object]


def _is_text(value: Any) -> bool:
    if type(value) is not str or not value:
        return False
    return (value.isprintable() or not _CONTROL.search(value)) and len(value) <= _MAX_TEXT


def _is_boolean(value: Any) -> bool:
    return value is True or value is False


def _is_integer(value: Any) -> bool:
    return type(value) is int and -_MAX_INTEGER - 1 <= value <= _MAX_INTEGER


def _is_unsigned(value: Any) -> bool:
    return type(value) is int and 0 <= value <= _MAX_INTEGER


def _is_positive(value: Any) -> bool:
    return type(value) is int and 1 <= value <= _MAX_INTEGER


def _is_decimal(value: Any) -> bool:
    kind = type(value)
    return kind is Decimal or kind is int or (kind is float and math.isfinite(value))


def _is_date(value: Any) -> bool:
    return type(value) is str and len(value) <= _DAY_LENGTH and find_stretch_ms(value) is not None


def _is_date_time(value: Any) -> bool:
    return type(value) is str and find_stretch_ms(value) is not None


def _is_instant(value: Any) -> bool:
    return type(value) is str and len(value) > _DAY_LENGTH and find_stretch_ms(value) is not None


def _is_base64(value: Any) -> bool:
    if type(value) is not str or not value:
        return False
    try:
        return bool(binascii.a2b_base64(_SPACE.sub("", value), strict_mode=True))
    except ValueError:
        return False


def _is_xhtml(value: Any) -> bool:
    return type(value) is str and is_narrative(value)


def _by(matches: Callable[[str], object]) -> Callable[[Any], object]:
    return lambda value: type(value) is str and matches(value)


def _text(expected: str, is_valid: Callable[[Any], object]) -> Primitive:
    return Primitive((str,), expected, is_valid)


_ANY_TEXT: Final = _text(f"a text of 1 to {_MAX_TEXT} characters without control characters", _is_text)
_URI: Final = _text("a URI without spaces", _by(_matches_uri))
PRIMITIVES: Final[Mapping[str, Primitive]] = {
    "base64Binary": _text("base64 as of RFC 4648", _is_base64),
    "boolean": Primitive((bool,), "true or false", _is_boolean),
    "canonical": _URI,
    "code": _text("a code: no spaces but single ones inside", _by(_matches_code)),
    "date": _text("a real day as YYYY, YYYY-MM or YYYY-MM-DD", _is_date),
    "dateTime": _text(
        "YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss with a zone, a real day", _is_date_time
    ),
    "decimal": Primitive((int, Decimal, float), "a decimal number", _is_decimal),
    "id": _text("1 to 64 of A-Z, a-z, 0-9, - and .", _by(_matches_id)),
    "instant": _text("YYYY-MM-DDThh:mm:ss with a zone, a real day", _is_instant),
    "integer": Primitive((int,), "an integer of 32 bits", _is_integer),
    "markdown": _ANY_TEXT,
    "oid": _text("urn:oid: and an OID", _by(_matches_oid)),
    "positiveInt": Primitive((int,), f"an integer of 1 to {_MAX_INTEGER}", _is_positive),
    "string": _ANY_TEXT,
    "time": _text("hh:mm:ss without a zone", _by(_matches_time)),
    "unsignedInt": Primitive((int,), f"an integer of 0 to {_MAX_INTEGER}", _is_unsigned),
    "uri": _URI,
    "url": _URI,
    "uuid": _text("urn:uuid: and a UUID in lower case", _by(_matches_uuid)),
    "xhtml": _text("XHTML in a <div xmlns=…> that formats and says something, without scripts", _is_xhtml),
}
"""By name of the type."""
