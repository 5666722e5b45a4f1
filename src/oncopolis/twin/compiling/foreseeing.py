"""What can be foreseen before a run: what is too much, what never meets, and days beyond the definition."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta

import numpy as np

from oncopolis.centre import RouteKey
from oncopolis.centre.equipped import Equipped
from oncopolis.centre.intake import Intake
from oncopolis.foundation import Finding
from oncopolis.twin.compiling.bundles import Bundles
from oncopolis.twin.compiling.load import list_overloads
from oncopolis.twin.compiling.roster import Roster
from oncopolis.twin.compiling.walked import list_phases


def foresee(
    equipped: Equipped,
    intake: Intake,
    walked: Collection[RouteKey],
    bundles: Bundles,
    roster: Roster,
    *,
    start: date,
    days: int,
) -> Iterator[Finding]:
    """Yield what is to be said before a run.

    Parameters
    ----------
    equipped, intake
        The centre, and who comes to it.
    walked
        Ways that somebody goes.
    bundles, roster
        What is held together, and when it is there.
    start, days
        First day and length of the run.
    """
    yield from list_overloads(equipped, intake, start=start, days=days)
    yield from _list_beyond(equipped, start, days)
    yield from _list_apart(equipped, walked, bundles, roster, (start - roster.days.first).days, days)


def _list_beyond(equipped: Equipped, start: date, days: int) -> Iterator[Finding]:
    """Yield a finding if a run begins before anything opens, or goes beyond the years of the definition."""
    horizon = equipped.project.centre.horizon
    last = (start + timedelta(days=days - 1)).year
    if last > horizon.last:
        yield Finding(
            rule="run-beyond-horizon",
            severity="warning",
            where="horizon.last",
            message="The run goes beyond the years of the definition",
            actual=f"a run to {last} of a definition to {horizon.last}",
            expected=f"a run to {horizon.last} at the latest",
            fix="extend `horizon`, or run fewer days; until then those of the nearest year come",
        )
    opens = min(equipped.opened.values(), default=horizon.last)
    if start.year < opens:
        yield Finding(
            rule="run-before-opening",
            severity="warning",
            where="openings",
            message="The run begins before anything is open",
            actual=f"a run from {start}",
            expected=f"a run from {opens} on",
            fix=f"start on {opens}-01-01 or later",
        )


def _list_apart(
    equipped: Equipped,
    walked: Collection[RouteKey],
    bundles: Bundles,
    roster: Roster,
    first: int,
    days: int,
) -> Iterator[Finding]:
    """Yield a finding for each phase whose resources are never open at the same time."""
    opens, closes = (window[:, first : first + days] for window in roster.windows)
    meets: dict[tuple[int, ...], bool] = {}
    said: set[tuple[str, str]] = set()
    network = equipped.project.network
    for activity, phase, bundle in list_phases(network, walked, bundles):
        held = tuple(sorted({r for r, _, behind in bundles.held[bundle] if not behind}))
        if len(held) < 2 or (activity, phase) in said or not all(roster.duties[r] for r in held):
            continue
        rows = list(held)
        if held not in meets:
            together = opens[rows].max(axis=0) < closes[rows].min(axis=0)
            meets[held] = bool(np.any(together & (opens[rows] >= 0).all(axis=0)))
        if not meets[held]:
            said.add((activity, phase))
            names = ", ".join(roster.keys[r] for r in held)
            yield Finding(
                rule="never-open-together",
                severity="error",
                where=f"activities.{activity}.phases.{phase}",
                message="What this phase holds is never open at the same time",
                actual=f"no common hours of {names}",
                expected="hours in which all of it is open",
                fix="correct the calendars or shifts of one of them, or run days on which they meet",
            )
