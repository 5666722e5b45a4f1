"""What is different between two rosters, for the nurses who are told."""

from dataclasses import dataclass

from oncopolis.scheduling.rosters.problem import Problem
from oncopolis.scheduling.rosters.solution import Solution

Duty = tuple[str, str]
"""Shift and skill."""


@dataclass(frozen=True, slots=True)
class Change:
    """A day of a nurse on which the duty is another one.

    Parameters
    ----------
    before, after
        None for off.
    is_told
        Whether the nurse has to be told; not if they cannot come that day, as they know it.
    """

    nurse: str
    day: int
    before: Duty | None
    after: Duty | None
    is_told: bool

    def __str__(self) -> str:
        return f"{self.nurse}, day {self.day}: {_say(self.before)} -> {_say(self.after)}"


def _say(duty: Duty | None) -> str:
    return "off" if duty is None else f"{duty[0]} as {duty[1]}"


def to_duties(solution: Solution) -> dict[tuple[str, int], Duty]:
    """Return (nurse, day) -> the duty; nothing for those who are off."""
    return {(one.nurse, one.day): (one.shift, one.skill) for one in solution.assignments}


def compare(problem: Problem, before: Solution, after: Solution) -> tuple[Change, ...]:
    """Return the changes of all nurses of a problem, in its order."""
    old, new = to_duties(before), to_duties(after)
    return tuple(
        Change(nurse.id, day, old.get((nurse.id, day)), new.get((nurse.id, day)), nurse.may_work(day))
        for nurse in problem.nurses
        for day in range(problem.days)
        if old.get((nurse.id, day)) != new.get((nurse.id, day))
    )
