"""Moments that a record may have or not, as extensions of the house."""

from collections.abc import Mapping
from typing import Any

from oncopolis.operations.elements import find_extended, to_instant, to_ms


def read_ms(record: Mapping[str, Any], name: str) -> int | None:
    """Return the moment of our first extension of a name, milliseconds since 1970 (UTC); None without one."""
    found = find_extended(record, name)
    return None if found is None else to_ms(found)


def write_ms(at_ms: int | None) -> str | None:
    """Return a moment as FHIR writes it; None for none."""
    return None if at_ms is None else to_instant(at_ms)
