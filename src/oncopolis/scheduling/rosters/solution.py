"""`Solution`: who works what."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Assignment:
    """A nurse works a shift on a day, with one of their skills."""

    nurse: str
    day: int
    shift: str
    skill: str


@dataclass(frozen=True, slots=True)
class Solution:
    """A whole roster, in any order."""

    assignments: tuple[Assignment, ...]
