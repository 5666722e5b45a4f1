"""`Span`: a part of a budget."""

from dataclasses import dataclass

from oncopolis.scheduling.budget import Budget


@dataclass(frozen=True)
class Span:
    """What of a budget is left for a part of a search that makes no moves.

    Where moves are limited such a part is limited by its own rounds alone: the same seed finds the same.

    Parameters
    ----------
    until
        Share of the time at which the part is to end.
    """

    budget: Budget
    until: float

    @property
    def left_s(self) -> float:
        """Seconds."""
        share = self.until if self.budget.moves is None else 1.0
        return share * self.budget.seconds - self.budget.elapsed

    def goes_on(self) -> bool:
        """Whether there is time left, and nobody has cancelled."""
        return self.left_s > 0 and self.budget.find_stop() is None
