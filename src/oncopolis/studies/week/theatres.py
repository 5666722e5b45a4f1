"""The problem of theatres and wards of a week: the waiting list, and what the centre has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from oncopolis.centre import BoundActivity
from oncopolis.foundation.units import DAYS_PER_WEEK, MINUTES_PER_DAY
from oncopolis.scheduling.theatres import Means, Patient, Priority, Problem
from oncopolis.scheduling.theatres.problem import Care, Occupant, Room, Surgeon, Weights
from oncopolis.studies.week.capacity import Capacity
from oncopolis.studies.week.drawing import Drawn, Lying, Waiting
from oncopolis.studies.week.means import make_means
from oncopolis.studies.week.nurses import LOAD, SHIFTS, find_nurse_share, make_nurses
from oncopolis.studies.week.people import AGE_GROUPS

WEIGHTS = Weights(
    room_mixed_age=1, room_nurse_skill=1, continuity_of_care=5,  # structure: as instances of IHTC 2024
    nurse_excessive_workload=1, open_operating_theatre=20, surgeon_transfer=5,  # structure: as above
    patient_delay=10, unscheduled_optional=300,  # structure: as above
)  # fmt: skip
"""What things cost, in the middle of what the competition's instances have; a hospital sets its own."""

BREACH, AIM = 1, 2
"""Clinical classes of a week: the urgent and those whose latest day it holds, and everybody else."""

_TEAM = 2
"""Surgeons at a table."""


@dataclass(frozen=True)
class Posed:
    """A problem, with what its names stand for.

    Parameters
    ----------
    minutes
        Patient -> minutes of the operation without turnover, which the problem's minutes hold.
    beds
        Room -> resource whose beds they are.
    n_elsewhere
        People in bed on Monday for whom no room of their sex was free.
    """

    problem: Problem
    means: Means
    patients: Mapping[str, Waiting]
    occupants: Mapping[str, Lying]
    minutes: Mapping[str, int]
    beds: Mapping[str, str]
    n_elsewhere: int


def pose_theatres(capacity: Capacity, drawn: Drawn, hard_classes: frozenset[int]) -> Posed | None:
    """Put the problem together; None if nobody waits.

    Parameters
    ----------
    hard_classes
        Of `BREACH` and `AIM`, those whose target days are a rule.
    """
    waiting = [one for one in drawn.waiting if one.release_day < DAYS_PER_WEEK]
    if not waiting:
        return None
    house = capacity.house
    theatre = _find_theatre(capacity, waiting)
    stays = {one.operation.id: one.stay for one in waiting if one.stay is not None}
    wards = sorted({_find_bed(capacity, one.stay) for one in waiting if one.stay} - {""})
    assert stays, "whoever is operated on lies somewhere afterwards"
    rooms = {bed: capacity.make_rooms(bed, chr(ord("A") + place)) for place, bed in enumerate(wards)}
    beds = {room.id: bed for bed in wards for room in rooms[bed]}
    patients = {f"P{number:03d}": one for number, one in enumerate(waiting, start=1)}
    teams = _assign_teams(capacity, patients)
    occupants = _lay_down(capacity, drawn, rooms)
    theatres = capacity.make_theatres(theatre)
    open_min = tuple(max(minutes) for minutes in zip(*(one.open_min for one in theatres), strict=True))
    problem = Problem(
        intensive_beds=_count_intensive(capacity, drawn, waiting),
        days=DAYS_PER_WEEK,
        shifts=SHIFTS,
        age_groups=tuple(name for _, name in AGE_GROUPS),
        n_skills=1,
        weights=WEIGHTS,
        patients=tuple(
            _make_patient(capacity, id_, one, teams[id_], beds, hard_classes) for id_, one in patients.items()
        ),
        occupants=tuple(occupant for occupant, _ in occupants),
        surgeons=tuple(Surgeon(team, open_min) for team in sorted(set(teams.values()))),
        theatres=tuple(theatres),
        rooms=tuple(room for bed in wards for room in rooms[bed]),
        nurses=make_nurses(capacity, wards),
        hard_classes=hard_classes,
    )
    return Posed(
        problem,
        make_means(capacity, patients, theatre),
        patients,
        {occupant.id: one for occupant, one in occupants},
        {id_: house.make_card(one.operation).minutes for id_, one in patients.items()},
        beds,
        sum(one.bed in wards for one in drawn.lying) - len(occupants),
    )


def _find_theatre(capacity: Capacity, waiting: Sequence[Waiting]) -> str:
    """Return the kind of room that most operations hold."""
    house = capacity.house
    held = [key for one in waiting for key in house.make_card(one.operation).holds]
    rooms = [key for key in held if house.centre.resources[key].kind == "room"]
    return max(sorted(set(rooms)), key=rooms.count)


