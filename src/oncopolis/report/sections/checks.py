"""Findings of the plan's own checks, overrides, and rows nobody signed."""

from markupsafe import Markup, escape

from oncopolis.report.findings import list_findings
from oncopolis.report.markup import fill
from oncopolis.report.page import Page
from oncopolis.report.sheet import Section
from oncopolis.report.tables import Column, fold, write_table

LONG = 24  # structure: rows from which a table is folded away


def write_findings(page: Page) -> Section:
    """Write the section of findings, the gravest first."""
    text = page.text
    findings = page.plan["findings"]
    lead = (
        text("Findings of the plan's own checks: {n}.", n=len(findings))
        if findings
        else text("The plan's own checks found nothing to say.")
    )
    return Section("findings", text("Findings"), lead, list_findings(page, findings))


def write_overrides(page: Page) -> Section:
    """Write the section of overrides and unsigned rows."""
    text = page.text
    overrides, unsigned = page.plan["overrides"], page.plan["unsigned_headlines"]
    lead = text(
        "Evidence rows replaced by the project: {n}. Rows behind the headlines that "
        "nobody opened or signed: {unsigned}.",
        n=len(overrides),
        unsigned=len(unsigned),
    )
    blocks = []
    if overrides:
        blocks.append(_list_overrides(page))
    if unsigned:
        blocks.append(_list_unsigned(page))
    return Section("overrides", text("Overrides and unsigned rows"), lead, tuple(blocks))


def _list_overrides(page: Page) -> Markup:
    text = page.text
    columns = (
        Column(text("Row"), is_number=False),
        Column(text("Before")),
        Column(text("After")),
        Column(text("Source"), is_number=False),
        Column(text("Signed by"), is_number=False),
        Column(text("Where"), is_number=False),
    )
    rows = [
        (
            _link_row(page, entry["key"]),
            page.number(entry.get("before")),
            page.number(entry.get("after")),
            page.source(entry.get("source")),
            ", ".join(entry.get("signed_by") or ()),
            entry.get("where") or "",
        )
        for entry in page.plan["overrides"]
    ]
    return write_table(columns, rows, caption=text("Overrides"))


def _list_unsigned(page: Page) -> Markup:
    text = page.text
    columns = (
        Column(text("Row"), is_number=False),
        Column(text("Value")),
        Column(text("Unit"), is_number=False),
        Column(text("Source"), is_number=False),
    )
    listed = [(key, page.evidence.get(key) or {}) for key in page.plan["unsigned_headlines"]]
    rows = [
        (
            _link_row(page, key),
            page.number(row.get("value"), row.get("unit")),
            page.unit(row.get("unit")),
            page.source(row.get("source")),
        )
        for key, row in listed
    ]
    table = write_table(columns, rows, caption=text("Rows behind the headlines that nobody opened or signed"))
    return (
        fold(table, text("Rows behind the headlines that nobody opened or signed"))
        if len(rows) > LONG
        else table
    )


def _link_row(page: Page, key: str) -> Markup:
    label = (page.evidence.get(key) or {}).get("label") or key
    href = page.evidence_href(key)
    return fill('<a href="{}">{}</a>', href, label) if href else escape(label)
