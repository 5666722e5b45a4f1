"""`mend`: some rows of a roster anew, by a constraint model that is exact in every rule and cost."""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from ortools.sat.python import cp_model

from oncopolis.scheduling.mending import Mended, solve_model
from oncopolis.scheduling.rosters.changes import Duty, to_duties
from oncopolis.scheduling.rosters.problem import SATURDAY, SUNDAY, WEEK, Contract, Nurse, Problem
from oncopolis.scheduling.rosters.solution import Assignment, Solution

_Literal = Any


@dataclass(frozen=True)
class Terms:
    """What may change, and what a change costs beside the costs of the roster.

    Parameters
    ----------
    days
        Others stay as they are.
    charge
        Cost of each day of a nurse with another shift or skill.
    barred
        (nurse, day, shift) that may not be.
    has_costs
        Whether what the roster costs counts; if not, only the least cover and charges, which is soon done.
    """

    days: range
    charge: int
    barred: frozenset[tuple[str, int, str]] = field(default_factory=frozenset)
    has_costs: bool = True


def mend(
    problem: Problem,
    told: Solution,
    known: Solution,
    terms: Terms,
    rows: frozenset[str],
    seconds: float,
) -> Mended[Solution] | None:
    """Change the rows of some nurses: the least cover comes first, then costs and charges.

    Parameters
    ----------
    told
        The roster from which changes are counted. Other rows stay as they are in it.
    known
        A roster that may be a good one, to begin with.
    rows
        Nurses whose duties may change.

    Returns
    -------
    Mended or None
        None if nothing was found in the time, or a rule cannot be kept at all.
    """
    until = time.monotonic() + seconds
    model = _Model(problem, to_duties(told), terms, rows, cp_model.CpModel())
    model.hint(to_duties(known))
    found = solve_model(model.model, until)
    if found is None:
        return None
    solver, is_proved = found
    kept = [one for one in told.assignments if one.nurse not in rows]
    made = [
        Assignment(nurse, day, shift, skill)
        for (nurse, day), duties in model.duties.items()
        for (shift, skill), literal in duties.items()
        if (literal if isinstance(literal, int) else solver.boolean_value(literal))
    ]
    return Mended(Solution((*kept, *made)), is_proved)