def _count_intensive(capacity: Capacity, drawn: Drawn, waiting: Sequence[Waiting]) -> tuple[int, ...]:
    """Return the beds of intensive care that are free of those in them on Monday; empty without a need."""
    kinds = {_find_bed(capacity, one.intensive) for one in waiting if one.intensive is not None}
    if not kinds:
        return ()
    n = sum(len(capacity.list_units(bed)) for bed in kinds)
    there = [one.stay_days for one in drawn.lying if one.bed in kinds]
    return tuple(max(0, n - sum(stay > day for stay in there)) for day in range(DAYS_PER_WEEK))


def _find_bed(capacity: Capacity, stay: BoundActivity | None) -> str:
    if stay is None:
        return ""
    house = capacity.house
    kinds = {key: house.centre.resources[key].kind for key in house.make_card(stay).holds}
    return next(key for key, kind in kinds.items() if kind in ("bed", "place"))


def _make_patient(
    capacity: Capacity,
    id_: str,
    one: Waiting,
    team: str,
    beds: Mapping[str, str],
    hard_classes: frozenset[int],
) -> Patient:
    house, bed = capacity.house, _find_bed(capacity, one.stay)
    card = house.make_card(one.operation)
    stay = None if one.stay is None else house.make_card(one.stay)
    days = 1 if stay is None else max(1, round(stay.minutes / MINUTES_PER_DAY))
    intensive = 0
    if one.intensive is not None:
        intensive = max(1, round(house.make_card(one.intensive).minutes / MINUTES_PER_DAY))
    care = _make_care(capacity, one.person.sex, one.person.age_group, days + intensive, bed)
    return Patient(
        id=id_,
        care=replace(care, intensive_days=intensive),
        release_day=max(0, one.release_day),
        due_day=None,
        surgery_min=card.minutes + card.after_min,
        surgeon=team,
        closed_rooms=frozenset(room for room, of in beds.items() if bed and of != bed),
        priority=_classify(one, hard_classes),
        region=one.person.region,
    )


def _classify(one: Waiting, hard_classes: frozenset[int]) -> Priority:
    """Class 1 for the urgent and those whose latest day is in the week or past; else class 2."""
    is_breach = one.latest_day is not None and one.latest_day < DAYS_PER_WEEK
    clinical_class = BREACH if one.is_urgent or is_breach else AIM
    target = one.target_day
    if not one.is_urgent and one.latest_day is not None and is_breach:
        target = one.latest_day
    if target >= DAYS_PER_WEEK:
        return Priority(clinical_class)
    if clinical_class in hard_classes:
        # What is past already cannot be a rule: then the week is.
        target = DAYS_PER_WEEK - 1 if target < max(0, one.release_day) else target
    return Priority(clinical_class, target)


def _make_care(capacity: Capacity, sex: str, age_group: str, days: int, bed: str) -> Care:
    share = max(find_nurse_share(capacity, bed).values(), default=0.0) if bed else 0.0
    n = days * len(SHIFTS)
    return Care(sex, age_group, days, (round(share * LOAD),) * n, (0,) * n)


def _lay_down(
    capacity: Capacity, drawn: Drawn, rooms: Mapping[str, Sequence[Room]]
) -> list[tuple[Occupant, Lying]]:
    """Put those who lie there into rooms of their sex; for whom there is none lies on another ward."""
    free = {room.id: room.n_beds for several in rooms.values() for room in several}
    sexes: dict[str, str] = {}
    laid: list[tuple[Occupant, Lying]] = []
    own = [one for one in drawn.lying if one.bed in rooms]
    for one in sorted(own, key=lambda one: (-one.stay_days, one.case)):
        sex = one.person.sex
        fits = [room.id for room in rooms[one.bed] if free[room.id] and sexes.get(room.id, sex) == sex]
        if not fits:
            continue
        room = min(fits, key=lambda room: (room not in sexes, -free[room], room))
        free[room] -= 1
        sexes[room] = sex
        care = _make_care(capacity, sex, one.person.age_group, one.stay_days, one.bed)
        laid.append((Occupant(f"B{len(laid) + 1:03d}", care, room), one))
    return laid


def _assign_teams(capacity: Capacity, patients: Mapping[str, Waiting]) -> dict[str, str]:
    """Give each patient a team of surgeons: the list in the order of sites, cut into equal parts."""
    house = capacity.house
    ordered = sorted(patients, key=lambda id_: (patients[id_].route[1], id_))
    minutes = [house.make_card(patients[id_].operation).minutes for id_ in ordered]
    role = _find_surgeons(capacity, patients)
    n_teams = max(1, len(house.units_of[role]) // _TEAM) if role else len(ordered)
    total = max(1, sum(minutes))
    return {
        id_: f"S{1 + min(n_teams - 1, before * n_teams // total):02d}"
        for id_, before in zip(ordered, accumulate(minutes, initial=0), strict=False)
    }


def _find_surgeons(capacity: Capacity, patients: Mapping[str, Waiting]) -> str | None:
    """Return the physicians of whom an operation holds a team; None if the definition names none."""
    house = capacity.house
    for one in patients.values():
        for key, n in house.make_card(one.operation).holds.items():
            if house.centre.resources[key].group == "physicians" and n >= _TEAM:
                return key
    return None
