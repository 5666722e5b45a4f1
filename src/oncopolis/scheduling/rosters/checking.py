"""Whether a roster keeps every rule, and what it costs; written from the definition, not from a solver."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import TypeVar

from oncopolis.foundation.findings import Finding
from oncopolis.foundation.units import MINUTES_PER_DAY
from oncopolis.scheduling.rosters.problem import SATURDAY, SUNDAY, WEEK, Nurse, Problem
from oncopolis.scheduling.rosters.solution import Assignment, Solution
from oncopolis.scheduling.verdict import Verdict

V = TypeVar("V")

RULES = (
    "unknown-id",
    "one-shift-a-day",
    "least-cover",
    "succession",
    "skill",
    "linked-day",
    "rest",
    "week-hours",
)
COMPONENTS = (
    "cover",
    "same_shift",
    "work_run",
    "off_run",
    "wish",
    "half_weekend",
    "total_shifts",
    "total_weekends",
)


def check(problem: Problem, solution: Solution) -> Verdict:
    """Look at a roster, rule by rule and cost by cost.

    What names ids that the problem does not know is left out of everything else; of several shifts of one
    nurse on one day the first counts for their runs, all of them for the cover.
    """
    return _Check(problem, solution).run()


class _Check:
    def __init__(self, problem: Problem, solution: Solution) -> None:
        self.problem = problem
        self.found: list[Finding] = []
        self.names = {
            "nurse": {nurse.id for nurse in problem.nurses},
            "shift": {shift.id for shift in problem.shifts},
            "skill": set(problem.skills),
        }
        self.known = [one for one in solution.assignments if self._is_known(one)]
        self.rows: dict[str, list[str | None]] = {nurse.id: [None] * problem.days for nurse in problem.nurses}
        for one in reversed(self.known):
            self.rows[one.nurse][one.day] = one.shift
        self.shifts = {shift.id: shift for shift in problem.shifts}
        self.contracts = {contract.id: contract for contract in problem.contracts}
        self.present = Counter((one.day, one.shift, one.skill) for one in self.known)

    def run(self) -> Verdict:
        self._check_days()
        self._check_cover()
        self._check_successions()
        self._check_skills()
        self._check_links()
        self._check_working_time()
        weights = self.problem.weights
        costs = {name: getattr(weights, name) * getattr(self, f"_count_{name}")() for name in COMPONENTS}
        return Verdict(costs, tuple(self.found))

    def _is_known(self, one: Assignment) -> bool:
        said = (("nurse", one.nurse), ("shift", one.shift), ("skill", one.skill))
        wrong = [f"{kind} {name}" for kind, name in said if name not in self.names[kind]]
        if not 0 <= one.day < self.problem.days:
            wrong.append(f"day {one.day}")
        for name in wrong:
            self._report("unknown-id", f"{one.nurse}, day {one.day}", "There is none of that name.", name,
                         "one of the problem")  # fmt: skip
        return not wrong

    def _check_days(self) -> None:
        for (nurse, day), n in sorted(Counter((one.nurse, one.day) for one in self.known).items()):
            if n > 1:
                self._report("one-shift-a-day", f"{nurse}, day {day}", "Somebody works twice on one day.",
                             f"{n} shifts", "at most 1")  # fmt: skip

    def _check_cover(self) -> None:
        for need in self.problem.needs:
            n = self.present[need.day, need.shift, need.skill]
            if n < need.least:
                self._report("least-cover", f"day {need.day}, {need.shift}, {need.skill}", "Too few nurses.",
                             str(n), f"at least {need.least}")  # fmt: skip

    def _check_successions(self) -> None:
        for nurse in self.problem.nurses:
            row = [nurse.history.last_shift, *self.rows[nurse.id]]
            for day, (before, after) in enumerate(pairwise(row)):
                if before and after and (before, after) in self.problem.forbidden:
                    self._report("succession", f"{nurse.id}, day {day}", "A shift may not follow the other.",
                                 f"{before}, then {after}", "another shift, or off")  # fmt: skip

    def _check_skills(self) -> None:
        skills = {nurse.id: nurse.skills for nurse in self.problem.nurses}
        for one in self.known:
            if one.skill not in skills[one.nurse]:
                self._report("skill", f"{one.nurse}, day {one.day}", "Somebody works with a skill they lack.",
                             one.skill, f"one of {', '.join(skills[one.nurse])}")  # fmt: skip

    def _check_links(self) -> None:
        links = {nurse.id: nurse.link for nurse in self.problem.nurses}
        for one in self.known:
            link = links[one.nurse]
            if link is not None and one.day not in link.days:
                self._report("linked-day", f"{one.nurse}, day {one.day}", "Somebody works on a closed day.",
                             one.shift, link.because)  # fmt: skip

    def _check_working_time(self) -> None:
        """Lay each nurse's shifts on one clock, those of the past as far as they are known."""
        for nurse in self.problem.nurses:
            contract, past = self.contracts[nurse.contract], nurse.history
            if contract.least_rest_min is None and contract.most_week_min is None:
                continue
            known = [past.last_shift] * past.n_days + list(self.rows[nurse.id])
            worked = [
                (day, self.shifts[shift]) for day, shift in enumerate(known, start=-past.n_days) if shift
            ]
            for (day, one), (later, other) in pairwise(worked):
                rest = (later - day) * MINUTES_PER_DAY + (other.from_min or 0) - (one.until_min or 0)
                if later >= 0 and contract.least_rest_min is not None and rest < contract.least_rest_min:
                    self._report("rest", f"{nurse.id}, day {later}", "The rest between two shifts is short.",
                                 f"{rest} min", f"at least {contract.least_rest_min} min")  # fmt: skip
            for last in range(self.problem.days) if contract.most_week_min is not None else ():
                minutes = sum(shift.length_min for day, shift in worked if last - WEEK < day <= last)
                if minutes > (contract.most_week_min or 0):
                    self._report("week-hours", f"{nurse.id}, seven days to day {last}", "Too much work.",
                                 f"{minutes} min", f"at most {contract.most_week_min} min")  # fmt: skip

    def _report(self, rule: str, where: str, message: str, actual: str, expected: str) -> None:
        self.found.append(
            Finding(
                rule=rule, severity="error", where=where, message=message, actual=actual, expected=expected
            )
        )

    def _count_cover(self) -> int:
        needs = self.problem.needs
        return sum(max(0, need.wanted - self.present[need.day, need.shift, need.skill]) for need in needs)

    def _count_same_shift(self) -> int:
        missed = 0
        for nurse in self.problem.nurses:
            past = nurse.history
            for shift, run, before, is_over in _list_runs(self.rows[nurse.id], past.last_shift, past.n_same):
                if shift is not None:
                    kind = self.shifts[shift]
                    missed += _miss(run, before, is_over, kind.least_run, kind.most_run)
        return missed

    def _count_work_run(self) -> int:
        return sum(
            _miss(run, before, is_over, contract.least_days, contract.most_days)
            for nurse in self.problem.nurses
            for contract in [self.contracts[nurse.contract]]
            for works, run, before, is_over in self._list_working_runs(nurse)
            if works
        )

    def _count_off_run(self) -> int:
        return sum(
            _miss(run, before, is_over, contract.least_off, contract.most_off)
            for nurse in self.problem.nurses
            for contract in [self.contracts[nurse.contract]]
            for works, run, before, is_over in self._list_working_runs(nurse)
            if not works
        )

    def _list_working_runs(self, nurse: Nurse) -> Iterator[tuple[bool, int, int, bool]]:
        past = nurse.history
        worked = [shift is not None for shift in self.rows[nurse.id]]
        before = past.n_off if past.last_shift is None else past.n_days
        return _list_runs(worked, past.last_shift is not None, before)

    def _count_wish(self) -> int:
        n = 0
        for wish in self.problem.wishes:
            shift = self.rows[wish.nurse][wish.day]
            n += shift is not None and wish.shift in (None, shift)
        return n

    def _list_weekends(self, nurse: Nurse) -> Iterator[int]:
        """Yield the days worked of each weekend."""
        row = self.rows[nurse.id]
        for monday in range(0, self.problem.days, WEEK):
            yield sum(row[monday + day] is not None for day in (SATURDAY, SUNDAY))

    def _count_half_weekend(self) -> int:
        nurses = [n for n in self.problem.nurses if self.contracts[n.contract].has_whole_weekends]
        return sum(worked == 1 for nurse in nurses for worked in self._list_weekends(nurse))

    def _count_total_shifts(self) -> int:
        missed = 0
        for nurse in self.problem.nurses:
            contract = self.contracts[nurse.contract]
            n = nurse.history.n_shifts + sum(shift is not None for shift in self.rows[nurse.id])
            missed += max(0, contract.least_shifts - n, n - contract.most_shifts)
        return missed

    def _count_total_weekends(self) -> int:
        missed = 0
        for nurse in self.problem.nurses:
            n = nurse.history.n_weekends + sum(worked > 0 for worked in self._list_weekends(nurse))
            missed += max(0, n - self.contracts[nurse.contract].most_weekends)
        return missed


def _list_runs(row: Sequence[V], last: V, n_before: int) -> Iterator[tuple[V, int, int, bool]]:
    """Yield (what, days in a row, how many of them are before the first day, whether it is over)."""
    runs = [(value, len(list(days))) for value, days in groupby(row)]
    if n_before and runs[0][0] != last:
        yield last, n_before, n_before, True
    for place, (value, length) in enumerate(runs):
        before = n_before if place == 0 and value == last else 0
        yield value, before + length, before, place + 1 < len(runs)


def _miss(run: int, before: int, is_over: bool, least: int, most: int) -> int:
    """How many days a run is too long, not counting those of the past, or too short, if it is over."""
    too_long = max(0, run - most) - max(0, before - most)
    return too_long + (max(0, least - run) if is_over else 0)
