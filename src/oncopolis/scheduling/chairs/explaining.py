"""`explain`: why a cycle has no time, or begins no earlier, and what it would cost."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from oncopolis.foundation import InputError, NotFoundError
from oncopolis.scheduling.budget import Budget, check_limits
from oncopolis.scheduling.chairs.changes import Change, compare
from oncopolis.scheduling.chairs.checking import check
from oncopolis.scheduling.chairs.mending import Terms
from oncopolis.scheduling.chairs.problem import Patient, Problem, Session
from oncopolis.scheduling.chairs.replanning import mend_in_time
from oncopolis.scheduling.chairs.room import RESOURCES, Room
from oncopolis.scheduling.chairs.solution import Solution, Visit
from oncopolis.scheduling.forced import Forced, leave_out_solution


@dataclass(frozen=True, slots=True)
class Start:
    """A day on which a cycle might begin while everybody else stays where they are.

    Parameters
    ----------
    obstacles
        What binds, session by session; empty if nothing does.
    cost
        What the plan would cost more; None if it cannot be.
    """

    day: int
    obstacles: tuple[str, ...]
    cost: int | None

    def __str__(self) -> str:
        if self.cost is not None:
            return f"day {self.day}: free, {self.cost:+}"
        return f"day {self.day}: {'; '.join(self.obstacles)}"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a patient has no time, or no earlier one.

    Parameters
    ----------
    begins
        Day of the first session; None without a time.
    starts
        Each day on which the cycle would end within the horizon.
    forced
        A plan with them, or with an earlier begin; None if none was found in the time.
    """

    patient: str
    begins: int | None
    starts: tuple[Start, ...]
    forced: Forced[Solution, Change] | None

    def to_dict(self) -> dict[str, Any]:
        """Return all of it but the other plan."""
        return leave_out_solution(self)

    def to_text(self) -> str:
        """Say it in lines."""
        what = "no time" if self.begins is None else f"begins on day {self.begins}"
        lines = [f"{self.patient}: {what}", *(f"  {start}" for start in self.starts)]
        asked = "a time" if self.begins is None else "an earlier begin"
        if self.forced is None:
            return "\n".join([*lines, f"no plan with {asked} was found in the time"])
        lines.append(f"a plan with {asked} costs {self.forced.cost:+}:")
        return "\n".join([*lines, *(f"  {change}" for change in self.forced.changes)])


def explain(
    problem: Problem,
    solution: Solution,
    patient: str,
    *,
    seconds: float = 2.0,
    cancel: threading.Event | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Explanation:
    """Say what keeps a cycle from each day, and look for the cheapest plan that has it, or has it earlier.

    Others without a time stay without.

    Raises
    ------
    NotFoundError
        SCH-022: there is no such patient.
    InputError
        SCH-055: the plan breaks a rule, or is of another problem.
    """
    check_limits(seconds, 1, None)
    budget = Budget(clock, clock(), seconds, cancel=cancel)
    one = next((one for one in problem.patients if one.id == patient), None)
    if one is None:
        raise NotFoundError(
            code="SCH-022", where="patient", got=patient, expected="a patient of the problem",
            fix="check the id",
        )  # fmt: skip
    found = [one for one in check(problem, solution).violations if one.rule != "every-session"]
    if found:
        raise InputError(
            code="SCH-055", where="plan", got=f"{found[0].where}: {found[0].message}",
            expected="a plan of this problem that keeps every rule", fix="mend it with `replan` first",
        )  # fmt: skip
    visits = solution.visits.get(patient)
    begins = visits[0].day if visits else None
    starts = _list_starts(problem, solution, one)
    days = [start.day for start in starts if begins is None or start.day < begins]
    days = [day for day in days if one.may_begin(day)]
    forced = _force(problem, solution, one, days, budget) if days else None
    return Explanation(patient, begins, starts, forced)


def _list_starts(problem: Problem, solution: Solution, patient: Patient) -> tuple[Start, ...]:
    booked = [
        (session, visit)
        for other in problem.patients
        if other.id != patient.id
        for session, visit in zip(other.sessions, solution.visits.get(other.id, ()), strict=False)
    ]
    room = Room(problem, booked)
    relaxed = {what: Room(problem, booked, without=what) for what in RESOURCES}
    now = _sum_ends(problem, patient, solution.visits.get(patient.id, ()))
    starts = []
    for first in patient.find_first_days(problem.days):
        obstacles, cost = [], -now
        for nth, (session, offset) in enumerate(zip(patient.sessions, patient.list_offsets(), strict=True)):
            day = first + offset
            end = room.find_end(session, day)
            cost += (day - 1) * problem.slots + (end or 0)
            if session.link is not None and day not in session.link.days:
                obstacles.append(f"session {nth} on day {day}: {session.link.because}")
            if end is None:
                obstacles.append(f"session {nth} on day {day}: {_say_lacking(relaxed, session, day)}")
        starts.append(Start(first, tuple(obstacles), None if obstacles else cost))
    return tuple(starts)


def _sum_ends(problem: Problem, patient: Patient, visits: tuple[Visit, ...]) -> int:
    return sum(
        (visit.day - 1) * problem.slots + visit.monitoring + session.monitoring_slots
        for session, visit in zip(patient.sessions, visits, strict=False)
    )


def _say_lacking(relaxed: dict[str, Room], session: Session, day: int) -> str:
    """Name each thing of which more, alone, would make room."""
    lacking = [what for what, room in relaxed.items() if room.find_end(session, day) is not None]
    if lacking:
        return f"too little of {' or of '.join(lacking)}"
    return "too little of more than one thing"


def _force(
    problem: Problem, solution: Solution, patient: Patient, days: list[int], budget: Budget
) -> Forced[Solution, Change] | None:
    wanted = frozenset({patient.id, *solution.visits})
    seen = replace(problem, patients=tuple(one for one in problem.patients if one.id in wanted))
    terms = Terms(today=1, now=0, charge=0)
    mended, _ = mend_in_time(seen, solution, terms, wanted, budget, {patient.id: days})
    made = mended.solution
    visits = made.visits.get(patient.id)
    if wanted - made.visits.keys() or not visits or visits[0].day not in days:
        return None
    cost = check(seen, made).cost - check(seen, solution).cost
    return Forced(made, cost, compare(problem, solution, made))
