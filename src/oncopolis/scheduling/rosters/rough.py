"""`cover_roughly`: a roster with the least cover in which nothing else has been looked at."""

from collections import Counter

from oncopolis.scheduling.rosters.arrays import make_tables
from oncopolis.scheduling.rosters.kernels.tables import LAST, N_DAYS, OFF
from oncopolis.scheduling.rosters.problem import WEEK, Problem
from oncopolis.scheduling.rosters.solution import Assignment, Solution

_Slot = tuple[int, int, int]
"""Shift, skill, and the how manyth of those needed."""


def cover_roughly(problem: Problem) -> Solution:
    """Return a roster that keeps every rule but perhaps the least cover, day after day.

    Of those who may, whoever has fewest skills works, then whoever has worked least so far.
    """
    return _Cover(problem).run()


class _Cover:
    def __init__(self, problem: Problem) -> None:
        self.problem, self.tables = problem, make_tables(problem)
        n = len(problem.nurses)
        self.last = [int(self.tables.past[row, LAST]) for row in range(n)]
        self.skills = [
            set(self.tables.skills_of[row, : self.tables.n_skills[row]].tolist()) for row in range(n)
        ]
        self.day = 0
        self.n_worked: Counter[int] = Counter()
        self.minutes: list[list[int]] = []
        for row in range(n):
            n_before = min(WEEK - 1, int(self.tables.past[row, N_DAYS]))
            length = int(self.tables.length[self.last[row]])
            self.minutes.append([0] * (WEEK - 1 - n_before) + [length] * n_before)

    def run(self) -> Solution:
        made = []
        for day in range(self.problem.days):
            self.day = day
            works = self._fill(day)
            for row, nurse in enumerate(self.problem.nurses):
                shift, skill = works.get(row, (OFF, -1))
                self.last[row] = shift
                self.minutes[row].append(int(self.tables.length[shift]))
                if shift != OFF:
                    self.n_worked[row] += 1
                    named = self.problem.shifts[shift - 1].id, self.problem.skills[skill]
                    made.append(Assignment(nurse.id, day, *named))
        return Solution(tuple(made))

    def _fill(self, day: int) -> dict[int, tuple[int, int]]:
        """Return nurse -> shift and skill, by paths along which nurses give way to each other."""
        least = self.tables.least[day]
        slots = [
            (shift, skill, nth)
            for shift in range(least.shape[0])
            for skill in range(least.shape[1])
            for nth in range(int(least[shift, skill]))
        ]
        rows = sorted(range(len(self.skills)), key=lambda row: (len(self.skills[row]), self.n_worked[row]))
        of: dict[_Slot, int] = {}
        for slot in slots:
            self._take(slot, rows, of, set())
        return {row: slot[:2] for slot, row in of.items()}

    def _take(self, slot: _Slot, rows: list[int], of: dict[_Slot, int], seen: set[int]) -> bool:
        able = [row for row in rows if row not in seen and self._may(row, slot)]
        busy = {row: taken for taken, row in of.items()}
        for row in sorted(able, key=lambda row: row in busy):
            if row in seen:
                continue
            seen.add(row)
            if row not in busy or self._take(busy[row], rows, of, seen):
                of[slot] = row
                return True
        return False

    def _may(self, row: int, slot: _Slot) -> bool:
        shift, skill, _ = slot
        if skill not in self.skills[row] or not self.tables.may[row, self.day]:
            return False
        if self.tables.forbidden[self.tables.kind[row], self.last[row], shift]:
            return False
        most = int(self.tables.most_week[row])
        week = sum(self.minutes[row][1 - WEEK :])
        return most < 0 or week + int(self.tables.length[shift]) <= most
