"""Work lists: what has to be done or decided by when, for each role; what is late comes first."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

from oncopolis.centre.pathway import END
from oncopolis.operations.booking import Booking, Window
from oncopolis.operations.courses.indexes import Booked
from oncopolis.operations.courses.trail import Choice, Mark, VarianceKind
from oncopolis.operations.courses.views import Course
from oncopolis.operations.courses.ways import get_way
from oncopolis.operations.floor import Floor

Kind: TypeAlias = Literal["do", "book", "decide", "choose", "start", "explain"]
"""Work to be done; an appointment to be made; a question to be answered; what a step takes to be said; what
comes after the end of a course; a variance without a reason."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a work list.

    Parameters
    ----------
    roles
        Who may do it; empty for everybody.
    due
        Day by which it should be done, None if there is none.
    is_late
        Whether that is a breach of the pathway, and not only later than aimed at.
    """

    kind: Kind
    patient: str
    course: str
    step: str
    label: str
    roles: tuple[str, ...]
    window: Window | None
    activities: tuple[str, ...] = ()
    booking: str = ""
    variances: tuple[VarianceKind, ...] = ()

    @property
    def due(self) -> date | None:
        """The last day that is no breach; the day aimed at where there is none."""
        return None if self.window is None else self.window.latest or self.window.target

    def count_days_left(self, today: date) -> int | None:
        """Return the days until it is due; below 0 it is late."""
        return None if self.due is None else (self.due - today).days

    def to_json(self, today: date) -> dict[str, Any]:
        """Return what a screen or a sheet shows."""
        return {
            "kind": self.kind,
            "patient": self.patient,
            "course": self.course,
            "step": self.step,
            "label": self.label,
            "roles": list(self.roles),
            "activities": list(self.activities),
            "booking": self.booking or None,
            "due": None if self.due is None else self.due.isoformat(),
            "days_left": self.count_days_left(today),
            "variances": list(self.variances),
        }


def list_work(floor: Floor, today: date, role: str | None = None) -> list[Item]:
    """Return what is to be done on all courses, what is late first.

    Parameters
    ----------
    role
        Role or board whose list it is, with what is nobody's own; all lists if None. Making appointments
        is on none of them: it is reception's.
    """
    items = [
        item
        for course in floor.list(Course)
        for item in list_of_course(floor, course)
        if role is None or role in item.roles or (not item.roles and item.kind != "book")
    ]
    return sorted(items, key=lambda item: _rank(item, today))


def count_work(items: Iterable[Item], today: date) -> dict[str, int]:
    """Return how much of each kind there is, and how much is late."""
    counted: Counter[str] = Counter()
    for item in items:
        counted[item.kind] += 1
        left = item.count_days_left(today)
        counted["late"] += left is not None and left < 0
    return dict(counted)


def list_of_course(floor: Floor, course: Course) -> Iterator[Item]:
    """Yield what is to be done on one course."""
    booked = floor.index(Booked).list_of(course.id)
    for mark in course.marks:
        if mark.is_open and mark.window is not None:
            yield from _list_of_mark(floor, course, mark, [one for one in booked if _is_for(one, mark)])
        silent = tuple(variance.kind for variance in mark.variances if not variance.reason)
        if silent:
            yield _make(course, "explain", mark, _find_owners(floor, course, mark), variances=silent)
    pending = course.find_pending()
    if pending is not None:
        yield _make_question(floor, course, pending)
    elif course.at == END and not any(course.list_open()):
        yield Item(
            "start", course.patient, course.id, END, course.label, (), Window(course.since, course.since)
        )


def _list_of_mark(floor: Floor, course: Course, mark: Mark, booked: list[Booking]) -> Iterator[Item]:
    left = [activity for activity, _ in mark.list_left()]
    for activity in left:
        known = next((one for one in booked if one.activity == activity and one.spot is not None), None)
        if known is None:
            yield _make(course, "book", mark, (), (activity,))
        else:
            yield _make(course, "do", mark, _list_roles(floor, (activity,)), (activity,), known.id)
    if not left:
        activities = _list_activities(floor, course, mark)
        is_for_patient = any(floor.house.get_card(activity).is_contact for activity in activities)
        kind: Kind = "choose" if is_for_patient else "do"
        yield _make(course, kind, mark, _list_roles(floor, activities), activities)


def _list_activities(floor: Floor, course: Course, mark: Mark) -> tuple[str, ...]:
    step = get_way(floor, course).steps.get(mark.step)
    return () if step is None else tuple(errand.activity for errand in step.errands)


def _make(
    course: Course,
    kind: Kind,
    mark: Mark,
    roles: tuple[str, ...],
    activities: tuple[str, ...] = (),
    booking: str = "",
    variances: tuple[VarianceKind, ...] = (),
) -> Item:
    return Item(
        kind,
        course.patient,
        course.id,
        mark.id,
        mark.label,
        roles,
        mark.window,
        activities,
        booking,
        variances,
    )


def _make_question(floor: Floor, course: Course, pending: Choice) -> Item:
    step = get_way(floor, course).steps[pending.step]
    roles = (pending.decider,) if pending.decider else ()
    return Item("decide", course.patient, course.id, pending.step, step.label, roles, pending.window)


def _find_owners(floor: Floor, course: Course, mark: Mark) -> tuple[str, ...]:
    activities = tuple(activity for activity, _ in mark.wanted)
    return _list_roles(floor, activities or _list_activities(floor, course, mark))


def _list_roles(floor: Floor, activities: Iterable[str]) -> tuple[str, ...]:
    """Return the roles that do activities."""
    resources = floor.house.centre.resources
    held = (resource for activity in activities for resource in floor.house.get_card(activity).holds)
    return tuple(dict.fromkeys(resource for resource in held if resources[resource].kind == "role"))


def _is_for(booking: Booking, mark: Mark) -> bool:
    return bool(booking.step) and booking.step in (mark.id, mark.step)


def _rank(item: Item, today: date) -> tuple[bool, int, str, str]:
    left = item.count_days_left(today)
    return left is None, 0 if left is None else left, item.course, item.step
