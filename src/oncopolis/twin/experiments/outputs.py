"""The named figures of a run, which experiments compare, correlate and wait for."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from oncopolis.foundation.units import MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE
from oncopolis.twin.result import ResourceUse, Result, Spread, Turnout

Floats = NDArray[np.float64]
Named = Iterator[tuple[str, float]]

_QUANTILES = {"median": 0.5, "p90": 0.9, "p95": 0.95}  # structure: the quantiles of a name
_TURNOUT = ("done", "gave_up", "no_show", "cancelled", "sent_home", "late", "gaps", "gap_days")


def list_outputs(result: Result) -> dict[str, float]:
    """Return the figures of a run by name; one that the run does not have (no wait there) is left out.

    Names, with what stands in angle brackets filled in:

    - ``contacts``, ``visits``, ``contacts_per_working_day``, ``flow.<entry>``, ``counted.<measure>``,
      ``arrivals.<source>``;
    - ``waiting.activity.<activity>.<time>_min``, ``waiting.step.<pathway/step>.<time>_min``,
      ``visit.<department>.<time>_min``, ``in_system.<pathway>.<time>_days``,
      ``treatment.<cohort>.<time>_days``, the time one of ``mean``, ``median``, ``p90``, ``p95``, ``most``;
    - ``activity.<activity>.<count>`` and ``step.<pathway/step>.<count>``: counts of `Turnout`;
    - ``resource.<resource>.utilisation``, ``.held`` and ``.waiting`` (mean units and people at a time),
      ``.most_waiting``, ``.overtime_hours``, ``.blocked_hours``, ``.waited_hours``, ``.down_hours``,
      ``.breakdowns``, ``.interrupted``.
    """
    return {name: value for name, value in _list_all(result) if np.isfinite(value)}


def _list_all(result: Result) -> Named:
    yield "contacts", float(result.contacts)
    yield "visits", float(result.visits)
    if result.working_days:
        yield "contacts_per_working_day", result.contacts / result.working_days
    for entry, count in result.flow.items():
        yield f"flow.{entry}", float(count)
    yield from _list_rows("counted", result.measures, "", result.counted)
    yield from _list_rows("arrivals", result.sources, "", result.arrivals.astype(np.float64))
    yield from _list_times("waiting.activity", result.waiting, MS_PER_MINUTE, "min")
    yield from _list_times("waiting.step", result.step_waiting, MS_PER_MINUTE, "min")
    yield from _list_times("visit", result.visit, MS_PER_MINUTE, "min")
    yield from _list_times("in_system", result.in_system, MS_PER_DAY, "days")
    yield from _list_times("treatment", result.treatment, MS_PER_DAY, "days")
    yield from _list_turnout("activity", result.activities)
    yield from _list_turnout("step", result.steps)
    yield from _list_resources(result.resources, result.days * MS_PER_DAY)


def _list_times(kind: str, spread: Spread, ticks: int, unit: str) -> Named:
    yield from _list_rows(kind, spread.names, f".mean_{unit}", spread.mean / ticks)
    for name, share in _QUANTILES.items():
        yield from _list_rows(kind, spread.names, f".{name}_{unit}", spread.compute_quantile(share) / ticks)
    most = np.where(spread.n > 0, spread.most / ticks, np.nan)
    yield from _list_rows(kind, spread.names, f".most_{unit}", most)


def _list_turnout(kind: str, turnout: Turnout) -> Named:
    for count in _TURNOUT:
        yield from _list_rows(kind, turnout.names, f".{count}", getattr(turnout, count).astype(np.float64))


def _list_resources(use: ResourceUse, ticks: int) -> Named:
    nothing = np.full(len(use.names), np.nan)
    figures: dict[str, Floats] = {
        "utilisation": use.utilisation,
        "held": use.held / ticks,
        "waiting": use.daily_waiting.mean(axis=0) if len(use.daily_waiting) else nothing,
        "most_waiting": use.most_waiting.astype(np.float64),
        "overtime_hours": use.overtime / MS_PER_HOUR,
        "blocked_hours": use.blocked / MS_PER_HOUR,
        "waited_hours": use.waited / MS_PER_HOUR,
        "down_hours": use.down / MS_PER_HOUR,
        "breakdowns": use.breakdowns.astype(np.float64),
        "interrupted": use.interrupted.astype(np.float64),
    }
    for figure, values in figures.items():
        yield from _list_rows("resource", use.names, f".{figure}", values)


def _list_rows(kind: str, names: tuple[str, ...], figure: str, values: Floats) -> Named:
    for name, value in zip(names, values, strict=True):
        yield f"{kind}.{name}{figure}", float(value)
