"""The day unit of a week: for each day a problem, as the day of a cycle is prescribed and not chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from oncopolis.centre import BoundActivity
from oncopolis.foundation import InfeasibleError
from oncopolis.scheduling import Result
from oncopolis.scheduling.chairs import Patient, Problem, Session, Solution
from oncopolis.studies.week.capacity import Capacity
from oncopolis.studies.week.drawing import Drawn, Infused

SLOT_MIN = 15  # structure: what times are told in
_SECTOR = "day unit"


@dataclass(frozen=True)
class ChairsDay:
    """The problem of one day.

    Parameters
    ----------
    day
        Of the week, from 0.
    opens_min
        When the first slot begins, minutes since midnight.
    """

    day: int
    opens_min: int
    problem: Problem
    patients: Mapping[str, Infused]


@dataclass(frozen=True)
class ChairsSolved:
    """A day of the day unit: its plan, or why there is none."""

    posed: ChairsDay
    result: Result[Solution] | None
    refused: InfeasibleError | None


def pose_chairs(capacity: Capacity, drawn: Drawn) -> list[ChairsDay]:
    """Return the days on which somebody comes and the chairs are open."""
    by_day: dict[int, list[Infused]] = {}
    for one in drawn.infused:
        by_day.setdefault(one.day, []).append(one)
    posed = []
    for day, infused in sorted(by_day.items()):
        chair = _find(capacity, infused[0].infusion, "place")
        spans = [span for unit in capacity.list_units(chair) for span in _list_hours(capacity, unit, day)]
        if spans:
            posed.append(_pose_day(capacity, day, infused, chair, spans))
    return posed


def _pose_day(
    capacity: Capacity, day: int, infused: Sequence[Infused], chair: str, spans: list[tuple[int, int]]
) -> ChairsDay:
    opens = min(begin for begin, _ in spans)
    slots = (max(end for _, end in spans) - opens) // SLOT_MIN
    first = infused[0].infusion
    nurse = _find_nurse(capacity, first)
    reviews = [one.review for one in infused if one.review is not None]
    doctor = _find(capacity, reviews[0], "role", "physicians") if reviews else ""
    preparations = [one.preparation for one in infused if one.preparation is not None]
    cabinet = _find(capacity, preparations[0], "machine") if preparations else ""
    patients = {f"C{day + 1}{number:03d}": one for number, one in enumerate(infused, start=1)}

    def count(resource: str) -> tuple[int, ...]:
        middles = (opens + SLOT_MIN * slot + SLOT_MIN // 2 for slot in range(slots))
        return tuple(capacity.count_present(resource, day, minute) if resource else 0 for minute in middles)

    nothing = (0,) * slots
    problem = Problem(
        days=1,
        slots=slots,
        n_seats=max(count(chair)),
        patients_per_nurse=max(1, int(1 / _find_least(capacity, first, nurse))) if nurse else 1,
        consultation_slots=_to_slots(capacity.house.make_card(reviews[0]).minutes) if reviews else 0,
        installation_slots=_to_slots(_list_minutes(capacity, first)[0]),
        doctors={_SECTOR: (nothing, count(doctor))},
        # Who is held by nobody's infusion is not what chairs wait for.
        nurses=(nothing, count(nurse) if nurse else (len(patients),) * slots),
        pharmacy=(nothing, tuple(min(1, n) for n in count(cabinet)) if cabinet else (1,) * slots),
        patients=tuple(Patient(id_, (_make_session(capacity, one),)) for id_, one in patients.items()),
    )
    return ChairsDay(day, opens, problem, patients)


def _make_session(capacity: Capacity, one: Infused) -> Session:
    _, *rest = _list_minutes(capacity, one.infusion)
    mixing = 0 if one.preparation is None else capacity.house.make_card(one.preparation).minutes
    return Session(
        rest_days=0,
        has_consultation=one.review is not None,
        sector=_SECTOR,
        may_mix_ahead=one.review is None,
        mixing_slots=_to_slots(mixing),
        monitoring_slots=_to_slots(sum(rest)),
    )


def _to_slots(minutes: float) -> int:
    return ceil(minutes / SLOT_MIN)


def _list_minutes(capacity: Capacity, activity: BoundActivity) -> list[float]:
    return [capacity.house.values.get_minutes(phase.duration) for phase in activity.phases]


def _find(capacity: Capacity, activity: BoundActivity, kind: str, group: str | None = None) -> str:
    """Return what of a kind, and of a group, an activity holds; empty if it is nothing."""
    resources = capacity.house.centre.resources
    held = capacity.house.make_card(activity).holds
    return next(
        (key for key in held if resources[key].kind == kind and group in (None, resources[key].group)), ""
    )


def _find_nurse(capacity: Capacity, activity: BoundActivity) -> str:
    return _find(capacity, activity, "role", "nurses")


def _find_least(capacity: Capacity, activity: BoundActivity, role: str) -> float:
    """Return the smallest part of a role that a phase holds."""
    return min(
        capacity.house.values.get(n)
        for phase in activity.phases
        for key, n in phase.hold
        if key == role and capacity.house.values.get(n) > 0
    )


def _list_hours(capacity: Capacity, unit: str, day: int) -> tuple[tuple[int, int], ...]:
    return capacity.house.list_hours(unit, capacity.days[day])
