"""The pages of staff, and the stream of events that keeps all pages up to date."""

from starlette.routing import BaseRoute

from oncopolis.web.live.elsewhere import make_last_routes
from oncopolis.web.live.home import FIRST
from oncopolis.web.live.listening import make_stream_route
from oncopolis.web.live.routing import bind
from oncopolis.web.live.station import Station, make_station
from oncopolis.web.live.stream import Stream
from oncopolis.web.live.table import PAGES
from oncopolis.web.login.gate import Gate

__all__ = ["FIRST", "Station", "Stream", "make_last_routes", "make_routes", "make_station"]


def make_routes(station: Station, gate: Gate) -> list[BaseRoute]:
    """Return everything the pages of staff answer."""
    return [make_stream_route(station, gate), *bind(station, PAGES)]
