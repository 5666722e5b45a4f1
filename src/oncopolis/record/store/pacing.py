"""How many commands share a transaction: as many as make its commit worth it."""

from collections.abc import Callable

from oncopolis.record.store.queueing import MOST_TOGETHER

_WORK_S = 0.02  # structure: work that a transaction holds at least, if so much waits
_WORK_PER_COMMIT = 10  # structure: with a slow disk it works so many times as long as it commits
_FEWEST_TOGETHER = 8  # structure: commands that may always share one
_NEW_SHARE = 0.2  # structure: weight of the last transaction in the means


class Pace:
    """Means of what a command and a commit take, from the last transactions.

    A command is answered after the commit, so whoever comes first in a long line waits for all who share the
    transaction. A slow commit has to be shared by many, a fast one need not.

    Parameters
    ----------
    clock_s
        Seconds of any beginning.
    """

    def __init__(self, clock_s: Callable[[], float]) -> None:
        self._clock_s = clock_s
        self._at_s = 0.0
        self._command_s = 0.0
        self._commit_s = 0.0

    @property
    def n_most(self) -> int:
        """Commands that may share the next transaction."""
        work_s = max(_WORK_S, _WORK_PER_COMMIT * self._commit_s)
        if self._command_s * MOST_TOGETHER <= work_s:
            return MOST_TOGETHER
        return max(_FEWEST_TOGETHER, int(work_s / self._command_s))

    def begin(self) -> None:
        """A transaction begins."""
        self._at_s = self._clock_s()

    def commit(self, n_commands: int) -> None:
        """So many commands have been run, and are about to be durable."""
        self._command_s = self._mix(self._command_s, self._pass() / n_commands)

    def end(self) -> None:
        """They are durable."""
        self._commit_s = self._mix(self._commit_s, self._pass())

    def _pass(self) -> float:
        before, self._at_s = self._at_s, self._clock_s()
        return self._at_s - before

    @staticmethod
    def _mix(mean_s: float, new_s: float) -> float:
        return new_s if mean_s == 0 else (1 - _NEW_SHARE) * mean_s + _NEW_SHARE * new_s
