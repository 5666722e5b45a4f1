"""`Terms`: what a search leaves as it is, and what it pays for beside the problem's own costs."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from oncopolis.scheduling.theatres.solution import Admission


@dataclass(frozen=True)
class Terms:
    """Beyond the problem; the default adds nothing.

    Parameters
    ----------
    kept
        Patient -> the admission that is not changed any more.
    first_day
        Nurses of earlier days are not changed any more.
    fees
        (patient, day) -> what their admission on that day costs beside.
    prices
        Patient -> what it costs beside that they are left out.
    forced
        Optional patients who have to be admitted all the same.
    """

    kept: Mapping[str, Admission] = field(default_factory=dict)
    first_day: int = 0
    fees: Mapping[tuple[str, int], int] = field(default_factory=dict)
    prices: Mapping[str, int] = field(default_factory=dict)
    forced: frozenset[str] = frozenset()


NOTHING = Terms()
