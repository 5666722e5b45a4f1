"""`solve`: the best schedule that can be found in a time."""

import threading
import time
from collections.abc import Callable

from oncopolis.foundation import InfeasibleError, InputError
from oncopolis.scheduling.beginning import begin
from oncopolis.scheduling.budget import Budget, check_limits
from oncopolis.scheduling.result import Improvement, Result, Stop
from oncopolis.scheduling.theatres.arrays import make_tables
from oncopolis.scheduling.theatres.belonging import check_belongs
from oncopolis.scheduling.theatres.chain import Chain
from oncopolis.scheduling.theatres.checking import check
from oncopolis.scheduling.theatres.demand import check_demand
from oncopolis.scheduling.theatres.faults import check_problem
from oncopolis.scheduling.theatres.found import Found
from oncopolis.scheduling.theatres.heat import compute_heat
from oncopolis.scheduling.theatres.kernels.annealing import anneal
from oncopolis.scheduling.theatres.kernels.tables import Tables
from oncopolis.scheduling.theatres.problem import Problem
from oncopolis.scheduling.theatres.search import search
from oncopolis.scheduling.theatres.shortage import refuse_unfinished
from oncopolis.scheduling.theatres.solution import Solution
from oncopolis.scheduling.theatres.terms import NOTHING, Terms
from oncopolis.scheduling.theatres.urgency import Ranking, compute_prices, harden

_FOR_CHECKING = 0.02  # structure: share of the time that is kept for the check of what was found


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
    """Find a schedule that keeps every rule and costs as little as can be.

    Parameters
    ----------
    seconds
        Time by `clock`; what is compiled on the first call of all counts.
    threads
        Chains side by side, each with a processor of its own.
    warm_start
        A schedule of this problem to begin with; whom it puts where they cannot be starts outside.
    on_improvement
        Called from the threads of the search, one at a time.
    moves
        Most of each thread. With one thread and time enough for them, the same seed finds the same schedule.

    Raises
    ------
    InputError, InputErrors
        SCH-010 to SCH-014, SCH-060, SCH-061: the problem cannot be meant. SCH-020: nor can a limit. SCH-021:
        the warm start is of another problem.
    InfeasibleError
        SCH-015 to SCH-017: mandatory patients cannot all be admitted. SCH-018: no schedule with all of them
        was found in the time.
    """
    started = clock()
    check_limits(seconds, threads, moves)
    check_problem(problem)
    check_demand(harden(problem))
    if warm_start is not None:
        check_belongs(problem, warm_start, "warm start")
    budget = Budget(clock, started, seconds, moves, cancel)
    return run(problem, NOTHING, budget, threads, seed, warm_start, on_improvement, with_bound=True)


def run(
    problem: Problem,
    terms: Terms,
    budget: Budget,
    threads: int,
    seed: int,
    start: Solution | None,
    on_improvement: Callable[[Improvement], None] | None,
    *,
    with_bound: bool,
    warmth: float = 1.0,
) -> Result[Solution]:
    """Search under terms, and check what was found; `solve` says what may be raised."""
    asked, problem = problem, harden(problem)
    heat = compute_heat(problem.weights) * warmth
    prices = compute_prices(problem, terms, heat)
    tables = make_tables(problem, terms)
    ranked = None
    if prices:
        ranked = make_tables(problem, terms, prices), Ranking(problem, prices, tables.fixed)
    _check_terms(problem, tables)

    def make_chain(number: int, begins: Solution | None = start) -> Chain:
        chain = Chain(
            problem, terms, tables, seed=seed * threads + number, start=begins, hot=heat, ranked=ranked
        )
        _check_kept(problem, chain)
        return chain

    found = Found(budget, on_improvement)
    first = begin(anneal, lambda: make_chain(0), budget)
    if first is None:
        chains = search(make_chain, threads, found, problem if with_bound else None)
    else:
        chains = [first]
        first.report(found)
        if with_bound:
            found.find_bound(problem, share=0.0)
        if not budget.has_ended:
            begins = first.make_solution()
            chains += search(lambda number: make_chain(number, begins), threads, found, None)
    best = min(chains, key=lambda chain: chain.worth)
    solution = best.make_solution()
    verdict = check(asked, solution)
    if best.best[0]:
        raise refuse_unfinished(problem, solution)
    assert not verdict.violations, f"the search broke a rule: {verdict.violations[0]}"
    return Result(
        solution=solution,
        costs=verdict.costs,
        bound=found.bound,
        history=tuple(found.history),
        n_moves=sum(chain.n_moves for chain in chains),
        seconds=budget.elapsed,
        stopped=_find_stop(budget),
        past_target=verdict.past_target,
    )


def _check_terms(problem: Problem, tables: Tables) -> None:
    """Refuse terms that leave somebody no day who has to come."""
    movable = set(tables.movable.tolist())
    for row, patient in enumerate(problem.patients):
        if tables.mandatory[row] and not tables.fixed[row] and row not in movable:
            raise InfeasibleError(
                code="SCH-019", where=f"patient {patient.id}",
                got="no day or no room that is still open to them",
                expected="one day from today on with surgeon, theatre, bed and nurses",
                fix="give the patient a later due day, or open a theatre or room to them",
            )  # fmt: skip


def _check_kept(problem: Problem, chain: Chain) -> None:
    """Refuse a past that cannot have been."""
    for row, patient in enumerate(problem.patients):
        if chain.tables.fixed[row] and chain.state.day[row] < 0:
            raise InputError(
                code="SCH-023", where=f"patient {patient.id}", got="no room for them where they already are",
                expected="minutes, beds and nurses of the past as they were", fix="correct the problem",
            )  # fmt: skip


def _find_stop(budget: Budget) -> Stop:
    return budget.find_stop() or ("time" if budget.moves is None or budget.is_over else "moves")
