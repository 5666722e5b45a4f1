"""`Forced`: what `explain` has found to show what it would cost."""

from dataclasses import asdict, dataclass
from typing import Any, Generic, Protocol, TypeVar

S = TypeVar("S")
C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Forced(Generic[S, C]):
    """A solution in which it is as was asked.

    Parameters
    ----------
    cost
        What it costs more than the one asked about; below 0 if it is better.
    changes
        Whoever was asked about, and others who make room.
    """

    solution: S
    cost: int
    changes: tuple[C, ...]


class Explains(Protocol):
    """An explanation, a dataclass, that may have a solution with it."""

    @property
    def forced(self) -> Forced[Any, Any] | None:
        """A solution in which it is as was asked; None if none was found."""


def leave_out_solution(explanation: Explains) -> dict[str, Any]:
    """Return all of an explanation but the other solution."""
    data = asdict(explanation)  # type: ignore[call-overload]
    if explanation.forced is not None:
        del data["forced"]["solution"]
    return dict(data)
