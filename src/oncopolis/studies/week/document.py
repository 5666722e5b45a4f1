"""The document of a week: what was asked, what came of it, and why what is not in it is not."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from oncopolis.centre import RouteKey
from oncopolis.foundation.units import DAYS_PER_WEEK
from oncopolis.operations.house import House
from oncopolis.scheduling import Result, chairs, theatres
from oncopolis.scheduling.theatres import TheatreList
from oncopolis.scheduling.theatres.problem import Care
from oncopolis.studies.preparing import Prepared
from oncopolis.studies.week.chairs import SLOT_MIN, ChairsSolved
from oncopolis.studies.week.drawing import Drawn
from oncopolis.studies.week.theatres import Posed

SCHEMA = 1


@dataclass(frozen=True)
class Told:
    """What the document is made of."""

    prepared: Prepared
    house: House
    drawn: Drawn
    posed: Posed | None
    result: Result[theatres.Solution] | None
    lists: Sequence[TheatreList]
    chairs: Sequence[ChairsSolved]
    seed: int
    seconds: float
    hard_classes: frozenset[int]


def to_document(told: Told) -> dict[str, Any]:
    """Return the document for ``week.json``."""
    centre = told.house.centre
    days = [told.drawn.monday + timedelta(days=day) for day in range(DAYS_PER_WEEK)]
    return {
        "schema": SCHEMA,
        "project": {
            "name": centre.name,
            "country": centre.country,
            "practice": {"id": centre.practice, "label": centre.get_practice().label},
        },
        "week": {
            "days": [day.isoformat() for day in days],
            "seed": told.seed,
            "seconds": told.seconds,
            "hard_classes": sorted(told.hard_classes),
        },
        "theatres": None if told.posed is None else _tell_theatres(told, told.posed),
        "chairs": [_tell_day(told, one) for one in told.chairs],
    }


def _tell_theatres(told: Told, posed: Posed) -> dict[str, Any]:
    problem, result = posed.problem, told.result
    assert result is not None
    solution = result.solution
    passed_over = theatres.list_passed_over(problem, solution)
    opens = _find_opening(told, posed)
    return {
        "cost": result.cost,
        "costs": dict(result.costs),
        "bound": result.bound,
        "stopped": result.stopped,
        "past_target": {str(key): list(value) for key, value in result.past_target.items()},
        "n_waiting": len(problem.patients),
        "n_admitted": len(solution.admissions),
        "n_elsewhere": posed.n_elsewhere,
        "patients": {
            patient.id: {
                **_describe(told, posed.patients[patient.id].route),
                "sex": patient.care.gender,
                "age_group": patient.care.age_group,
                "region": patient.region,
                "class": patient.priority.clinical_class if patient.priority else None,
                "target_day": patient.priority.target_day if patient.priority else None,
                "surgeon": patient.surgeon,
                "minutes": posed.minutes[patient.id],
                "stay_days": patient.care.stay_days,
                "admission": asdict(solution.admissions[patient.id])
                if patient.id in solution.admissions
                else None,
            }
            for patient in problem.patients
        },
        "opens_min": opens,
        "lists": [asdict(one) for one in told.lists],
        "theatres": [one.id for one in problem.theatres],
        "open_min": {one.id: list(one.open_min) for one in problem.theatres},
        "rooms": list(_tell_rooms(told, posed)),
        "shifts": list(problem.shifts),
        "nurses": _tell_nurses(posed, solution),
        "passed_over": [asdict(one) for one in passed_over],
        "groups": [asdict(one) for one in theatres.list_groups(problem, solution)],
        "instance": theatres.to_instance_json(problem),
        "solution": theatres.to_json(problem, solution),
    }


def _find_opening(told: Told, posed: Posed) -> int:
    """Return when theatres open, minutes since midnight."""
    cards = [told.house.make_card(one.operation) for one in posed.patients.values()]
    resources = told.house.centre.resources
    theatre = next(key for key in cards[0].holds if resources[key].kind == "room")
    spans = [
        span
        for unit in told.house.units_of[theatre]
        for span in told.house.list_hours(unit, told.drawn.monday)
    ]
    return min((begin for begin, _ in spans), default=0)


def _describe(told: Told, route: RouteKey) -> dict[str, str]:
    centre, (pathway, site, stage) = told.house.centre, route
    cohort = centre.cohorts.get(site)
    return {
        "site": cohort.label if cohort else centre.pathways[pathway].label,
        "pathway": centre.pathways[pathway].label,
        "stage": stage,
    }


def _tell_rooms(told: Told, posed: Posed) -> Iterator[dict[str, Any]]:
    """Yield each room with who lies in it on each day."""
    problem = posed.problem
    assert told.result is not None
    lying: dict[tuple[str, int], list[dict[str, Any]]] = defaultdict(list)

    def lay(id_: str, care: Care, room: str, first: int, *, is_new: bool) -> None:
        for day in range(first, min(first + care.stay_days, problem.days)):
            lying[room, day].append({"id": id_, "sex": care.gender, "is_new": is_new})

    for occupant in problem.occupants:
        lay(occupant.id, occupant.care, occupant.room, 0, is_new=False)
    for patient in problem.patients:
        admission = told.result.solution.admissions.get(patient.id)
        if admission is not None:
            lay(patient.id, patient.care, admission.room, admission.day, is_new=True)
    labels = told.house.centre.resources
    for room in problem.rooms:
        yield {
            "id": room.id,
            "beds": labels[posed.beds[room.id]].label,
            "n_beds": room.n_beds,
            "days": [lying[room.id, day] for day in range(problem.days)],
        }


def _tell_nurses(posed: Posed, solution: theatres.Solution) -> list[dict[str, Any]]:
    """Return each nurse with load and limit of each duty, and the rooms."""
    problem = posed.problem
    people: dict[tuple[str, int], list[tuple[Care, int]]] = defaultdict(list)
    stays = [(one.care, one.room, 0) for one in problem.occupants]
    stays += [
        (patient.care, solution.admissions[patient.id].room, solution.admissions[patient.id].day)
        for patient in problem.patients
        if patient.id in solution.admissions
    ]
    for care, room, first in stays:
        for day in range(first, min(first + care.stay_days, problem.days)):
            people[room, day].append((care, day - first))
    loads: Counter[tuple[str, int, int]] = Counter()
    rooms: dict[tuple[str, int, int], list[str]] = defaultdict(list)
    per_day = len(problem.shifts)
    for (room, day, shift), nurse in sorted(solution.nurses.items()):
        for care, nth in people.get((room, day), ()):
            loads[nurse, day, shift] += care.workload[nth * per_day + shift]
        if (room, day) in people:
            rooms[nurse, day, shift].append(room)
    return [
        {
            "id": nurse.id,
            "duties": [
                {
                    **asdict(duty),
                    "load": loads[nurse.id, duty.day, duty.shift],
                    "rooms": rooms[nurse.id, duty.day, duty.shift],
                }
                for duty in nurse.duties
            ],
        }
        for nurse in problem.nurses
    ]


def _tell_day(told: Told, solved: ChairsSolved) -> dict[str, Any]:
    posed = solved.posed
    day: dict[str, Any] = {
        "day": posed.day,
        "date": (told.drawn.monday + timedelta(days=posed.day)).isoformat(),
        "opens_min": posed.opens_min,
        "slot_min": SLOT_MIN,
        "n_chairs": posed.problem.n_seats,
        "n_patients": len(posed.patients),
        "refused": None,
        "visits": [],
        "cost": None,
        "bound": None,
    }
    if solved.refused is not None:
        refused = solved.refused
        day["refused"] = {
            name: getattr(refused, name) for name in ("code", "where", "got", "expected", "fix")
        }
    if solved.result is not None:
        day["cost"], day["bound"] = solved.result.cost, solved.result.bound
        day["visits"] = list(_tell_visits(told, solved, solved.result.solution))
    return day


def _tell_visits(told: Told, solved: ChairsSolved, solution: chairs.Solution) -> Iterator[dict[str, Any]]:
    """Yield who sits where from when to when, by the time they are seated; the lowest chair that is free."""
    posed = solved.posed
    sessions = {patient.id: patient.sessions[0] for patient in posed.problem.patients}
    free_from: list[int] = []
    for id_, (visit, *_) in sorted(
        solution.visits.items(), key=lambda item: (item[1][0].installation, item[0])
    ):
        end = visit.monitoring + sessions[id_].monitoring_slots
        chair = next((n for n, slot in enumerate(free_from) if slot <= visit.installation), len(free_from))
        free_from[chair : chair + 1] = [end]

        def clock(slot: int) -> int:
            return posed.opens_min + slot * SLOT_MIN

        yield {
            "patient": id_,
            **_describe(told, posed.patients[id_].route),
            "chair": chair + 1,
            "review_min": None if visit.consultation is None else clock(visit.consultation),
            "mixing_min": clock(visit.mixing) if sessions[id_].mixing_slots else None,
            "from_min": clock(visit.installation),
            "drug_min": clock(visit.monitoring),
            "until_min": clock(end),
        }
