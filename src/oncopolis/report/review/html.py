"""A review as one HTML file that needs nothing else."""

from typing import Any

from oncopolis.report.canonical import Plan
from oncopolis.report.findings import SEVERITIES
from oncopolis.report.language import Language
from oncopolis.report.rendering import read_asset, render
from oncopolis.report.review.findings import write_findings, write_let_pass, write_unknown
from oncopolis.report.review.plans import write_plans
from oncopolis.report.review.sheets import write_programme, write_reading, write_rules
from oncopolis.report.review.summary import count_groups
from oncopolis.report.review.wording import tell_actual
from oncopolis.report.sheet import Sheet

N_FINDINGS = 6  # structure: length of a list
"""Findings repeated on the cover."""


class ReviewPage(Sheet):
    """A review and a language.

    Parameters
    ----------
    document
        Document of the review.
    language
        Language of the page.
    """

    def __init__(self, document: Plan, language: Language) -> None:
        super().__init__(language)
        self.document = document


SECTIONS = (
    write_findings,
    write_plans,
    write_programme,
    write_unknown,
    write_let_pass,
    write_rules,
    write_reading,
)


def write_page(document: Plan, language: Language) -> bytes:
    """Write the page of a review.

    Parameters
    ----------
    document
        Document of the review.
    language
        Language of the page.
    """
    page = ReviewPage(document, language)
    sections = [section for write in SECTIONS if (section := write(page, document))]
    failed = [group for group in document["groups"] if group["state"] == "failed"]
    return render(
        "review.html",
        page=page,
        tell=tell_actual,
        text=page.text,
        project=document["project"],
        is_failing=document["is_failing"],
        cards=_list_cards(page, document),
        sections=sections,
        contents=[(section.id, section.title) for section in sections],
        findings=[group for group in failed if group["severity"] != "note"][:N_FINDINGS],
        severities={name: page.text(words) for name, words in SEVERITIES.items()},
        facts=_list_facts(page, document),
        style=read_asset("style.css", "review.css"),
        script=read_asset("script.js"),
    )


def _list_cards(page: ReviewPage, document: dict[str, Any]) -> list[dict[str, str]]:
    text, n = page.text, count_groups(document)
    programme, building = document["programme"], document["building"]
    wanted = sum(line["n"] for line in programme)
    found = sum(min(line["n"], line["n_found"]) for line in programme)
    places = sum(len(group["outcomes"]) for group in document["groups"] if group["state"] == "failed")
    cards = [
        (text("Errors"), page.number(n["error"]), text("kinds of findings that fail the review")),
        (
            text("Warnings"),
            page.number(n["warning"]),
            text("places with a finding: {n}", n=page.number(places)),
        ),
        (text("Not checkable"), page.number(n["unknown"]), text("for want of data in the model")),
        (text("Floor drawn"), page.number(round(building["floor_m2"])), "m²"),
    ]
    if programme:
        cards.insert(
            len(cards) - 1,
            (
                text("Rooms found"),
                page.number(found),
                text("of {n} that the programme asks for", n=page.number(wanted)),
            ),
        )
    return [{"label": label, "value": value, "unit": unit} for label, value, unit in cards]


def _list_facts(page: ReviewPage, document: dict[str, Any]) -> list[tuple[str, str]]:
    text = page.text
    return [
        (text("Model"), ", ".join(file["name"] for file in document["building"]["files"])),
        (text("Day"), document["day"]),
        (text("Rules"), ", ".join(document["packs"])),
    ]
