"""`compute_bound`: what no roster costs less than, by a linear model.

The model has each nurse, day and shift, the cover by groups of nurses with the same skills, forbidden
successions, the totals, wishes, weekends and runs of working days that are too long. Runs that are too short,
days off and runs of one shift are left out, which can only make it cheaper.
"""

import math
import time
from collections import defaultdict
from datetime import timedelta
from typing import Any

from ortools.math_opt.python import mathopt  # type: ignore[import-untyped]

from oncopolis.scheduling.rosters.problem import SATURDAY, SUNDAY, WEEK, Contract, Nurse, Problem

Share = Any
Amount = Any
_MOST_SHARES = 150_000  # structure: nurses, days and shifts, beyond which the model is not worth its building
_TOLERANCE = 1e-5  # structure: rounding of reals


def compute_bound(problem: Problem, seconds: float) -> int:
    """Return what no roster costs less than; nought if that is all that is known after so long."""
    size = len(problem.nurses) * problem.days * len(problem.shifts)
    if size > _MOST_SHARES or seconds <= 0:
        return 0
    began = time.monotonic()
    model = _Model(problem).model
    left = seconds - (time.monotonic() - began)
    if left <= 0:
        return 0
    result = mathopt.solve(
        model,
        mathopt.SolverType.GLOP,
        params=mathopt.SolveParameters(time_limit=timedelta(seconds=left)),
    )
    found = result.termination.objective_bounds.dual_bound
    return max(0, math.ceil(found - _TOLERANCE)) if math.isfinite(found) else 0


class _Model:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.model = mathopt.Model()
        self.objective: list[tuple[Share, int]] = []
        self.works: dict[tuple[str, int], dict[str, Share]] = {}
        contracts = {contract.id: contract for contract in problem.contracts}
        for nurse in problem.nurses:
            for day in range(problem.days):
                self.works[nurse.id, day] = {
                    shift.id: self.model.add_variable(lb=0, ub=1) for shift in problem.shifts
                }
                self._limit(list(self.works[nurse.id, day].values()), 1)
            self._add_successions(nurse)
            self._add_contract(nurse, contracts[nurse.contract])
        for wish in problem.wishes:
            shares = self.works[wish.nurse, wish.day]
            asked = shares.values() if wish.shift is None else [shares[wish.shift]]
            self.objective += [(share, problem.weights.wish) for share in asked]
        self._add_cover()
        self.model.minimize(mathopt.fast_sum(weight * one for one, weight in self.objective))

    def _limit(self, shares: list[Share], most: int) -> None:
        self.model.add_linear_constraint(mathopt.fast_sum(shares) <= most)

    def _charge(self, amount: Amount, weight: int) -> None:
        """What an amount is above nought costs."""
        missed = self.model.add_variable(lb=0)
        self.model.add_linear_constraint(amount - missed <= 0)
        self.objective.append((missed, weight))

    def _add_successions(self, nurse: Nurse) -> None:
        followers: dict[str, list[str]] = defaultdict(list)
        for before, after in self.problem.forbidden:
            followers[before].append(after)
        for before, shifts in followers.items():
            if nurse.history.last_shift == before:
                self._limit([self.works[nurse.id, 0][shift] for shift in shifts], 0)
            for day in range(1, self.problem.days):
                today = [self.works[nurse.id, day][shift] for shift in shifts]
                self._limit([self.works[nurse.id, day - 1][before], *today], 1)

    def _add_contract(self, nurse: Nurse, contract: Contract) -> None:
        problem, past = self.problem, nurse.history
        days = [mathopt.fast_sum(self.works[nurse.id, day].values()) for day in range(problem.days)]
        total = past.n_shifts + mathopt.fast_sum(days)
        self._charge(contract.least_shifts - total, problem.weights.total_shifts)
        self._charge(total - contract.most_shifts, problem.weights.total_shifts)
        weekends: list[Amount] = [past.n_weekends]
        for monday in range(0, problem.days, WEEK):
            saturday, sunday = days[monday + SATURDAY], days[monday + SUNDAY]
            either = self.model.add_variable(lb=0, ub=1)
            self.model.add_linear_constraint(saturday - either <= 0)
            self.model.add_linear_constraint(sunday - either <= 0)
            weekends.append(either)
            if contract.has_whole_weekends:
                self._charge(2 * either - saturday - sunday, problem.weights.half_weekend)
        self._charge(mathopt.fast_sum(weekends) - contract.most_weekends, problem.weights.total_weekends)
        most = contract.most_days
        for last in range(most, problem.days):
            run = mathopt.fast_sum(days[last - most : last + 1])
            self._charge(run - most, problem.weights.work_run)

    def _add_cover(self) -> None:
        """Nurses with the same skills are one group, which shares its shifts out among its skills."""
        problem = self.problem
        groups: dict[frozenset[str], list[str]] = defaultdict(list)
        for nurse in problem.nurses:
            groups[frozenset(nurse.skills)].append(nurse.id)
        needs = {(need.day, need.shift, need.skill): need for need in problem.needs}
        for day in range(problem.days):
            for shift in problem.shifts:
                present: dict[str, list[Share]] = defaultdict(list)
                for skills, nurses in groups.items():
                    shares = [self.model.add_variable(lb=0) for _ in skills]
                    for skill, share in zip(sorted(skills), shares, strict=True):
                        present[skill].append(share)
                    working = mathopt.fast_sum(self.works[nurse, day][shift.id] for nurse in nurses)
                    self.model.add_linear_constraint(mathopt.fast_sum(shares) - working == 0)
                for skill in problem.skills:
                    need = needs.get((day, shift.id, skill))
                    if need is not None and need.wanted:
                        there = mathopt.fast_sum(present[skill])
                        self.model.add_linear_constraint(there >= need.least)
                        self._charge(need.wanted - there, problem.weights.cover)
