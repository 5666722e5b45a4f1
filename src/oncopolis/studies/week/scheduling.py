"""`schedule_week`: next week's problems of a centre drawn, solved, and told in one document."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from oncopolis.foundation import InfeasibleError
from oncopolis.foundation.units import DAYS_PER_WEEK
from oncopolis.operations.house import House, make_house
from oncopolis.scheduling import chairs, theatres
from oncopolis.scheduling.theatres import TheatreList
from oncopolis.studies.preparing import Prepared, Say, prepare
from oncopolis.studies.week.capacity import Capacity
from oncopolis.studies.week.chairs import ChairsDay, ChairsSolved, pose_chairs
from oncopolis.studies.week.document import Told, to_document
from oncopolis.studies.week.drawing import draw_week
from oncopolis.studies.week.theatres import Posed, pose_theatres

_FOR_THEATRES = 0.6  # structure: of the time, where there are theatres and chairs
_DRAWN, _POSED = 0.4, 0.5  # structure: where the progress bar stands


def schedule_week(
    folder: Path,
    *,
    seconds: float,
    threads: int = 1,
    seed: int = 1,
    start: date | None = None,
    hard_classes: frozenset[int] = frozenset(),
    settings: Mapping[str, str] | None = None,
    cancel: threading.Event | None = None,
    on_progress: Say | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> dict[str, Any]:
    """Draw who waits on a Monday, schedule the week, and return the document of it.

    Parameters
    ----------
    folder
        Project folder.
    seconds
        Time to search, for theatres and chairs together, by `clock`; the twin is run before, and what the
        chairs' search has never compiled on this machine is compiled aside.
    start
        A day of the week that is scheduled; the first week without a public holiday of the year the last
        phase is sized for if left out.
    hard_classes
        Clinical classes whose target days are a rule.

    Raises
    ------
    OncopolisError
        With everything that is wrong with the project. SCH-064: there is nothing to schedule.
    InfeasibleError
        SCH-015 to SCH-018: target days that are a rule cannot all be kept.
    """
    say = on_progress or (lambda what, share: None)
    prepared = prepare(folder, settings or {}, say)
    house = make_house(prepared.equipped)
    monday = choose_monday(prepared, house) if start is None else start - timedelta(days=start.weekday())
    say(f"drawing who waits on {monday}", 0.0)
    drawn = draw_week(prepared, house, monday, seed)
    capacity = Capacity(house, [monday + timedelta(days=day) for day in range(DAYS_PER_WEEK)])
    say("posing the problems", _DRAWN)
    posed = pose_theatres(capacity, drawn, hard_classes)
    days = pose_chairs(capacity, drawn)
    share = 1.0 if not days else 0.0 if posed is None else _FOR_THEATRES
    result = lists = None
    if posed is not None:
        say("scheduling theatres and wards", _POSED)
        result = theatres.solve(
            posed.problem, seconds=share * seconds, threads=threads, seed=seed, cancel=cancel, clock=clock
        )
        lists = put_in_order(posed, result.solution, seed)
    solved = []
    if days:
        # A day has too little of the time to wait for the compiler: many would be left without a plan.
        chairs.make_ready(days[0].problem)
    for number, day in enumerate(days):
        say("scheduling chairs", _POSED + (1 - _POSED) * (share + (1 - share) * number / len(days)))
        solved.append(solve_day(day, (1 - share) * seconds / len(days), threads, seed, cancel, clock))
    told = Told(prepared, house, drawn, posed, result, lists or (), solved, seed, seconds, hard_classes)
    return to_document(told)


def choose_monday(prepared: Prepared, house: House) -> date:
    """Return the Monday of a week with five working days, from February of the year the last phase is for."""
    day = date(prepared.project.centre.reference_year, 2, 1)
    monday = day + timedelta(days=-day.weekday() % DAYS_PER_WEEK)
    for week in range(1, 9):  # structure: two months, in which there is such a week
        at = monday + timedelta(weeks=week - 1)
        if all(house.is_workday(at + timedelta(days=n)) for n in range(5)):  # structure: working days
            return at
    return monday


def put_in_order(posed: Posed, solution: theatres.Solution, seed: int) -> tuple[TheatreList, ...]:
    """Return the lists of all theatres, with operations as long as they are without turnover."""
    patients = tuple(
        replace(patient, surgery_min=posed.minutes[patient.id]) for patient in posed.problem.patients
    )
    return theatres.sequence(replace(posed.problem, patients=patients), solution, posed.means, seed=seed)


def solve_day(
    posed: ChairsDay,
    seconds: float,
    threads: int,
    seed: int,
    cancel: threading.Event | None,
    clock: Callable[[], float],
) -> ChairsSolved:
    """Return the plan of a day, or why not everybody who is to come can be given a time."""
    try:
        result = chairs.solve(
            posed.problem, seconds=seconds, threads=threads, seed=seed, cancel=cancel, clock=clock
        )
    except InfeasibleError as refused:
        return ChairsSolved(posed, None, refused)
    return ChairsSolved(posed, result, None)
