"""`solve`: the best roster that can be found in a time."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from oncopolis.foundation import InputError
from oncopolis.scheduling.beginning import begin
from oncopolis.scheduling.budget import Budget, check_limits
from oncopolis.scheduling.progress import Progress
from oncopolis.scheduling.result import Improvement, Result
from oncopolis.scheduling.rosters.chain import Chain
from oncopolis.scheduling.rosters.checking import check
from oncopolis.scheduling.rosters.demand import check_demand, refuse_unfinished
from oncopolis.scheduling.rosters.faults import check_problem
from oncopolis.scheduling.rosters.kernels.annealing import anneal
from oncopolis.scheduling.rosters.problem import Problem
from oncopolis.scheduling.rosters.rough import cover_roughly
from oncopolis.scheduling.rosters.solution import Solution

_CHECKING_S = 2e-5  # structure: seconds kept to check each day of a nurse in the end
_MOST_FOR_CHECKING = 0.2  # structure: share of the time that is kept for it at most


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
    """Find a roster that keeps every rule and costs as little as can be.

    Parameters
    ----------
    seconds
        Time by `clock`; what is compiled on the first call of all counts.
    threads
        Searches side by side, each with a processor of its own.
    warm_start
        A roster of this problem to begin with, which may only fall short of the least cover.
    on_improvement
        Called from the threads of the search, one at a time.
    moves
        Most of each thread. With one thread and time enough for them, the same seed finds the same roster.

    Raises
    ------
    InputError, InputErrors
        SCH-020: a limit cannot be meant. SCH-050 to SCH-053: nor can the problem. SCH-058: the warm start is
        not of this problem, or breaks a rule.
    InfeasibleError
        SCH-056: some day asks for more people than there are. SCH-057: no roster with the least cover was
        found in the time.
    """
    check_limits(seconds, threads, moves)
    kept = min(_MOST_FOR_CHECKING * seconds, _CHECKING_S * len(problem.nurses) * problem.days)
    budget = Budget(clock, clock(), seconds - kept, moves, cancel)
    check_problem(problem)
    check_demand(problem)
    if warm_start is not None:
        _check_start(problem, warm_start)
    progress = Progress(budget, on_improvement)
    first = begin(
        anneal, lambda: Chain(problem, seed * threads, warm_start or cover_roughly(problem)), budget
    )
    chains = [] if first is None else [first]
    start = warm_start if first is None or first.best[0] else first.make_solution()

    def run(number: int) -> None:
        chain = Chain(problem, seed * threads + number, start)
        chains.append(chain)
        chain.run(progress)

    if first is not None:
        progress.report(first.best)
    if first is None or not budget.has_ended:
        with ThreadPoolExecutor(threads) as pool:
            for future in [pool.submit(run, number) for number in range(threads)]:
                future.result()
    best = min(chains, key=lambda chain: chain.best)
    solution = best.make_solution()
    if best.best[0]:
        raise refuse_unfinished(problem, solution)
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


def _check_start(problem: Problem, start: Solution) -> None:
    found = [one for one in check(problem, start).violations if one.rule != "least-cover"]
    if found:
        raise InputError(
            code="SCH-058", where="warm start", got=f"{found[0].where}: {found[0].message}",
            expected="a roster of this problem that keeps every rule", fix="give another roster, or none",
        )  # fmt: skip
