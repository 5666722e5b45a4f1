"""Capacity against need: how many of each resource, and what other rules would ask for."""

from typing import Any

from markupsafe import Markup

from oncopolis.report.markup import fill
from oncopolis.report.page import Page
from oncopolis.report.pictures import Need, draw_need
from oncopolis.report.sheet import Section
from oncopolis.report.tables import Column, write_table


def write_capacity(page: Page) -> Section:
    """Write the section."""
    text = page.text
    resources = [entry for entry in page.plan["equipment"]["resources"] if entry["n"] or entry.get("need")]
    lead = text(
        "Numbers are found from hours held, opening hours, the use that keeps queues "
        "short and a stated spare margin. "
        "Ratio norms stand beside them and never decide; where they differ, the hours "
        "behind the plan differ from those behind the norm."
    )
    return Section(
        "capacity", text("Capacity against need"), lead, (_draw(page, resources), _list(page, resources))
    )


def _draw(page: Page, resources: list[dict[str, Any]]) -> Markup:
    needs = [
        Need(
            page.title(entry["label"]),
            entry["n"],
            entry.get("need") or 0,
            *find_need_interval(page, entry),
            tuple(
                (page.label(norm["label"]), norm["n"])
                for norm in entry.get("norms") or ()
                if norm.get("n") is not None
            ),
            page.href(entry.get("figure")),
        )
        for entry in resources
    ]
    title = page.text("Planned number against need, {year}", year=page.plan["reference_year"])
    words = (page.text("planned"), page.text("needed, with interval"), page.text("by ratio norms"))
    svg = draw_need(
        needs,
        write=page.number,
        write_share=lambda value: f"{page.number(value)}%",
        words=words,
        title=title,
        unit=page.text("percent of the planned number"),
    )
    return page.picture(
        svg,
        title,
        page.text("The number beside each name is what is planned. Norms above 200% stand at the edge."),
    )


def find_need_interval(page: Page, entry: dict[str, Any]) -> tuple[float | None, float | None]:
    """Return the interval of the need before rounding, or that of the planned number."""
    need = page.figures.get(f"need.{entry['id']}") or entry
    return need.get("low"), need.get("high")


def _list(page: Page, resources: list[dict[str, Any]]) -> Markup:
    text = page.text
    columns = (
        Column(text("Resource"), is_number=False),
        *(Column(page.label(opening["label"])) for opening in page.openings),
        Column(text("Planned")),
        Column(text("Needed")),
        Column(text("Interval of the planned number")),
        Column(text("Use")),
        Column(text("By ratio norms"), is_number=False),
    )
    rows = [
        (
            page.title(entry["label"]),
            *page.list_openings(entry.get("by_opening")),
            page.figure(entry.get("figure"), page.number(entry["n"])),
            page.figure(f"need.{entry['id']}", page.number(entry.get("need")), is_marked=False),
            page.interval(entry),
            page.amount(entry.get("utilisation"), "share"),
            write_norms(page, entry),
        )
        for entry in resources
    ]
    return write_table(columns, rows, caption=text("Resources: planned, needed and by norm"))


def write_norms(page: Page, entry: dict[str, Any]) -> Markup:
    """Write the numbers that ratio norms ask for, one a line, with what one serves there and here."""
    lines = [
        fill("<b>{}</b> {}{}", page.number(norm["n"]), page.label(norm["label"]), _write_each(page, norm))
        for norm in entry.get("norms") or ()
        if norm.get("n") is not None
    ]
    return fill('<span class="norms">{}</span>', Markup("<br>").join(lines)) if lines else Markup()


def _write_each(page: Page, norm: dict[str, Any]) -> str:
    """Say why a norm differs: how many one serves by the norm, and how many in this plan."""
    each, here = norm.get("each"), norm.get("here")
    if each is None or here is None:
        return ""
    words = page.text("{norm} each by the norm, {here} here", norm=page.number(each), here=page.number(here))
    return f" ({words})"
