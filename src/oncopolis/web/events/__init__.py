"""Server-sent events: what is written is told to those who listen."""

from oncopolis.web.events.routes import make_routes

__all__ = ["make_routes"]
