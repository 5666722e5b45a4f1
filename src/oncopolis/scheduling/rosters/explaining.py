"""`explain`: why nobody does a duty, or why somebody does, and what another roster would cost."""

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from oncopolis.foundation import InputError, NotFoundError
from oncopolis.scheduling.budget import Budget, check_limits
from oncopolis.scheduling.forced import Forced, leave_out_solution
from oncopolis.scheduling.rosters.changes import Change, Duty, compare, to_duties
from oncopolis.scheduling.rosters.checking import check
from oncopolis.scheduling.rosters.mending import Terms
from oncopolis.scheduling.rosters.problem import Nurse, Problem
from oncopolis.scheduling.rosters.replanning import mend_in_time
from oncopolis.scheduling.rosters.solution import Assignment, Solution

_COVER = re.compile(r"day (?P<day>\d+), (?P<shift>.+), (?P<skill>[^,]+)")
_DAY = re.compile(r"(?P<nurse>.+), day (?P<day>\d+)")


@dataclass(frozen=True, slots=True)
class Option:
    """Somebody who might do a duty while everybody else does as before.

    Parameters
    ----------
    obstacles
        What binds; empty if nothing does.
    cost
        What the roster would cost more; None if it cannot be.
    """

    nurse: str
    obstacles: tuple[str, ...]
    cost: int | None

    def __str__(self) -> str:
        if self.cost is not None:
            return f"{self.nurse}: free, {self.cost:+}"
        return f"{self.nurse}: {'; '.join(self.obstacles)}"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a duty is not done by more people, or why somebody is not off.

    Parameters
    ----------
    state
        What the roster says of it.
    options
        Who else might do the duty.
    forced
        A roster with one more there, or with the nurse off; None if none was found in the time.
    """

    where: str
    state: str
    options: tuple[Option, ...]
    forced: Forced[Solution, Change] | None

    def to_dict(self) -> dict[str, Any]:
        """Return all of it but the other roster."""
        return leave_out_solution(self)

    def to_text(self) -> str:
        """Say it in lines."""
        lines = [f"{self.where}: {self.state}", *(f"  {option}" for option in self.options)]
        if self.forced is None:
            return "\n".join([*lines, "no other roster was found in the time"])
        lines.append(f"another roster costs {self.forced.cost:+}:")
        return "\n".join([*lines, *(f"  {change}" for change in self.forced.changes)])


def explain(
    problem: Problem,
    solution: Solution,
    where: str,
    *,
    seconds: float = 2.0,
    cancel: threading.Event | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Explanation:
    """Say who might do a duty and what binds, and look for the cheapest roster in which one more does.

    Parameters
    ----------
    where
        As `check` says places: ``day 3, night, nurse`` asks why no more nurses are there, ``Ann, day 3`` why
        Ann is not off, or does not have the shift off that she wished.

    Raises
    ------
    NotFoundError
        SCH-070: the problem has no such nurse, day, shift or skill, or the nurse is off.
    InputError
        SCH-058: the roster breaks a rule, or is of another problem.
    """
    check_limits(seconds, 1, None)
    budget = Budget(clock, clock(), seconds, cancel=cancel)
    _check_belongs(problem, solution)
    day = _DAY.fullmatch(where)
    if day is not None and day["nurse"] in {nurse.id for nurse in problem.nurses}:
        return _explain_day(problem, solution, day["nurse"], int(day["day"]), budget)
    cover = _COVER.fullmatch(where)
    if cover is not None:
        duty = (cover["shift"], cover["skill"])
        is_known = duty[0] in {shift.id for shift in problem.shifts} and duty[1] in problem.skills
        if is_known and int(cover["day"]) < problem.days:
            return _explain_cover(problem, solution, int(cover["day"]), duty, budget)
    raise _refuse(problem, where)


def _refuse(problem: Problem, where: str) -> NotFoundError:
    return NotFoundError(
        code="SCH-070", where="what to explain", got=where,
        expected=f"'day D, SHIFT, SKILL', or 'NURSE, day D' of one who works, D 0 to {problem.days - 1}",
        fix="write it as `schedule check` does",
    )  # fmt: skip


def _check_belongs(problem: Problem, solution: Solution) -> None:
    found = [one for one in check(problem, solution).violations if one.rule != "least-cover"]
    if found:
        raise InputError(
            code="SCH-058", where="roster", got=f"{found[0].where}: {found[0].message}",
            expected="a roster of this problem that keeps every rule", fix="mend it with `replan` first",
        )  # fmt: skip


def _explain_cover(problem: Problem, solution: Solution, day: int, duty: Duty, budget: Budget) -> Explanation:
    shift, skill = duty
    n = sum((one.day, one.shift, one.skill) == (day, *duty) for one in solution.assignments)
    needs = {(need.day, need.shift, need.skill): need for need in problem.needs}
    need = needs.get((day, *duty))
    least, wanted = (need.least, need.wanted) if need is not None else (0, 0)
    options = tuple(_list_options(problem, solution, day, duty))
    others = tuple(one for one in problem.needs if one is not need)
    if need is not None:
        others += (replace(need, least=n + 1, wanted=max(wanted, n + 1)),)
    forced = _force(problem, replace(problem, needs=others), solution, frozenset(), budget) if need else None
    state = f"{n} there, {least} needed at least, {wanted} wanted"
    return Explanation(f"day {day}, {shift}, {skill}", state, options, forced)


def _explain_day(problem: Problem, solution: Solution, nurse: str, day: int, budget: Budget) -> Explanation:
    duty = to_duties(solution).get((nurse, day))
    if duty is None:
        raise _refuse(problem, f"{nurse}, day {day}")
    without = Solution(tuple(one for one in solution.assignments if (one.nurse, one.day) != (nurse, day)))
    wishes = [one for one in problem.wishes if (one.nurse, one.day) == (nurse, day)]
    refused = any(one.shift in (None, duty[0]) for one in wishes)
    is_whole = any(one.shift is None for one in wishes) or not refused
    barred = frozenset((nurse, day, shift.id) for shift in problem.shifts if is_whole or shift.id == duty[0])
    options = tuple(one for one in _list_options(problem, without, day, duty) if one.nurse != nurse)
    state = f"{duty[0]} as {duty[1]}" + (", against a wish" if refused else "")
    forced = _force(problem, problem, solution, barred, budget)
    return Explanation(f"{nurse}, day {day}", state, options, forced)


def _list_options(problem: Problem, solution: Solution, day: int, duty: Duty) -> Iterator[Option]:
    """Yield everybody who has the skill, with what a change of their own row breaks or costs."""
    duties = to_duties(solution)
    present = Counter((at[1], *what) for at, what in duties.items())
    needs = {(need.day, need.shift, need.skill): need for need in problem.needs}
    for nurse in problem.nurses:
        before = duties.get((nurse.id, day))
        if duty[1] not in nurse.skills or before == duty:
            continue
        row = [one for one in solution.assignments if one.nurse == nurse.id]
        changed = [one for one in row if one.day != day] + [Assignment(nurse.id, day, *duty)]
        old, new = (_check_alone(problem, nurse, some) for some in (row, changed))
        obstacles = [f"{one.message} {one.actual}; {one.expected}" for one in new.violations]
        cost = new.cost - old.cost
        for what, change in ((duty, 1), (before, -1)):
            need = needs.get((day, *what)) if what is not None else None
            if need is not None and what is not None:
                n = present[day, *what]
                missed = [max(0, need.wanted - there) for there in (n, n + change)]
                cost += problem.weights.cover * (missed[1] - missed[0])
                if change < 0 and n <= need.least:
                    obstacles.append(f"is needed for {what[0]} as {what[1]}")
        yield Option(nurse.id, tuple(obstacles), None if obstacles else cost)


def _check_alone(problem: Problem, nurse: Nurse, row: list[Assignment]) -> Any:
    """Return the verdict of one nurse's row, without cover."""
    wishes = tuple(one for one in problem.wishes if one.nurse == nurse.id)
    return check(replace(problem, nurses=(nurse,), needs=(), wishes=wishes), Solution(tuple(row)))


def _force(
    problem: Problem,
    asked: Problem,
    solution: Solution,
    barred: frozenset[tuple[str, int, str]],
    budget: Budget,
) -> Forced[Solution, Change] | None:
    terms = Terms(range(problem.days), 0, barred)
    mended, _ = mend_in_time(asked, solution, terms, budget)
    made = mended.solution
    if any((one.nurse, one.day, one.shift) in barred for one in made.assignments):
        return None
    if check(asked, made).violations:
        return None
    cost = check(problem, made).cost - check(problem, solution).cost
    return Forced(made, cost, compare(problem, solution, made))
