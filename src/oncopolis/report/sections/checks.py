"""Findings of the plan's own checks, overrides, and rows nobody signed."""

from typing import Any

from markupsafe import Markup, escape

from oncopolis.report.language import mark
from oncopolis.report.markup import fill
from oncopolis.report.page import Page, Section
from oncopolis.report.tables import Column, fold, write_table

SEVERITIES = {"error": mark("error"), "warning": mark("warning"), "note": mark("note")}
ORDER = tuple(SEVERITIES)

LONG = 24  # structure: rows from which a table is folded away


def write_findings(page: Page) -> Section:
    """Write the section of findings, the gravest first."""
    text = page.text
    findings = sorted(page.plan["findings"], key=lambda finding: ORDER.index(finding["severity"]))
    lead = (
        text("Findings of the plan's own checks: {n}.", n=len(findings))
        if findings
        else text("The plan's own checks found nothing to say.")
    )
    grave = [finding for finding in findings if finding["severity"] != "note"]
    blocks = [_write_finding(page, finding) for finding in grave]
    notes: dict[str, list[dict[str, Any]]] = {}
    for finding in findings[len(grave) :]:
        notes.setdefault(finding["rule"], []).append(finding)
    if notes:
        blocks.append(page.heading(text("Notes")))
    blocks += [_list_notes(page, rule, listed) for rule, listed in notes.items()]
    return Section("findings", text("Findings"), lead, tuple(blocks))


def _write_finding(page: Page, finding: dict[str, Any]) -> Markup:
    text, severity = page.text, finding["severity"]
    head = fill(
        '<h3><span class="tag {}">{}</span> {}</h3>',
        severity,
        text(SEVERITIES[severity]),
        page.title(finding["message"]),
    )
    lines = [
        (text("Where"), fill("<code>{}</code>", finding.get("where", ""))),
        (text("Found"), escape(finding.get("actual", ""))),
        (text("Expected"), escape(page.label(finding.get("expected")))),
        (text("What to do"), escape(page.label(finding.get("fix")))),
        (text("Source"), page.source(finding.get("source"))),
    ]
    listed = Markup().join(
        fill("<dt>{}</dt><dd>{}</dd>", name, words) for name, words in lines if words.striptags()
    )
    return fill('<div class="finding {}">{}<dl>{}</dl></div>', severity, head, listed)


def _list_notes(page: Page, rule: str, findings: list[dict[str, Any]]) -> Markup:
    text = page.text
    columns = (
        Column(text("Finding"), is_number=False),
        Column(text("Found"), is_number=False),
        Column(text("Expected"), is_number=False),
        Column(text("Where"), is_number=False),
    )
    rows = [
        (
            page.title(finding["message"]),
            finding.get("actual", ""),
            page.label(finding.get("expected")),
            fill('<a href="{}">{}</a>', href, finding["where"])
            if (href := page.evidence_href(finding["where"]))
            else finding["where"],
        )
        for finding in findings
    ]
    name = page.title(rule.replace("-", " "))
    advice = page.label(findings[0].get("fix"))
    table = write_table(columns, rows, caption=f"{name}. {text('What to do')}: {advice}" if advice else name)
    return fold(table, f"{name} ({len(rows)})")


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