class _Model:
    """A literal for each duty of each nurse and day that may change; 0 and 1 where nothing is open."""

    def __init__(
        self,
        problem: Problem,
        told: Mapping[tuple[str, int], Duty],
        terms: Terms,
        rows: frozenset[str],
        model: Any,
    ) -> None:
        self.problem, self.told, self.terms, self.model = problem, told, terms, model
        self.priced: list[tuple[int, Any, int]] = []
        self.missing: list[Any] = []
        self.duties: dict[tuple[str, int], dict[Duty, _Literal]] = {}
        self.present: dict[tuple[int, str, str], list[Any]] = defaultdict(list)
        self.lengths = {shift.id: shift.length_min for shift in problem.shifts}
        self.successions = _list_successions(problem)
        contracts = {contract.id: contract for contract in problem.contracts}
        for (nurse_id, day), (shift, skill) in told.items():
            if nurse_id not in rows:
                self.present[day, shift, skill].append(1)
        for nurse in problem.nurses:
            if nurse.id in rows:
                self._add_nurse(nurse, contracts[nurse.contract])
        self._add_cover()
        model.minimize(sum(weight * amount for weight, amount, _ in self.priced))

    def hint(self, known: Mapping[tuple[str, int], Duty]) -> None:
        """Begin with a roster."""
        for at, duties in self.duties.items():
            for duty, literal in duties.items():
                if not isinstance(literal, int):
                    self.model.add_hint(literal, known.get(at) == duty)

    def _add_nurse(self, nurse: Nurse, contract: Contract) -> None:
        works = [self._add_day(nurse, day) for day in range(self.problem.days)]
        self._add_successions(nurse, works)
        self._add_hours(nurse, contract, works)
        if self.terms.has_costs:
            self._add_costs(nurse, contract, works)

    def _add_day(self, nurse: Nurse, day: int) -> dict[str, _Literal]:
        """Return shift -> whether it is worked."""
        before = self.told.get((nurse.id, day))
        duties: dict[Duty, _Literal] = {}
        if day not in self.terms.days:
            duties = {} if before is None else {before: 1}
        elif nurse.may_work(day):
            duties = {
                (shift.id, skill): self.model.new_bool_var("")
                for shift in self.problem.shifts
                if (nurse.id, day, shift.id) not in self.terms.barred
                for skill in nurse.skills
            }
            others = [literal for duty, literal in duties.items() if duty != before]
            if before is None:
                self._pay(self.terms.charge, others)
            else:
                self._pay(self.terms.charge, [_negate(duties.get(before, 0))])
            self.model.add_at_most_one(duties.values())
        self.duties[nurse.id, day] = duties
        for (shift_id, skill), literal in duties.items():
            self.present[day, shift_id, skill].append(literal)
        return {
            shift.id: self._join([literal for (name, _), literal in duties.items() if name == shift.id])
            for shift in self.problem.shifts
        }

    def _join(self, literals: Sequence[_Literal]) -> _Literal:
        """Return whether one of some literals is true, of which no two are."""
        some = [one for one in literals if not isinstance(one, int) or one]
        if len(some) <= 1:
            return some[0] if some else 0
        either = self.model.new_bool_var("")
        self.model.add(sum(some) == either)
        return either

    def _require(self, literals: Iterable[_Literal]) -> None:
        """Let one of some literals be true at least."""
        some = [one for one in literals if not isinstance(one, int) or one]
        if all(not isinstance(one, int) for one in some):
            self.model.add_bool_or(some)

    def _add_successions(self, nurse: Nurse, works: Sequence[Mapping[str, _Literal]]) -> None:
        for before, after in self.successions[nurse.contract]:
            if nurse.history.last_shift == before:
                self._require([_negate(works[0][after])])
            for yesterday, today in pairwise(works):
                self._require([_negate(yesterday[before]), _negate(today[after])])

    def _add_hours(self, nurse: Nurse, contract: Contract, works: Sequence[Mapping[str, _Literal]]) -> None:
        if contract.most_week_min is None:
            return
        past = nurse.history
        minutes: list[Any] = [
            sum(self.lengths[shift] * literal for shift, literal in work.items()) for work in works
        ]
        for last in range(len(works)):
            n_before = min(max(0, WEEK - 1 - last), past.n_days)
            known = n_before * self.lengths[past.last_shift] if past.last_shift else 0
            week = sum(minutes[max(0, last - WEEK + 1) : last + 1])
            if not isinstance(week, int):
                self.model.add(known + week <= contract.most_week_min)

    def _add_costs(self, nurse: Nurse, of: Contract, works: Sequence[Mapping[str, _Literal]]) -> None:
        past, weights = nurse.history, self.problem.weights
        days = [self._join(list(work.values())) for work in works]
        self._add_runs(days, past.n_days, of.least_days, of.most_days, weights.work_run)
        off = [_negate(one) for one in days]
        self._add_runs(off, past.n_off, of.least_off, of.most_off, weights.off_run)
        for shift in self.problem.shifts:
            row = [work[shift.id] for work in works]
            n_before = past.n_same if past.last_shift == shift.id else 0
            self._add_runs(row, n_before, shift.least_run, shift.most_run, weights.same_shift)
        total = past.n_shifts + sum(days)
        self._charge(total - of.most_shifts, weights.total_shifts, past.n_shifts + len(days))
        self._charge(of.least_shifts - total, weights.total_shifts, of.least_shifts)
        self._add_weekends(days, past.n_weekends, of)
        for wish in self.problem.wishes:
            if wish.nurse == nurse.id:
                self._pay(
                    weights.wish, [days[wish.day] if wish.shift is None else works[wish.day][wish.shift]]
                )

    def _add_weekends(self, days: Sequence[_Literal], n_before: int, of: Contract) -> None:
        weights, weekends = self.problem.weights, []
        for monday in range(0, self.problem.days, WEEK):
            saturday, sunday = days[monday + SATURDAY], days[monday + SUNDAY]
            weekends.append(self.model.new_bool_var(""))
            self.model.add_max_equality(weekends[-1], [saturday, sunday])
            if of.has_whole_weekends:
                self._pay(weights.half_weekend, [2 * weekends[-1] - saturday - sunday])
        most = n_before + len(weekends)
        self._charge(n_before + sum(weekends) - of.most_weekends, weights.total_weekends, most)

    def _charge(self, amount: Any, weight: int, most: int) -> None:
        """Charge what an amount is above nought."""
        if not isinstance(amount, int):
            missed = self.model.new_int_var(0, most, "")
            self.model.add(missed >= amount)
            self._pay(weight, [missed], most)

    def _pay(self, weight: int, amounts: Iterable[Any], most: int = 1) -> None:
        """Let amounts of at most so many cost so much each."""
        self.priced += [(weight, amount, most) for amount in amounts if not isinstance(amount, int)]

    def _add_runs(self, row: Sequence[_Literal], n_before: int, least: int, most: int, weight: int) -> None:
        """Charge each day beyond the most, and each day short of the least of runs that are over."""
        known = [1] * n_before + list(row)
        for last in range(max(n_before, most), len(known)):
            self._pay_unless([_negate(one) for one in known[last - most : last + 1]], weight)
        for length in range(1, least):
            for first in range(len(known) - length):
                run = [_negate(one) for one in known[first : first + length]]
                before = [known[first - 1]] if first else []
                self._pay_unless([*before, *run, known[first + length]], weight * (least - length))

    def _pay_unless(self, literals: Sequence[_Literal], weight: int) -> None:
        """Charge it if none of some literals is true, where that is open."""
        some = [one for one in literals if not isinstance(one, int) or one]
        if some and all(not isinstance(one, int) for one in some):
            broken = self.model.new_bool_var("")
            self.model.add_bool_or([*some, broken])
            self._pay(weight, [broken])

    def _add_cover(self) -> None:
        """Let a nurse short of the least cover cost more than everything else can."""
        for need in self.problem.needs:
            present = sum(self.present[need.day, need.shift, need.skill])
            if self.terms.has_costs:
                self._charge(need.wanted - present, self.problem.weights.cover, need.wanted)
            if need.least and not isinstance(present, int):
                self.missing.append(self.model.new_int_var(0, need.least, ""))
                self.model.add(self.missing[-1] >= need.least - present)
        dear = 1 + sum(weight * most for weight, _, most in self.priced)
        self._pay(dear, self.missing)


def _negate(literal: _Literal) -> _Literal:
    return 1 - literal if isinstance(literal, int) else ~literal


def _list_successions(problem: Problem) -> dict[str, list[tuple[str, str]]]:
    """Return contract -> the shifts that may not follow each other, by rule or for want of rest."""
    return {
        contract.id: [
            (before.id, after.id)
            for before in problem.shifts
            for after in problem.shifts
            if (before.id, after.id) in problem.forbidden or not contract.may_follow(before, after)
        ]
        for contract in problem.contracts
    }
