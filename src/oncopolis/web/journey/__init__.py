"""The page of a patient's journey on a phone, the links to it, and what reception does about them."""

from oncopolis.web.journey.door import Door, make_door
from oncopolis.web.journey.reception import make_desk_routes
from oncopolis.web.journey.table import make_routes

__all__ = ["Door", "make_desk_routes", "make_door", "make_routes"]
