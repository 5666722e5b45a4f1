"""The report as one HTML file that needs nothing else."""

from collections.abc import Mapping
from typing import Any

from oncopolis.report.canonical import Plan
from oncopolis.report.explanations import write_evidence, write_explanations, write_sources
from oncopolis.report.language import Language, mark
from oncopolis.report.numerals import PER_YEAR, is_money
from oncopolis.report.page import Page
from oncopolis.report.rendering import read_asset, render
from oncopolis.report.sections import SECTIONS

N_FINDINGS = 5  # structure: length of a list
"""Findings repeated on the cover."""

LONG_VALUE = 9  # structure: layout
"""Letters from which a value is written smaller."""

CLOSING = (
    ("evidence", mark("Evidence and sources")),
    ("explanations", mark("Explanations")),
)


def write_page(plan: Plan, language: Language) -> bytes:
    """Write the report of a plan.

    Parameters
    ----------
    plan
        Plan document, rounded.
    language
        Language of the labels.
    """
    page = Page(plan, language)
    cards = [_write_card(page, key) for key in plan["headlines"] if key in page.figures]
    sections = [section for write in SECTIONS if (section := write(page))]
    explanations = write_explanations(page)
    evidence = write_evidence(page)
    return render(
        "report.html",
        page=page,
        text=page.text,
        plan=plan,
        project=plan["project"],
        cards=cards,
        sections=sections,
        contents=[
            *((section.id, section.title) for section in sections),
            *((name, page.text(title)) for name, title in CLOSING),
        ],
        findings=[finding for finding in plan["findings"] if finding["severity"] != "note"][:N_FINDINGS],
        severities={name: page.text(name) for name in ("error", "warning", "note")},
        facts=_list_facts(page),
        explanations=explanations,
        evidence=evidence,
        sources=write_sources(page),
        n_unverified=sum(
            not (row.get("opened") or row.get("signed_by"))
            for key, row in page.evidence.items()
            if key in page.cited
        ),
        style=read_asset("style.css"),
        script=read_asset("script.js", "drawer.js"),
    )


def _write_card(page: Page, key: str) -> dict[str, Any]:
    figure = page.figures[key]
    return {
        "label": page.title(figure["label"]),
        "value": page.figure(key, _write_short(page, figure)),
        "unit": _write_card_unit(page, figure["unit"]),
        "interval": page.interval(figure, figure["unit"]),
        "size": " long" if len(_write_short(page, figure)) > LONG_VALUE else "",
    }


def _write_card_unit(page: Page, unit: str) -> str:
    if is_money(unit):
        return page.text("a year") if unit.endswith(PER_YEAR) else ""
    return "" if unit == "share" else page.unit(unit)


def _write_short(page: Page, figure: Mapping[str, Any]) -> str:
    if is_money(figure["unit"]):
        return page.amount(figure["value"], figure["unit"].removesuffix(PER_YEAR))
    return (
        page.amount(figure["value"], "share") if figure["unit"] == "share" else page.number(figure["value"])
    )


def _list_facts(page: Page) -> list[tuple[str, str]]:
    text, project, settings = page.text, page.plan["project"], page.plan["settings"]
    facts = [
        (
            text("Country and practice"),
            f"{project.get('country') or ''} · {page.label((project.get('practice') or {}).get('label'))}",
        ),
        (text("Years"), f"{page.years[0]}–{page.years[-1]}"),
        (text("Headlines refer to"), str(page.plan["reference_year"])),
        (text("Prices of"), str(project["currency"]["price_year"])),
        (
            text("Draws"),
            f"{page.number(settings.get('draws'))} ({text('seed {seed}', seed=settings.get('seed'))})",
        ),
    ]
    facts += [(page.label(opening["label"]), str(opening["year"])) for opening in page.openings]
    facts += [
        (text("Set for this run"), f"{key} = {value}") for key, value in (settings.get("set") or {}).items()
    ]
    return facts
