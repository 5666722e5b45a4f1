"""Rosters of nurses against confirmed costs and a plain constraint model, at equal CPU time.

    python benchmarks/schedulers_rosters.py DATA [--seconds 60] [--out FILE] [--alone] [NAME ...]

DATA is the folder of the data sets of the Second International Nurse Rostering Competition. Prints, for each
instance, our cost, its gap to the cost that the competition's program has confirmed of a published roster,
our bound, and what CP-SAT finds and proves with a model of a variable for each nurse, day, shift and skill
(not with `--alone`). Both may use one processor, and as many CPU seconds as given. A run can be taken up
again: what FILE holds is not computed anew.
"""

import argparse
import json
import threading
import time
from itertools import pairwise
from pathlib import Path

from ortools.sat.python import cp_model

from oncopolis.scheduling.rosters import Contract, Nurse, Problem, check, read_problem, solve
from oncopolis.scheduling.rosters.problem import SATURDAY, SUNDAY, WEEK

KNOWN = {
    "n030w4_1_6-2-9-1": 1670, "n030w4_1_6-7-5-3": 1820, "n040w4_0_2-0-6-1": 1565, "n050w4_0_0-4-8-7": 1320,
    "n060w4_1_6-1-1-5": 2455,
}  # fmt: skip


def main() -> None:
    """Compare, and print a line for each instance."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("names", nargs="*", default=list(KNOWN))
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--alone", action="store_true")
    said = parser.parse_args()
    done = json.loads(said.out.read_text()) if said.out and said.out.exists() else {}
    print(f"{'instance':<28}{'ours':>7}{'known':>7}{'gap':>8}{'bound':>7}{'CP-SAT':>8}{'its bound':>11}")
    for name in said.names:
        problem = read_problem(said.data / name)
        row = done.setdefault(name, {})
        if "ours" not in row:
            ours = solve(problem, seconds=said.seconds, seed=1, clock=time.process_time)
            assert not check(problem, ours.solution).violations
            row["ours"] = [ours.cost, ours.bound, ours.n_moves]
        if "theirs" not in row and not said.alone:
            row["theirs"] = list(solve_plainly(problem, said.seconds))
        if said.out:
            said.out.write_text(json.dumps(done, indent=1))
        cost, bound, _ = row["ours"]
        theirs, low = row.get("theirs", (None, ""))
        known = KNOWN.get(name)
        gap = f"{cost / known - 1:.2%}" if known else ""
        print(
            f"{name:<28}{cost:>7}{known or '':>7}{gap:>8}{bound:>7}{theirs or 'none':>8}{low:>11}", flush=True
        )


class Plain:
    """The model that one writes down first."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.model = problem, cp_model.CpModel()
        self.objective: list[cp_model.LinearExprT] = []
        self.present: dict[tuple[int, str, str], list[cp_model.IntVar]] = {}
        contracts = {contract.id: contract for contract in problem.contracts}
        for nurse in problem.nurses:
            works = [self._add_day(nurse, day) for day in range(problem.days)]
            self._add_nurse(nurse, contracts[nurse.contract], works)
        for need in problem.needs:
            there = sum(self.present.get((need.day, need.shift, need.skill), []))
            self.model.add(there >= need.least)
            self._charge(need.wanted - there, problem.weights.cover)
        self.model.minimize(sum(self.objective))

    def _add_day(self, nurse: Nurse, day: int) -> dict[str, cp_model.IntVar]:
        works = {}
        for shift in self.problem.shifts:
            works[shift.id] = self.model.new_bool_var("")
            skills = [self.model.new_bool_var("") for _ in nurse.skills]
            self.model.add(sum(skills) == works[shift.id])
            for skill, one in zip(nurse.skills, skills, strict=True):
                self.present.setdefault((day, shift.id, skill), []).append(one)
        return works

    def _add_nurse(self, nurse: Nurse, of: Contract, works: list[dict[str, cp_model.IntVar]]) -> None:
        problem, past, weights = self.problem, nurse.history, self.problem.weights
        days = [self.model.new_bool_var("") for _ in works]
        for day, work in zip(days, works, strict=True):
            self.model.add(sum(work.values()) == day)
        for before, after in problem.forbidden:
            if past.last_shift == before:
                self.model.add(works[0][after] == 0)
            for yesterday, today in pairwise(works):
                self.model.add_bool_or(~yesterday[before], ~today[after])
        self._add_runs(days, past.n_days, of.least_days, of.most_days, weights.work_run)
        self._add_runs([~one for one in days], past.n_off, of.least_off, of.most_off, weights.off_run)
        for shift in problem.shifts:
            row = [work[shift.id] for work in works]
            n_before = past.n_same if past.last_shift == shift.id else 0
            self._add_runs(row, n_before, shift.least_run, shift.most_run, weights.same_shift)
        total = past.n_shifts + sum(days)
        self._charge(total - of.most_shifts, weights.total_shifts)
        self._charge(of.least_shifts - total, weights.total_shifts)
        self._add_weekends(days, past.n_weekends, of)
        for wish in problem.wishes:
            if wish.nurse == nurse.id:
                asked = days[wish.day] if wish.shift is None else works[wish.day][wish.shift]
                self.objective.append(weights.wish * asked)

    def _add_weekends(self, days: list[cp_model.IntVar], n_before: int, of: Contract) -> None:
        weights, weekends = self.problem.weights, []
        for monday in range(0, self.problem.days, WEEK):
            saturday, sunday = days[monday + SATURDAY], days[monday + SUNDAY]
            weekends.append(self.model.new_bool_var(""))
            self.model.add_max_equality(weekends[-1], [saturday, sunday])
            if of.has_whole_weekends:
                self.objective.append((2 * weekends[-1] - saturday - sunday) * weights.half_weekend)
        self._charge(n_before + sum(weekends) - of.most_weekends, weights.total_weekends)

    def _charge(self, amount: cp_model.LinearExprT, weight: int) -> None:
        missed = self.model.new_int_var(0, 1000, "")
        self.model.add(missed >= amount)
        self.objective.append(weight * missed)

    def _add_runs(
        self, row: list[cp_model.LiteralT], n_before: int, least: int, most: int, weight: int
    ) -> None:
        """Charge each day beyond the most, and each day short of the least of runs that are over."""
        one = self.model.new_constant(1)
        known = [one] * n_before + row
        for last in range(n_before, len(known)):
            window = known[max(0, last - most) : last + 1]
            if len(window) == most + 1:
                over = self.model.new_bool_var("")
                self.model.add_bool_or([~literal for literal in window] + [over])
                self.objective.append(weight * over)
        for length in range(1, least):
            for first in range(len(known) - length):
                before = [known[first - 1]] if first else []
                short = self.model.new_bool_var("")
                run = [~literal for literal in known[first : first + length]]
                self.model.add_bool_or([*before, *run, known[first + length], short])
                self.objective.append(weight * (least - length) * short)


def solve_plainly(problem: Problem, seconds: float) -> tuple[int | None, int]:
    """Return the cost and the bound that CP-SAT finds with the plain model, None if no roster was found."""
    model = Plain(problem).model
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = 20 * seconds
    solver.parameters.num_workers = 1
    over = threading.Event()
    end = time.process_time() + seconds
    threading.Thread(target=_stop_after, args=(solver, end, over), daemon=True).start()
    status = solver.solve(model)
    over.set()
    is_found = status in {cp_model.OPTIMAL, cp_model.FEASIBLE}
    return (round(solver.objective_value) if is_found else None), int(solver.best_objective_bound)


def _stop_after(solver: cp_model.CpSolver, end: float, over: threading.Event) -> None:
    """End a search when so many CPU seconds are used up."""
    while not over.wait(0.1):
        if time.process_time() >= end:
            solver.stop_search()
            return


if __name__ == "__main__":
    main()
