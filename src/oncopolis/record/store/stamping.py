"""What a record says of itself once it is stored."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from oncopolis.record.types import Version

_MS = 1000  # structure: milliseconds in a second
_STAMPED = frozenset({"versionId", "lastUpdated"})


def stamp(resource: Mapping[str, Any], version: Version) -> dict[str, Any]:
    """The record with its id, version and time, right after its type."""
    meta = resource.get("meta")
    rest = {name: value for name, value in meta.items() if name not in _STAMPED} if meta else {}
    moment = datetime.fromtimestamp(version.at_ms / _MS, UTC).isoformat(timespec="milliseconds")
    stamped: dict[str, Any] = {
        "resourceType": version.type,
        "id": version.id,
        "meta": {"versionId": str(version.version), "lastUpdated": f"{moment[:-6]}Z", **rest},
    }
    for name, value in resource.items():
        if name not in stamped:
            stamped[name] = value
    return stamped
