"""Space: rooms, departments, building."""

from typing import Any

from markupsafe import Markup

from oncopolis.report.page import Page
from oncopolis.report.pictures import Bar, Piece, draw_bars
from oncopolis.report.pictures.style import BLUE, PALE_BLUE
from oncopolis.report.sheet import Section
from oncopolis.report.tables import Column, fold, write_table


def write_space(page: Page) -> Section | None:
    """Write the section; None for a project without rooms."""
    text = page.text
    rooms = page.plan["rooms"]
    if not rooms["rooms"]:
        return None
    lead = text(
        "{net} m² of rooms become {gross} m² of departments and {building} m² of "
        "building (building factor {factor}).",
        net=page.number(round(rooms["net_m2"])),
        gross=page.number(round(rooms["department_gross_m2"])),
        building=page.number(round(rooms["building_gross_m2"])),
        factor=page.number(rooms.get("building_factor")),
    )
    departments = [entry for entry in rooms["departments"] if entry["net_m2"]]
    blocks = [
        _draw(page, departments),
        _list_departments(page, departments),
        page.heading(text("Rooms by department")),
    ]
    by_department: dict[str, list[dict[str, Any]]] = {}
    for room in rooms["rooms"]:
        by_department.setdefault(room["department"], []).append(room)
    blocks += [_list_rooms(page, department, chosen) for department, chosen in by_department.items()]
    return Section("space", text("Space"), lead, tuple(blocks))


def _draw(page: Page, departments: list[dict[str, Any]]) -> Markup:
    text = page.text
    bars = [
        Bar(
            page.title(entry["label"]),
            (entry["net_m2"], entry["gross_m2"] - entry["net_m2"]),
            href=page.href(entry.get("figure")),
        )
        for entry in sorted(departments, key=lambda entry: -entry["gross_m2"])
    ]
    pieces = (
        Piece(text("rooms (net)"), BLUE),
        Piece(text("walls, corridors and shafts (to gross)"), PALE_BLUE),
    )
    title = text("Area by department")
    return page.picture(
        draw_bars(bars, pieces, write=lambda value: page.number(round(value)), title=title, unit="m²"), title
    )


def _list_departments(page: Page, departments: list[dict[str, Any]]) -> Markup:
    text = page.text
    columns = (
        Column(text("Department"), is_number=False),
        Column(text("Net, m²")),
        Column(text("Gross factor")),
        Column(text("Gross, m²")),
    )
    rows = [
        (
            page.title(entry["label"]),
            page.number(round(entry["net_m2"])),
            page.number(entry.get("gross_factor")),
            page.figure(entry.get("figure"), page.number(round(entry["gross_m2"]))),
        )
        for entry in departments
    ]
    rooms = page.plan["rooms"]
    total = (
        text("Total"),
        page.number(round(rooms["net_m2"])),
        "",
        page.number(round(rooms["department_gross_m2"])),
    )
    return write_table(columns, rows, caption=text("Departments"), total=total)


def _list_rooms(page: Page, department: str, rooms: list[dict[str, Any]]) -> Markup:
    text = page.text
    name = page.departments.get(department, department)
    columns = (
        Column(text("Room"), is_number=False),
        Column(text("Rooms")),
        Column(text("Each, m²")),
        Column(text("Net, m²")),
        Column(text("Rule"), is_number=False),
        Column(text("Source"), is_number=False),
    )
    rows = [
        (
            page.title(room["label"]),
            page.figure(room.get("figure"), page.number(room["n"])),
            page.number(room["area_m2"]),
            page.number(room["net_m2"]),
            page.label(room.get("rule")),
            page.source(room.get("source")),
        )
        for room in rooms
    ]
    return fold(
        write_table(columns, rows, caption=name),
        f"{name} ({len(rooms)})",
    )
