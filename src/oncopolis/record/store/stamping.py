"""What a record says of itself once it is stored."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from oncopolis.record.types import Version

_MS = 1000  # structure: milliseconds in a second
_STAMPED = frozenset({"versionId", "lastUpdated"})


def stamp(resource: Mapping[str, Any], version: Version) -> dict[str, Any]:
    """The record with its id, version and time, right after its type."""
    meta = resource.get("meta")
    rest = {name: value for name, value in meta.items() if name not in _STAMPED} if meta else {}
    stamped: dict[str, Any] = {
        "resourceType": version.type,
        "id": version.id,
        "meta": {"versionId": str(version.version), "lastUpdated": _write(version.at_ms), **rest},
    }
    for name, value in resource.items():
        if name not in stamped:
            stamped[name] = value
    return stamped


@lru_cache
def _write(at_ms: int) -> str:
    """A moment as FHIR has it; one command writes many records at the same."""
    return f"{datetime.fromtimestamp(at_ms / _MS, UTC).isoformat(timespec='milliseconds')[:-6]}Z"
