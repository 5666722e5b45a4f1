"""Targets of the definition: what was reached, and whether it holds."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np

from oncopolis.centre.context import find_key, make_context
from oncopolis.centre.number import EvidenceRef, Number
from oncopolis.centre.target import Target
from oncopolis.foundation.units import MINUTES_PER_DAY, MS_PER_MINUTE, convert
from oncopolis.twin.document.about import About
from oncopolis.twin.document.estimates import estimate
from oncopolis.twin.document.names import COHORT
from oncopolis.twin.document.times import compute_shares_by_day
from oncopolis.twin.result import Result, Spread

ALL = "all"


class Goals:
    """The targets of a definition, ready to be compared with results.

    Parameters
    ----------
    about
        What is said of the run.
    """

    def __init__(self, about: About) -> None:
        self.about = about
        self.targets = about.centre.targets

    def write(self, results: Sequence[Result]) -> list[dict[str, Any]]:
        """Return a line for every target; ``value`` and ``held`` are null where nothing was observed."""
        lines = []
        for key, target in self.targets.items():
            share = self.get_value(target.share)
            reached = estimate(self._measure(target, result) for result in results)
            lines.append(
                {
                    "id": key,
                    "label": target.label,
                    "of": target.of,
                    "at": target.at,
                    "within_min": None if target.within is None else self.get_minutes(target.within),
                    "share": share,
                    "reached": reached,
                    "held": None if reached["value"] is None else _is_held(target, reached["value"], share),
                }
            )
        return lines

    def find_days(self) -> dict[str, float]:
        """Return cohort, or ``all`` -> the strictest number of days in which treatment is to begin."""
        days: dict[str, float] = {}
        for target in self.targets.values():
            if target.of == "treatment" and target.within is not None:
                at = target.at or ALL
                days[at] = min(self.get_minutes(target.within) / MINUTES_PER_DAY, days.get(at, np.inf))
        return days

    def get_value(self, number: Number) -> float:
        """Return the value of a number of the definition, in its row's unit."""
        return float(self._get_row(number).value)

    def get_minutes(self, number: Number) -> float:
        """Return a time of the definition in minutes."""
        row = self._get_row(number)
        return convert(row.value, row.unit, "min", row.label)

    def _get_row(self, number: Number) -> Any:
        project = self.about.equipped.project
        reference = cast("EvidenceRef", number)  # rows in place were taken out when the project was read
        key = find_key(reference, make_context(project.centre), project.evidence.rows)
        return project.evidence.get_row(str(key))

    def _measure(self, target: Target, result: Result) -> float:
        if target.of == "utilisation":
            return _pick(result.resources.utilisation, result.resources.names, target.name)
        if target.of == "refused":
            return self._measure_refused(target, result)
        ticks = self.get_minutes(cast("Number", target.within)) * MS_PER_MINUTE
        if target.of == "treatment":
            spread, rows = result.treatment, _find_cohort(result.treatment.names, target)
        elif target.place == "activity":
            spread, rows = result.waiting, _find(result.waiting.names, target.name)
        elif target.place == "resource":
            spread, rows = result.waiting, self._find_holders(result.waiting.names, target.name)
        else:
            spread, rows = result.step_waiting, _find_steps(result.step_waiting.names, target.name)
        return self.measure_within(spread, rows, ticks, target.of, target.at)

    def _measure_refused(self, target: Target, result: Result) -> float:
        """Return the share of those who came that were turned away or gave up."""
        turnout = result.steps if target.place == "pathway" else result.activities
        if target.place == "pathway":
            rows = _find_steps(turnout.names, target.name)
        elif target.place == "resource":
            rows = self._find_holders(turnout.names, target.name)
        else:
            rows = _find(turnout.names, target.name)
        refused, done = int(turnout.gave_up[rows].sum()), int(turnout.done[rows].sum())
        return refused / (refused + done) if refused + done else np.nan

    def _find_holders(self, names: tuple[str, ...], resource: str) -> list[int]:
        """Return the rows of activities whose first phase, the one that is waited for, holds a resource."""
        activities = self.about.centre.activities
        return [
            row
            for row, name in enumerate(names)
            if name in activities and resource in activities[name].phases[0].hold
        ]

    def measure_within(
        self, spread: Spread, rows: list[int], ticks: float, goal: str, at: str | None
    ) -> float:
        """Return the share within a time: as counted if these rows have one target, else interpolated."""
        n = int(spread.n[rows].sum())
        if not n:
            return np.nan
        if goal == "treatment":
            rivals = [target for target in self.targets.values() if target.of == goal]
        else:
            rivals = [target for target in self.targets.values() if (target.of, target.at) == (goal, at)]
        if len(rivals) == 1 and (goal == "treatment" or rivals[0].place == "activity"):
            return float(spread.within[rows].sum()) / n
        return float(compute_shares_by_day(spread.histogram[rows].sum(axis=0), [1], ticks)[0])


def _is_held(target: Target, value: float, share: float) -> bool:
    if target.of in ("wait", "treatment"):
        return value >= share
    return value < share if target.of == "utilisation" else value <= share


def _find(names: tuple[str, ...], name: str) -> list[int]:
    return [names.index(name)] if name in names else []


def _find_steps(names: tuple[str, ...], pathway: str) -> list[int]:
    return [row for row, name in enumerate(names) if name.partition("/")[0] == pathway]


def _pick(values: Any, names: tuple[str, ...], name: str) -> float:
    return float(values[names.index(name)]) if name in names else np.nan


def _find_cohort(names: tuple[str, ...], target: Target) -> list[int]:
    """Return the rows of a cohort, all of them without one."""
    if target.at is None:
        return list(range(len(names)))
    wanted = target.name
    return [
        row
        for row, name in enumerate(names)
        if name.removeprefix(f"{COHORT}.").partition(".")[0] == wanted and not name.startswith("flow.")
    ]
