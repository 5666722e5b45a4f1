"""Resources: how full, how late, out of order how often, and who waits for them."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from oncopolis.foundation.units import MS_PER_HOUR
from oncopolis.twin.document.estimates import average, estimate, to_numbers
from oncopolis.twin.document.names import Names
from oncopolis.twin.result import ResourceUse, Result

NINETY_FIVE = 95  # structure: what P95 is, percent

_HOURS = {
    "offered_hours": "offered",
    "held_hours": "held",
    "overtime_hours": "overtime",
    "blocked_hours": "blocked",
    "down_hours": "down",
    "waited_hours": "waited",
}
_COUNTS = ("breakdowns", "interrupted")


def write_resources(results: Sequence[Result], names: Names) -> list[dict[str, Any]]:
    """Return a line for every resource that was offered, held or waited for."""
    uses = [result.resources for result in results]
    return [
        _write_line(uses, row, name, names)
        for row, name in enumerate(uses[0].names)
        if any(use.offered[row] or use.held[row] or use.waited[row] for use in uses)
    ]


def _write_line(uses: Sequence[ResourceUse], row: int, name: str, names: Names) -> dict[str, Any]:
    resource = names.centre.resources.get(name)
    return {
        "id": name,
        "label": names.label("resource", name),
        "kind": resource.kind if resource else "",
        "department": (resource.department or "") if resource else "",
        "most": float(max(use.week_offered[row].max(initial=0.0) for use in uses)),
        "utilisation": estimate(use.utilisation[row] for use in uses),
        **{
            key: estimate(getattr(use, field)[row] / MS_PER_HOUR for use in uses)
            for key, field in _HOURS.items()
        },
        **{field: estimate(getattr(use, field)[row] for use in uses) for field in _COUNTS},
        "share_of_waiting": estimate(_share(use, row) for use in uses),
        "most_waiting": max(int(use.most_waiting[row]) for use in uses),
    }


def _share(use: ResourceUse, row: int) -> float:
    total = float(use.waited.sum())
    return float(use.waited[row]) / total if total else 0.0


def rank_bottlenecks(resources: Sequence[dict[str, Any]]) -> list[str]:
    """Return the resources somebody waited for, the one with most time waited first."""
    waited = [line for line in resources if line["waited_hours"]["value"]]
    return [
        line["id"] for line in sorted(waited, key=lambda line: (-line["waited_hours"]["value"], line["id"]))
    ]


def write_week(results: Sequence[Result]) -> dict[str, Any]:
    """Return what was seen at half past each hour of the week from Monday midnight; 168 values each."""
    uses = [result.resources for result in results]
    held, offered, waiting = (
        average([getattr(use, field) for use in uses])
        for field in ("week_held", "week_offered", "week_waiting")
    )
    utilisation = np.divide(held, offered, out=np.full(held.shape, np.nan), where=offered > 0)
    return {
        name: {
            "utilisation": to_numbers(utilisation[row]),
            "held": to_numbers(held[row]),
            "offered": to_numbers(offered[row]),
            "waiting": to_numbers(waiting[row]),
        }
        for row, name in enumerate(uses[0].names)
        if held[row].any() or offered[row].any()
    }


def write_census(results: Sequence[Result], names: Names) -> dict[str, Any]:
    """Return beds occupied by day; P95 over replications where there are several."""
    uses = [result.resources for result in results]
    lines = []
    for row, name in enumerate(uses[0].names):
        resource = names.centre.resources.get(name)
        if (
            resource is None
            or resource.kind != "bed"
            or not any(use.daily_held[:, row].any() for use in uses)
        ):
            continue
        days = min(len(use.daily_held) for use in uses)
        held = np.array([use.daily_held[:days, row] for use in uses])
        lines.append(
            {
                "id": name,
                "label": names.label("resource", name),
                "department": resource.department or "",
                "mean": to_numbers(held.mean(axis=0)),
                "p95": to_numbers(np.percentile(held, NINETY_FIVE, axis=0)) if len(uses) > 1 else None,
                "offered": to_numbers(average([use.daily_offered[:days, row] for use in uses])),
                "overall": {
                    "mean": estimate(days_of_one.mean() for days_of_one in held),
                    "p95": estimate(np.percentile(days_of_one, NINETY_FIVE) for days_of_one in held),
                    "most": float(held.max()),
                },
            }
        )
    return {"unit": "count", "wards": lines}
