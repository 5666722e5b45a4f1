"""Money and biobank as plain data."""

from typing import Any

from oncopolis.planning.document.figures import FigureWriter
from oncopolis.planning.money import RUNNING, Money
from oncopolis.planning.plan import Plan


def write_money(plan: Plan, writer: FigureWriter) -> dict[str, Any] | None:
    """Capital, running cost, income and unit costs in dollars of the price year."""
    money = plan.calculation.money
    if money is None:
        return None

    def line(key: str, name: str, **more: Any) -> dict[str, Any]:
        return writer.write_line(
            key, name, writer.ledger.figures[key].label, usd=writer.get_value(key), **more
        )

    income = list(money.income)
    return {
        "capital": [line(f"money.capital.{key}", key) for key in money.capital],
        "running": [line(f"money.running.{kind}", kind, by_year=_list(money, kind)) for kind in RUNNING],
        "income": [
            line(f"money.income.{i + 1}", f"{i + 1}", by_year=_list(money, f"income: {label}"))
            for i, label in enumerate(income)
        ],
        "by_year": {
            "years": list(writer.ledger.years),
            "capital": _list(money, "capital"),
            "replacement": _list(money, "replacement"),
            "running": _sum(money, RUNNING),
            "income": _sum(money, [f"income: {label}" for label in income]),
        },
        "unit_costs": [line(f"money.unit_cost.{i + 1}", f"{i + 1}") for i in range(len(money.unit_costs))],
    }


def _list(money: Money, name: str) -> list[float]:
    return [float(value) for value in money.by_year[name]]


def _sum(money: Money, names: Any) -> list[float]:
    lines = [money.by_year[name] for name in names]
    return [float(sum(values)) for values in zip(*lines, strict=True)]


def write_biobank(plan: Plan, writer: FigureWriter) -> dict[str, Any] | None:
    """Donors, stock over the years, tanks and their capacity."""
    biobank = plan.calculation.biobank
    if biobank is None:
        return None
    return {
        "figures": [key for key in writer.ledger.figures if key.startswith("biobank.")],
        "donors": writer.list_series(biobank.donors),
        "fill": {
            "years": list(writer.ledger.years),
            "tissues": writer.list_series(biobank.stock),
            "capacity": writer.list_series(biobank.capacity),
        },
        "tanks": writer.pick(biobank.tanks),
        "tank_tissues": writer.pick(biobank.tank_tissues),
        "full_year": biobank.full_year,
    }
