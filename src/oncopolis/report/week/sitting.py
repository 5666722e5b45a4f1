"""The section of the day unit: chairs in use through each day, and who sits where and when."""

from typing import Any

from markupsafe import Markup

from oncopolis.report.markup import fill
from oncopolis.report.pictures.seats import SeatDay, draw_seats
from oncopolis.report.sheet import Section
from oncopolis.report.tables import Column, fold, write_table
from oncopolis.report.week.page import WeekPage


def write_chairs(page: WeekPage, days: list[dict[str, Any]]) -> Section:
    """Write the chairs of each day."""
    text = page.text
    planned = [day for day in days if day["refused"] is None]
    lead = text(
        "{n} infusions on {days} days. The day of each is prescribed; what is chosen is the time.",
        n=sum(len(day["visits"]) for day in days),
        days=len(planned),
    )
    blocks: list[Markup] = [
        fill(
            '<div class="finding error"><h3>{}</h3><p>{}</p><p>{}</p></div>',
            f"{page.day(day['day'])}: {text('not everybody can be given a time')}",
            f"{day['refused']['where']}: {day['refused']['got']}",
            day["refused"]["fix"],
        )
        for day in days
        if day["refused"] is not None
    ]
    if planned:
        blocks.append(
            page.picture(
                draw_seats([_make_day(page, day) for day in planned], title=text("Chairs in use")),
                text("Chairs in use, from opening to closing; the dashed line is how many there are"),
            )
        )
    blocks += [fold(_list_visits(page, day), page.day(day["day"])) for day in planned]
    return Section("chairs", text("Chairs"), lead, tuple(blocks))


def _make_day(page: WeekPage, day: dict[str, Any]) -> SeatDay:
    last = max((visit["until_min"] for visit in day["visits"]), default=day["opens_min"])
    slots = range(day["opens_min"], last + day["slot_min"], day["slot_min"])
    in_use = [sum(visit["from_min"] <= at < visit["until_min"] for visit in day["visits"]) for at in slots]
    remark = page.text("{n} patients", n=len(day["visits"]))
    return SeatDay(page.day(day["day"]), remark, day["opens_min"], day["slot_min"], day["n_chairs"], in_use)


def _list_visits(page: WeekPage, day: dict[str, Any]) -> Markup:
    text = page.text

    def clock(minute: int | None) -> str:
        return "–" if minute is None else page.clock(minute)

    columns = (
        Column(text("Patient"), is_number=False),
        Column(text("Site"), is_number=False),
        Column(text("Review")),
        Column(text("Mixing")),
        Column(text("Chair")),
        Column(text("From")),
        Column(text("Drug")),
        Column(text("Until")),
    )
    rows = [
        (
            visit["patient"],
            page.label(visit["site"]),
            clock(visit["review_min"]),
            clock(visit["mixing_min"]),
            str(visit["chair"]),
            clock(visit["from_min"]),
            clock(visit["drug_min"]),
            clock(visit["until_min"]),
        )
        for visit in day["visits"]
    ]
    return write_table(columns, rows, caption=page.day(day["day"]))
