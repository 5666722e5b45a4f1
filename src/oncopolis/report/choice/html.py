"""A choice as one HTML file that needs nothing else."""

from markupsafe import Markup

from oncopolis.report.canonical import Plan
from oncopolis.report.choice.words import list_columns, list_rows, write_chosen, write_effort, write_promise
from oncopolis.report.findings import list_findings
from oncopolis.report.language import Language
from oncopolis.report.markup import fill
from oncopolis.report.rendering import read_asset, render
from oncopolis.report.sheet import Section, Sheet
from oncopolis.report.tables import Column, write_table


def write_page(document: Plan, language: Language) -> bytes:
    """Write the page of a choice.

    Parameters
    ----------
    document
        Document of a choice, rounded.
    language
        Language of the page.
    """
    sheet = Sheet(language)
    sections = [_write_alternatives(sheet, document), _write_omitted(sheet, document)]
    if document["findings"]:
        blocks = list_findings(sheet, document["findings"])
        sections.append(Section("findings", sheet.text("Findings"), "", blocks))
    return render(
        "choice.html",
        page=sheet,
        text=sheet.text,
        project={"name": document["project"]},
        chosen=write_chosen(sheet, document),
        promise=write_promise(sheet, document),
        is_promised=document["probability"] is not None,
        sections=sections,
        contents=[(section.id, section.title) for section in sections],
        style=read_asset("style.css"),
        script=read_asset("script.js"),
    )


def _write_alternatives(sheet: Sheet, document: Plan) -> Section:
    text, goal = sheet.text, document["goal"]
    same = text("All have the same chances in a replication, so that differences are those of the settings.")
    spent = (
        text("What was plainly worse was dropped.")
        if goal["budget"] is None
        else text("Replications went where the choice was hard.")
    )
    settings = [
        ", ".join(f"{key} = {value}" for key, value in each["settings"].items())
        for each in document["alternatives"]
    ]
    columns = (*list_columns(sheet), Column(text("Set"), is_number=False))
    rows = [(*row, words or "–") for row, words in zip(list_rows(sheet, document), settings, strict=True)]
    table = write_table(columns, rows, caption=text("{figure} by alternative", figure=goal["figure"]))
    effort = sheet.paragraph(write_effort(sheet, document))
    return Section("alternatives", text("Alternatives"), f"{same} {spent}", (table, effort))


def _write_omitted(sheet: Sheet, document: Plan) -> Section:
    items = Markup().join(fill("<li>{}</li>", sheet.title(words)) for words in document["not_modelled"])
    return Section("omitted", sheet.text("What was not modelled"), "", (fill("<ul>{}</ul>", items),))
