"""What to say when a search has not found room for everybody who has to come."""

from oncopolis.foundation import InfeasibleError
from oncopolis.scheduling.theatres.obstacles import Obstacles, Occupancy
from oncopolis.scheduling.theatres.problem import Problem
from oncopolis.scheduling.theatres.solution import Solution

_MOST_NAMED = 6  # structure: patients whose obstacles one message tells


def refuse_unfinished(problem: Problem, solution: Solution) -> InfeasibleError:
    """Say who is left out of the best schedule found, what is in their way, and the least that would help."""
    out = [one for one in problem.patients if one.is_mandatory and one.id not in solution.admissions]
    occupancy = Occupancy(problem, solution)
    told, helps = [], []
    for patient in out[:_MOST_NAMED]:
        nearest = min(occupancy.list_obstacles(patient), key=_measure)
        binding = "; ".join(nearest.list_binding()) or "there is room, the time was over before"
        told.append(f"{patient.id} (nearest on day {nearest.day}: {binding})")
        if not nearest.is_free:
            helps.append(_suggest(patient.surgeon, nearest))
    more = f" and {len(out) - _MOST_NAMED} more" if len(out) > _MOST_NAMED else ""
    return InfeasibleError(
        code="SCH-018", where=f"{len(out)} mandatory patients",
        got=f"no schedule with all of them in the time: {', '.join(told)}{more}",
        expected="all of them admitted between release and due day",
        fix="; or ".join(("give the search more time", *dict.fromkeys(helps))),
    )  # fmt: skip


def _measure(obstacles: Obstacles) -> tuple[bool, int]:
    """How far a day is from being free: beds first, then minutes."""
    lacks_bed = obstacles.n_rooms == 0 or obstacles.lacks_intensive
    return lacks_bed, obstacles.surgeon_lacks_min + obstacles.theatre_lacks_min


def _suggest(surgeon: str, nearest: Obstacles) -> str:
    wanted = []
    if nearest.surgeon_lacks_min:
        wanted.append(f"{nearest.surgeon_lacks_min} min of surgeon {surgeon}")
    if nearest.theatre_lacks_min:
        wanted.append(f"{nearest.theatre_lacks_min} min of a theatre")
    if nearest.lacks_intensive:
        wanted.append("a bed of intensive care")
    if not nearest.n_rooms:
        wanted.append("a bed")
    return f"add {' and '.join(wanted)} on day {nearest.day}"
