"""What is too much before anybody has waited: hours needed by the averages against hours there are."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from oncopolis.centre import Project
from oncopolis.centre.equipped import Equipped
from oncopolis.centre.intake import Intake, find_nearest
from oncopolis.foundation import Finding
from oncopolis.foundation.units import PERCENT

NOISE = 1e-6  # structure: relative difference that is rounding


def list_overloads(equipped: Equipped, intake: Intake, *, start: date, days: int) -> Iterator[Finding]:
    """Yield a finding for every resource that is needed for longer than it is there.

    Queues before it grow for as long as the run lasts. Left out is what nobody waits for without end:
    resources that limit who may wait or that overflow, those of steps with patience, and those on the way of
    a closed population.

    Parameters
    ----------
    equipped, intake
        The centre, and who comes to it.
    start, days
        First day and length of the run; each of its years is looked at as a whole.
    """
    centre = equipped.project.centre
    spared = set(_list_spared(equipped.project))
    years = range(start.year, (start + timedelta(days=days - 1)).year + 1)
    for key, by_year in intake.hours.items():
        if key in spared or not by_year:
            continue
        loads = [(_find_load(equipped, key, by_year, year), year) for year in years]
        (load, needed, offered), year = max(loads, key=lambda found: found[0])
        if load > 1 + NOISE:
            yield Finding(
                rule="utilisation-above-one",
                severity="error",
                where=f"resources.{key}",
                message=f"{centre.resources[key].label}: needed for more hours than there are in {year}",
                actual=f"{PERCENT * load:.0f}% ({needed:,.0f} hours of {offered:,.0f})",
                expected="below 100%",
                fix=f"add units, hours or overflow of {key}, or let fewer come: waits grow without end",
            )


def _find_load(
    equipped: Equipped, key: str, by_year: Mapping[int, float], year: int
) -> tuple[float, float, float]:
    """Return needed over offered hours in a year, and both; nothing where it is not yet open."""
    centre = equipped.project.centre
    offered = sum(
        duty.n * centre.get_calendar(duty.calendar).compute_hours_per_year(centre.country, year)
        for duty in equipped.list_duties(key)
        if duty.from_year <= year
    )
    needed = find_nearest(by_year, year)
    return (needed / offered if offered > 0 else 0.0), needed, offered


def _list_spared(project: Project) -> Iterator[str]:
    """Yield the resources that nobody waits for without end."""
    centre = project.centre
    closed = {entry.route for entry in project.network.flows if centre.flows[entry.flow].members is not None}
    for key, resource in centre.resources.items():
        if resource.waiting is not None or resource.overflow is not None:
            yield key
    for route_key, route in project.network.routes.items():
        for stop in route.stops:
            if stop.patience is None and route_key not in closed:
                continue
            for task in stop.tasks:
                for phase in task.activity.phases:
                    yield from (resource for resource, _ in phase.hold)
