"""What did not go as planned: never came, cancelled, sent home, gave up, too late, gaps of a series."""

from collections.abc import Callable, Sequence
from typing import Any

from oncopolis.twin.document.estimates import Estimate, estimate
from oncopolis.twin.document.names import Names
from oncopolis.twin.result import Result, Turnout

NOT_THEN = ("gave_up", "no_show", "cancelled", "sent_home")
"""What keeps something that was to be done from being done then."""

OPERATIONS = "operations"
"""Measure by which an activity is an operation."""

DEVIATIONS = ("gave_up", "no_show", "cancelled", "sent_home", "late", "gaps", "gap_days")


def write_turnout(results: Sequence[Result], names: Names) -> dict[str, Any]:
    """Return counts in all and, where there is anything to tell, by activity and by step."""
    activities = [result.activities for result in results]
    steps = [result.steps for result in results]
    return {
        "all": {
            field: estimate(int(getattr(turnout, field).sum()) for turnout in activities)
            for field in ("done", *DEVIATIONS)
        },
        "operations_off": _count_operations_off(activities, names),
        "activities": _list_lines(activities, lambda name: names.label("activity", name)),
        "steps": [
            line | {"pathway": line["id"].partition("/")[0]} for line in _list_lines(steps, names.label_step)
        ],
    }


def _count_operations_off(turnouts: Sequence[Turnout], names: Names) -> Estimate | None:
    """Return how many operations were not done when they were to be; None where none are counted."""
    activities = names.centre.activities
    rows = [
        row
        for row, name in enumerate(turnouts[0].names)
        if name in activities and OPERATIONS in activities[name].counts
    ]
    if not rows:
        return None
    return estimate(
        sum(int(getattr(turnout, field)[rows].sum()) for field in NOT_THEN) for turnout in turnouts
    )


def _list_lines(turnouts: Sequence[Turnout], label: Callable[[str], str]) -> list[dict[str, Any]]:
    return [
        {
            "id": name,
            "label": label(name),
            **{
                field: estimate(int(getattr(turnout, field)[row]) for turnout in turnouts)
                for field in ("done", *DEVIATIONS)
            },
        }
        for row, name in enumerate(turnouts[0].names)
        if any(getattr(turnout, field)[row] for turnout in turnouts for field in DEVIATIONS)
    ]
