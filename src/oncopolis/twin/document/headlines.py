"""The figures to show first."""

from collections.abc import Sequence
from typing import Any

from oncopolis.foundation.marking import mark
from oncopolis.foundation.units import MS_PER_HOUR
from oncopolis.twin.document.estimates import Estimate, estimate
from oncopolis.twin.result import Result

Figure = dict[str, Any]


def write_figures(results: Sequence[Result], parts: dict[str, Any]) -> dict[str, Figure]:
    """Return headline figures by key, in the order to show them; those without a value are left out.

    Parameters
    ----------
    results
        Replications of one run.
    parts
        The parts of the document made so far.
    """
    waits, turnout = parts["waits"]["all"], parts["turnout"]
    treated = {line["id"]: line for line in parts["treatment"]["lines"]}.get("all")
    resources = {line["id"]: line for line in parts["resources"]}
    worst = resources.get(parts["bottlenecks"][0]) if parts["bottlenecks"] else None
    use = worst and worst["utilisation"]
    by_day = estimate(result.contacts / result.working_days for result in results if result.working_days)
    came = estimate(int(result.arrivals.sum()) for result in results)
    overtime = [float(result.resources.overtime.sum()) for result in results]
    figures = {
        "contacts": _write(mark("Contacts a working day"), "contact/day", by_day),
        "arrivals": _write(mark("People who came"), "count", came),
        "wait.mean": _write(mark("Mean wait"), "min", waits and waits["mean"]),
        "wait.p90": _write(mark("One wait in ten is longer than"), "min", waits and waits["p90"]),
        "treatment.median": _write(
            mark("Referral to first treatment, median"), "day", treated and treated["median"]
        ),
        "treatment.within": _write(
            mark("First treatment within its target"), "share", treated and treated["within"]
        ),
        "bottleneck.utilisation": _write(mark("Use of the bottleneck"), "share", use),
        "operations.off": _write(mark("Operations cancelled or put off"), "count", turnout["operations_off"]),
        "overtime": _write(mark("Hours of overtime"), "hour", _to_hours(overtime)),
        "sent_home": _write(mark("Sent home and booked again"), "count", turnout["all"]["sent_home"]),
        "cancelled": _write(mark("Cancelled by patients"), "count", turnout["all"]["cancelled"]),
        "no_show": _write(mark("Never came"), "count", turnout["all"]["no_show"]),
        "gave_up": _write(mark("Gave up or were turned away"), "count", turnout["all"]["gave_up"]),
        "late": _write(mark("Begun after the latest day"), "count", turnout["all"]["late"]),
    }
    return {key: figure for key, figure in figures.items() if figure["value"] is not None}


def _to_hours(ticks: Sequence[float]) -> Estimate:
    return estimate(value / MS_PER_HOUR for value in ticks)


def _write(label: str, unit: str, found: Estimate | None) -> Figure:
    return {"label": label, "unit": unit, **(found or {"value": None, "low": None, "high": None})}
