"""Staff: by activity and by norm, side by side."""

from typing import Any

from markupsafe import Markup

from oncopolis.foundation.units import PER_THOUSAND
from oncopolis.report.page import Page
from oncopolis.report.pictures import Bar, Piece, draw_bars
from oncopolis.report.pictures.style import BLUE, PALE_AMBER, PALE_BLUE, TEAL
from oncopolis.report.sections.capacity import write_norms
from oncopolis.report.sheet import Section
from oncopolis.report.tables import Column, write_table

PIECES = ("activity_fte", "posts_fte", "upkeep_fte")


def write_staff(page: Page) -> Section:
    """Write the section."""
    text = page.text
    staff = [entry for entry in page.plan["staff"] if entry["fte"]]
    lead = text(
        "Full-time posts in {year}: {fte}. Posts follow from the time that activities "
        "hold people, from fixed posts and from the upkeep of machines, "
        "with leave, teaching and cover on top; ratio norms stand beside them.",
        fte=page.number(round(sum(entry["fte"] for entry in staff))),
        year=page.plan["reference_year"],
    )
    return Section("staff", text("Staff"), lead, (_draw(page, staff), _list(page, staff)))


def _draw(page: Page, staff: list[dict[str, Any]]) -> Markup:
    text = page.text
    bars = [
        Bar(
            page.title(entry["label"]),
            list_pieces(entry),
            entry.get("low"),
            entry.get("high"),
            tuple(
                (page.label(norm["label"]), norm["n"])
                for norm in entry.get("norms") or ()
                if norm.get("n") is not None
            ),
            page.href(entry.get("figure")),
        )
        for entry in staff
    ]
    pieces = (
        Piece(text("by activity"), BLUE),
        Piece(text("fixed posts"), PALE_BLUE),
        Piece(text("upkeep of machines"), TEAL),
        Piece(text("by norm or least number"), PALE_AMBER),
    )
    title = text("Posts by role, {year}", year=page.plan["reference_year"])
    svg = draw_bars(
        bars,
        pieces,
        write=lambda value: page.number(round(value, 1)),
        title=title,
        unit=text("full-time posts"),
        dot_label=text("by ratio norms"),
    )
    return page.picture(svg, title, text("Lines: interval of the draws."))


def list_pieces(entry: dict[str, Any]) -> list[float]:
    """Return the parts of a role's posts; what no part explains is there by a norm or a least number."""
    parts = [float(entry.get(name) or 0) for name in PIECES]
    return [*parts, max(entry["fte"] - sum(parts), 0.0)]


def _list(page: Page, staff: list[dict[str, Any]]) -> Markup:
    text = page.text
    columns = (
        Column(text("Role"), is_number=False),
        *(Column(page.label(opening["label"])) for opening in page.openings),
        Column(text("Full-time posts")),
        Column(text("Interval")),
        Column(text("By ratio norms"), is_number=False),
        Column(text("Salary, USD a year")),
        Column(text("Cost, USD thousand a year")),
    )
    groups: dict[str, list[dict[str, Any]]] = {}
    for entry in staff:
        groups.setdefault(entry.get("group") or "", []).append(entry)
    rows = [_write_row(page, entry) for entries in groups.values() for entry in entries]
    cost = sum(entry.get("cost_usd") or 0 for entry in staff)
    total = (
        text("Total"),
        *(
            page.number(round(sum((entry.get("by_opening") or {}).get(opening["id"], 0) for entry in staff)))
            for opening in page.openings
        ),
        page.number(round(sum(entry["fte"] for entry in staff))),
        "",
        "",
        "",
        page.number(round(cost / PER_THOUSAND)),
    )
    return write_table(columns, rows, caption=text("Staff by role"), total=total)


def _write_row(page: Page, entry: dict[str, Any]) -> tuple[Any, ...]:
    cost = entry.get("cost_usd")
    return (
        page.title(entry["label"]),
        *page.list_openings(entry.get("by_opening")),
        page.figure(entry.get("figure"), page.number(entry["fte"])),
        page.interval(entry),
        write_norms(page, entry),
        page.number(entry.get("salary_usd")),
        page.number(cost / PER_THOUSAND if cost is not None else None),
    )
