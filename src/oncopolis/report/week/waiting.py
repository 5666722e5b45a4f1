"""The section of those who are not scheduled: each of them, why, and whether any group fares worse."""

from typing import Any

from markupsafe import Markup

from oncopolis.report.language import mark
from oncopolis.report.sheet import Section
from oncopolis.report.tables import Column, write_table
from oncopolis.report.week.page import WeekPage

KINDS = {
    "class": mark("Clinical class"),
    "gender": mark("Sex"),
    "age": mark("Age"),
    "region": mark("Region"),
    "surgeon": mark("Surgeons"),
}
ROOMS = {
    "no bed": mark("{n} full"),
    "other gender": mark("{n} with the other sex"),
    "isolation": mark("{n} with somebody who lies alone"),
    "no nurse": mark("{n} without a nurse"),
}


def write_waiting(page: WeekPage, theatres: dict[str, Any]) -> Section:
    """Write who is left out and why, and the groups."""
    text = page.text
    out = theatres["passed_over"]
    lead = text(
        "{n} of {total} who wait are not admitted this week. For each: the day nearest to being possible "
        "while everybody else stays, and what is in the way.",
        n=len(out),
        total=theatres["n_waiting"],
    )
    blocks = [_write_groups(page, theatres)]
    if out:
        blocks.append(_write_everybody(page, theatres))
    return Section("waiting", text("Not scheduled"), lead, tuple(blocks))


def write_reason(page: WeekPage, one: dict[str, Any]) -> str:
    """Say what is in the way of somebody on their nearest day."""
    text, day = page.text, page.day(one["day"])
    said = []
    if one["surgeon_lacks_min"]:
        said.append(text("the surgeons are {n} min short", n=one["surgeon_lacks_min"]))
    if one["theatre_lacks_min"]:
        said.append(text("every theatre is at least {n} min short", n=one["theatre_lacks_min"]))
    if one["lacks_intensive"]:
        said.append(text("no bed of intensive care"))
    if not one["n_rooms"]:
        rooms = ", ".join(
            text(ROOMS[reason], n=n) for reason, n in sorted(one["rooms"].items()) if reason in ROOMS
        )
        said.append(text("no bed for the whole stay ({rooms})", rooms=rooms) if rooms else text("no bed"))
    if not said:
        said.append(text("there would be room, but others with earlier targets or lower cost came first"))
    return f"{day}: {'; '.join(said)}"


def _write_everybody(page: WeekPage, theatres: dict[str, Any]) -> Markup:
    text = page.text
    columns = (
        Column(text("Patient"), is_number=False),
        Column(text("Class")),
        Column(text("Target"), is_number=False),
        Column(text("Site"), is_number=False),
        Column(text("Sex"), is_number=False),
        Column(text("Age"), is_number=False),
        Column(text("Region"), is_number=False),
        Column(text("Nearest day, and what is in the way"), is_number=False),
    )
    rows = [
        (
            one["patient"],
            str(one["clinical_class"] or "–"),
            text("none this week") if one["target_day"] is None else page.day(one["target_day"]),
            page.label(theatres["patients"][one["patient"]]["site"]),
            page.sex(one["gender"]),
            page.age(one["age_group"]),
            page.label(one["region"]),
            write_reason(page, one),
        )
        for one in theatres["passed_over"]
    ]
    return write_table(columns, rows, caption=text("Passed over"))


def _write_groups(page: WeekPage, theatres: dict[str, Any]) -> Markup:
    text = page.text
    columns = (
        Column(text("Group"), is_number=False),
        Column(text("Waiting")),
        Column(text("Left out")),
        Column(text("Share left out")),
        Column(text("Mean delay of the others, days")),
    )
    rows = [
        (
            f"{text(KINDS[group['kind']])}: {_name(page, group)}",
            str(group["n"]),
            str(len(group["out"])),
            page.share(len(group["out"]) / group["n"]),
            "–" if group["mean_delay_days"] is None else page.number(group["mean_delay_days"]),
        )
        for group in theatres["groups"]
        if group["kind"] in KINDS and group["kind"] != "surgeon"
    ]
    return write_table(columns, rows, caption=text("Is any group passed over more than others?"))


def _name(page: WeekPage, group: dict[str, Any]) -> str:
    if group["kind"] == "gender":
        return page.sex(group["value"])
    return page.age(group["value"]) if group["kind"] == "age" else page.label(group["value"])
