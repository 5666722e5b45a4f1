"""The equipment list."""

from typing import Any

from oncopolis.foundation.units import PERCENT
from oncopolis.report.canonical import Plan
from oncopolis.report.language import Language
from oncopolis.report.workbooks.book import Book, Field
from oncopolis.report.workbooks.naming import list_opening_fields, list_opening_values, name_departments


def write_equipment(plan: Plan, language: Language) -> bytes:
    """Write equipment.xlsx: items, resources with need and norms, sources, notes."""
    text = language.text
    book = Book(plan, language, text("Equipment list"))
    _add_items(book)
    _add_resources(book)
    items = plan["equipment"]["items"]
    book.add_sources([item.get("source") or "" for item in items])
    book.add_notes()
    return book.to_bytes()


def _add_items(book: Book) -> None:
    plan, text, label = book.plan, book.language.text, book.language.label
    departments = name_departments(plan, book.language)
    opening_fields = list_opening_fields(plan, book.language, "count")
    fields = (
        Field(text("Item"), is_long=True),
        Field(text("Department")),
        Field(text("Frame (WHO 2017)")),
        Field(text("Pieces"), "count", is_summed=True),
        Field(text("Price each, USD"), "money"),
        Field(text("Price, USD"), "money", is_summed=True, formula="=D{row}*E{row}"),
        *opening_fields,
        Field(text("Fewest")),
        Field(text("Most")),
        Field(text("Life, years"), "tenths"),
        Field(text("Power each, kW"), "tenths"),
        Field(text("Weight each, kg"), "count"),
        Field(text("Room")),
        Field(text("Rule"), is_long=True),
        Field(text("Source")),
        Field(text("Unverified")),
    )
    rooms = {room["id"]: label(room["label"]) for room in plan["rooms"]["rooms"]}
    rows = [_write_item(book, item, departments, rooms) for item in plan["equipment"]["items"]]
    fewest = 6 + len(opening_fields)  # structure: place of the column behind the openings
    fixed = tuple(
        Field(field.heading, "count") if i in {fewest, fewest + 1} else field
        for i, field in enumerate(fields)
    )
    book.add_sheet(text("Equipment"), fixed, rows)


def _write_item(
    book: Book, item: dict[str, Any], departments: dict[str, str], rooms: dict[str, str]
) -> tuple[Any, ...]:
    label = book.language.label
    return (
        label(item["label"]),
        departments.get(item["department"], item["department"]),
        label(item.get("frame")),
        item["n"],
        item.get("price_usd"),
        item.get("total_usd"),
        *list_opening_values(book.plan, item),
        item.get("low"),
        item.get("high"),
        item.get("life_years"),
        item.get("power_kw"),
        item.get("weight_kg"),
        rooms.get(item.get("room") or "", item.get("room") or ""),
        label(item.get("rule")),
        item.get("source"),
        book.mark(item),
    )


def _add_resources(book: Book) -> None:
    plan, text, label = book.plan, book.language.text, book.language.label
    departments = name_departments(plan, book.language)
    fields = (
        Field(text("Resource"), is_long=True),
        Field(text("Department")),
        Field(text("Planned"), "count"),
        Field(text("Needed"), "tenths"),
        Field(text("Low"), "tenths"),
        Field(text("High"), "tenths"),
        Field(text("Use, %"), "tenths"),
        *list_opening_fields(plan, book.language, "count"),
        Field(text("By ratio norms"), is_long=True),
        Field(text("Unverified")),
    )
    rows = [
        (
            label(entry["label"]),
            departments.get(entry["department"], entry["department"]),
            entry["n"],
            entry.get("need"),
            entry.get("low"),
            entry.get("high"),
            None if entry.get("utilisation") is None else entry["utilisation"] * PERCENT,
            *list_opening_values(plan, entry),
            write_norms(book, entry),
            book.mark(entry),
        )
        for entry in plan["equipment"]["resources"]
    ]
    book.add_sheet(text("Need and norms"), fields, rows)


def write_norms(book: Book, entry: dict[str, Any]) -> str:
    """Write what ratio norms ask for, one a line."""
    norms = entry.get("norms") or ()
    return "\n".join(
        f"{norm['n']:.1f}: {book.language.label(norm['label'])}"
        for norm in norms
        if norm.get("n") is not None
    )
