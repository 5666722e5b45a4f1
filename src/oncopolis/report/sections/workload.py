"""Workload: what the cases ask for, year by year."""

from typing import Any

from markupsafe import Markup

from oncopolis.report.page import Page
from oncopolis.report.pictures import Panel, draw_panels
from oncopolis.report.sheet import Section
from oncopolis.report.tables import Column, fold, write_table

PICTURED = (
    "operations",
    "fractions",
    "chemotherapy_visits",
    "bed_days",
    "contacts_per_day",
    "pet_ct_exams",
    "courses",
    "specimens",
    "admissions",
)
"""Measures drawn, as far as the plan has them."""


def write_workload(page: Page) -> Section:
    """Write the section."""
    text = page.text
    measures = _list_measures(page.plan["workload"])
    by_id = {entry["id"]: entry for entry in measures}
    contacts = by_id.get("contacts")
    lead = text(
        "In {year} the centre gives {contacts} contacts. A contact is one activity; a "
        "visit is one person on one day.",
        year=page.plan["reference_year"],
        contacts=page.number(page.at_reference(contacts["values"]) if contacts else None),
    )
    blocks = [_draw(page, [by_id[key] for key in PICTURED if key in by_id]), _list_all(page, measures)]
    blocks += [_list_departments(page), _list_hours(page), _list_activities(page)]
    return Section(
        "workload", text("Workload over the years"), lead, tuple(block for block in blocks if block)
    )


def _list_measures(workload: dict[str, Any]) -> list[dict[str, Any]]:
    """List totals before measures, each in the shape of a measure."""
    found: list[dict[str, Any]] = []
    for name in ("contacts_per_day", "contacts", "visits", "bed_days"):
        entry = workload.get(name)
        found += entry if isinstance(entry, list) else [{**entry, "id": name}] if entry else []
    return [*found, *(entry for entry in workload["measures"] if any(entry["values"]))]


def _draw(page: Page, measures: list[dict[str, Any]]) -> Markup:
    year = page.plan["reference_year"]
    panels = [
        Panel(
            page.title(entry["label"]),
            page.unit(entry["unit"]),
            entry["values"],
            span=(year, entry["low"], entry["high"]) if entry.get("low") is not None else None,
            href=page.href(entry.get("figure")),
        )
        for entry in measures
    ]
    if not panels:
        return Markup()
    title = page.text("Workload over the years")
    svg = draw_panels(page.years, panels, write=page.tick, title=title, events=page.events)
    return page.picture(svg, title, page.text("Upright bars: interval of the draws. Dashed lines: openings."))


def _list_all(page: Page, measures: list[dict[str, Any]]) -> Markup:
    text = page.text
    columns = (
        Column(text("Measure"), is_number=False),
        Column(str(page.years[0])),
        Column(str(page.plan["reference_year"])),
        Column(text("Interval")),
        Column(text("Unit"), is_number=False),
    )
    rows = [
        (
            page.title(entry["label"]),
            page.number(entry["values"][0]),
            page.figure(entry.get("figure"), page.number(page.at_reference(entry["values"]))),
            page.interval(entry),
            page.unit(entry["unit"]),
        )
        for entry in measures
    ]
    return write_table(columns, rows, caption=text("Yearly workload"))


def _list_departments(page: Page) -> Markup:
    text = page.text
    departments = [entry for entry in page.plan["workload"]["departments"] if any(entry["contacts"])]
    if not departments:
        return Markup()
    columns = (
        Column(text("Department"), is_number=False),
        Column(text("Contacts {year}", year=page.plan["reference_year"])),
    )
    rows = [
        (page.title(entry["label"]), page.number(page.at_reference(entry["contacts"])))
        for entry in departments
    ]
    return fold(
        write_table(columns, rows, caption=text("Contacts by department")), text("Contacts by department")
    )


def _list_hours(page: Page) -> Markup:
    text = page.text
    columns = (
        Column(text("Resource"), is_number=False),
        Column(text("Department"), is_number=False),
        Column(text("Hours {year}", year=page.years[0])),
        Column(text("Hours {year}", year=page.plan["reference_year"])),
    )
    rows = [
        (
            page.title(entry["label"]),
            page.departments.get(entry.get("department") or "", entry.get("department") or ""),
            page.number(entry["values"][0]),
            page.figure(entry.get("figure"), page.number(page.at_reference(entry["values"]))),
        )
        for entry in page.plan["workload"]["resources"]
        if any(entry["values"])
    ]
    table = write_table(columns, rows, caption=text("Hours that resources and people are held"))
    return fold(table, text("Hours that resources and people are held"))


def _list_activities(page: Page) -> Markup:
    text = page.text
    columns = (
        Column(text("Activity"), is_number=False),
        Column(text("Department"), is_number=False),
        Column(text("Number {year}", year=page.plan["reference_year"])),
    )
    done = [entry for entry in page.plan["workload"]["activities"] if any(entry["values"])]
    rows = [
        (
            page.title(entry["label"]),
            page.departments.get(entry.get("department") or "", entry.get("department") or ""),
            page.figure(f"activity.{entry['id']}", page.number(page.at_reference(entry["values"]))),
        )
        for entry in done
    ]
    return (
        fold(write_table(columns, rows, caption=text("Activities")), f"{text('Activities')} ({len(rows)})")
        if rows
        else Markup()
    )
