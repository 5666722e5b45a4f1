"""`replan`: a plan again after something has happened, with few changes to what patients were told."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from oncopolis.foundation import InputError
from oncopolis.scheduling.budget import Budget, check_limits
from oncopolis.scheduling.chairs.changes import Change, compare
from oncopolis.scheduling.chairs.checking import check
from oncopolis.scheduling.chairs.demand import check_demand, refuse_unfinished
from oncopolis.scheduling.chairs.mending import Terms, mend
from oncopolis.scheduling.chairs.problem import Patient, Problem, check_problem
from oncopolis.scheduling.chairs.room import Room
from oncopolis.scheduling.chairs.solution import Solution
from oncopolis.scheduling.mending import Mended
from oncopolis.scheduling.replanned import Replanned

_MOST_STARTS = 4_000  # structure: days of sessions beyond which not all can be looked at in the time
_FOR_FEWER = 0.5  # structure: of the time that is left, for a look at fewer than all
_Firsts = dict[str, list[int]]


def replan(
    problem: Problem,
    told: Solution,
    *,
    today: int,
    charge: int,
    now: int = 0,
    late: Mapping[str, int] | None = None,
    seconds: float = 2.5,  # structure: half a second less than a desk should wait
    cancel: threading.Event | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Replanned[Solution, Change]:
    """Mend a plan: what has begun stays, and each session told another day or time costs a charge.

    Parameters
    ----------
    problem
        As it is now: with new patients and without those who no longer come, with the seats, nurses, doctors
        and hours of the pharmacy that there are now. Of what is past it says what there was.
    told
        The plan that is known. Patients who are no more are left out of it.
    today, now
        First day, from 1, and slot that may still be changed. A cycle that has begun keeps its days.
    charge
        Cost of each session with another day or time of arrival; sessions of new patients are charged alike.
    late
        Patient -> slot of today before which they are not there.

    Raises
    ------
    InputError, InputErrors
        SCH-020, SCH-042 to SCH-045: as `solve` says. SCH-023: today, now or a late patient is none of the
        problem, or the past breaks a rule.
    InfeasibleError
        SCH-046 to SCH-049, SCH-067: as `solve` says.
    """
    check_limits(seconds, 1, None)
    budget = Budget(clock, clock(), seconds, cancel=cancel)
    check_problem(problem)
    terms = Terms(today, now, charge, dict(late or {}))
    _check_terms(problem, terms)
    known = Solution(
        {one.id: told.visits[one.id] for one in problem.patients
         if len(told.visits.get(one.id, ())) == len(one.sessions)}
    )  # fmt: skip
    _check_past(problem, known, terms)
    check_demand(problem)
    mended, fewest = mend_in_time(
        problem, known, terms, frozenset(one.id for one in problem.patients), budget
    )
    left = [one for one in problem.patients if one.id not in mended.solution.visits]
    if left:
        raise refuse_unfinished(problem, left, "")
    verdict = check(problem, mended.solution)
    if verdict.violations:
        raise refuse_unfinished(problem, _find_broken(problem, mended.solution, terms), "")
    changes = compare(problem, known, mended.solution)
    n_again = len(changes)
    return Replanned(
        mended.solution, verdict, changes, n_again, charge * n_again, mended.is_proved, fewest, budget.elapsed
    )


def mend_in_time(
    problem: Problem,
    told: Solution,
    terms: Terms,
    wanted: frozenset[str],
    budget: Budget,
    firsts: Mapping[str, list[int]] | None = None,
) -> tuple[Mended[Solution], int | None]:
    """Give a time to those who have none with ever more others who may give way.

    Parameters
    ----------
    wanted
        Patients who are to have a time; others only if they have one.
    firsts
        Patient -> days on which the cycle may begin, where that is not for the plan to say.

    Returns
    -------
    tuple
        The best that is known when the time is up, in which somebody may be without a time; and how many
        sessions change in any plan that keeps every rule, None if that is not known.
    """
    asked = dict(firsts or {})
    patients = [one for one in problem.patients if one.id in wanted or one.id in told.visits]
    open_ = [one for one in patients if not _is_over(one, told, terms)]
    every = {one.id: asked.get(one.id) or _list_firsts(problem, one, told, terms) for one in open_}
    broken = {one.id for one in _find_broken(problem, told, terms)} | set(asked)
    few = {id_: days for id_, days in every.items() if id_ in broken}
    same = {
        one.id: few.get(one.id) or [told.visits[one.id][0].day]
        for one in open_
        if one.id in few or one.id in told.visits
    }
    best: Mended[Solution] | None = None
    value = (0, 0)
    fewest: int | None = None
    for chosen, has_costs in ((few, True), (same, False), (every, False), (same, True), (every, True)):
        size = sum(len(days) for days in chosen.values())
        if best is not None and (size > _MOST_STARTS or budget.has_ended):
            continue
        is_all = chosen is every and has_costs
        left = max(0.0, budget.seconds - budget.elapsed)
        known = told if best is None else best.solution
        now = terms if has_costs else replace(terms, has_costs=False, charge=1)
        found = mend(problem, told, known, now, chosen, left if is_all else _FOR_FEWER * left)
        if found is None:
            continue
        n_changed = len(compare(problem, told, found.solution))
        n_out = sum(id_ not in found.solution.visits for id_ in wanted)
        rated = n_out, check(problem, found.solution).cost + terms.charge * n_changed
        if found.is_proved and chosen is every and not has_costs and not n_out:
            fewest = n_changed
        if best is None or rated < value or (is_all and found.is_proved):
            best, value = Mended(found.solution, found.is_proved and is_all), rated
    return best or Mended(told, is_proved=False), fewest


def _list_firsts(problem: Problem, patient: Patient, told: Solution, terms: Terms) -> list[int]:
    """Return the days on which a cycle may begin: its own, if it has begun, or any from today on."""
    visits = told.visits.get(patient.id)
    if visits and terms.is_past(visits[0]):
        return [visits[0].day]
    days = patient.find_first_days(problem.days)
    return [day for day in days if day >= terms.today and patient.may_begin(day)]


def _is_over(patient: Patient, told: Solution, terms: Terms) -> bool:
    visits = told.visits.get(patient.id)
    return bool(visits) and all(terms.is_past(visit) for visit in visits or ())


def _find_broken(problem: Problem, told: Solution, terms: Terms) -> list[Patient]:
    """Return those without a time, those whose times break a rule, and all where there are too many."""
    booked = [
        (patient, session, visit)
        for patient in problem.patients
        for session, visit in zip(patient.sessions, told.visits.get(patient.id, ()), strict=False)
    ]
    overfull = set(Room(problem, [(session, visit) for _, session, visit in booked]).list_overfull())
    crowded = {
        patient.id
        for patient, session, visit in booked
        for slot in range(visit.arrival, visit.monitoring + session.monitoring_slots)
        if (visit.day, slot) in overfull and not terms.is_past(visit)
    }
    return [
        one
        for one in problem.patients
        if one.id in crowded
        or one.id not in told.visits
        or check(replace(problem, patients=(one,)), Solution({one.id: told.visits[one.id]})).violations
        or any(
            visit.day == terms.today
            and not terms.is_past(visit)
            and visit.arrival < terms.late.get(one.id, 0)
            for visit in told.visits[one.id]
        )
    ]


def _check_terms(problem: Problem, terms: Terms) -> None:
    is_day = 1 <= terms.today <= problem.days and 0 <= terms.now < problem.slots
    if not is_day or terms.charge < 0:
        raise InputError(
            code="SCH-023", where="today, now and charge", got=f"{terms.today}, {terms.now}, {terms.charge}",
            expected=f"a day from 1 to {problem.days}, a slot from 0 to {problem.slots - 1}, and at least 0",
            fix="correct it",
        )  # fmt: skip
    known = {one.id for one in problem.patients}
    for patient, slot in terms.late.items():
        if patient not in known or not 0 <= slot < problem.slots:
            raise InputError(
                code="SCH-023", where=f"late: {patient}", got=str(slot),
                expected=f"a patient of the problem, and a slot from 0 to {problem.slots - 1}",
                fix="correct it",
            )  # fmt: skip


def _check_past(problem: Problem, told: Solution, terms: Terms) -> None:
    """Refuse a past that breaks a rule, and visits of the past that would have been later."""
    past = {
        id_: visits for id_, visits in told.visits.items() if any(terms.is_past(visit) for visit in visits)
    }
    patients = tuple(
        replace(one, sessions=one.sessions[: sum(terms.is_past(visit) for visit in past[one.id])])
        for one in problem.patients
        if one.id in past
    )
    visits = {one.id: past[one.id][: len(one.sessions)] for one in patients}
    found = check(replace(problem, patients=patients), Solution(visits)).violations
    if found:
        raise InputError(
            code="SCH-023", where=f"today: {found[0].where}", got=f"{found[0].message} {found[0].actual}",
            expected="seats, nurses, doctors and pharmacy of the past as they were",
            fix="correct the problem",
        )  # fmt: skip
