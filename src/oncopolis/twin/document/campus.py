"""Where people are: buildings and departments, one day by quarter of an hour, and what follows what."""

from typing import Any

from oncopolis.foundation.units import HOURS_PER_DAY, MINUTES_PER_HOUR
from oncopolis.twin.document.about import About, Day, Process
from oncopolis.twin.document.estimates import to_numbers
from oncopolis.twin.document.names import Names

QUARTER_MIN = 15  # structure: a quarter of an hour
QUARTERS = HOURS_PER_DAY * MINUTES_PER_HOUR // QUARTER_MIN
"""Quarters of an hour a day."""


def write_campus(about: About, names: Names) -> dict[str, Any]:
    """Return buildings with their departments, and the ways between them."""
    campus = about.centre.campus
    return {
        "buildings": [
            {"id": key, "label": building.label, "departments": list(building.departments)}
            for key, building in campus.buildings.items()
        ],
        "walks": [{"between": list(walk.between), "minutes": float(walk.minutes)} for walk in campus.walks],
        "departments": [
            {"id": key, "label": names.label("department", key)} for key in about.centre.departments
        ],
    }


def write_day(day: Day | None) -> dict[str, Any] | None:
    """Return how many were in each department, and how many of them waited, by quarter of an hour."""
    if day is None:
        return None
    return {
        "date": day.date.isoformat(),
        "departments": list(day.departments),
        "quarter_hours": QUARTERS,
        "present": [to_numbers(row) for row in day.present],
        "waiting": [to_numbers(row) for row in day.waiting],
    }


def write_process(process: Process, names: Names) -> dict[str, Any]:
    """Return which activity followed which, the most frequent first."""
    order = sorted(process.edges, key=lambda edge: (-edge.n, edge.before, edge.after))
    return {
        "pathway": process.pathway,
        "label": names.label("pathway", process.pathway),
        "people": process.people,
        "activities": [
            {
                "id": station.activity,
                "label": names.label("activity", station.activity),
                "people": station.people,
                "n": station.n,
            }
            for station in process.stations
        ],
        "edges": [
            {"from": edge.before, "to": edge.after, "n": edge.n, "median_min": edge.median_min}
            for edge in order
        ],
    }
