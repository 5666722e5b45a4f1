"""`Verdict`: what every check of this room answers with."""

from collections.abc import Mapping
from dataclasses import dataclass

from oncopolis.foundation.findings import Finding


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check has found.

    Parameters
    ----------
    costs
        Component -> weighted cost.
    violations
        One finding for each broken rule.
    """

    costs: Mapping[str, int]
    violations: tuple[Finding, ...]

    @property
    def cost(self) -> int:
        """All components together."""
        return sum(self.costs.values())
