"""A run as one HTML file that needs nothing else."""

from typing import Any

from oncopolis.report.canonical import Plan
from oncopolis.report.findings import SEVERITIES
from oncopolis.report.language import Language
from oncopolis.report.rendering import read_asset, render
from oncopolis.report.twin.page import TwinPage
from oncopolis.report.twin.sections import SECTIONS
from oncopolis.report.twin.summary import write_sentences

N_FINDINGS = 5  # structure: length of a list
"""Findings repeated on the cover."""


def write_page(document: Plan, language: Language) -> bytes:
    """Write the page of a run.

    Parameters
    ----------
    document
        Document of a run, rounded.
    language
        Language of the page.
    """
    page = TwinPage(document, language)
    sections = [section for write in SECTIONS if (section := write(page))]
    return render(
        "twin.html",
        page=page,
        text=page.text,
        project=document["project"],
        run=document["run"],
        sentences=write_sentences(page),
        cards=[_write_card(page, document["figures"][key]) for key in document["headlines"]],
        sections=sections,
        contents=[(section.id, section.title) for section in sections],
        findings=[found for found in document["findings"] if found["severity"] != "note"][:N_FINDINGS],
        severities={name: page.text(text) for name, text in SEVERITIES.items()},
        facts=_list_facts(page),
        style=read_asset("style.css", "twin.css"),
        script=read_asset("script.js", "player.js"),
    )


def _write_card(page: TwinPage, figure: dict[str, Any]) -> dict[str, str]:
    unit = figure["unit"]
    is_share = unit == "share"
    return {
        "label": page.title(figure["label"]),
        "value": page.amount(figure["value"], unit) if is_share else page.number(figure["value"]),
        "unit": "" if is_share else page.unit(unit),
        "interval": page.interval(figure, unit) if figure["low"] != figure["high"] else "",
    }


def _list_facts(page: TwinPage) -> list[tuple[str, str]]:
    text, run, project = page.text, page.document["run"], page.document["project"]
    return [
        (text("Country and practice"), f"{project['country']} · {page.label(project['practice']['label'])}"),
        (text("From"), run["start"]),
        (text("Days counted"), page.number(run["days"])),
        (text("Warm-up, days"), page.number(run["warmup_days"])),
        *_list_start(page),
        (
            text("Replications"),
            f"{len(run['replications'])} ({text('seed {seed}', seed=run['seed'])})",
        ),
        *((text("Set for this run"), f"{key} = {value}") for key, value in run["set"].items()),
    ]


def _list_start(page: TwinPage) -> list[tuple[str, str]]:
    """Return who was there on the first day, where a record told."""
    text, start = page.text, page.document["run"]["from_record"]
    if start is None:
        return []
    people = text(
        "{people} people on {day}: {beds} in beds, {booked} with an appointment",
        people=page.number(start["people"]),
        day=start["day"],
        beds=page.number(start["in_beds"]),
        booked=page.number(start["booked"]),
    )
    pathways = "; ".join(f"{page.title(one['label'])}: {page.number(one['n'])}" for one in start["pathways"])
    return [(text("There at the start, by the record"), people), (text("On pathways at the start"), pathways)]
