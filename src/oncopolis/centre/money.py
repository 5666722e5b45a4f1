"""`Finance`: the rules that turn equipment, rooms, staff and activity into money."""

from typing import Annotated, Literal

from pydantic import Field

from oncopolis.centre.number import (
    Count,
    EnergyPerArea,
    EnergyPrice,
    Identifier,
    Money,
    MoneyPerArea,
    PositiveYears,
    Rate,
    Share,
    Year,
)
from oncopolis.foundation import Frozen


class Currency(Frozen):
    """Currency of the report; all evidence on money is kept in US dollars."""

    code: Literal["USD", "EUR", "GBP", "KRW", "UZS", "RUB"] = "USD"
    """Currency shown beside dollars."""
    price_year: Year
    """Year whose prices the plan is in; older prices are carried forward by `inflation`."""
    per_usd: Count | None = None
    """Units of the currency for one US dollar in the price year; needed unless the code is USD."""


class Income(Frozen):
    """A tariff paid to the centre."""

    label: str
    """What it is paid for."""
    per: str
    """What it is counted on, as in `Driver.per`."""
    tariff: Money
    """Paid for each."""


class UnitCost(Frozen):
    """Yearly cost of some departments for each of what they do: cost per course, per operation."""

    label: str
    """What one of them is."""
    departments: Annotated[tuple[Identifier, ...], Field(min_length=1)]
    """Departments whose cost is counted."""
    per: str
    """What it is counted on, as in `Driver.per`."""


class Finance(Frozen):
    """Rules of capital, running cost and income."""

    building_cost: MoneyPerArea
    """Building cost of gross floor area, services included."""
    fees: Share
    """Design, management and permits, as a share of building cost."""
    contingency: Share
    """Reserve, as a share of building and equipment cost."""
    building_life: PositiveYears
    """Years until the building is renewed."""
    building_upkeep: Share
    """Yearly maintenance as a share of building cost."""
    service: Share
    """Yearly service contract as a share of the equipment price, where equipment states none."""
    energy_use: EnergyPerArea
    """Energy for the building, connected machines left out."""
    energy_price: EnergyPrice
    """Price of energy."""
    machine_load: Share
    """Mean electrical load of connected machines over the whole year, as a share of their rated power."""
    overhead: Share
    """Administration, catering, insurance, cleaning supplies, as a share of the other running cost."""
    inflation: Rate
    """Yearly rise of prices, to carry older prices to the price year."""
    discount: Rate
    """Discount rate for the yearly equivalent of capital."""
    income: tuple[Income, ...] = ()
    """Tariffs."""
    unit_costs: tuple[UnitCost, ...] = ()
    """Costs per unit of work to show."""
