"""`begin`: what a search does while its kernels are compiled, which the first call of all waits for."""

import threading
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from oncopolis.foundation.kernels.compiled import interpreted
from oncopolis.scheduling.budget import Budget

_PATIENCE = 0.6  # structure: share of the time in which nothing is done but compiling
_GRACE_S = 1.2  # structure: seconds past the time for what has to be done, below the two that are allowed
_FEW_STEPS = 10  # structure: moves between two looks at the clock
_LOOK_S = 0.1  # structure: seconds between two looks at what is compiled


class Crawler(Protocol):
    """A chain of a search, as far as it is used here."""

    @property
    def best(self) -> tuple[int, int]:
        """How much is left undone that has to be done, and cost."""

    def crawl(self, n_steps: int) -> None:
        """Make so many moves that better the state, and report it; none to have everything compiled."""


C = TypeVar("C", bound=Crawler)


def begin(kernel: Any, make_chain: Callable[[], C], budget: Budget) -> C | None:
    """Wait until what a search needs is compiled; go on without, move by move, where that takes too long.

    Compiling goes on in a thread of its own when the time is up: it is kept on disk for the next call. The
    program does not end before that.

    Parameters
    ----------
    kernel
        The last thing that is compiled.
    make_chain
        Called in two threads.

    Returns
    -------
    Crawler or None
        The chain that has gone on without; None if everything was compiled soon enough.
    """
    if kernel.signatures:
        return None
    compiling = _Compiling(make_chain)
    patience = Budget(
        budget.clock,
        budget.started,
        budget.seconds * (_PATIENCE if budget.moves is None else 1.0),
        cancel=budget.cancel,
    )
    while compiling.is_going_on and not patience.has_ended:
        compiling.wait(_LOOK_S)
    if not compiling.is_going_on:
        return None
    with interpreted():
        chain = make_chain()
        grace = Budget(budget.clock, budget.started, budget.seconds + _GRACE_S, cancel=budget.cancel)
        while compiling.is_going_on:
            if (grace if chain.best[0] else budget).has_ended:
                break
            chain.crawl(_FEW_STEPS)
    return chain


class _Compiling:
    """A thread that has everything compiled by making a chain that makes no move."""

    def __init__(self, make_chain: Callable[[], Crawler]) -> None:
        self._make_chain = make_chain
        self._refused: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="compiling")
        self._thread.start()

    def _run(self) -> None:
        try:
            self._make_chain().crawl(0)
        except BaseException as refused:  # noqa: BLE001 (raised again where it is waited for)
            self._refused = refused

    def wait(self, seconds: float) -> None:
        """Wait for the end, at most so long."""
        self._thread.join(seconds)

    @property
    def is_going_on(self) -> bool:
        """Whether it has not ended; what it has ended with is raised."""
        if self._refused is not None:
            raise self._refused
        return self._thread.is_alive()
