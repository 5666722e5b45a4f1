"""`Chain`: one search that takes patients out and puts them in again, cooled as its budget is used up."""

from oncopolis.scheduling.budget import Budget
from oncopolis.scheduling.chairs.arrays import make_state, make_tables, to_solution
from oncopolis.scheduling.chairs.kernels.rebuilding import rebuild
from oncopolis.scheduling.chairs.kernels.tables import COST, N_OUT, State
from oncopolis.scheduling.chairs.problem import Patient, Problem
from oncopolis.scheduling.chairs.solution import Solution
from oncopolis.scheduling.progress import Progress

_STEPS = 400  # structure: moves between two looks at the clock
_MOST_TAKEN = 8  # structure: patients taken out at most by a move, found by trying
_HOT, _COLD = 0.4, 0.02  # structure: first and last temperature, in days of one session, found by trying


class Chain:
    """A state of the search and the way it is cooled.

    Parameters
    ----------
    start
        A plan to begin with; whoever is not in it is put where the cycle ends earliest.
    """

    def __init__(self, problem: Problem, seed: int, start: Solution | None) -> None:
        self.problem = problem
        self.penalty = 2 * problem.days * problem.slots
        self.tables = make_tables(problem)
        self.state: State = make_state(problem, self.tables, seed, self.penalty, start)
        self.n_moves = 0

    def run(self, progress: Progress, until: float) -> None:
        """Go on until so much of the budget is used up, 0 to 1; the temperature falls with it."""
        budget = progress.budget
        progress.report(self.best)
        while self.problem.patients and (share := budget.compute_share(self.n_moves)) < until:
            steps = _STEPS if budget.moves is None else min(_STEPS, budget.moves - self.n_moves)
            self._move(steps, share)
            progress.report(self.best)

    def crawl(self, n_steps: int) -> None:
        """Go on a little, as `beginning` asks for it."""
        self._move(n_steps if self.problem.patients else 0, 1.0)

    def seat_the_rest(self, budget: Budget) -> None:
        """Go on until everybody has a time, or this budget is used up."""
        while self.best[0] and budget.compute_share(0) < 1:
            self._move(_STEPS, 0.0)

    def _move(self, steps: int, share: float) -> None:
        temperature = self.problem.slots * _HOT * (_COLD / _HOT) ** share
        most = min(_MOST_TAKEN, len(self.problem.patients))
        rebuild(self.tables, self.state, steps, temperature, self.penalty, most)
        self.n_moves += steps

    @property
    def best(self) -> tuple[int, int]:
        """Patients without a time, and cost, of the best state."""
        return int(self.state.best_counts[N_OUT]), int(self.state.best_counts[COST])

    @property
    def last_day(self) -> int:
        """Last day with a session."""
        ends = [one.list_offsets()[-1] for one in self.problem.patients]
        return int((self.state.best_day + ends).max(initial=1))

    def make_solution(self) -> Solution:
        """Return the best state; whoever has no time is not in it."""
        return to_solution(self.problem, self.state)

    def list_left(self) -> list[Patient]:
        """Return the patients without a time."""
        return [one for one, day in zip(self.problem.patients, self.state.best_day, strict=True) if day < 0]
