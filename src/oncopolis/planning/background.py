"""`Background`: one function on a second core, without copying what it reads."""

import multiprocessing
import os
import warnings
from collections.abc import Callable
from types import TracebackType
from typing import Generic, TypeVar

T = TypeVar("T")


class Background(Generic[T]):
    """Runs `function` in a forked child; where there is no fork or one core, runs it when asked for.

    A fault of the child is raised by `wait`.
    """

    def __init__(self, function: Callable[[], T]) -> None:
        self.function = function
        self._process: multiprocessing.process.BaseProcess | None = None

    def __enter__(self) -> "Background[T]":
        if hasattr(os, "fork") and (os.cpu_count() or 1) > 1:
            context = multiprocessing.get_context("fork")
            self._receiver, sender = context.Pipe(duplex=False)
            self._process = context.Process(target=_run, args=(self.function, sender), daemon=True)
            with warnings.catch_warnings():
                # The child only computes on arrays of its own; it takes no lock another thread may hold.
                warnings.simplefilter("ignore", DeprecationWarning)
                self._process.start()
            sender.close()
        return self

    def wait(self) -> T:
        """Return what the function returns, or raise what it raised."""
        if self._process is None:
            return self.function()
        try:
            result, fault = self._receiver.recv()
        except EOFError:
            self._process = None
            return self.function()
        if fault is not None:
            raise fault
        answer: T = result
        return answer

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._process is not None:
            if kind is not None:
                self._process.terminate()
            self._receiver.close()
            self._process.join()


def _run(function: Callable[[], T], sender: "multiprocessing.connection.Connection[object, object]") -> None:
    try:
        sender.send((function(), None))
    except Exception as fault:  # noqa: BLE001 - told to the parent, which raises it
        sender.send((None, fault))
