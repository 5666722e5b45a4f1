"""One day on campus that can be played."""

import json
from typing import Any

from markupsafe import Markup

from oncopolis.foundation.units import HOURS_PER_DAY, MINUTES_PER_HOUR
from oncopolis.report.markup import fill
from oncopolis.report.pictures import Block, Place, choose_each, draw_campus, find_strip
from oncopolis.report.sheet import Section
from oncopolis.report.twin.page import TwinPage


def write_day(page: TwinPage) -> Section | None:
    """Write the section; None where no day was followed."""
    day = page.document["day"]
    if not day:
        return None
    text = page.text
    total = [sum(value or 0 for value in quarter) for quarter in zip(*day["present"], strict=True)]
    busiest = max(range(len(total)), key=lambda i: total[i])
    lead = text(
        "On {date} most people are on campus at {clock}: {n}.",
        date=day["date"],
        clock=write_clock(busiest, len(total)),
        n=page.number(round(total[busiest])),
    )
    blocks = [_play(page, day, busiest)]
    if walks := _list_walks(page):
        blocks.append(page.paragraph(walks, "note"))
    return Section("day", text("A day on campus"), lead, tuple(blocks))


def write_clock(quarter: int, n: int) -> str:
    """Write the begin of a part of a day as a clock shows it."""
    minutes = quarter * HOURS_PER_DAY * MINUTES_PER_HOUR // n
    return f"{minutes // MINUTES_PER_HOUR:02d}:{minutes % MINUTES_PER_HOUR:02d}"


def list_blocks(page: TwinPage, day: dict[str, Any]) -> list[Block]:
    """Return buildings with the departments in which anybody is on that day; the others stand alone."""
    rows = {name: row for row, name in enumerate(day["departments"])}
    peopled = {name for name, row in rows.items() if any(day["present"][row])}

    def place(name: str) -> Place:
        row = rows[name]
        present, waiting = ([value or 0.0 for value in day[key][row]] for key in ("present", "waiting"))
        return Place(page.departments.get(name, name), present, waiting)

    blocks = []
    housed: set[str] = set()
    for building in page.document["campus"]["buildings"]:
        names = [name for name in building["departments"] if name in peopled and name not in housed]
        housed |= set(names)
        if names:
            blocks.append(Block(page.title(building["label"]), [place(name) for name in names]))
    if rest := [name for name in rows if name in peopled - housed]:
        blocks.append(Block(page.text("Elsewhere") if blocks else "", [place(name) for name in rest]))
    return blocks


def _play(page: TwinPage, day: dict[str, Any], busiest: int) -> Markup:
    text = page.text
    blocks = list_blocks(page, day)
    if not blocks:
        return page.paragraph(text("Nobody is on campus on that day."))
    each, n = choose_each(blocks), day["quarter_hours"]
    clock = write_clock(busiest, n)
    title = text("People on campus by department, {date}", date=day["date"])
    dot = text("a dot is one person") if each == 1 else text("a dot is {n} people", n=page.number(each))
    svg = draw_campus(
        blocks,
        busiest,
        words=(text("waiting"), text("being served, in bed or on the way"), dot),
        title=title,
        description=text("The busiest quarter of an hour begins at {clock}.", clock=clock),
    )
    first, step = find_strip(n)
    places = [place for block in blocks for place in block.places]
    data = {
        "each": each,
        "first": first,
        "step": step,
        "present": [place.present for place in places],
        "waiting": [place.waiting for place in places],
    }
    controls = fill(
        '<div class="controls" hidden><button type="button" data-play="{}" data-pause="{}">{}</button>'
        '<input type="range" min="0" max="{}" value="{}" aria-label="{}"><output>{}</output></div>',
        text("Play"),
        text("Pause"),
        text("Play"),
        n - 1,
        busiest,
        text("Time of day"),
        clock,
    )
    numbers = Markup(json.dumps(data, allow_nan=False))  # noqa: S704 (numbers only)
    note = text(
        "Shown: {clock}, the busiest quarter of an hour. Below: everybody through the day.", clock=clock
    )
    return fill(
        '<div class="player">{}{}<script type="application/json">{}</script></div>',
        controls,
        page.picture(svg, title, note),
        numbers,
    )


def _list_walks(page: TwinPage) -> str:
    campus = page.document["campus"]
    names = {building["id"]: page.title(building["label"]) for building in campus["buildings"]}
    walks = [
        f"{' – '.join(names[name] for name in walk['between'])} {page.amount(walk['minutes'], 'min')}"
        for walk in campus["walks"]
    ]
    return page.text("Ways on foot: {walks}.", walks="; ".join(walks)) if walks else ""
