"""Staff: hours with patients, upkeep and posts over productive hours, with ratio norms beside."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from oncopolis.centre.practice import WorkingTime
from oncopolis.centre.resource import Post, Resource, Staffing
from oncopolis.planning.asking import Asking
from oncopolis.planning.drivers import Drivers, Norm
from oncopolis.planning.quantity import Quantity, to_quantity, total
from oncopolis.planning.sizing import Sized

AFTER_SPACE = ("space.", "staff.")
"""Drivers that are known only once rooms are counted."""


@dataclass(frozen=True)
class Staffed:
    """Full-time equivalents of a role."""

    id: str
    role: Resource
    activity: Quantity
    """For hours with or for patients."""
    upkeep: Quantity
    """For machines."""
    posts: Quantity
    """For posts filled around patients."""
    fte: Quantity
    """What the plan takes."""
    norms: tuple[Norm, ...]
    """Ratio norms beside it."""
    clinical_hours: Quantity
    """Productive hours for patients of one full-time equivalent."""
    filled: tuple[Quantity, ...] = ()
    """How many of each post there are, in the order of `role.staffing.posts`."""


def staff_roles(drivers: Drivers, sized: Mapping[str, Sized], *, after_space: bool) -> dict[str, Staffed]:
    """Staff the roles that can be known before rooms are counted, or those that only then can."""
    roles = {
        key: role
        for key, role in drivers.asking.project.centre.resources.items()
        if role.kind == "role" and role.staffing and _waits_for_space(role.staffing) == after_space
    }
    staffed = {key: _staff(key, role, drivers, sized) for key, role in roles.items()}
    drivers.known |= {f"resource.{key}": part.fte for key, part in staffed.items()}
    return staffed


def _waits_for_space(staffing: Staffing) -> bool:
    used = [post.per for post in staffing.posts]
    used += [norm.per for norm in staffing.norms[:1]] if staffing.basis == "norm" else []
    return any(per.startswith(AFTER_SPACE) for per in used)


def _staff(key: str, role: Resource, drivers: Drivers, sized: Mapping[str, Sized]) -> Staffed:
    asking, staffing = drivers.asking, role.staffing
    assert staffing is not None
    nobody = to_quantity(0)
    productive = compute_productive_hours(asking, staffing.hours)
    clinical = productive * asking.ask(staffing.clinical_share)
    if role.department not in drivers.departments:
        return Staffed(key, role, nobody, nobody, nobody, nobody, (), clinical)
    activity = drivers.in_year(drivers.workload.hours[key]) / clinical
    upkeep = total(_list_upkeep(key, drivers, sized)) / productive
    filled = tuple(_count_post(post, drivers) for post in staffing.posts)
    posts = total([_fill(*pair, drivers) for pair in zip(staffing.posts, filled, strict=True)]) / productive
    norms = drivers.list_norms(staffing.norms)
    by_norm = staffing.basis == "norm" and norms
    fte = norms[0].n if by_norm else activity + upkeep + posts
    if staffing.at_least:
        fte = fte.at_least(staffing.at_least)
    label = role.label[:1].upper() + role.label[1:]
    return Staffed(
        id=key,
        role=role,
        activity=drivers.name(f"staff.activity.{key}", f"{label}: for patients", "count", activity),
        upkeep=drivers.name(f"staff.upkeep.{key}", f"{label}: for machines", "count", upkeep),
        posts=drivers.name(f"staff.posts.{key}", f"{label}: for posts", "count", posts),
        fte=drivers.name(f"staff.{key}", label, "count", fte),
        norms=norms,
        clinical_hours=clinical,
        filled=filled,
    )


def _list_upkeep(role: str, drivers: Drivers, sized: Mapping[str, Sized]) -> list[Quantity]:
    """Hours a year that machines take of a role."""
    return [
        part.n * drivers.asking.ask(upkeep.time, "hour/year")
        for part in sized.values()
        for upkeep in part.resource.upkeep
        if upkeep.role == role
    ]


def _count_post(post: Post, drivers: Drivers) -> Quantity:
    """How many of a post there are."""
    units = drivers.get(post.per)
    if post.each is not None:
        units = (units / drivers.asking.ask(post.each)).ceil()
    return units * drivers.asking.ask(post.n)


def _fill(post: Post, n: Quantity, drivers: Drivers) -> Quantity:
    """Hours a year that posts take, whether patients come or not."""
    asking = drivers.asking
    centre = asking.project.centre
    calendar = centre.get_calendar(post.calendar)
    hours = calendar.compute_hours_per_year(centre.country, centre.currency.price_year)
    return n * asking.ledger.given(np.full((1, 1), hours), f"hours a year ({post.calendar})")


def compute_productive_hours(asking: Asking, hours: str) -> Quantity:
    """Name and return the hours a year a full-time equivalent is at work."""
    key = f"staff.hours.{hours}"
    if key in asking.ledger.figures:
        return asking.ledger.figures[key]
    centre = asking.project.centre
    time: WorkingTime = centre.get_practice().hours[hours]
    days = centre.get_working_week().compute_days_per_year(centre.country, centre.currency.price_year)
    holidays = asking.ledger.given(np.full((1, 1), days), "working days a year without public holidays")
    worked = holidays - asking.ask(time.leave) - asking.ask(time.sickness) - asking.ask(time.training)
    per_day = asking.ask(time.weekly) / time.days_per_week
    return asking.ledger.name(
        key,
        f"Productive hours of a full-time equivalent, {hours.replace('_', ' ')}",
        "hour/year",
        worked * per_day,
    )


def name_total(drivers: Drivers, staffed: Mapping[str, Staffed]) -> Quantity:
    """Name the staff in all."""
    fte = total([part.fte for part in staffed.values()])
    return drivers.name("staff.total", "Staff, full-time equivalents", "count", fte)


def name_first_total(drivers: Drivers, staffed: Mapping[str, Staffed]) -> Quantity:
    """Name the staff on whom rooms and the roles that wait for them are counted."""
    fte = total([part.fte for part in staffed.values()])
    return drivers.name(
        "staff.before_support", "Staff before those counted on staff or floor area", "count", fte
    )
