"""Times of HL7 v2 (``20260131101500.123+0500``) and of FHIR (``2026-01-31T10:15:00.123+05:00``)."""

import re
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from oncopolis.interop.hl7.refusing import Refusal, show
from oncopolis.record.fhir.moments import find_stretch_ms

__all__ = ["from_fhir", "now", "to_fhir"]

_MOMENT: Final = re.compile(
    r"([0-9]{4})(?:([0-9]{2})(?:([0-9]{2})(?:([0-9]{2})(?:([0-9]{2})(?:([0-9]{2})(?:\.([0-9]{1,4}))?)?)?)?)?)?"
    r"([+-][0-9]{4})?"
)
_FHIR: Final = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(Z|[+-][0-9]{2}:[0-9]{2}))?)?)?"
)
_FRACTION: Final = 4  # structure: most digits of a second's fraction in HL7


def to_fhir(text: str, zone: ZoneInfo, where: str) -> str:
    """Return a date, or a moment with its zone; one without a zone is of ``zone``.

    Raises
    ------
    Refusal
        It is none.
    """
    match = _MOMENT.fullmatch(text.strip())
    made = "" if match is None else _join(match, zone)
    if not made or find_stretch_ms(made) is None:
        raise Refusal(code="INT-012", where=where, got=show(text), expected="YYYY[MM[DD[HHMM[SS]]]][+/-ZZZZ]")
    return made


def _join(match: "re.Match[str]", zone: ZoneInfo) -> str:
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    date = "-".join(part for part in (year, month, day) if part)
    if hour is None:
        return date
    time = f"{hour}:{minute or '00'}:{second or '00'}"
    if offset is None:
        try:
            local = datetime.fromisoformat(f"{date}T{time}").replace(tzinfo=zone)
        except ValueError:
            return ""
        offset = f"{local:%z}"
    return f"{date}T{time}{'.' + fraction if fraction else ''}{offset[:3]}:{offset[3:5]}"


def from_fhir(text: str) -> str:
    """Return a moment of FHIR as HL7 writes it, '' for what is none."""
    match = _FHIR.fullmatch(text)
    if match is None:
        return ""
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    made = year + (month or "") + (day or "")
    if hour is None:
        return made
    tail = f".{fraction[:_FRACTION]}" if fraction else ""
    return made + hour + minute + second + tail + ("+0000" if zone == "Z" else zone.replace(":", ""))


def now(at_ms: int) -> str:
    """Return a moment in milliseconds since 1970 (UTC) as HL7 writes it."""
    moment = datetime.fromtimestamp(at_ms // 1000, UTC)  # structure: milliseconds of a second
    return f"{moment:%Y%m%d%H%M%S}+0000"
