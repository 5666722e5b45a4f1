"""Equipment: every item with price, life, power, weight and room."""

from typing import Any

from markupsafe import Markup

from oncopolis.foundation.units import PER_THOUSAND
from oncopolis.report.page import Page
from oncopolis.report.sheet import Section
from oncopolis.report.tables import Column, fold, write_table


def write_equipment(page: Page) -> Section:
    """Write the section."""
    text = page.text
    items = page.plan["equipment"]["items"]
    priced = [item for item in items if item.get("total_usd") is not None]
    unpriced = len(items) - len(priced)
    lead = text(
        "Kinds of equipment: {n}. At the prices of the sources they cost {total}.",
        n=len(items),
        total=page.amount(_add_up(priced, "total_usd"), "USD"),
    )
    if unpriced:
        lead += " " + text("Kinds without a price in the evidence, left out of the sum: {n}.", n=unpriced)
    by_department: dict[str, list[dict[str, Any]]] = {}
    for item in items:
        by_department.setdefault(item["department"], []).append(item)
    blocks = [_sum_up(page, by_department), page.heading(text("Items by department"))]
    blocks += [_list(page, department, chosen) for department, chosen in by_department.items()]
    return Section("equipment", text("Equipment"), lead, tuple(blocks))


def _add_up(items: list[dict[str, Any]], name: str) -> float:
    return sum(item.get(name) or 0 for item in items)


def _sum_up(page: Page, by_department: dict[str, list[dict[str, Any]]]) -> Markup:
    text = page.text
    columns = (
        Column(text("Department"), is_number=False),
        Column(text("Kinds")),
        Column(text("Pieces")),
        Column(text("Price, USD thousand")),
        Column(text("Power, kW")),
    )
    rows = []
    for department, items in by_department.items():
        rows.append(_count(page, page.departments.get(department, department), items))
    everything = [item for items in by_department.values() for item in items]
    return write_table(
        columns, rows, caption=text("Equipment by department"), total=_count(page, text("Total"), everything)
    )


def _count(page: Page, name: str, items: list[dict[str, Any]]) -> tuple[str, ...]:
    power_kw = sum((item.get("power_kw") or 0) * item["n"] for item in items)
    price = page.number(round(_add_up(items, "total_usd") / PER_THOUSAND))
    return (
        name,
        page.number(len(items)),
        page.number(round(_add_up(items, "n"))),
        price,
        page.number(round(power_kw)),
    )


def _list(page: Page, department: str, items: list[dict[str, Any]]) -> Markup:
    text = page.text
    name = page.departments.get(department, department)
    columns = (
        Column(text("Item"), is_number=False),
        Column(text("Pieces")),
        Column(text("Price each, USD")),
        Column(text("Price, USD thousand")),
        Column(text("Life, years")),
        Column(text("Power, kW")),
        Column(text("Weight, kg")),
        Column(text("Rule"), is_number=False),
        Column(text("Source"), is_number=False),
    )
    rows = [
        (
            page.title(item["label"]) + (page.mark() if item.get("unverified") else ""),
            page.figure(item.get("figure"), page.number(item["n"]), is_marked=False),
            page.number(item.get("price_usd")),
            page.number(item["total_usd"] / PER_THOUSAND if item.get("total_usd") is not None else None),
            page.number(item.get("life_years")),
            page.number(item.get("power_kw")),
            page.number(item.get("weight_kg")),
            page.label(item.get("rule")),
            page.source(item.get("source")),
        )
        for item in items
    ]
    return fold(
        write_table(columns, rows, caption=name),
        f"{name} ({len(items)})",
    )
