"""Money: capital, replacement, running cost, income."""

from typing import Any

from markupsafe import Markup

from oncopolis.foundation.units import PER_MILLION
from oncopolis.report.language import mark
from oncopolis.report.page import Page
from oncopolis.report.pictures import Layer, draw_columns
from oncopolis.report.sheet import Section
from oncopolis.report.tables import Column, write_table

N_NAMED = 7  # structure: layers a reader can tell apart
"""Parts of running cost named in the picture."""


PARTS = {
    "building": mark("Building"),
    "equipment": mark("Equipment"),
    "fees": mark("Design, management and permits"),
    "contingency": mark("Reserve"),
    "staff": mark("Salaries"),
    "medicines": mark("Medicines"),
    "consumables": mark("Consumables"),
    "outside": mark("Bought outside"),
    "service": mark("Service contracts"),
    "energy": mark("Energy"),
    "upkeep": mark("Upkeep of the building"),
    "overhead": mark("Overhead"),
}
"""Short names of the parts of capital and running cost by id; others keep their labels."""


def name_part(page: Page, entry: dict[str, Any]) -> str:
    """Return the short name of a part of the money."""
    known = PARTS.get(entry["id"])
    return page.text(known) if known else page.title(entry["label"])


def write_money_section(page: Page) -> Section | None:
    """Write the section; none where the project has no finance."""
    text = page.text
    money = page.plan.get("money")
    if not money:
        return None
    capital = sum(entry["usd"] for entry in money["capital"])
    running = sum(entry["usd"] for entry in money["running"])
    income = sum(entry["usd"] for entry in money["income"])
    lead = text(
        "Capital {capital}; running cost {running} and income {income} in {year}, at prices of {price_year}.",
        capital=page.amount(capital, "USD"),
        running=page.amount(running, "USD"),
        income=page.amount(income, "USD"),
        year=page.plan["reference_year"],
        price_year=page.plan["project"]["currency"]["price_year"],
    )
    blocks = [_draw(page, money), *_write_currency(page, capital, running)]
    for name, caption in (
        ("capital", text("Capital")),
        ("running", text("Running cost, {year}", year=page.plan["reference_year"])),
        ("income", text("Income, {year}", year=page.plan["reference_year"])),
    ):
        if money[name]:
            blocks.append(_list(page, money[name], caption))
    if money.get("unit_costs"):
        blocks.append(_list_unit_costs(page, money["unit_costs"]))
    return Section("money", text("Money"), lead, tuple(blocks))


def _draw(page: Page, money: dict[str, Any]) -> Markup:
    text = page.text
    by_year = money["by_year"]
    parts = sorted(
        (entry for entry in money["running"] if any(entry["by_year"])),
        key=lambda entry: -sum(entry["by_year"]),
    )
    layers = [Layer(name_part(page, entry), _to_millions(entry["by_year"])) for entry in parts[:N_NAMED]]
    if parts[N_NAMED:]:
        rest = [sum(values) for values in zip(*(entry["by_year"] for entry in parts[N_NAMED:]), strict=True)]
        layers.append(Layer(text("Other running cost"), _to_millions(rest)))
    layers += [
        Layer(text("Capital"), _to_millions(by_year["capital"])),
        Layer(text("Replacement"), _to_millions(by_year["replacement"])),
    ]
    income = by_year.get("income")
    line = Layer(text("Income"), _to_millions(income)) if income and any(income) else None
    title = text("Spending and income by year")
    svg = draw_columns(
        page.years, layers, line, write=page.tick, title=title, unit=text("USD million a year")
    )
    return page.picture(svg, title)


def _to_millions(values: list[float]) -> list[float]:
    return [value / PER_MILLION for value in values]


def _write_currency(page: Page, capital: float, running: float) -> list[Markup]:
    currency = page.plan["project"]["currency"]
    per_usd = currency.get("per_usd")
    if not per_usd or currency["code"] == "USD":
        return []
    words = page.text(
        "At {per_usd} {code} a dollar ({price_year}) that is {capital} of capital and "
        "{running} a year of running cost.",
        per_usd=page.number(per_usd),
        code=currency["code"],
        price_year=currency["price_year"],
        capital=page.amount(capital * per_usd, currency["code"]),
        running=page.amount(running * per_usd, currency["code"]),
    )
    return [page.paragraph(words)]


def _list(page: Page, entries: list[dict[str, Any]], caption: str) -> Markup:
    text = page.text
    columns = (
        Column(text("Part"), is_number=False),
        Column(text("USD million")),
        Column(text("Interval")),
        Column(text("Share of the sum")),
    )
    total = sum(entry["usd"] for entry in entries)

    def write_millions(value: float) -> str:
        return page.number(value / PER_MILLION)

    rows = [
        (
            name_part(page, entry),
            page.figure(entry.get("figure"), write_millions(entry["usd"])),
            f"{write_millions(entry['low'])}–{write_millions(entry['high'])}"
            if entry.get("low") is not None
            else "",
            page.amount(round(entry["usd"] / total, 2), "share") if total else "",
        )
        for entry in entries
        if entry["usd"]
    ]
    return write_table(columns, rows, caption=caption, total=(text("Total"), write_millions(total), "", ""))


def _list_unit_costs(page: Page, entries: list[dict[str, Any]]) -> Markup:
    text = page.text
    columns = (Column(text("One of"), is_number=False), Column("USD"), Column(text("Interval")))
    rows = [
        (
            page.title(entry["label"]),
            page.figure(entry.get("figure"), page.number(entry["usd"])),
            page.interval(entry),
        )
        for entry in entries
    ]
    return write_table(columns, rows, caption=text("Cost of one"))
