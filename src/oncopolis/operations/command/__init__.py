"""The command centre: what burns anywhere on the campus, since when, and who has taken it."""

from oncopolis.operations.command.acts import ACTS, PATHWAY
from oncopolis.operations.command.alarms import Alarm, list_alarms
from oncopolis.operations.command.inside import Present, list_inside
from oncopolis.operations.command.overview import Overview, read_overview
from oncopolis.operations.command.past import (
    STEP_MS,
    Past,
    Picture,
    find_past,
    list_going_on,
)
from oncopolis.operations.command.views import Taken

VIEWS = (Taken,)
"""Kinds of views on the floor."""

__all__ = [
    "ACTS",
    "PATHWAY",
    "STEP_MS",
    "VIEWS",
    "Alarm",
    "Overview",
    "Past",
    "Picture",
    "Present",
    "Taken",
    "find_past",
    "list_alarms",
    "list_going_on",
    "list_inside",
    "read_overview",
]
