"""Checks on the run itself, and findings about what it showed."""

import math
from collections.abc import Sequence
from typing import Any

from oncopolis.foundation import Finding
from oncopolis.foundation.units import MS_PER_HOUR, PERCENT
from oncopolis.twin.result import Result

ROUNDING = 1e-6  # structure: two sums of the same times may differ by rounding

_CAME = ("in_system_at_start", "entered")
_WENT = ("completed", "died", "left", "in_system_at_end")


def write_checks(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Return what must hold for any run: nobody is lost, and Little's law."""
    came = sum(result.flow[key] for result in results for key in _CAME)
    went = sum(result.flow[key] for result in results for key in _WENT)
    conservation = {
        "id": "conservation",
        "left": float(came),
        "right": float(went),
        "unit": "count",
        "held": came == went,
    }
    area, waits = sum(result.waiting_area for result in results), sum(result.waits for result in results)
    little = {
        "id": "little",
        "left": area / MS_PER_HOUR,
        "right": waits / MS_PER_HOUR,
        "unit": "hour",
        "held": math.isclose(area, waits, rel_tol=ROUNDING, abs_tol=1.0),
    }
    return [conservation, little]


def write_flow(results: Sequence[Result]) -> dict[str, int]:
    """Return who was there, came and went, summed over replications."""
    return {key: sum(result.flow[key] for result in results) for key in (*_CAME, *_WENT)}


def list_findings(
    results: Sequence[Result],
    targets: Sequence[dict[str, Any]],
    resources: Sequence[dict[str, Any]],
    checks: Sequence[dict[str, Any]],
) -> list[Finding]:
    """Return what a reader should know before using the figures."""
    return [
        *(_find_broken_check(check) for check in checks if not check["held"]),
        *_find_incomplete(results),
        *(_find_missed(target) for target in targets if target["held"] is False),
        *(_find_unobserved(target) for target in targets if target["held"] is None),
        *_find_full(resources),
        *_find_single(results),
    ]


def _find_broken_check(check: dict[str, Any]) -> Finding:
    return Finding(
        rule="twin-does-not-add-up",
        severity="error",
        where=f"checks.{check['id']}",
        message="The run does not add up",
        actual=f"{check['left']:g}",
        expected=f"{check['right']:g}",
        fix="do not use these figures; report the definition and the seed",
    )


def _find_incomplete(results: Sequence[Result]) -> list[Finding]:
    partial = [result for result in results if not result.complete]
    return [
        Finding(
            rule="twin-stopped-early",
            severity="warning",
            where=f"run.replications.{result.replication}",
            message="The run was stopped early",
            actual=f"{result.days} days",
            expected="all days asked for",
            fix="run it again to the end",
        )
        for result in partial
    ]


def _find_missed(target: dict[str, Any]) -> Finding:
    return Finding(
        rule="target-missed",
        severity="warning",
        where=f"targets.{target['id']}",
        message=f"Target missed: {target['label']}",
        actual=f"{PERCENT * target['reached']['value']:.1f}%",
        expected=f"{PERCENT * target['share']:.1f}%",
        fix="see the bottlenecks, and try more of what people wait for",
    )


def _find_unobserved(target: dict[str, Any]) -> Finding:
    return Finding(
        rule="target-not-observed",
        severity="warning",
        where=f"targets.{target['id']}",
        message=f"Target without anything to measure it by: {target['label']}",
        actual="nobody came there",
        expected="somebody to whom it applies",
        fix="run longer, or correct where the target is kept",
    )


def _find_full(resources: Sequence[dict[str, Any]]) -> list[Finding]:
    return [
        Finding(
            rule="resource-always-full",
            severity="warning",
            where=f"resources.{line['id']}",
            message=f"Held for longer than it is open: {line['label']}",
            actual=f"{PERCENT * line['utilisation']['value']:.0f}%",
            expected="below 100%",
            fix="add units or hours; waits for it grow for as long as the run lasts",
        )
        for line in resources
        if (line["utilisation"]["value"] or 0) >= 1
    ]


def _find_single(results: Sequence[Result]) -> list[Finding]:
    if len(results) > 1:
        return []
    return [
        Finding(
            rule="one-replication",
            severity="note",
            where="run.replications",
            message="Figures come from one replication and have no interval",
            actual="1",
            expected="2 or more",
            fix="ask for more replications to see how much chance decides",
        )
    ]
