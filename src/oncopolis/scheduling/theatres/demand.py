"""Whether those who have to be admitted can be: sums that no schedule gets around."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from oncopolis.foundation import InfeasibleError
from oncopolis.scheduling.theatres.domains import (
    compute_covered,
    compute_free_beds,
    compute_free_intensive,
    compute_open_days,
    compute_open_intensive,
    is_in_window,
)
from oncopolis.scheduling.theatres.problem import Patient, Problem

Minutes = np.ndarray[Any, np.dtype[np.int64]]

_MOST_NAMED = 12  # structure: patients named in one message


@dataclass(frozen=True, slots=True)
class _Claim:
    """What somebody takes of a resource, on days of which they have the choice.

    Parameters
    ----------
    first, last
        Days between which all of it falls, whatever is chosen.
    """

    who: str
    first: int
    last: int
    amount: int


def check_demand(problem: Problem) -> None:
    """Refuse a problem in which mandatory patients cannot all be admitted for a reason that can be summed up.

    Raises
    ------
    InfeasibleError
        SCH-015: somebody lies where no nurse is on duty, or more lie in a room than it has beds.
        SCH-016: a mandatory patient has no day at all.
        SCH-066: nor one that a link allows.
        SCH-017: the mandatory patients of some days need more of a resource than there is.
    """
    _check_occupants(problem)
    mandatory = [patient for patient in problem.patients if patient.is_mandatory]
    is_open = compute_open_days(problem)
    for row, patient in enumerate(problem.patients):
        if patient.is_mandatory and not is_open[row].any():
            raise _refuse_patient(problem, patient)
    if not mandatory:
        return
    days_of = {
        patient.id: np.flatnonzero(is_open[row])
        for row, patient in enumerate(problem.patients)
        if patient.is_mandatory
    }
    windows = {id_: (int(days[0]), int(days[-1])) for id_, days in days_of.items()}
    for surgeon in problem.surgeons:
        claims = [
            _Claim(one.id, *windows[one.id], one.surgery_min)
            for one in mandatory
            if one.surgeon == surgeon.id
        ]
        _check_sums(f"surgeon {surgeon.id}", "minutes", claims, np.array(surgeon.most_min))
    claims = [_Claim(one.id, *windows[one.id], one.surgery_min) for one in mandatory]
    _check_sums(
        "all theatres", "minutes", claims, np.array([one.list_min for one in problem.theatres]).sum(axis=0)
    )
    beds = np.maximum(compute_free_intensive(problem), 0)
    stays = list(_list_intensive(problem, mandatory, windows))
    _check_sums("intensive care", "bed-days", stays, beds)
    _check_sums("all rooms", "bed-days", list(_list_stays(problem, mandatory, windows)), _count_beds(problem))


def _check_occupants(problem: Problem) -> None:
    covered = compute_covered(problem)
    lying: dict[tuple[str, int], list[str]] = defaultdict(list)
    genders: dict[tuple[str, int], set[str]] = defaultdict(set)
    alone: set[tuple[str, int]] = set()
    for occupant in problem.occupants:
        for day in range(min(occupant.care.stay_days, problem.days)):
            lying[occupant.room, day].append(occupant.id)
            genders[occupant.room, day].add(occupant.care.gender)
            if occupant.care.is_alone:
                alone.add((occupant.room, day))
            if not covered[day]:
                raise InfeasibleError(
                    code="SCH-015", where=f"occupant {occupant.id}, day {day}",
                    got="a shift without any nurse",
                    expected="a nurse on duty in every shift while somebody lies in bed",
                    fix=f"give a nurse a duty in each shift of day {day}",
                )  # fmt: skip
    for day, free in enumerate(compute_free_intensive(problem)):
        if free < 0:
            raise InfeasibleError(
                code="SCH-015", where=f"intensive care, day {day}",
                got=f"{problem.intensive_beds[day] - free} occupants",
                expected=f"at most {problem.intensive_beds[day]}",
                fix="move an occupant out of intensive care before you solve, or add a bed",
            )  # fmt: skip
    beds = {room.id: room.n_beds for room in problem.rooms}
    for (room, day), people in lying.items():
        most = min(beds[room], 1) if (room, day) in alone else beds[room]
        if len(people) > most or len(genders[room, day]) > 1:
            raise InfeasibleError(
                code="SCH-015", where=f"room {room}, day {day}",
                got=f"{', '.join(people)}, of {len(genders[room, day])} genders, in room for {most}",
                expected="occupants of one gender, each with a bed, and nobody beside those who lie alone",
                fix="move an occupant to another room before you solve",
            )  # fmt: skip


def _refuse_patient(problem: Problem, patient: Patient) -> InfeasibleError:
    """Say which resource leaves a patient no day, and how much more of it would do."""
    days = np.flatnonzero(is_in_window(problem, patient, np.arange(problem.days)))
    if not len(days):
        because = patient.link.because if patient.link else "no day is between release and due day"
        return InfeasibleError(
            code="SCH-066", where=f"patient {patient.id}",
            got=f"no day of the horizon between release and due day that is allowed: {because}",
            expected="one day at least", fix="give the patient a later due day, or plan more days at a time",
        )  # fmt: skip
    most = np.array(next(one.most_min for one in problem.surgeons if one.id == patient.surgeon))[days]
    longest = np.array([one.list_min for one in problem.theatres]).max(axis=0)[days]
    if most.max() < patient.surgery_min:
        best, resource = int(most.max()), f"surgeon {patient.surgeon}"
    elif longest.max() < patient.surgery_min:
        best, resource = int(longest.max()), "every theatre"
    elif np.minimum(most, longest).max() < patient.surgery_min:
        best, resource = int(np.minimum(most, longest).max()), f"surgeon {patient.surgeon} or every theatre"
    elif not compute_open_intensive(problem, patient.care.intensive_days)[days].any():
        return InfeasibleError(
            code="SCH-016", where=f"patient {patient.id}",
            got=f"no bed of intensive care for {patient.care.intensive_days} days from any day between "
            f"{days[0]} and {days[-1]}",
            expected="a bed of intensive care from the day of the operation on",
            fix="add a bed of intensive care on these days, or give the patient a later due day",
        )  # fmt: skip
    else:
        rooms = len(problem.rooms) - len(patient.closed_rooms)
        return InfeasibleError(
            code="SCH-016", where=f"patient {patient.id}",
            got=f"no bed for the whole stay in any of {rooms} rooms on a day from {days[0]} to {days[-1]} "
            "when surgeon and theatre have time",
            expected="one room without occupants of another gender, with a bed and nurses for the stay",
            fix="open a room to the patient, move an occupant, or let the patient come later",
        )  # fmt: skip
    return InfeasibleError(
        code="SCH-016", where=f"patient {patient.id}",
        got=f"an operation of {patient.surgery_min} min; {resource} has at most {best} min on a day from "
        f"{days[0]} to {days[-1]}",
        expected=f"a day with {patient.surgery_min} min",
        fix=f"give {resource} {patient.surgery_min - best} min more on one of these days, or a later due day",
    )  # fmt: skip


def _list_stays(
    problem: Problem, patients: list[Patient], windows: dict[str, tuple[int, int]]
) -> Iterator[_Claim]:
    """Bed-days that fall between admission and horizon whatever is chosen."""
    for patient in patients:
        first, last = windows[patient.id]
        end = min(last + patient.care.stay_days, problem.days) - 1
        yield _Claim(patient.id, first, end, min(patient.care.stay_days, problem.days - last))


def _list_intensive(
    problem: Problem, patients: list[Patient], windows: dict[str, tuple[int, int]]
) -> Iterator[_Claim]:
    """Bed-days of intensive care that fall within the horizon whatever is chosen."""
    for patient in patients:
        first, last = windows[patient.id]
        n = min(patient.care.intensive_days, problem.days - last)
        if n:
            end = min(last + patient.care.intensive_days, problem.days) - 1
            yield _Claim(patient.id, first, end, n)


def _count_beds(problem: Problem) -> Minutes:
    genders = sorted({one.care.gender for one in problem.patients})
    return np.asarray(np.max([compute_free_beds(problem, gender) for gender in genders], axis=0).sum(axis=0))


def _check_sums(resource: str, unit: str, claims: list[_Claim], there: Minutes) -> None:
    """Compare, for all days a to b, what has to fall between them with what there is.

    Raises
    ------
    InfeasibleError
        SCH-017, of the days where most is lacking.
    """
    n = len(there)
    needed = np.zeros((n, n), np.int64)
    for claim in claims:
        needed[: claim.first + 1, claim.last :] += claim.amount
    total = np.concatenate([[0], np.cumsum(there)])
    lacking = needed - (total[None, 1:] - total[:-1, None])
    lacking[np.tril_indices(n, -1)] = 0
    first, last = np.unravel_index(np.argmax(lacking), lacking.shape)
    worst = int(lacking[first, last])
    if worst <= 0:
        return
    who = [claim.who for claim in claims if claim.first >= first and claim.last <= last]
    named = ", ".join(who[:_MOST_NAMED]) + (
        f" and {len(who) - _MOST_NAMED} more" if len(who) > _MOST_NAMED else ""
    )
    raise InfeasibleError(
        code="SCH-017", where=f"{resource}, day {first} to {last}",
        got=f"{int(needed[first, last])} {unit} that mandatory patients need there ({named})",
        expected=f"at most {int(total[last + 1] - total[first])} {unit}",
        fix=f"add {worst} {unit} on these days, or give some of these patients another due day",
    )  # fmt: skip
