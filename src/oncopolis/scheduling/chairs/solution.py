"""`Solution`: the day and the times of each session."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Visit:
    """When a session takes place.

    Parameters
    ----------
    day
        Of everything but the mixing.
    consultation, installation, monitoring
        The slot in which each begins; None for a consultation that is not needed.
    mixing_day, mixing
        The day and slot in which the mixing of the drug begins.
    """

    day: int
    consultation: int | None
    mixing_day: int
    mixing: int
    installation: int
    monitoring: int

    @property
    def arrival(self) -> int:
        """The slot in which the patient has to be there."""
        return self.installation if self.consultation is None else self.consultation


@dataclass(frozen=True, slots=True)
class Solution:
    """A whole plan: patient -> a visit for each session, in order."""

    visits: Mapping[str, tuple[Visit, ...]]
