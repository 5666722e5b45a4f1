"""Tanks watched while the server runs: readings in, alarms out."""

from oncopolis.web.tanks.intake import make_routes
from oncopolis.web.tanks.starting import watch_tanks
from oncopolis.web.tanks.watcher import Watcher

__all__ = ["Watcher", "make_routes", "watch_tanks"]
