"""`solve`: the best plan of the day clinic that can be found in a time."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from oncopolis.foundation import InfeasibleError, InputError
from oncopolis.scheduling.beginning import begin
from oncopolis.scheduling.budget import Budget, check_limits
from oncopolis.scheduling.chairs.bounding import compute_bound
from oncopolis.scheduling.chairs.chain import Chain
from oncopolis.scheduling.chairs.checking import check
from oncopolis.scheduling.chairs.demand import check_demand, refuse_unfinished
from oncopolis.scheduling.chairs.kernels.rebuilding import rebuild
from oncopolis.scheduling.chairs.problem import Problem, check_problem
from oncopolis.scheduling.chairs.solution import Solution
from oncopolis.scheduling.progress import Progress
from oncopolis.scheduling.result import Improvement, Result

_BEFORE_BOUND = 0.5  # structure: share of the budget after which the bound is computed
_FOR_BOUND = 0.4  # structure: most of the time that the bound may take
_CHECKING_S = 1e-4  # structure: seconds kept to check each session of the plan in the end
_MOST_FOR_CHECKING = 0.2  # structure: share of the time that is kept for it at most
_GRACE_S = 0.5  # structure: seconds to seat the rest, and to find out what would help, after the time
_MORE = (1, 2, 4)  # structure: how much more of something is tried when not everybody has a time


def solve(
    problem: Problem,
    *,
    seconds: float,
    threads: int = 1,
    seed: int = 0,
    warm_start: Solution | None = None,
    on_improvement: Callable[[Improvement], None] | None = None,
    moves: int | None = None,
    cancel: threading.Event | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Result[Solution]:
    """Find a plan that keeps every rule and in which the sessions end as early as can be.

    Parameters
    ----------
    seconds
        Time by `clock`; what is compiled on the first call of all counts.
    threads
        Searches side by side, each with a processor of its own.
    warm_start
        A plan of this problem that keeps every rule, to begin with.
    on_improvement
        Called from the threads of the search, one at a time.
    moves
        Most of each thread. With one thread and time enough for them, the same seed finds the same plan.

    Raises
    ------
    InputError, InputErrors
        SCH-020: a limit cannot be meant. SCH-042 to SCH-045: nor can the problem. SCH-055: the warm start is
        not of this problem, or breaks a rule.
    InfeasibleError
        SCH-046 to SCH-048: there is no plan. SCH-049: none for everybody was found in the time.
    """
    check_limits(seconds, threads, moves)
    kept = min(_MOST_FOR_CHECKING * seconds, _CHECKING_S * problem.n_sessions)
    budget = Budget(clock, clock(), seconds - kept, moves, cancel)
    check_problem(problem)
    check_demand(problem)
    if warm_start is not None:
        _check_start(problem, warm_start)
    progress = Progress(budget, on_improvement)
    first = begin(rebuild, lambda: Chain(problem, seed * threads, warm_start), budget)
    chains = [] if first is None else [first]
    start = warm_start if first is None or first.best[0] else first.make_solution()

    def run(number: int) -> None:
        chain = Chain(problem, seed * threads + number, start)
        chains.append(chain)
        if number == 0:
            chain.run(progress, _BEFORE_BOUND if moves is None else 1.0)
            _find_bound(problem, chain, progress)
        chain.run(progress, 1.0)

    if first is not None:
        progress.report(first.best)
    if first is None or not budget.has_ended:
        with ThreadPoolExecutor(threads) as pool:
            for future in [pool.submit(run, number) for number in range(threads)]:
                future.result()
    best = min(chains, key=lambda chain: chain.best)
    if budget.is_over and best is not first:
        # What was compiled on the first call of all may have left no time for the search itself.
        best.seat_the_rest(Budget(clock, clock(), _GRACE_S, cancel=cancel))
        progress.report(best.best)
    if best.best[0]:
        raise _refuse(problem, best, budget, can_try=best is not first)
    solution = best.make_solution()
    verdict = check(problem, solution)
    assert not verdict.violations, f"the search broke a rule: {verdict.violations[0]}"
    return Result(
        solution=solution,
        costs=verdict.costs,
        bound=progress.bound,
        history=tuple(progress.history),
        n_moves=sum(chain.n_moves for chain in chains),
        seconds=budget.elapsed,
        stopped=progress.find_stop(),
    )


def make_ready(problem: Problem) -> None:
    """Compile what `solve` needs, seconds once on a machine, for whoever solves many problems in a row."""
    Chain(problem, 0, None).crawl(0)


def _find_bound(problem: Problem, chain: Chain, progress: Progress) -> None:
    """Spend some of the time on a bound, once a plan for everybody is known."""
    if not chain.best[0]:
        days = chain.last_day + 1
        progress.compute_aside(
            lambda seconds: compute_bound(problem, days, seconds), _FOR_BOUND * progress.budget.seconds
        )


def _check_start(problem: Problem, start: Solution) -> None:
    found = check(problem, start).violations
    if found:
        raise InputError(
            code="SCH-055", where="warm start", got=f"{found[0].where}: {found[0].message}",
            expected="a plan of this problem that keeps every rule", fix="give another plan, or none",
        )  # fmt: skip


def _refuse(problem: Problem, chain: Chain, budget: Budget, can_try: bool) -> InfeasibleError:
    """Say who has no time, and the least of one thing with which everybody is found one at once."""
    helping = ""
    grace = Budget(budget.clock, budget.clock(), _GRACE_S)
    for more in _MORE:
        for what, relaxed in _list_relaxed(problem, more).items():
            if helping or grace.is_over or not can_try:
                break
            if not Chain(relaxed, 0, None).best[0]:
                helping = f"add {what}"
    return refuse_unfinished(problem, chain.list_left(), helping)


def _list_relaxed(problem: Problem, more: int) -> dict[str, Problem]:
    """Return what could be added -> the problem with it."""

    def add(rows: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
        return tuple(tuple(number + more for number in row) for row in rows)

    doctors = {sector: add(rows) for sector, rows in problem.doctors.items()}
    return {
        f"{more} seats": replace(problem, n_seats=problem.n_seats + more),
        f"{more} doctors of each sector in each slot": replace(problem, doctors=doctors),
        f"{more} nurses in each slot": replace(problem, nurses=add(problem.nurses)),
    }
