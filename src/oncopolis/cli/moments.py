"""Moments on the terminal."""

from datetime import UTC, datetime

_MS = 1000  # structure: milliseconds in a second


def to_text(at_ms: int) -> str:
    """A moment, milliseconds since 1970, as everybody everywhere reads it."""
    return datetime.fromtimestamp(at_ms / _MS, UTC).isoformat(" ", "milliseconds")
