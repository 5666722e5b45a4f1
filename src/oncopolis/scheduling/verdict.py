"""`Verdict`: what every check of this room answers with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

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
    past_target
        Clinical class -> those who are admitted after their target day, and those with one who are left out.
        Empty where nobody has a class.
    """

    costs: Mapping[str, int]
    violations: tuple[Finding, ...]
    past_target: Mapping[int, tuple[int, int]] = field(default_factory=dict)

    @property
    def cost(self) -> int:
        """All components together."""
        return sum(self.costs.values())
