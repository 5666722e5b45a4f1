"""Things that move about the campus: where each was seen last, whether it is in use, and which is nearest."""

from oncopolis.operations.things.acts import ACTS, MOST, LocateThings, Sighting
from oncopolis.operations.things.finding import Near, list_near
from oncopolis.operations.things.unread import Garbage
from oncopolis.operations.things.views import KINDS, Kind, Thing

__all__ = [
    "ACTS", "KINDS", "MOST", "Garbage", "Kind", "LocateThings", "Near", "Sighting", "Thing", "list_near",
]  # fmt: skip
