"""Numbers of rooms, machines, beds and places from the hours they are held."""

from dataclasses import dataclass

import numpy as np

from oncopolis.centre.resource import Resource, Sizing
from oncopolis.planning.drivers import Drivers, Norm
from oncopolis.planning.quantity import Quantity, to_quantity, total


@dataclass(frozen=True)
class Sized:
    """How many of a resource, and what stands beside it."""

    id: str
    resource: Resource
    need: Quantity
    """Before rounding and reserves."""
    n: Quantity
    """What is planned, or given."""
    norms: tuple[Norm, ...] = ()
    """Ratio norms beside it."""


def size_resources(drivers: Drivers) -> dict[str, Sized]:
    """Size everything that is no role; numbers become drivers."""
    centre = drivers.asking.project.centre
    sized: dict[str, Sized] = {}
    for key, resource in centre.resources.items():
        if resource.kind == "role" or resource.sizing is None:
            continue
        is_open = resource.department in drivers.departments
        sized[key] = _size(key, resource, resource.sizing, drivers) if is_open else _absent(key, resource)
        drivers.known[f"resource.{key}"] = sized[key].n
    beds = total([part.n for part in sized.values() if part.resource.kind == "bed"])
    drivers.known["beds.total"] = drivers.name("beds.total", "Beds", "count", beds)
    return {key: _with_norms(part, drivers) for key, part in sized.items()}


def _absent(key: str, resource: Resource) -> Sized:
    return Sized(key, resource, to_quantity(0), to_quantity(0))


def _size(key: str, resource: Resource, sizing: Sizing, drivers: Drivers) -> Sized:
    asking, ledger = drivers.asking, drivers.asking.ledger
    centre = asking.project.centre
    calendar = centre.get_calendar(resource.calendar)
    open_hours = calendar.compute_hours_per_year(centre.country, centre.currency.price_year)
    hours = drivers.in_year(drivers.workload.hours[key])
    offered = ledger.given(np.full((1, 1), open_hours), f"open hours a year ({resource.calendar})")
    offered = drivers.name(
        f"offer.{key}", f"Open hours of one a year, {resource.label}", "hour/year", offered
    )
    usable = offered * asking.ask(sizing.utilisation)
    if sizing.availability is not None:
        usable = usable * asking.ask(sizing.availability)
    need = hours / usable
    if sizing.spare is not None:
        need = need * (asking.ask(sizing.spare) + 1)
    need = drivers.name(f"need.{key}", f"Need before rounding, {resource.label}", "count", need)
    n = to_quantity(resource.n) if isinstance(resource.n, int) else _round(need, sizing)
    return Sized(key, resource, need, drivers.name(f"resource.{key}", _capital(resource.label), "count", n))


def _round(need: Quantity, sizing: Sizing) -> Quantity:
    """Round up, add the reserve, fill up sets; nothing where there is no need."""
    n = need.ceil()
    if sizing.plus_one:
        n = n + 1
    if sizing.at_least:
        n = n.at_least(sizing.at_least)
    if sizing.multiple_of > 1:
        n = (n / sizing.multiple_of).ceil() * sizing.multiple_of
    return n.where_needed(need)


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]


def _with_norms(part: Sized, drivers: Drivers) -> Sized:
    norms = drivers.list_norms(part.resource.norms)
    return Sized(part.id, part.resource, part.need, part.n, norms)
