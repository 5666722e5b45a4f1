"""Exports: their state, their files, and the work that makes them."""

from oncopolis.web.bulk.routes import make_routes
from oncopolis.web.bulk.shelf import Shelf

__all__ = ["Shelf", "make_routes"]
