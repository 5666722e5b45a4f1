"""Money: capital and its replacement, running cost and income, by year and by department."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from oncopolis.centre.facility import Equipment
from oncopolis.centre.money import Finance
from oncopolis.foundation.units import HOURS_PER_YEAR
from oncopolis.planning.asking import Asking
from oncopolis.planning.coefficients import Array
from oncopolis.planning.drivers import Drivers
from oncopolis.planning.phases import Phase
from oncopolis.planning.quantity import Quantity, total
from oncopolis.planning.space import Counted
from oncopolis.planning.spending import Spending
from oncopolis.planning.workload import Workload

RUNNING = ("staff", "medicines", "consumables", "outside", "service", "energy", "upkeep", "overhead")
"""Kinds of running cost, in the order of the tables."""

PARTS = {
    "building": "building",
    "equipment": "equipment",
    "fees": "design, management and permits",
    "contingency": "reserve",
}
"""Parts of capital."""


@dataclass(frozen=True)
class Money:
    """Money in dollars of the price year."""

    capital: Mapping[str, Quantity]
    running: Mapping[str, Quantity]
    """Kind -> cost in the reference year."""
    income: Mapping[str, Quantity]
    unit_costs: Mapping[str, Quantity]
    by_year: Mapping[str, Array]
    """Line -> central value by calendar year of the horizon."""
    prices: Mapping[str, Quantity]
    """Equipment -> price of one."""


def compute_money(asking: Asking, workload: Workload, phases: Sequence[Phase]) -> Money | None:
    """Cost the last phase, and every year of the horizon; None without finance rules."""
    finance = asking.project.centre.finance
    if finance is None:
        return None
    return _Costing(asking, workload, phases, finance).compute()


class _Costing:
    def __init__(self, asking: Asking, workload: Workload, phases: Sequence[Phase], finance: Finance) -> None:
        self.asking, self.workload, self.phases, self.finance = asking, workload, phases, finance
        self.ledger, self.centre, self.last = asking.ledger, asking.project.centre, phases[-1]
        self.prices = {
            key: self.name(f"money.price.{key}", f"Price, {item.label}", "USD", asking.ask_money(item.price))
            for key, item in self.centre.equipment.items()
        }

    def name(self, key: str, label: str, unit: str, quantity: Quantity) -> Quantity:
        return self.ledger.name(key, label, unit, quantity)

    def compute(self) -> Money:
        value = self._compute_value(self.last)
        if any(phase.opening.exists for phase in self.phases):
            self.name(
                "money.value",
                "Value of everything that stands, at new prices",
                "USD",
                total(list(value.values())),
            )
        capital = self._compute_capital(value)
        self.name("money.capital", "Capital to be spent, all phases", "USD", total(list(capital.values())))
        by_department = {key: self._compute_department(key) for key in self.centre.departments}
        running = {
            kind: self.name(
                f"money.running.{kind}",
                f"Running cost a year: {kind}",
                "USD/year",
                total([costs[kind] for costs in by_department.values() if kind in costs]),
            )
            for kind in RUNNING
        }
        self.name("money.running", "Running cost a year", "USD/year", total(list(running.values())))
        income = self._compute_income(self.last.drivers)
        self.name("money.income", "Income a year", "USD/year", total(list(income.values())))
        by_year = self._compute_by_year(running, income) if self._covers_horizon() else {}
        return Money(capital, running, income, self._compute_unit_costs(by_department), by_year, self.prices)

    def _covers_horizon(self) -> bool:
        horizon = self.centre.horizon
        return self.ledger.years == tuple(range(horizon.first, horizon.last + 1))

    def _compute_value(self, phase: Phase) -> dict[str, Quantity]:
        """Value at new prices of everything that stands once a phase is open."""
        prefix = phase.drivers.prefix
        building = total([part.building * self._building_cost(part.id) for part in phase.space.departments])
        equipment = total([part.n * self.prices[part.id] for part in phase.equipment])
        values = {
            "building": building,
            "equipment": equipment,
            "fees": building * self.asking.ask(self.finance.fees),
            "contingency": (building + equipment) * self.asking.ask(self.finance.contingency),
        }
        return {
            part: self.name(f"{prefix}money.value.{part}", f"Value: {PARTS[part]}", "USD", value)
            for part, value in values.items()
        }

    def _compute_capital(self, value: Mapping[str, Quantity]) -> dict[str, Quantity]:
        """What has to be spent: the value less that of phases which stand already."""
        known = self._find_standing_value(value)
        return {
            part: self.name(
                f"money.capital.{part}",
                f"Capital: {PARTS[part]}",
                "USD",
                amount - known[part] if part in known else amount,
            )
            for part, amount in value.items()
        }

    def _find_standing_value(self, value: Mapping[str, Quantity]) -> Mapping[str, Quantity]:
        """Value of what stands already, by part; nothing for a new centre."""
        standing = [phase for phase in self.phases if phase.opening.exists]
        if not standing:
            return {}
        return value if standing[-1] is self.last else self._compute_value(standing[-1])

    def _building_cost(self, department: str) -> Quantity:
        own = self.centre.departments[department].building_cost
        return self.asking.ask_money(own or self.finance.building_cost)

    def _compute_department(self, department: str) -> dict[str, Quantity]:
        """Running cost of a department in the reference year, by kind, and its yearly capital."""
        last, finance, ask = self.last, self.finance, self.asking.ask
        staff = [
            part.fte * self.asking.ask_money(part.role.salary)
            for part in last.staff.values()
            if part.role.department == department and part.role.salary
        ]
        items = [part for part in last.equipment if part.item.department == department]
        space = [part for part in last.space.departments if part.id == department]
        building = total([part.building * self._building_cost(department) for part in space])
        costs = {
            kind: last.drivers.in_year(value)
            for kind in ("medicines", "consumables", "outside")
            if (value := self.workload.costs.get(f"{department}.{kind}"))
        }
        costs["staff"] = total(staff)
        costs["service"] = total([part.n * self.prices[part.id] * self._service(part) for part in items])
        costs["energy"] = (
            total([part.building for part in space]) * ask(finance.energy_use) + self._machine_energy(items)
        ) * self.asking.ask_money(finance.energy_price)
        costs["upkeep"] = building * ask(finance.building_upkeep)
        costs = self._name_costs(department, costs)
        overhead = {"overhead": total(list(costs.values())) * ask(finance.overhead)}
        capital = [
            part.n * self.prices[part.id] * self._annuity(ask(part.item.life, "year"))
            for part in items
            if isinstance(part.item, Equipment)
        ]
        overhead["capital"] = total([*capital, building * self._annuity(ask(finance.building_life, "year"))])
        return costs | self._name_costs(department, overhead)

    def _name_costs(self, department: str, costs: Mapping[str, Quantity]) -> dict[str, Quantity]:
        """Name what a department costs a year, by kind; kinds it has none of are left out."""
        label = self.centre.departments[department].label
        return {
            kind: self.name(f"money.department.{department}.{kind}", f"{label}: {kind}", "USD/year", cost)
            for kind, cost in costs.items()
            if np.any(cost.values)
        }

    def _service(self, part: Counted) -> Quantity:
        own = part.item.service if isinstance(part.item, Equipment) else None
        return self.asking.ask(own or self.finance.service)

    def _machine_energy(self, items: Sequence[Counted]) -> Quantity:
        """Energy of connected machines a year, kWh."""
        powers = [
            part.n * self.asking.ask(part.item.power)
            for part in items
            if isinstance(part.item, Equipment) and part.item.power
        ]
        hours = self.ledger.given(np.full((1, 1), HOURS_PER_YEAR), "hours a year")
        return total(powers) * self.asking.ask(self.finance.machine_load) * hours

    def _annuity(self, life: Quantity) -> Quantity:
        """Yearly equivalent of one dollar spent every `life` years."""
        rate = self.asking.ask(self.finance.discount)
        return rate / (1 - (rate + 1) ** (life * -1))

    def _compute_income(self, drivers: Drivers) -> dict[str, Quantity]:
        return {
            income.label: drivers.name(
                f"money.income.{i + 1}",
                income.label,
                "USD/year",
                drivers.get(income.per) * self.asking.ask_money(income.tariff),
            )
            for i, income in enumerate(self.finance.income)
        }

    def _compute_unit_costs(self, by_department: Mapping[str, Mapping[str, Quantity]]) -> dict[str, Quantity]:
        found = {}
        for i, unit_cost in enumerate(self.finance.unit_costs):
            cost = total([value for key in unit_cost.departments for value in by_department[key].values()])
            cost = self.name(
                f"money.unit_cost.{i + 1}.year",
                f"{unit_cost.label}: yearly cost of its departments, capital included",
                "USD/year",
                cost,
            )
            found[unit_cost.label] = self.name(
                f"money.unit_cost.{i + 1}",
                unit_cost.label,
                "USD",
                cost / self.last.drivers.get(unit_cost.per),
            )
        return found

    def _compute_by_year(
        self, running: Mapping[str, Quantity], income: Mapping[str, Quantity]
    ) -> dict[str, Array]:
        """Central values by year of the horizon."""
        spending = Spending(self.asking, self.workload, self.phases, self.prices)
        values = {phase.opening.id: self._get_value(phase) for phase in self.phases}
        per = {line.label: line.per for line in self.finance.income}
        return (
            spending.list_capital(values)
            | {kind: spending.spread_cost(kind, cost) for kind, cost in running.items()}
            | {f"income: {label}": spending.spread_income(per[label], paid) for label, paid in income.items()}
        )

    def _get_value(self, phase: Phase) -> float:
        """Central value at new prices of what stands once a phase is open."""
        prefix = phase.drivers.prefix
        if f"{prefix}money.value.building" not in self.ledger.figures:
            self._compute_value(phase)
        return sum(float(self.ledger.figures[f"{prefix}money.value.{part}"].central[0]) for part in PARTS)
