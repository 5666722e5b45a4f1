"""`Spending`: money year by year over the horizon, on central values."""

from collections.abc import Mapping, Sequence
from math import ceil

import numpy as np

from oncopolis.centre.facility import Equipment
from oncopolis.planning.asking import Asking
from oncopolis.planning.coefficients import Array
from oncopolis.planning.phases import Phase
from oncopolis.planning.quantity import Quantity, total
from oncopolis.planning.space import Counted
from oncopolis.planning.workload import Workload


class Spending:
    """Spreads what was found for the reference year over the years of the horizon.

    Parameters
    ----------
    asking, workload, phases
        The plan so far; the ledger's years are those of the horizon.
    prices
        Equipment -> price of one.
    """

    def __init__(
        self, asking: Asking, workload: Workload, phases: Sequence[Phase], prices: Mapping[str, Quantity]
    ) -> None:
        self.asking, self.workload, self.phases, self.prices = asking, workload, phases, prices
        self.years = asking.ledger.years
        self.reference = asking.ledger.find_year(phases[-1].drivers.year)

    def list_capital(self, values: Mapping[str, float]) -> dict[str, Array]:
        """Return new capital, in the year before a phase opens, and the replacement of what has had its life.

        Parameters
        ----------
        values
            Opening -> value of everything that stands then.
        """
        capital, replacement = np.zeros(len(self.years)), np.zeros(len(self.years))
        standing = 0.0
        n_before: dict[str, float] = {}
        for phase in self.phases:
            value = values[phase.opening.id]
            if not phase.opening.exists:
                capital[self.asking.ledger.find_year(phase.opening.year - 1)] += max(value - standing, 0.0)
            standing = max(value, standing)
            for part in phase.equipment:
                n_added = max(float(part.n.central[0]) - n_before.get(part.id, 0.0), 0.0)
                n_before[part.id] = n_before.get(part.id, 0.0) + n_added
                self._replace(part, n_added, phase.opening.year, replacement)
        return {"capital": capital, "replacement": replacement}

    def _replace(self, part: Counted, n_added: float, opened: int, line: Array) -> None:
        """Add the price of new ones each time the old ones have had their life."""
        assert isinstance(part.item, Equipment)
        life = max(ceil(float(self.asking.ask(part.item.life, "year").central[0])), 1)
        for year in range(opened + life, self.years[-1] + 1, life):
            if year >= self.years[0]:
                line[year - self.years[0]] += n_added * float(self.prices[part.id].central[0])

    def spread_cost(self, kind: str, cost: Quantity) -> Array:
        """Return a kind of running cost by year: as patients use it up, else as staff and floors stand."""
        used = [value.central for name, value in self.workload.costs.items() if name.endswith(f".{kind}")]
        if used:
            by_year: Array = np.sum(used, axis=0)
            return by_year
        weight = np.zeros(len(self.years))
        for phase in self.phases:
            stands = (
                total([part.fte for part in phase.staff.values()])
                if kind == "staff"
                else phase.space.building
            )
            weight[[year >= phase.opening.year for year in self.years]] = float(stands.central[0])
        return float(cost.central[0]) * weight / weight[-1] if weight[-1] else weight

    def spread_income(self, per: str, paid: Quantity) -> Array:
        """Return a tariff's income by year, as what it is paid for is done."""
        counted = self._find_yearly(per)
        reference = float(counted[self.reference])
        return float(paid.central[0]) * counted / reference if reference else np.zeros(len(self.years))

    def _find_yearly(self, per: str) -> Array:
        kind, _, name = per.partition(".")
        groups = {
            "measure": self.workload.measures,
            "activity": self.workload.activities,
            "patients": self.workload.patients,
        }
        found = groups.get(kind, {}).get(name)
        return np.broadcast_to((found or self.workload.contacts).central, (len(self.years),))
