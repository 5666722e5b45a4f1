"""A scheduled week as one HTML file that needs nothing else."""

from typing import Any

from oncopolis.report.canonical import Plan
from oncopolis.report.language import Language, mark
from oncopolis.report.rendering import read_asset, render
from oncopolis.report.sheet import Section
from oncopolis.report.tables import Column, write_table
from oncopolis.report.week.operating import write_beds, write_nurses, write_theatres
from oncopolis.report.week.page import WeekPage
from oncopolis.report.week.sitting import write_chairs
from oncopolis.report.week.waiting import write_waiting

COSTS = {
    "room_mixed_age": mark("Ages far apart in a room"),
    "room_nurse_skill": mark("Nurses short of the skill needed"),
    "continuity_of_care": mark("Different nurses of a patient"),
    "nurse_excessive_workload": mark("Load of nurses above the most"),
    "open_operating_theatre": mark("Lists opened"),
    "surgeon_transfer": mark("Surgeons in several theatres of a day"),
    "patient_delay": mark("Days of delay"),
    "unscheduled_optional": mark("Patients left out"),
    "surgeon_preference": mark("Surgeons operating on days they would rather not"),
}


def write_page(document: Plan, language: Language) -> bytes:
    """Write the page of a week.

    Parameters
    ----------
    document
        Document of a week, rounded.
    language
        Language of the page.
    """
    page = WeekPage(document, language)
    theatres, chairs = document["theatres"], document["chairs"]
    sections: list[Section] = []
    if theatres:
        sections += [write(page, theatres) for write in (write_theatres, write_beds, write_nurses)]
    if chairs:
        sections.append(write_chairs(page, chairs))
    if theatres:
        sections += [write_waiting(page, theatres), _write_costs(page, theatres)]
    return render(
        "week.html",
        page=page,
        text=page.text,
        project=document["project"],
        span=page.span(),
        cards=list_cards(page),
        sections=sections,
        contents=[(section.id, section.title) for section in sections],
        facts=_list_facts(page),
        style=read_asset("style.css"),
        script=read_asset("script.js"),
    )


def list_cards(page: WeekPage) -> list[dict[str, str]]:
    """Return the figures that come first."""
    text, theatres, chairs = page.text, page.document["theatres"], page.document["chairs"]
    cards = []
    if theatres:
        cards += [
            (text("Waiting for an operation"), str(theatres["n_waiting"]), ""),
            (text("Admitted this week"), str(theatres["n_admitted"]), ""),
        ]
        for clinical_class, (late, out) in theatres["past_target"].items():
            cards.append(
                (
                    text("Past target, class {n}", n=clinical_class),
                    str(late + out),
                    text("{late} late, {out} left out", late=late, out=out),
                )
            )
        shares = [one["share_overrun"] for one in theatres["lists"]]
        mean = sum(shares) / len(shares) if shares else 0.0
        cards.append((text("Chance that a list overruns"), page.share(mean), text("mean of all lists")))
    if chairs:
        cards.append((text("Infusions"), str(sum(len(day["visits"]) for day in chairs)), ""))
    return [{"label": label, "value": value, "remark": remark} for label, value, remark in cards]


def _list_facts(page: WeekPage) -> list[tuple[str, str]]:
    text, week, project = page.text, page.document["week"], page.document["project"]
    hard = ", ".join(map(str, week["hard_classes"]))
    return [
        (text("Country and practice"), f"{project['country']} · {page.label(project['practice']['label'])}"),
        (
            text("Seconds of search"),
            f"{page.number(week['seconds'])} ({text('seed {seed}', seed=week['seed'])})",
        ),
        (
            text("Clinical classes"),
            text("class {n} is a rule", n=hard) if hard else text("class before class, before every cost"),
        ),
    ]


def _write_costs(page: WeekPage, theatres: dict[str, Any]) -> Section:
    text = page.text
    columns = (Column(text("Counted"), is_number=False), Column(text("Cost")))
    rows = [(text(COSTS[name]), page.number(cost)) for name, cost in theatres["costs"].items()]
    total = (text("Sum"), page.number(theatres["cost"]))
    lead = text(
        "Costs weigh comfort and effort against each other, after the clinical classes. No schedule costs "
        "less than {bound}.",
        bound=page.number(theatres["bound"] or 0),
    )
    note = page.paragraph(
        text(
            "The patients are invented: who waits, lies in bed and comes was drawn by the twin of the "
            "centre. The files ward.json and schedule.json can be checked, explained, mended and released "
            "with “oncopolis schedule”. Until a named person releases it, this is a proposal."
        )
    )
    return Section(
        "costs",
        text("What was weighed"),
        lead,
        (write_table(columns, rows, caption=text("Costs"), total=total), note),
    )
