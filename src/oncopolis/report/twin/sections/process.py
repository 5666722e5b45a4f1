"""What follows what on the busiest pathways, as an event log tells it."""

from typing import Any

from markupsafe import Markup

from oncopolis.report.pictures import Arrow, Step, draw_process, list_drawn
from oncopolis.report.sheet import Section
from oncopolis.report.tables import fold
from oncopolis.report.twin.page import TwinPage

Process = dict[str, Any]


def write_process(page: TwinPage) -> Section | None:
    """Write the section; None where no event log was written."""
    processes = page.document["processes"]
    if not processes:
        return None
    text = page.text
    lead = text(
        "How patients of the pathways on which most is done really went: how often one activity followed "
        "another, and the median time between them."
    )
    first, *others = processes
    blocks = [_draw(page, first)]
    blocks += [fold(_draw(page, each), page.title(each["label"])) for each in others]
    return Section("process", text("What follows what"), lead, tuple(blocks))


def _draw(page: TwinPage, process: Process) -> Markup:
    text, people = page.text, process["people"]
    steps = [
        Step(
            line["id"],
            page.title(line["label"]),
            text(
                "{people} people · {n} each",
                people=page.number(line["people"]),
                n=page.language.numeral(line["n"] / line["people"], 1),
            ),
            line["people"] / people,
        )
        for line in process["activities"]
    ]
    arrows = [
        Arrow(edge["from"], edge["to"], edge["n"], _write_time(page, edge["median_min"]))
        for edge in process["edges"]
    ]
    title = text("What follows what: {pathway}", pathway=page.title(process["label"]))
    svg = draw_process(steps, arrows, write=page.number, title=title)
    between = [arrow for arrow in arrows if arrow.before and arrow.after and arrow.before != arrow.after]
    drawn = sum(arrow.n for arrow in list_drawn([step.name for step in steps], arrows))
    note = text(
        "{people} people; shown are the activities that most of them had, and {share} of the ways between "
        "them, the most frequent. Forward on the right, back on the left. ▸ above a box: for so many the "
        "first of these in the run; below: the last.",
        people=page.number(people),
        share=page.amount(drawn / (sum(arrow.n for arrow in between) or 1), "share"),
    )
    return page.picture(svg, title, note)


def _write_time(page: TwinPage, minutes: float) -> str:
    return page.span(round(minutes)) if minutes >= 1 else page.text("at once")
