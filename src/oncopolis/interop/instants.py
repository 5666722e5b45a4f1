"""Moments of the store as records write them."""

from datetime import UTC, datetime
from typing import Final

__all__ = ["to_instant"]

_MS: Final = 1000  # structure: milliseconds of a second


def to_instant(now_ms: int) -> str:
    """Return a moment, milliseconds since 1970 (UTC), as FHIR writes it."""
    moment = datetime.fromtimestamp(now_ms / _MS, UTC).isoformat(timespec="milliseconds")
    return f"{moment[:-6]}Z"
