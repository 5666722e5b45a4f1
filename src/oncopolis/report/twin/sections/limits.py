"""What was not modelled, whether the run adds up, findings, and the reporting checklist."""

from markupsafe import Markup

from oncopolis.report.findings import list_findings
from oncopolis.report.language import mark
from oncopolis.report.markup import fill
from oncopolis.report.sheet import Section
from oncopolis.report.tables import Column, write_table
from oncopolis.report.twin.page import TwinPage

CHECKS = {
    "conservation": (
        mark("Nobody is lost"),
        mark("there at the start and entered"),
        mark("completed, died, left and there at the end"),
    ),
    "little": (
        mark("Little's law"),
        mark("people waiting, summed over time"),
        mark("all waits, summed over people"),
    ),
}
"""Check -> its name and what stands on either side."""


def write_not_modelled(page: TwinPage) -> Section:
    """Write what the run left out."""
    text = page.text
    omitted = page.document["not_modelled"]
    lead = (
        text("This run says nothing about the following.")
        if omitted
        else text("The run names nothing that it left out.")
    )
    items = Markup().join(fill("<li>{}</li>", page.title(words)) for words in omitted)
    return Section(
        "not-modelled", text("What was not modelled"), lead, (fill("<ul>{}</ul>", items),) if omitted else ()
    )


def write_findings(page: TwinPage) -> Section:
    """Write the checks on the run and the findings."""
    text, document = page.text, page.document
    columns = (
        Column(text("Check"), is_number=False),
        Column(text("On one side"), is_number=False),
        Column(text("On the other"), is_number=False),
        Column(text("Result"), is_number=False),
    )
    rows = []
    for check in document["checks"]:
        name, left, right = (text(words) for words in CHECKS[check["id"]])
        verdict = ("good", text("holds")) if check["held"] else ("error", text("does not hold"))
        rows.append(
            (
                name,
                f"{page.amount(check['left'], check['unit'])} {left}",
                f"{page.amount(check['right'], check['unit'])} {right}",
                fill('<span class="tag {}">{}</span>', *verdict),
            )
        )
    table = write_table(columns, rows, caption=text("Does the run add up"))
    lead = text("Findings of the run's own checks: {n}.", n=len(document["findings"]))
    blocks = (table, *list_findings(page, document["findings"]))
    return Section("findings", text("Checks and findings"), lead, blocks)


def write_stress(page: TwinPage) -> Section:
    """Write the reporting checklist."""
    text = page.text
    columns = (
        Column(text("Item"), is_number=False),
        Column(text("Title"), is_number=False),
        Column(text("What this run says"), is_number=False),
    )
    tables = tuple(
        write_table(
            columns,
            [
                (item["id"], text(item["title"]), fill('<span lang="en">{}</span>', item["text"]))
                for item in section["items"]
            ],
            caption=text(section["title"]),
        )
        for section in page.document["stress"]
    )
    lead = text(
        "The twenty items of STRESS-DES (Monks and others, 2019), filled in from the model and this run, "
        "in the English of the guideline."
    )
    return Section(
        "stress",
        text("Reporting checklist"),
        lead,
        tuple(fill('<div class="stress">{}</div>', table) for table in tables),
    )
