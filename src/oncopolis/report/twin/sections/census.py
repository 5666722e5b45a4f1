"""Beds occupied over the days of the run."""

from datetime import date, timedelta

from oncopolis.report.pictures import Ward, draw_census
from oncopolis.report.sheet import Section
from oncopolis.report.tables import Column, write_table
from oncopolis.report.twin.page import TwinPage

TWO_YEARS = 730  # structure: days from which years are written in place of months


def write_census(page: TwinPage) -> Section | None:
    """Write the section; None without beds."""
    text = page.text
    wards = page.document["census"]["wards"]
    if not wards:
        return None
    title = text("Beds occupied, mean of each day")
    svg = draw_census(
        [
            Ward(
                page.title(ward["label"]),
                page.text(
                    "mean {mean}, most {most}",
                    mean=page.number(ward["overall"]["mean"]["value"]),
                    most=page.number(ward["overall"]["most"]),
                ),
                _close(ward["mean"]),
                _close(ward["p95"]) if ward["p95"] else None,
                _close(ward["offered"]),
            )
            for ward in wards
        ],
        marks=list_marks(page, len(wards[0]["mean"])),
        write=page.tick,
        title=title,
        across=min(len(wards), 2),
    )
    columns = (
        Column(text("Beds"), is_number=False),
        Column(text("Mean")),
        Column(text("One day in twenty is above")),
        Column(text("Most")),
    )
    rows = [
        (
            page.title(ward["label"]),
            page.estimate(ward["overall"]["mean"]),
            page.estimate(ward["overall"]["p95"]),
            page.number(ward["overall"]["most"]),
        )
        for ward in wards
    ]
    note = text("The dashed line is the beds there are.")
    if page.has_intervals:
        note += " " + text("The band reaches to what one replication in twenty exceeds.")
    lead = text("How many beds are occupied from day to day, and how often that is close to all of them.")
    table = write_table(columns, rows, caption=text("Beds occupied over the days of the run"))
    return Section("census", text("Beds"), lead, (page.picture(svg, title, note), table))


def _close(values: list[float | None]) -> list[float]:
    return [value or 0.0 for value in values]


def list_marks(page: TwinPage, days: int) -> list[tuple[int, str]]:
    """Return the first days of months, of years in a long run, counted from the first day counted."""
    first = date.fromisoformat(page.document["run"]["start"])
    marks = []
    for day in range(days):
        at = first + timedelta(days=day)
        if at.day == 1 and (days < TWO_YEARS or at.month == 1):
            marks.append((day, str(at.year) if at.month == 1 else f"{at.month:02d}"))
    return marks
