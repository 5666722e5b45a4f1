"""The space programme."""

from oncopolis.report.canonical import Plan
from oncopolis.report.language import Language
from oncopolis.report.workbooks.book import Book, Field
from oncopolis.report.workbooks.naming import name_departments


def write_space_programme(plan: Plan, language: Language) -> bytes:
    """Write space_programme.xlsx: rooms, departments, building, sources, notes."""
    text, label = language.text, language.label
    book = Book(plan, language, text("Space programme"))
    departments = name_departments(plan, language)
    room_fields = (
        Field(text("Department")),
        Field(text("Room"), is_long=True),
        Field(text("Rooms"), "count", is_summed=True),
        Field(text("Each, m²"), "tenths"),
        Field(text("Net, m²"), "tenths", is_summed=True, formula="=C{row}*D{row}"),
        Field(text("Rule"), is_long=True),
        Field(text("Source")),
        Field(text("Unverified")),
    )
    rooms = plan["rooms"]["rooms"]
    rows = [
        (
            departments.get(room["department"], room["department"]),
            label(room["label"]),
            room["n"],
            room["area_m2"],
            room["net_m2"],
            label(room.get("rule")),
            room.get("source"),
            book.mark(room),
        )
        for room in rooms
    ]
    department_fields = (
        Field(text("Department"), is_long=True),
        Field(text("Net, m²"), "tenths", is_summed=True),
        Field(text("Gross factor"), "hundredths"),
        Field(text("Gross, m²"), "tenths", is_summed=True, formula="=B{row}*C{row}"),
    )
    department_rows = [
        (label(entry["label"]), entry["net_m2"], entry.get("gross_factor"), entry["gross_m2"])
        for entry in plan["rooms"]["departments"]
    ]
    totals = plan["rooms"]
    building = [
        (text("Rooms, net"), totals["net_m2"]),
        (text("Departments, gross"), totals["department_gross_m2"]),
        (text("Building factor"), totals.get("building_factor")),
        (text("Building, gross"), totals["building_gross_m2"]),
    ]
    book.add_sheet(text("Rooms"), room_fields, rows)
    book.add_sheet(text("Departments"), department_fields, department_rows)
    book.add_sheet(text("Building"), (Field(text("Part"), is_long=True), Field("m²", "hundredths")), building)
    book.add_sources([room.get("source") or "" for room in rooms])
    book.add_notes()
    return book.to_bytes()
