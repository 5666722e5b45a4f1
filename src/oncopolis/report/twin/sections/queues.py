"""People waiting: from day to day, by hour of the week, and whether the start still shows."""

from typing import Any

from markupsafe import Markup

from oncopolis.report.language import mark
from oncopolis.report.pictures import Heat, Ward, draw_census, draw_heat_weeks
from oncopolis.report.sheet import Section
from oncopolis.report.twin.page import TwinPage
from oncopolis.report.twin.sections.census import list_marks
from oncopolis.report.twin.sections.use import DAYS, fold_week

N_MAPS = 6  # structure: resources people wait for most, two rows of maps

LIMITS = (0.2, 1, 3, 10, 30, 100)  # structure: colours of the picture, people

JUDGED = {"people_waiting": mark("people waiting"), "beds": mark("beds taken")}


def write_queues(page: TwinPage) -> Section:
    """Write the section."""
    text, queues = page.text, page.document["queues"]
    lead = text("How many people wait at a time, for anything: from day to day, and through the week.")
    days = _draw_days(page, queues)
    shown = [page.resources[name] for name in page.document["bottlenecks"][:N_MAPS]]
    maps = (_draw_weeks(page, shown),) if shown else ()
    said = Markup("<p>{}</p>").format(" ".join(_judge(page)))
    return Section("queues", text("Queues"), lead, (days, *maps, said))


def _draw_days(page: TwinPage, queues: dict[str, Any]) -> Markup:
    text = page.text
    mean = [value or 0.0 for value in queues["mean"]]
    overall = sum(mean) / len(mean) if mean else 0.0
    ward = Ward(
        text("People waiting"),
        text("mean {mean}, most {most}", mean=page.number(overall), most=page.number(max(mean, default=0.0))),
        mean,
        [value or 0.0 for value in queues["p95"]] if queues["p95"] else None,
        [overall] * len(mean),
    )
    title = text("People waiting, mean of each day")
    svg = draw_census([ward], marks=list_marks(page, len(mean)), write=page.tick, title=title, across=1)
    note = text("The dashed line is the mean of all days.")
    if page.has_intervals:
        note += " " + text("The band reaches to what one replication in twenty exceeds.")
    return page.picture(svg, title, note)


def _draw_weeks(page: TwinPage, lines: list[dict[str, Any]]) -> Markup:
    text = page.text
    maps = [
        Heat(
            page.title(line["label"]),
            text("at most {n}", n=page.number(line["most_waiting"])),
            fold_week(page.document["week"][line["id"]]["waiting"]),
        )
        for line in lines
        if line["id"] in page.document["week"]
    ]
    title = text("People waiting by hour of the week, for what is waited for most")
    svg = draw_heat_weeks(
        maps,
        days=[text(day) for day in DAYS],
        limits=LIMITS,
        write=page.tick,
        over=text("more than {n}", n=page.number(LIMITS[-1])),
        title=title,
    )
    return page.picture(svg, title, text("Mean over the weeks of the run, seen at half past each hour."))


def _judge(page: TwinPage) -> list[str]:
    """Say what MSER-5 makes of the beginning."""
    text = page.text
    judged = {key: found for key, found in page.document["queues"]["warming"].items() if found}
    words = [
        text("Days of warm-up left out before those counted: {n}.", n=page.document["run"]["warmup_days"])
    ]
    if not judged:
        return [*words, text("The run is too short to judge whether more should be left out.")]
    for key, found in judged.items():
        what = text(JUDGED[key])
        if not found["has_settled"]:
            words.append(
                text("By MSER-5 no days can be said after which the number of {what} is steady.", what=what)
            )
        elif found["days"]:
            words.append(
                text(
                    "By MSER-5, judged by the number of {what}, a study of the steady state would leave out "
                    "{n} more.",
                    what=what,
                    n=found["days"],
                )
            )
        else:
            words.append(text("By MSER-5, judged by the number of {what}, that is enough.", what=what))
    return words
