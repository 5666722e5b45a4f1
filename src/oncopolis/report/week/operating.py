"""The sections of theatres and wards: lists, beds, nurses."""

from collections import defaultdict
from typing import Any

from markupsafe import Markup

from oncopolis.report.pictures.beds import Bed, RoomRow, draw_rooms
from oncopolis.report.pictures.lists import Block, Row, draw_lists
from oncopolis.report.pictures.loads import Strip, draw_loads
from oncopolis.report.sheet import Section
from oncopolis.report.tables import Column, fold, write_table
from oncopolis.report.week.page import WeekPage

SHIFTS = {"early": "E", "late": "L", "night": "N"}
_LATE = 0.3  # structure: share of overruns from which a list is counted as risky


def write_theatres(page: WeekPage, theatres: dict[str, Any]) -> Section:
    """Write the lists of each day, with times and how likely they overrun."""
    text = page.text
    by_day: dict[int, dict[str, dict[str, Any]]] = defaultdict(dict)
    for one in theatres["lists"]:
        by_day[one["day"]][one["theatre"]] = one
    legend = [(1, text("class 1: urgent, or at the latest day")), (2, text("class 2: all others"))]
    pictures = [
        page.picture(
            draw_lists(
                [_make_row(page, theatres, day, name, lists.get(name)) for name in theatres["theatres"]],
                legend=legend,
                overrun=text("chance of overrun"),
                title=page.day(day),
            ),
            page.day(day),
        )
        for day, lists in sorted(by_day.items())
    ]
    risky = sum(one["share_overrun"] >= _LATE for one in theatres["lists"])
    lead = text(
        "{n} lists with {cases} operations. On {risky} of them the last operation ends after closing on 30 % "
        "of days or more.",
        n=len(theatres["lists"]),
        cases=sum(len(one["cases"]) for one in theatres["lists"]),
        risky=risky,
    )
    note = page.paragraph(
        text(
            "Start times are planned; lengths were drawn 2,000 times from the spread that the evidence gives "
            "each operation. Minutes are how late the last operation ends at most on nine days of ten. The "
            "grey ground is the opening time, part of which lists leave free for the urgent."
        ),
        "note",
    )
    return Section("theatres", text("Theatres"), lead, (*pictures, note, _list_cases(page, theatres)))


def _make_row(
    page: WeekPage, theatres: dict[str, Any], day: int, name: str, one: dict[str, Any] | None
) -> Row:
    opens = theatres["opens_min"]
    closes = opens + theatres["open_min"][name][day]
    if one is None:
        return Row(name, (), opens, closes, None, page.text("no list"))
    blocks = [
        Block(
            f"{case['patient']} {theatres['patients'][case['patient']]['site']}",
            _write_tip(page, theatres, case),
            opens + case["start_min"],
            opens + case["end_min"],
            theatres["patients"][case["patient"]]["class"],
        )
        for case in one["cases"]
    ]
    remark = page.share(one["share_overrun"])
    if one["late_min"]:
        remark = f"{remark}, ≤ {one['late_min']} min"
    return Row(name, blocks, opens, closes, one["share_overrun"], remark)


def _write_tip(page: WeekPage, theatres: dict[str, Any], case: dict[str, Any]) -> str:
    who, opens = theatres["patients"][case["patient"]], theatres["opens_min"]
    return (
        f"{case['patient']}: {page.label(who['site'])}, {page.clock(opens + case['start_min'])}–"
        f"{page.clock(opens + case['end_min'])}, {case['surgeon']}"
    )


def _list_cases(page: WeekPage, theatres: dict[str, Any]) -> Markup:
    text, opens = page.text, theatres["opens_min"]
    columns = (
        Column(text("Patient"), is_number=False),
        Column(text("Day"), is_number=False),
        Column(text("Theatre"), is_number=False),
        Column(text("Start")),
        Column(text("End")),
        Column(text("Surgeons"), is_number=False),
        Column(text("Site"), is_number=False),
        Column(text("Class")),
        Column(text("Room"), is_number=False),
        Column(text("Stay, days")),
    )
    rows = [
        (
            case["patient"],
            page.day(one["day"]),
            one["theatre"],
            page.clock(opens + case["start_min"]),
            page.clock(opens + case["end_min"]),
            case["surgeon"],
            page.label(who["site"]),
            str(who["class"] or "–"),
            who["admission"]["room"],
            str(who["stay_days"]),
        )
        for one in theatres["lists"]
        for case in one["cases"]
        for who in (theatres["patients"][case["patient"]],)
    ]
    return fold(write_table(columns, rows, caption=text("Operations")), text("All operations as a table"))


