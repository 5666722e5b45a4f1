"""Waits, visits, time in pathways, and the way from referral to the first treatment."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from oncopolis.foundation.marking import mark
from oncopolis.foundation.units import MS_PER_DAY, MS_PER_MINUTE
from oncopolis.twin.document.estimates import average, estimate, to_numbers
from oncopolis.twin.document.names import Names
from oncopolis.twin.document.targets import Goals
from oncopolis.twin.document.times import Groups, compute_shares_by_day, merge, write_times
from oncopolis.twin.result import Result

ALL = "all"
"""Id of the line of everybody."""

LONGEST_CURVE_DAYS = 365  # structure: a curve is drawn for a year at most
NEARLY_ALL = 0.995  # structure: share at which a curve ends


def write_waits(results: Sequence[Result], names: Names) -> dict[str, Any]:
    """Return waits in minutes by activity, step and pathway, and by department and hour."""
    steps = results[0].step_waiting.names
    pathways: dict[str, tuple[str, list[int]]] = {}
    for row, step in enumerate(steps):
        pathway = step.partition("/")[0]
        pathways.setdefault(pathway, (names.label("pathway", pathway), []))[1].append(row)
    activities = write_times(
        results,
        lambda result: result.waiting,
        ticks=MS_PER_MINUTE,
        label=lambda name: names.label("activity", name),
    )
    for line in activities:
        activity = names.centre.activities.get(line["id"])
        line["department"] = activity.department if activity else ""
    written = write_times(
        results, lambda result: result.step_waiting, ticks=MS_PER_MINUTE, label=names.label_step
    )
    for line in written:
        line["pathway"] = line["id"].partition("/")[0]
    everybody: Groups = {ALL: ("all", list(range(len(results[0].waiting.names))))}
    overall = write_times(results, lambda result: result.waiting, ticks=MS_PER_MINUTE, groups=everybody)
    return {
        "unit": "min",
        "all": overall[0] if overall else None,
        "activities": activities,
        "steps": written,
        "pathways": write_times(
            results, lambda result: result.step_waiting, ticks=MS_PER_MINUTE, groups=pathways
        ),
        "hours": _write_hours(results, names),
    }


def _write_hours(results: Sequence[Result], names: Names) -> list[dict[str, Any]]:
    waits = average([result.hour_waits for result in results]) / MS_PER_MINUTE
    counts = average([result.hour_counts for result in results])
    means = np.divide(waits, counts, out=np.full(waits.shape, np.nan), where=counts > 0)
    return [
        {
            "id": name,
            "label": names.label("department", name),
            "mean": to_numbers(means[row]),
            "n": to_numbers(counts[row]),
        }
        for row, name in enumerate(results[0].departments)
        if counts[row].any()
    ]


def write_visits(results: Sequence[Result], names: Names) -> dict[str, Any]:
    """Return times on campus of one visit, minutes, by the department it begins in."""
    lines = write_times(
        results,
        lambda result: result.visit,
        ticks=MS_PER_MINUTE,
        label=lambda name: names.label("department", name),
    )
    return {"unit": "min", "departments": lines}


def write_in_system(results: Sequence[Result], names: Names) -> dict[str, Any]:
    """Return days from entering a pathway to its end, of those who came there."""
    lines = write_times(
        results,
        lambda result: result.in_system,
        ticks=MS_PER_DAY,
        label=lambda name: names.label("pathway", name),
    )
    return {"unit": "day", "pathways": lines}


def write_treatment(results: Sequence[Result], names: Names, goals: Goals) -> dict[str, Any]:
    """Return days from referral to the first treatment given here, by cohort and flow, with curves.

    Parameters
    ----------
    results
        Replications of one run.
    names
        Labels.
    goals
        Targets; those of a cohort go before those of everybody.
    """
    rows, within_days = results[0].treatment.names, goals.find_days()
    groups = {ALL: (mark("all patients"), list(range(len(rows)))), **names.group(rows)}
    lines = write_times(results, lambda result: result.treatment, ticks=MS_PER_DAY, groups=groups)
    merged = [merge(result.treatment, groups) for result in results]
    order = {name: row for row, name in enumerate(groups)}
    for line in lines:
        row = order[line["id"]]
        histograms = [spread.histogram[row] for spread in merged if spread.n[row]]
        line["curve"] = _write_curve(sum(histograms), line["longest"])
        allowed = within_days.get(line["id"], within_days.get(ALL))
        line["target"] = allowed
        ticks = None if allowed is None else allowed * MS_PER_DAY
        line["within"] = estimate(
            goals.measure_within(spread, [row], ticks, "treatment", None)
            for spread in merged
            if ticks is not None
        )
    return {"unit": "day", "lines": lines}


def _write_curve(histogram: Any, longest: float) -> list[float | None]:
    """Return the share treated by day 0, 1, 2 …, until nearly all are or a year is over."""
    days = np.arange(min(int(np.ceil(longest)), LONGEST_CURVE_DAYS) + 1)
    shares = compute_shares_by_day(histogram, days, MS_PER_DAY)
    end = int(np.searchsorted(shares, NEARLY_ALL)) + 1
    return to_numbers(shares[:end])
