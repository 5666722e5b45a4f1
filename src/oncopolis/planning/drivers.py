"""`Drivers`: what counting rules count on, for the year a phase is sized for."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from oncopolis.centre.drivers import TOTALS
from oncopolis.centre.number import Amount, Number
from oncopolis.centre.resource import Driver
from oncopolis.planning.asking import Asking
from oncopolis.planning.quantity import Quantity, largest, to_quantity
from oncopolis.planning.workload import Workload


class Norm(NamedTuple):
    """What a ratio norm asks for."""

    label: str
    n: Quantity
    """Number by the norm."""
    counted: Quantity
    """What the norm is counted on: courses, beds, patients."""


class Drivers:
    """Quantities of one year by driver key; resources, staff and space are added as they become known.

    Parameters
    ----------
    asking
        Source of coefficients.
    workload
        Yearly work.
    year
        Calendar year looked at.
    departments
        Departments open by then.
    prefix
        Put before the keys of figures, so that each phase has its own.
    """

    def __init__(
        self, asking: Asking, workload: Workload, year: int, departments: frozenset[str], prefix: str = ""
    ) -> None:
        self.asking, self.workload, self.year, self.departments, self.prefix = (
            asking,
            workload,
            year,
            departments,
            prefix,
        )
        self.known: dict[str, Quantity] = {"centre": to_quantity(1)}

    def name(self, key: str, label: str, unit: str, quantity: Quantity) -> Quantity:
        """Name a figure of this phase."""
        return self.asking.ledger.name(self.prefix + key, label, unit, quantity)

    def in_year(self, quantity: Quantity) -> Quantity:
        """Return a yearly quantity in the year looked at."""
        return quantity.at(self.asking.ledger.find_year(self.year), self.year)

    def get(self, key: str) -> Quantity:
        """Return a driver; nought for what is not there (a closed department's resource, say)."""
        if key not in self.known:
            self.known[key] = self._find(key)
        return self.known[key]

    def _find(self, key: str) -> Quantity:
        kind, _, name = key.partition(".")
        groups: Mapping[str, Mapping[str, Quantity]] = {
            "measure": self.workload.measures,
            "activity": self.workload.activities,
            "patients": self.workload.patients,
        }
        if kind in groups:
            quantity = groups[kind].get(name)
        else:
            quantity = (
                self.asking.ledger.figures.get(key)
                if key in TOTALS and kind in ("demand", "biobank")
                else None
            )
        return to_quantity(0) if quantity is None else self.in_year(quantity)

    def count(self, rule: Driver) -> Quantity:
        """Return the number a norm asks for, not rounded."""
        return self._scale(self.get(rule.per), rule.each, rule.times)

    def list_norms(self, rules: Sequence[Driver]) -> tuple[Norm, ...]:
        """Return what ratio norms ask for."""
        return tuple(Norm(rule.label or rule.per, self.count(rule), self.get(rule.per)) for rule in rules)

    def _scale(self, driver: Quantity, each: Number | None, times: Amount | None) -> Quantity:
        if each is not None:
            return driver / self.asking.ask(each)
        return driver if times is None else driver * self.asking.ask(times)

    def count_whole(self, rules: Sequence[Driver], at_least: int) -> Quantity:
        """Return the largest of several rules, rounded up."""
        number = largest([self.count(rule).ceil() for rule in rules])
        return number.at_least(at_least) if at_least else number
