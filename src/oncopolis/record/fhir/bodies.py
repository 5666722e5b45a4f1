"""The resource that a version says."""

from typing import Any

from oncopolis.record.fhir.text import read_stored
from oncopolis.record.types import Version


def find_resource(version: Version | None) -> dict[str, Any] | None:
    """Return the resource of a version; None for a deletion, for one that was erased, and for none."""
    return None if version is None or version.body is None else read_stored(version.body)
