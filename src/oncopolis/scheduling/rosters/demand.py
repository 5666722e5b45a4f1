"""Whether there are people enough for the least cover, day by day, and what would help if not."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from oncopolis.foundation import Collector, InfeasibleError
from oncopolis.scheduling.rosters.checking import check
from oncopolis.scheduling.rosters.problem import Problem
from oncopolis.scheduling.rosters.solution import Solution

_MOST_SKILLS = 12  # structure: beyond it only single skills, and all of them, are looked at
_SHOWN = 5  # structure: how many places a message names


def check_demand(problem: Problem) -> None:
    """Refuse a problem in which some day asks for more people than have the skills.

    Somebody works one shift a day, so that a day can be covered if and only if, of each set of skills, no
    more people are needed than have one of them (Hall's theorem).

    Raises
    ------
    InfeasibleError, InputErrors
        SCH-056.
    """
    faults = Collector()
    for fault in _list_short(problem):
        faults.add(fault)
    faults.raise_if_any()


def _list_short(problem: Problem) -> Iterator[InfeasibleError]:
    skills = problem.skills
    sizes = range(1, len(skills) + 1) if len(skills) <= _MOST_SKILLS else (1, len(skills))
    sets = [frozenset(chosen) for size in sizes for chosen in combinations(skills, size)]
    needed: Counter[tuple[int, str]] = Counter()
    for need in problem.needs:
        needed[need.day, need.skill] += need.least
    for day in range(problem.days):
        able = Counter(frozenset(nurse.skills) for nurse in problem.nurses if nurse.may_work(day))
        for chosen in sets:
            there = sum(number for skills, number in able.items() if not chosen.isdisjoint(skills))
            n = sum(needed[day, skill] for skill in chosen)
            if n > there:
                names = " or ".join(sorted(chosen))
                yield InfeasibleError(
                    code="SCH-056", where=f"day {day}, {names}", got=f"{n} nurses needed at least",
                    expected=f"at most {there}, who have the skill and may work that day",
                    fix=f"need {n - there} fewer there, or add as many nurses",
                )  # fmt: skip
                break


def refuse_unfinished(problem: Problem, best: Solution) -> InfeasibleError:
    """Return what to say when nobody knows a roster with the least cover."""
    short = [finding for finding in check(problem, best).violations if finding.rule == "least-cover"]
    places = "; ".join(f"{one.where}: {one.actual} of {one.expected}" for one in short[:_SHOWN])
    return InfeasibleError(
        code="SCH-057", where=places if len(short) <= _SHOWN else f"{places}; {len(short) - _SHOWN} more",
        got="too few nurses who may work there, after what they work before",
        expected="the least cover everywhere",
        fix="need fewer there, allow more successions, add nurses, or search for longer",
    )  # fmt: skip
