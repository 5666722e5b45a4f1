"""`Replanned`: what `replan` answers with where a constraint model mends the solution."""

from dataclasses import asdict, dataclass
from typing import Any, Generic, TypeVar

from oncopolis.scheduling.verdict import Verdict

S = TypeVar("S")
C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class Replanned(Generic[S, C]):
    """A solution that follows another.

    Parameters
    ----------
    changes
        What is another than it was.
    n_told_again
        Those of them of which somebody has to be told.
    charge
        What was charged for those; it is not in the costs.
    is_proved
        Whether no solution costs less with its charge.
    fewest
        In no solution that keeps every rule fewer have to be told; None if that is not known.
    """

    solution: S
    verdict: Verdict
    changes: tuple[C, ...]
    n_told_again: int
    charge: int
    is_proved: bool
    fewest: int | None
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        """Return cost, charge and changes."""
        return {
            "cost": self.verdict.cost,
            "costs": dict(self.verdict.costs),
            "charge": self.charge,
            "told_again": self.n_told_again,
            "changes": [asdict(change) for change in self.changes],  # type: ignore[call-overload]
            "proved": self.is_proved,
            "fewest": self.fewest,
            "seconds": self.seconds,
        }

    def to_text(self) -> str:
        """Say it in lines."""
        fewest = "not known how few it could be" if self.fewest is None else f"at least {self.fewest}"
        return "\n".join(
            (
                f"cost {self.verdict.cost}, {self.n_told_again} told again ({fewest}), charge {self.charge}",
                *(f"  {change}" for change in self.changes),
            )
        )
