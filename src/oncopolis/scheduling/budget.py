"""`Budget`: how much of its time or moves a search has used."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from oncopolis.foundation import InputError
from oncopolis.scheduling.result import Stop


@dataclass(frozen=True)
class Budget:
    """Time by a clock, moves of one chain, and whether somebody has cancelled.

    Parameters
    ----------
    seconds
        From `started` on.
    moves
        Most of each chain; None for no limit.
    """

    clock: Callable[[], float]
    started: float
    seconds: float
    moves: int | None = None
    cancel: threading.Event | None = None
    proved: threading.Event = field(default_factory=threading.Event)

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return self.clock() - self.started

    @property
    def is_over(self) -> bool:
        """Whether the time is used up."""
        return self.elapsed >= self.seconds

    @property
    def has_ended(self) -> bool:
        """Whether the time is used up, or the search has to end before."""
        return self.is_over or self.find_stop() is not None

    def compute_share(self, n_moves: int) -> float:
        """Return what share of the budget a chain has used, 1 if it has to stop.

        Where moves are limited the share is one of moves, so that the same seed makes the same ones.
        """
        elapsed = self.elapsed
        if elapsed >= self.seconds or self.find_stop() is not None:
            return 1.0
        return elapsed / self.seconds if self.moves is None else min(1.0, n_moves / self.moves)

    def find_stop(self) -> Stop | None:
        """Return why the search has to end before its time."""
        if self.cancel is not None and self.cancel.is_set():
            return "cancelled"
        return "proved" if self.proved.is_set() else None


def check_limits(seconds: float, threads: int, moves: int | None) -> None:
    """Refuse limits that cannot be meant.

    Raises
    ------
    InputError
        SCH-020.
    """
    for name, value in (("seconds", seconds), ("threads", threads), ("moves", moves)):
        if value is not None and not value > 0:
            raise InputError(
                code="SCH-020", where=name, got=str(value), expected="more than 0", fix="give it more"
            )
