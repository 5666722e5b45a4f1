"""`Chore`: what the server does beside the acts, in a thread of its own."""

from abc import ABC, abstractmethod
from threading import Event, Thread
from typing import Self


class Chore(ABC):
    """Is done while it is entered.

    Parameters
    ----------
    name
        Of the thread.
    """

    def __init__(self, name: str) -> None:
        self._stopping = Event()
        self._thread = Thread(target=self._run, name=name)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    @abstractmethod
    def _run(self) -> None:
        """Do it until it is to stop."""