def write_beds(page: WeekPage, theatres: dict[str, Any]) -> Section:
    """Write the bed map, a picture for each kind of bed."""
    text = page.text
    kinds: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for room in theatres["rooms"]:
        kinds[room["beds"]].append(room)
    legend = [
        text("woman, comes this week"),
        text("man, comes this week"),
        text("woman, was there"),
        text("man, was there"),
        text("free"),
    ]
    n_beds = sum(room["n_beds"] for room in theatres["rooms"]) * len(page.days)
    n_used = sum(len(lying) for room in theatres["rooms"] for lying in room["days"])
    lead = text(
        "{share} of the bed-days are taken. Nobody of two sexes shares a room on a day.",
        share=page.share(n_used / n_beds if n_beds else 0.0),
    )
    pictures = [
        page.picture(
            draw_rooms(
                [_make_room(page, room) for room in rooms],
                days=[page.day(day)[:2] for day in range(len(page.days))],
                legend=legend,
                title=page.title(beds),
            ),
            page.title(beds),
        )
        for beds, rooms in kinds.items()
    ]
    elsewhere = theatres["n_elsewhere"]
    more = (
        (
            page.paragraph(
                text("In bed on Monday without a room of their sex here: {n}.", n=elsewhere), "note"
            ),
        )
        if elsewhere
        else ()
    )
    return Section("beds", text("Beds"), lead, (*pictures, *more))


def _make_room(page: WeekPage, room: dict[str, Any]) -> RoomRow:
    return RoomRow(
        room["id"],
        room["n_beds"],
        [
            [
                Bed(
                    f"{page.day(day)}, {room['id']}: {one['id']}, {page.sex(one['sex'])}",
                    one["sex"],
                    one["is_new"],
                )
                for one in lying
            ]
            for day, lying in enumerate(room["days"])
        ],
    )


def write_nurses(page: WeekPage, theatres: dict[str, Any]) -> Section:
    """Write the loads of each shift, and the rooms of each nurse."""
    text, shifts = page.text, theatres["shifts"]
    loads: dict[tuple[int, int], list[tuple[float, str]]] = defaultdict(list)
    for nurse in theatres["nurses"]:
        for duty in nurse["duties"]:
            share = duty["load"] / duty["most_load"] if duty["most_load"] else 0.0
            tip = f"{nurse['id']}: {share:.0%}, {', '.join(duty['rooms'])}"
            loads[duty["day"], duty["shift"]].append((share, tip))
    strips = [
        Strip(SHIFTS.get(shifts[shift], shifts[shift]), page.day(day), own)
        for (day, shift), own in sorted(loads.items())
    ]
    every = [load for own in loads.values() for load, _ in own]
    lead = text(
        "{n} shifts of nurses, {mean} of the most on average; {over} are above it.",
        n=len(every),
        mean=page.share(sum(every) / len(every) if every else 0.0),
        over=sum(load > 1 for load in every),
    )
    picture = page.picture(
        draw_loads(strips, most=text("the most"), title=text("Loads of nurses")),
        text("Loads of nurses: a dot is a nurse in a shift (E early, L late, N night)"),
    )
    return Section("nurses", text("Nurses"), lead, (picture, _list_nurses(page, theatres)))


def _list_nurses(page: WeekPage, theatres: dict[str, Any]) -> Markup:
    text, shifts = page.text, theatres["shifts"]
    columns = (
        Column(text("Nurse"), is_number=False),
        *(Column(page.day(day), is_number=False) for day in range(len(page.days))),
    )
    rows = []
    for nurse in theatres["nurses"]:
        by_day = {duty["day"]: duty for duty in nurse["duties"]}
        cells = [
            f"{SHIFTS.get(shifts[duty['shift']], shifts[duty['shift']])}: {', '.join(duty['rooms']) or '–'}"
            if (duty := by_day.get(day))
            else ""
            for day in range(len(page.days))
        ]
        rows.append((nurse["id"], *cells))
    return fold(
        write_table(columns, rows, caption=text("Nurses and their rooms")), text("All nurses as a table")
    )
