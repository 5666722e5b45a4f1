"""Waits: by activity, pathway and step, and by hour of the day."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from oncopolis.report.pictures import draw_heat_hours
from oncopolis.report.sheet import Section
from oncopolis.report.tables import Column, fold, write_table
from oncopolis.report.twin.page import TwinPage

N_SHOWN = 20  # structure: rows shown before the rest is folded away

LIMITS_MIN = (5, 10, 20, 30, 60, 120)  # structure: colours of the picture


def write_waits(page: TwinPage) -> Section:
    """Write the section."""
    text, waits = page.text, page.document["waits"]
    ranked = sorted(waits["activities"], key=lambda line: -line["total_hours"])
    lead = text(
        "A wait runs from the moment somebody is there and ready to the begin of what they came for. Where "
        "most time is lost comes first."
    )
    blocks = [_list(page, ranked[:N_SHOWN], text("Waits by activity, minutes"))]
    if rest := ranked[N_SHOWN:]:
        blocks.append(fold(_list(page, rest, ""), text("Further activities: {n}", n=len(rest))))
    if waits["hours"]:
        blocks.append(_draw(page))
    pathways = sorted(waits["pathways"], key=lambda line: -line["total_hours"])
    blocks.append(
        fold(_list(page, pathways, text("Waits by pathway, minutes")), text("Waits by pathway, minutes"))
    )
    if waits["steps"]:
        caption = text("Waits by step, minutes")
        blocks.append(fold(_list(page, waits["steps"], caption), caption))
    if visits := page.document["visits"]["departments"]:
        caption = text("Time of a visit by the department it begins in, minutes")
        blocks.append(fold(_list(page, visits, caption), caption))
    return Section("waits", text("Waits"), lead, tuple(blocks))


def _list(page: TwinPage, lines: Sequence[dict[str, Any]], caption: str) -> Markup:
    return write_table(
        list_columns(page, page.text("Where")),
        (list_cells(page, line) for line in lines),
        caption=caption,
    )


def list_columns(page: TwinPage, first: str) -> tuple[Column, ...]:
    """Return the columns of a table of times."""
    text = page.text
    mean = text("Mean, with interval") if page.has_intervals else text("Mean")
    names = (text("Number"), mean, text("Median"), text("One in ten is longer than"), text("Longest"))
    return (Column(first, is_number=False), *(Column(name) for name in names))


def list_cells(page: TwinPage, line: dict[str, Any]) -> tuple[str, ...]:
    """Return the cells of a line of times."""
    label = page.title(line["label"])
    if pathway := page.pathways.get(line.get("pathway", "")):
        label = f"{pathway}: {label}"
    return (
        label,
        page.number(round(line["n"])),
        page.estimate(line["mean"]),
        page.number(line["median"]["value"]),
        page.number(line["p90"]["value"]),
        page.number(line["longest"]),
    )


def _draw(page: TwinPage) -> Markup:
    text = page.text
    title = text("Mean wait by department and hour of the day")
    svg = draw_heat_hours(
        [(page.title(line["label"]), line["mean"]) for line in page.document["waits"]["hours"]],
        limits=LIMITS_MIN,
        write=page.tick,
        over=text("longer"),
        title=title,
    )
    return page.picture(
        svg, title, text("Minutes; pale where nobody waits long, blank where nothing begins.")
    )
