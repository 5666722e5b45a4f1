"""`replan`: a roster again after something has happened, with few changes to what nurses were told."""

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from oncopolis.foundation import InputError
from oncopolis.scheduling.budget import Budget, check_limits
from oncopolis.scheduling.mending import Mended
from oncopolis.scheduling.replanned import Replanned
from oncopolis.scheduling.rosters.changes import Change, compare
from oncopolis.scheduling.rosters.checking import check
from oncopolis.scheduling.rosters.demand import check_demand, refuse_unfinished
from oncopolis.scheduling.rosters.faults import check_problem
from oncopolis.scheduling.rosters.mending import Terms, mend
from oncopolis.scheduling.rosters.problem import WEEK, Problem
from oncopolis.scheduling.rosters.solution import Assignment, Solution

_FEW = 12  # structure: nurses who are looked at first
_MOST_DUTIES = 20_000  # structure: nurses, days and shifts beyond which not all can be looked at in the time
_FOR_FEWER = 0.5  # structure: of the time that is left, for a look at fewer than all


def replan(
    problem: Problem,
    told: Solution,
    *,
    today: int,
    charge: int,
    seconds: float = 2.5,  # structure: half a second less than a desk should wait
    cancel: threading.Event | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Replanned[Solution, Change]:
    """Mend a roster: the past stays, and each day on which a nurse is told another duty costs a charge.

    Parameters
    ----------
    problem
        As it is now: who is ill is tied to other days by a link, who has left is not in it. Of days before
        `today` it says what there was.
    told
        The roster that is known. Duties of nurses, shifts and skills that are no more are left out of it.
    today
        First day that may still be changed.
    charge
        Cost of each day of a nurse with another shift or skill, but those on which they cannot come.
    cancel
        Set by whoever will not wait for the second look, at all nurses.

    Raises
    ------
    InputError, InputErrors
        SCH-020, SCH-050 to SCH-053: as `solve` says. SCH-023: today is no day of the horizon, or the past
        breaks a rule.
    InfeasibleError
        SCH-056, SCH-057: as `solve` says.
    """
    check_limits(seconds, 1, None)
    budget = Budget(clock, clock(), seconds, cancel=cancel)
    check_problem(problem)
    if not 0 <= today < problem.days or charge < 0:
        raise InputError(
            code="SCH-023", where="today and charge", got=f"{today} and {charge}",
            expected=f"a day from 0 to {problem.days - 1}, and at least 0", fix="correct it",
        )  # fmt: skip
    known = _keep_known(problem, told)
    _check_past(problem, known, today)
    check_demand(problem)
    mended, fewest = mend_in_time(problem, known, Terms(range(today, problem.days), charge), budget)
    verdict = check(problem, mended.solution)
    if verdict.violations:
        raise refuse_unfinished(problem, mended.solution)
    changes = compare(problem, known, mended.solution)
    n_again = sum(change.is_told for change in changes)
    return Replanned(
        mended.solution, verdict, changes, n_again, charge * n_again, mended.is_proved, fewest, budget.elapsed
    )


def mend_in_time(
    problem: Problem, told: Solution, terms: Terms, budget: Budget
) -> tuple[Mended[Solution], int | None]:
    """Keep the least cover with few changes first, then look at costs of ever more nurses and days.

    Returns
    -------
    tuple
        The best that is known when the time is up, which may fall short of the least cover; and how many have
        to be told another duty in any roster that keeps every rule, None if that is not known.
    """
    trouble = _find_trouble(problem, told, terms)
    everybody = frozenset(nurse.id for nurse in problem.nurses)
    few = _choose_few(problem, told, trouble)
    best: Mended[Solution] | None = None
    value = (0, 0)
    fewest: int | None = None
    for rows, days_around, has_costs in (
        (everybody, 1, False),
        (everybody, problem.days, False),
        (few, 1, True),
        (few, WEEK, True),
        (everybody, WEEK, True),
        (everybody, problem.days, True),
    ):
        days = _widen(trouble.days, days_around, terms.days)
        is_all = rows == everybody and days == terms.days and has_costs
        size = len(rows) * len(days) * len(problem.shifts)
        if best is not None and (size > _MOST_DUTIES or budget.has_ended):
            break
        left = max(0.0, budget.seconds - budget.elapsed)
        known = told if best is None else best.solution
        asked = replace(terms, days=days, has_costs=has_costs)
        if not has_costs:
            asked = replace(asked, charge=1)
        found = mend(problem, told, known, asked, rows, left if is_all else _FOR_FEWER * left)
        if found is None:
            continue
        rated = _rate(problem, told, found.solution, terms)
        if found.is_proved and not has_costs and days == terms.days and not rated[0]:
            fewest = _count_told(problem, told, found.solution)
        if best is None or rated < value or (is_all and found.is_proved):
            best, value = Mended(found.solution, found.is_proved and is_all), rated
        if is_all:
            break
    return best or Mended(told, is_proved=False), fewest


def _rate(problem: Problem, told: Solution, solution: Solution, terms: Terms) -> tuple[int, int]:
    """Return broken rules, and cost with charges."""
    verdict = check(problem, solution)
    return len(verdict.violations), verdict.cost + terms.charge * _count_told(problem, told, solution)


def _count_told(problem: Problem, told: Solution, solution: Solution) -> int:
    return sum(one.is_told for one in compare(problem, told, solution))


def _widen(days: frozenset[int], around: int, within: range) -> range:
    """Return the open days from so many before the first to so many after the last."""
    if not days:
        return within
    return range(max(min(days) - around, within.start), min(max(days) + around + 1, within.stop))


@dataclass(frozen=True)
class _Trouble:
    """Nurses and days at which a roster cannot stay as it is, and (day, skill) that is short."""

    nurses: frozenset[str]
    days: frozenset[int]
    short: frozenset[tuple[int, str]]


def _find_trouble(problem: Problem, told: Solution, terms: Terms) -> _Trouble:
    """Look for broken rules, and for duties that are barred."""
    at = {(one.nurse, one.day) for one in told.assignments if (one.nurse, one.day, one.shift) in terms.barred}
    for one in check(problem, told).violations:
        if one.rule != "least-cover":
            nurse, where = one.where.rsplit(", ", 1)
            at.add((nurse, int(where.split()[-1])))
    working = Counter(
        (one.day, one.shift, one.skill) for one in told.assignments if (one.nurse, one.day) not in at
    )
    short = {
        (need.day, need.skill)
        for need in problem.needs
        if working[need.day, need.shift, need.skill] < need.least
    }
    days = {day for _, day in at} | {day for day, _ in short}
    return _Trouble(frozenset(nurse for nurse, _ in at), frozenset(days & set(terms.days)), frozenset(short))


def _choose_few(problem: Problem, told: Solution, trouble: _Trouble) -> frozenset[str]:
    """Return those who cannot do as they were told, and those who are off where somebody is missing."""
    busy = {(one.nurse, one.day) for one in told.assignments}
    free = Counter(
        {
            nurse.id: sum(
                (nurse.id, day) not in busy for day, skill in trouble.short if skill in nurse.skills
            )
            for nurse in problem.nurses
            if nurse.id not in trouble.nurses
        }
    )
    helpers = [nurse for nurse, _ in free.most_common(max(0, _FEW - len(trouble.nurses)))]
    return trouble.nurses | frozenset(helpers)


def _check_past(problem: Problem, told: Solution, today: int) -> None:
    past = Solution(tuple(one for one in told.assignments if one.day < today))
    found = [
        one for one in check(problem, past).violations
        if one.rule != "least-cover" or int(one.where.split(",")[0].removeprefix("day ")) < today
    ]  # fmt: skip
    if found:
        raise InputError(
            code="SCH-023", where=f"today: {found[0].where}", got=f"{found[0].message} {found[0].actual}",
            expected="needs, links and rules of the past as they were kept", fix="correct the problem",
        )  # fmt: skip


def _keep_known(problem: Problem, told: Solution) -> Solution:
    """Return what a roster says of what there still is, one duty a day."""
    skills = {nurse.id: nurse.skills for nurse in problem.nurses}
    shifts = {shift.id for shift in problem.shifts}
    kept = {
        (one.nurse, one.day): one
        for one in told.assignments
        if one.shift in shifts and one.skill in skills.get(one.nurse, ()) and 0 <= one.day < problem.days
    }
    return Solution(tuple(Assignment(one.nurse, one.day, one.shift, one.skill) for one in kept.values()))
