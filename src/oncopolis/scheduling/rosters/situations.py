"""Situations: what the days so far mean for what the next one costs, as a table of steps."""

from dataclasses import dataclass

from oncopolis.scheduling.rosters.kernels.tables import OFF
from oncopolis.scheduling.rosters.problem import Contract, History, Problem

_Situation = tuple[int, int, int]
"""Last shift (0 for off), its days in a row, and working days, or days off, in a row."""


@dataclass(frozen=True)
class Steps:
    """Where each shift leads from each situation of a contract.

    Parameters
    ----------
    follows, cost
        (Q, S) situation after a shift, and what runs cost by that step.
    begin
        History -> first situation.
    last
        (Q,) shift of the last day.
    """

    follows: list[list[int]]
    cost: list[list[int]]
    begin: dict[History, int]
    last: list[int]


def make_steps(problem: Problem, contract: Contract) -> Steps:
    """Return the steps of a contract, from every history of somebody who has it.

    A run is counted up to where a day more makes no difference. Days by which a run is too long cost on that
    day, days by which it is too short on the day that ends it.
    """
    return _Steps(problem, contract).run()


class _Steps:
    def __init__(self, problem: Problem, contract: Contract) -> None:
        self.problem, self.contract, self.weights = problem, contract, problem.weights
        self.places = {shift.id: place for place, shift in enumerate(problem.shifts, start=1)}
        self.histories = {nurse.history for nurse in problem.nurses if nurse.contract == contract.id}
        past = max((max(one.n_days, one.n_off) for one in self.histories), default=0)
        self.longest = problem.days + past
        self.numbers: dict[_Situation, int] = {}
        self.known: list[_Situation] = []

    def run(self) -> Steps:
        begin = {history: self._number(self._begin(history)) for history in self.histories}
        follows: list[list[int]] = []
        cost: list[list[int]] = []
        for situation in self.known:  # grows meanwhile
            steps = [self._step(situation, shift) for shift in range(len(self.places) + 1)]
            follows.append([self._number(after) for after, _ in steps])
            cost.append([paid for _, paid in steps])
        return Steps(follows, cost, begin, [last for last, _, _ in self.known])

    def _number(self, situation: _Situation) -> int:
        if situation not in self.numbers:
            self.numbers[situation] = len(self.known)
            self.known.append(situation)
        return self.numbers[situation]

    def _begin(self, past: History) -> _Situation:
        if past.last_shift is None:
            return OFF, 0, self._cap_off(past.n_off)
        last = self.places[past.last_shift]
        return last, self._cap_same(last, past.n_same), self._cap_days(past.n_days)

    def _step(self, situation: _Situation, shift: int) -> tuple[_Situation, int]:
        return self._rest(situation) if shift == OFF else self._work(situation, shift)

    def _rest(self, situation: _Situation) -> tuple[_Situation, int]:
        last, same, length = situation
        paid = 0
        if last != OFF:
            paid = self._pay_short_shift(last, same)
            paid += max(0, self.contract.least_days - length) * self.weights.work_run
            length = 0
        length += 1
        paid += (length > self.contract.most_off) * self.weights.off_run
        return (OFF, 0, self._cap_off(length)), paid

    def _work(self, situation: _Situation, shift: int) -> tuple[_Situation, int]:
        last, same, length = situation
        paid = 0
        if last == OFF:
            paid = max(0, self.contract.least_off - length) * self.weights.off_run if length else 0
            length = 0
        elif shift != last:
            paid = self._pay_short_shift(last, same)
        same, length = same + 1 if shift == last else 1, length + 1
        paid += (length > self.contract.most_days) * self.weights.work_run
        paid += (same > self.problem.shifts[shift - 1].most_run) * self.weights.same_shift
        return (shift, self._cap_same(shift, same), self._cap_days(length)), paid

    def _pay_short_shift(self, shift: int, same: int) -> int:
        return max(0, self.problem.shifts[shift - 1].least_run - same) * self.weights.same_shift

    def _cap_same(self, shift: int, same: int) -> int:
        kind = self.problem.shifts[shift - 1]
        return self._cap(same, kind.least_run, kind.most_run)

    def _cap_days(self, length: int) -> int:
        return self._cap(length, self.contract.least_days, self.contract.most_days)

    def _cap_off(self, length: int) -> int:
        return self._cap(length, self.contract.least_off, self.contract.most_off)

    def _cap(self, length: int, least: int, most: int) -> int:
        """Return a length up to where one more makes no difference."""
        return min(length, max(1, least) if most >= self.longest else max(1, least, most + 1))
