"""`search`: several chains side by side until the time or the moves are used up."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from oncopolis.scheduling.theatres.chain import Chain
from oncopolis.scheduling.theatres.found import Found
from oncopolis.scheduling.theatres.problem import Problem


def search(make_chain: Callable[[int], Chain], threads: int, found: Found, problem: Problem | None) -> None:
    """Run so many chains until the budget of `found` is used up.

    Parameters
    ----------
    make_chain
        Called with the number of a chain.
    problem
        What the last chain computes a bound of before it sets out; None for no bound.
    """

    def run(number: int) -> None:
        if problem is not None and number == threads - 1:
            found.find_bound(problem)
        make_chain(number).run(found)

    if threads == 1:
        run(0)
        return
    with ThreadPoolExecutor(threads) as pool:
        for future in [pool.submit(run, number) for number in range(threads)]:
            future.result()
