"""Screens of the centre: call boards and kiosks."""

from oncopolis.web.display.table import make_routes

__all__ = ["make_routes"]
