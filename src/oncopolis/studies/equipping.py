"""A centre made ready to be lived in: how many of everything there are, and who is on duty when.

What the definition states goes before what the plan finds out. People present follow from the plan so:

- Full-time equivalents less those for posts, times all their productive hours, are spread over the open hours
  of the role's calendar and rounded up. All productive hours, not the clinical ones: the time that teaching,
  research and meetings take is idle time of those who are there, so that `clinical_share` is the highest use
  that the plan accepts, as `utilisation` is for rooms and machines.
- With a norm as the basis, the full-time equivalents are those of the norm; posts come first.
- There is one at least where there is any work, and as many as the phase that holds most of them at once.
- Posts are filled beside them, on the calendar of each.

What stands already has been open for as long as anybody remembers, so that a run finds its patients halfway.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import MINYEAR
from math import ceil

from oncopolis.centre import BoundActivity, Project
from oncopolis.centre.equipped import Duty, Equipped
from oncopolis.centre.resource import Resource
from oncopolis.foundation import Collector, InputError
from oncopolis.planning import Coefficients, Plan
from oncopolis.planning.coefficients import CENTRAL
from oncopolis.planning.openings import find_opening_years, list_departments
from oncopolis.planning.phases import Phase
from oncopolis.planning.quantity import ROUNDING_NOISE, Quantity
from oncopolis.planning.staff import Staffed, compute_productive_hours

Holds = Mapping[str, Mapping[str, float]]
"""Resource -> department -> most of it that one phase of an activity there holds at once."""


def equip(project: Project, plan: Plan | None = None) -> Equipped:
    """Say how many of every resource there are, and when.

    Every resource has a duty at least; that of nobody and nothing says `n=0`.

    Parameters
    ----------
    project
        Checked project.
    plan
        A plan of it. Without one, everything that is held must be stated in the definition.

    Raises
    ------
    InputError, InputErrors
        For each resource that is held and of which neither definition nor plan says how many there are.
    """
    opened = _find_years(project)
    holds = find_holds(project)
    faults = Collector()
    duties: list[Duty] = []
    for key, resource in project.centre.resources.items():
        first = opened.get(resource.department)
        nobody = Duty(key, resource.calendar, 0, project.centre.horizon.first if first is None else first)
        found: list[Duty] | None = None
        if first is not None:
            found = list_stated(key, resource, first)
            if found is None and plan is not None:
                found = _list_planned(key, resource, plan, holds.get(key, {}))
            if found is None and key in holds:
                faults.add(_not_known(project, key, plan))
        duties += found or [nobody]
    faults.raise_if_any()
    return Equipped(project=project, duties=tuple(duties), opened=opened)


def _find_years(project: Project) -> dict[str, int]:
    """Return department -> year in which it opens; the first there is for what stands already."""
    opened = find_opening_years(project.centre)
    standing = {
        department
        for opening in project.centre.openings
        if opening.exists
        for department in list_departments(project.centre, opening)
    }
    return {department: MINYEAR if department in standing else year for department, year in opened.items()}


def find_holds(project: Project) -> Holds:
    """Return what is held at all on any route, and the most of it that one phase holds at once."""
    coefficients = Coefficients(project.evidence)
    holds: dict[str, dict[str, float]] = defaultdict(dict)
    for activity in _list_activities(project):
        for phase in activity.phases:
            for resource, n in phase.hold:
                amount = float(coefficients.get(n)[CENTRAL])
                if amount > 0:
                    most = holds[resource].get(activity.department, 0.0)
                    holds[resource][activity.department] = max(most, amount)
    return holds


def _list_activities(project: Project) -> Iterator[BoundActivity]:
    """Yield every activity that somebody may be given, with what is done while it is not open, each once."""
    seen: set[int] = set()
    for route in project.network.routes.values():
        for stop in route.stops:
            for task in stop.tasks:
                activity: BoundActivity | None = task.activity
                while activity is not None and id(activity) not in seen:
                    seen.add(id(activity))
                    yield activity
                    activity = activity.fallback


def list_stated(key: str, resource: Resource, first: int) -> list[Duty] | None:
    """Return the duties that the definition states; None if it leaves them to the plan.

    Parameters
    ----------
    key, resource
        Id and definition.
    first
        Year in which its department opens.
    """
    if resource.shifts:
        return [
            Duty(key, shift.calendar, shift.n, first if shift.from_year is None else shift.from_year)
            for shift in resource.shifts
        ]
    if isinstance(resource.n, int):
        return [Duty(key, resource.calendar, resource.n, first)]
    return None


def _list_planned(key: str, resource: Resource, plan: Plan, held: Mapping[str, float]) -> list[Duty] | None:
    """Return what each phase adds, since what is there stays; None if the plan has no such thing."""
    duties: list[Duty] = []
    there: dict[int, int] = defaultdict(int)
    known = False
    for phase in plan.calculation.phases:
        if resource.department not in phase.drivers.departments:
            continue
        for line, (calendar, n) in enumerate(_list_wanted(key, phase, held)):
            known = True
            if n > there[line]:
                from_year = MINYEAR if phase.opening.exists else phase.opening.year
                duties.append(Duty(key, calendar, n - there[line], from_year))
                there[line] = n
    return duties if known else None


def _list_wanted(key: str, phase: Phase, held: Mapping[str, float]) -> Iterator[tuple[str, int]]:
    """Yield calendars and how many there are then once a phase is open, in the same order for all phases."""
    if key in phase.resources:
        sized = phase.resources[key]
        yield sized.resource.calendar, _round_up(_get(sized.n))
    elif key in phase.staff:
        staffed = phase.staff[key]
        yield staffed.role.calendar, _count_present(staffed, phase, held)
        posts = staffed.role.staffing.posts if staffed.role.staffing else ()
        for post, n in zip(posts, staffed.filled, strict=True):
            yield post.calendar, _round_up(_get(n))


def _count_present(staffed: Staffed, phase: Phase, held: Mapping[str, float]) -> int:
    """People of a role present while its calendar is open, those of posts left out."""
    drivers, role = phase.drivers, staffed.role
    asking = drivers.asking
    centre = asking.project.centre
    assert role.staffing is not None
    open_hours = centre.get_calendar(role.calendar).compute_hours_per_year(
        centre.country, centre.currency.price_year
    )
    productive = _get(compute_productive_hours(asking, role.staffing.hours))
    present = _round_up(max(_get(staffed.fte) - _get(staffed.posts), 0.0) * productive / open_hours)
    if _get(staffed.activity) + _get(staffed.upkeep) == 0:
        return present
    at_once = [most for department, most in held.items() if department in drivers.departments]
    return max(present, 1, _round_up(max(at_once, default=0.0)))


def _get(quantity: Quantity) -> float:
    return float(quantity.central[0])


def _round_up(number: float) -> int:
    return ceil(number - ROUNDING_NOISE)


def _not_known(project: Project, key: str, plan: Plan | None) -> InputError:
    where = project.located.where(("resources", key))
    if plan is None:
        return InputError(
            code="TWN-010",
            where=where,
            got="a number that only a plan tells",
            expected="`n` as a number, or `shifts`",
            fix="state it, or make a plan first",
        )
    return InputError(
        code="TWN-011",
        where=where,
        got="nothing about it in the plan",
        expected="`n` as a number, `shifts`, or a plan of this project that counts it",
        fix="state it, or plan the project as it stands now",
    )
