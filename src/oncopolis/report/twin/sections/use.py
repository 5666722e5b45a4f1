"""How full resources are through the week."""

from typing import Any

from markupsafe import Markup

from oncopolis.foundation.units import HOURS_PER_DAY
from oncopolis.report.language import mark
from oncopolis.report.pictures import Heat, draw_heat_weeks
from oncopolis.report.sheet import Section
from oncopolis.report.tables import fold
from oncopolis.report.twin.page import TwinPage

N_FIRST, N_MOST = 12, 60  # structure: maps shown at once, and all in all

LIMITS = (0.1, 0.3, 0.5, 0.7, 0.85, 1.0)  # structure: colours of the picture

DAYS = (mark("Mon"), mark("Tue"), mark("Wed"), mark("Thu"), mark("Fri"), mark("Sat"), mark("Sun"))


def write_use(page: TwinPage) -> Section:
    """Write the section."""
    text = page.text
    week = page.document["week"]
    ranked = sorted(
        (line for line in page.document["resources"] if line["id"] in week),
        key=lambda line: (-_rank(page, line), -(line["utilisation"]["value"] or 0)),
    )
    fullest = [line for line in ranked if line["utilisation"]["value"] is not None]
    lead = text(
        "Each small map is a week from Monday to Sunday by hour of the day, seen at half past each hour: the "
        "darker, the fuller. Blank is closed."
    )
    blocks = [_draw(page, fullest[:N_FIRST])] if fullest else []
    if rest := fullest[N_FIRST:N_MOST]:
        blocks.append(fold(_draw(page, rest), text("Further resources: {n}", n=len(rest))))
    return Section("use", text("Use through the week"), lead, tuple(blocks))


def _rank(page: TwinPage, line: dict[str, Any]) -> float:
    """What people wait for comes first."""
    return float(line["waited_hours"]["value"] or 0) if line["id"] in page.document["bottlenecks"] else 0.0


def _draw(page: TwinPage, lines: list[dict[str, Any]]) -> Markup:
    text = page.text
    maps = [
        Heat(
            page.title(line["label"]),
            page.amount(line["utilisation"]["value"], "share"),
            fold_week(page.document["week"][line["id"]]["utilisation"]),
        )
        for line in lines
    ]
    title = text("Use by hour of the week, as a share of what is on duty")
    svg = draw_heat_weeks(
        maps,
        days=[text(day) for day in DAYS],
        limits=LIMITS,
        write=lambda share: page.amount(share, "share"),
        over=text("more than is on duty"),
        title=title,
    )
    return page.picture(svg, title, text("The number is the use of all open time."))


def fold_week(values: list[float | None]) -> list[list[float | None]]:
    """Fold 168 values of a week into seven days."""
    return [values[i : i + HOURS_PER_DAY] for i in range(0, len(values), HOURS_PER_DAY)]
