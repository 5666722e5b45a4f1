"""`Lying`: a bed somebody lay in, as a location of their stay."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oncopolis.operations.elements import get_referred, make_reference, to_instant, to_ms
from oncopolis.operations.views import Record


@dataclass(frozen=True, slots=True)
class Lying:
    """A bed somebody lay in, from and until when (None: still); milliseconds since 1970 (UTC)."""

    bed: str
    from_ms: int
    to_ms: int | None = None


def read_lying(place: Mapping[str, Any]) -> Lying:
    """Read a location of an Encounter."""
    period = place["period"]
    ends = to_ms(period["end"]) if "end" in period else None
    return Lying(get_referred(place["location"], "Location"), to_ms(period["start"]), ends)


def write_lying(lying: Lying) -> Record:
    """Write a location of an Encounter."""
    period = {"start": to_instant(lying.from_ms)}
    if lying.to_ms is not None:
        period["end"] = to_instant(lying.to_ms)
    status = "active" if lying.to_ms is None else "completed"
    return {"location": make_reference("Location", lying.bed), "status": status, "period": period}
