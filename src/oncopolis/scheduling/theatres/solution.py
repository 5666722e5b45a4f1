"""`Solution`: who is admitted when and where, and who looks after which room."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Admission:
    """A patient's first day, room and theatre."""

    day: int
    room: str
    theatre: str


@dataclass(frozen=True, slots=True)
class Solution:
    """A whole plan.

    Parameters
    ----------
    admissions
        Patient -> their admission; those who are left out are not in it.
    nurses
        (room, day, shift) -> nurse. A room may have one while nobody lies there: it costs nothing.
    """

    admissions: Mapping[str, Admission]
    nurses: Mapping[tuple[str, int, int], str]
