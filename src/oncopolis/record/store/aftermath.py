"""Whoever keeps in memory what commands have done: told when it is durable, and when it was undone."""

from collections.abc import Callable
from typing import NamedTuple, Self

Callback = Callable[[], None]


class Told(NamedTuple):
    """How many there were to be told at one moment."""

    n_undo: int
    n_commit: int


class Aftermath:
    """Callbacks for what was done since it was entered; those for what became of it are called.

    What is not committed when it is left was undone.
    """

    def __init__(self) -> None:
        self._undo: list[Callback] = []
        self._commit: list[Callback] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.take_back(Told(0, 0))

    def on_undo(self, callback: Callback) -> None:
        """Have somebody told if what comes now is undone."""
        self._undo.append(callback)

    def on_commit(self, callback: Callback) -> None:
        """Have somebody told once what comes now is durable."""
        self._commit.append(callback)

    def mark(self) -> Told:
        """Where something begins."""
        return Told(len(self._undo), len(self._commit))

    def take_back(self, mark: Told) -> None:
        """What came after a mark was undone: tell the last first."""
        del self._commit[mark.n_commit :]
        while len(self._undo) > mark.n_undo:
            self._undo.pop()()

    def commit(self) -> None:
        """It is durable: tell in order."""
        self._undo.clear()
        told, self._commit = self._commit, []
        for callback in told:
            callback()
