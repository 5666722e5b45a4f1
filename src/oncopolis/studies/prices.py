"""What one more of a resource costs a year: salaries of those present, or equipment spread over its life."""

from dataclasses import dataclass
from math import nan

from oncopolis.centre import Project
from oncopolis.centre.resource import Driver
from oncopolis.planning import Coefficients
from oncopolis.planning.asking import Asking
from oncopolis.planning.quantity import Ledger, Quantity
from oncopolis.planning.staff import compute_productive_hours


@dataclass(frozen=True)
class Price:
    """A price, US dollars of the price year."""

    per_year: float
    """Yearly cost; NaN if the definition states neither salary nor equipment."""
    capital: float
    """What is paid at once."""
    of: str
    """What is paid for, in words."""


def find_price(project: Project, resource: str) -> Price:
    """Return what one more of a resource costs.

    A person present takes as many full-time equivalents as the hours of the calendar ask for. Floor space is
    left out.

    Parameters
    ----------
    project
        Checked project.
    resource
        Id of the resource.
    """
    centre = project.centre
    one = centre.resources[resource]
    asking = Asking(project, Ledger(Coefficients(project.evidence), [centre.reference_year]))
    if one.kind == "role":
        if one.salary is None or one.staffing is None:
            return Price(nan, 0.0, "no salary is stated")
        calendar = centre.get_calendar(one.calendar)
        hours = calendar.compute_hours_per_year(centre.country, centre.currency.price_year)
        people = hours / _get(compute_productive_hours(asking, one.staffing.hours))
        return Price(people * _get(asking.ask_money(one.salary)), 0.0, f"salaries of {people:.1f} people")
    per_year = capital = 0.0
    named = []
    for item in centre.equipment.values():
        n = max(
            (_count(driver, asking) for driver in item.count if driver.per == f"resource.{resource}"),
            default=0.0,
        )
        if n > 0:
            price = n * _get(asking.ask_money(item.price))
            capital += price
            per_year += price / _get(asking.ask(item.life))
            named.append(item.label)
    return Price(per_year if capital else nan, capital, ", ".join(named) or "no equipment is stated")


def _count(driver: Driver, asking: Asking) -> float:
    """Return how many items go with one of what they are counted on."""
    if driver.times is not None:
        return _get(asking.ask(driver.times))
    return 1 / _get(asking.ask(driver.each)) if driver.each is not None else 1.0


def _get(quantity: Quantity) -> float:
    return float(quantity.central[0])
