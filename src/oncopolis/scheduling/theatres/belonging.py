"""Whether a schedule is of a problem at all."""

from oncopolis.foundation import InputError
from oncopolis.scheduling.theatres.checking import check
from oncopolis.scheduling.theatres.problem import Problem
from oncopolis.scheduling.theatres.solution import Solution


def check_belongs(problem: Problem, solution: Solution, where: str) -> None:
    """Refuse a schedule that names what the problem does not know.

    Raises
    ------
    InputError
        SCH-021.
    """
    unknown = [finding for finding in check(problem, solution).violations if finding.rule == "unknown-id"]
    if unknown:
        raise InputError(
            code="SCH-021",
            where=where,
            got=f"{unknown[0].where}: {unknown[0].message}",
            expected="a schedule of the same problem",
            fix="give the schedule of this problem",
        )
