"""The staffing plan."""

from oncopolis.report.canonical import Plan
from oncopolis.report.language import Language
from oncopolis.report.workbooks.book import Book, Field
from oncopolis.report.workbooks.equipment import write_norms
from oncopolis.report.workbooks.naming import list_opening_fields, list_opening_values, name_departments


def write_staffing(plan: Plan, language: Language) -> bytes:
    """Write staffing.xlsx: roles by activity and by norm, sources, notes."""
    text, label = language.text, language.label
    book = Book(plan, language, text("Staffing plan"))
    departments = name_departments(plan, language)
    fields = (
        Field(text("Role"), is_long=True),
        Field(text("Group")),
        Field(text("Department")),
        Field(text("Posts by activity"), "tenths", is_summed=True),
        Field(text("Fixed posts"), "tenths", is_summed=True),
        Field(text("Upkeep of machines"), "tenths", is_summed=True),
        Field(text("Full-time posts"), "tenths", is_summed=True),
        Field(text("Low"), "tenths"),
        Field(text("High"), "tenths"),
        Field(text("Salary, USD a year"), "money"),
        Field(text("Cost, USD a year"), "money", is_summed=True, formula="=G{row}*J{row}"),
        *list_opening_fields(plan, language, "tenths"),
        Field(text("By ratio norms"), is_long=True),
        Field(text("Basis")),
        Field(text("Source")),
        Field(text("Unverified")),
    )
    rows = [
        (
            label(entry["label"]),
            label(entry.get("group")),
            departments.get(entry.get("department") or "", entry.get("department") or ""),
            entry.get("activity_fte"),
            entry.get("posts_fte"),
            entry.get("upkeep_fte"),
            entry["fte"],
            entry.get("low"),
            entry.get("high"),
            entry.get("salary_usd"),
            entry.get("cost_usd"),
            *list_opening_values(plan, entry),
            write_norms(book, entry),
            label(entry.get("basis")),
            entry.get("source"),
            book.mark(entry),
        )
        for entry in plan["staff"]
    ]
    book.add_sheet(text("Staff"), fields, rows)
    book.add_sources([entry.get("source") or "" for entry in plan["staff"]])
    book.add_notes()
    return book.to_bytes()
