"""`search`: several chains side by side until the time or the moves are used up."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from oncopolis.scheduling.theatres.chain import Chain
from oncopolis.scheduling.theatres.found import Found
from oncopolis.scheduling.theatres.problem import Problem


def search(
    make_chain: Callable[[int], Chain], threads: int, found: Found, problem: Problem | None
) -> list[Chain]:
    """Run so many chains until the budget of `found` is used up; return them.

    Parameters
    ----------
    make_chain
        Called with the number of a chain.
    problem
        What the last chain computes a bound of before it sets out; None for no bound.
    """

    def run(number: int) -> Chain:
        if problem is not None and number == threads - 1:
            found.find_bound(problem)
        chain = make_chain(number)
        chain.run(found)
        return chain

    if threads == 1:
        return [run(0)]
    with ThreadPoolExecutor(threads) as pool:
        return [one.result() for one in [pool.submit(run, number) for number in range(threads)]]
