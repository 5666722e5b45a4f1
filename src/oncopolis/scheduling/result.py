"""`Result`: what every solver of this room answers with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

S = TypeVar("S")

Stop = Literal["time", "moves", "cancelled", "proved"]


@dataclass(frozen=True, slots=True)
class Improvement:
    """A better solution was found.

    Parameters
    ----------
    seconds
        Since the solver was called, by its clock.
    cost
        Of the solution that was found.
    bound
        No solution costs less, as far as was known then; None if nothing was.
    """

    seconds: float
    cost: int
    bound: int | None = None


@dataclass(frozen=True, slots=True)
class Result(Generic[S]):
    """The best solution that was found, and how far it may be from the best there is.

    Parameters
    ----------
    solution
        Keeps every hard rule.
    costs
        Component -> weighted cost; they add up to `cost`.
    bound
        No solution costs less; None if nothing is known.
    history
        Each improvement, in order.
    n_moves
        Proposals that were tried.
    seconds
        What it took, by the solver's clock.
    stopped
        Why it ended: time or moves were used up, somebody cancelled, or the bound was met.
    past_target
        As `Verdict.past_target` has it.
    """

    solution: S
    costs: Mapping[str, int]
    bound: int | None
    history: tuple[Improvement, ...]
    n_moves: int
    seconds: float
    stopped: Stop
    past_target: Mapping[int, tuple[int, int]] = field(default_factory=dict)

    @property
    def cost(self) -> int:
        """Sum of all components."""
        return sum(self.costs.values())

    @property
    def gap(self) -> float | None:
        """Share of the cost that may be too much, 0 to 1; None without a bound."""
        if self.bound is None:
            return None
        return (self.cost - self.bound) / self.cost if self.cost else 0.0
