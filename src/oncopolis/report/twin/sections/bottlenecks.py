"""Bottlenecks: what people wait for."""

from typing import Any

from markupsafe import Markup

from oncopolis.report.pictures import NAME_WIDTH, Bar, Piece, draw_bars, style
from oncopolis.report.pictures.canvas import measure_text, shorten
from oncopolis.report.sheet import Section
from oncopolis.report.tables import Column, fold, write_table
from oncopolis.report.twin.page import TwinPage

N_BARS = 15  # structure: length of a list


def write_bottlenecks(page: TwinPage) -> Section:
    """Write the section."""
    text, ranked = page.text, page.document["bottlenecks"]
    if not ranked:
        lead = text("Nobody waits for any resource.")
        return Section("bottlenecks", text("Bottlenecks"), lead, (_list(page),))
    first = page.resources[ranked[0]]
    lead = text(
        "Time waited is charged to the resource that was short first. {share} of it is for: {resource}.",
        share=page.amount(first["share_of_waiting"]["value"], "share"),
        resource=page.title(first["label"]),
    )
    table = fold(_list(page), text("All resources: use, overtime, waiting"))
    return Section("bottlenecks", text("Bottlenecks"), lead, (_draw(page), table))


def _draw(page: TwinPage) -> Markup:
    text = page.text
    bars = [
        Bar(
            _write_name(page, line),
            (line["waited_hours"]["value"],),
            line["waited_hours"]["low"],
            line["waited_hours"]["high"],
        )
        for line in (page.resources[name] for name in page.document["bottlenecks"][:N_BARS])
    ]
    title = text("Hours waited, by the resource that was short first")
    svg = draw_bars(
        bars,
        (Piece(text("waited"), style.BLUE),),
        write=page.number,
        title=title,
        unit=text("hours in {days} days", days=page.number(page.document["run"]["days"])),
    )
    return page.picture(svg, title, text("Behind each name: the share of its open time that it is in use."))


def _write_name(page: TwinPage, line: dict[str, Any]) -> str:
    """Write a name with its use, the name cut if both do not fit beside the bars."""
    use = f" · {page.amount(line['utilisation']['value'], 'share')}"
    return shorten(page.title(line["label"]), NAME_WIDTH - measure_text(use)) + use


def _list(page: TwinPage) -> Markup:
    text = page.text
    columns = (
        Column(text("Resource"), is_number=False),
        Column(text("Use")),
        Column(text("Overtime, hours")),
        Column(text("Blocked, hours")),
        Column(text("Out of order, hours")),
        Column(text("Breakdowns")),
        Column(text("Waited for, hours")),
        Column(text("Share of all waiting")),
        Column(text("Longest queue")),
    )
    ranked = sorted(page.document["resources"], key=lambda line: -(line["waited_hours"]["value"] or 0))
    rows = [
        (
            page.title(line["label"]),
            page.estimate(line["utilisation"], "share"),
            *(
                page.number(line[key]["value"])
                for key in ("overtime_hours", "blocked_hours", "down_hours", "breakdowns", "waited_hours")
            ),
            page.amount(line["share_of_waiting"]["value"], "share"),
            page.number(line["most_waiting"]),
        )
        for line in ranked
    ]
    return write_table(columns, rows, caption=text("All resources: use, overtime, waiting"))
