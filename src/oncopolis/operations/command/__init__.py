"""The command centre: what burns anywhere on the campus, since when, and who has taken it."""

from oncopolis.operations.command.acts import ACTS
from oncopolis.operations.command.alarms import Alarm, list_alarms
from oncopolis.operations.command.overview import Overview, read_overview
from oncopolis.operations.command.views import Taken

VIEWS = (Taken,)
"""Kinds of views on the floor."""

__all__ = ["ACTS", "VIEWS", "Alarm", "Overview", "Taken", "list_alarms", "read_overview"]
