"""What checks found, written for any page: the grave ones in full, the notes as tables."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

from oncopolis.report.language import mark
from oncopolis.report.markup import fill
from oncopolis.report.sheet import Sheet
from oncopolis.report.tables import Column, fold, write_table

SEVERITIES = {"error": mark("error"), "warning": mark("warning"), "note": mark("note")}
ORDER = tuple(SEVERITIES)

Findings = Sequence[dict[str, Any]]


def list_findings(sheet: Sheet, findings: Findings) -> tuple[Markup, ...]:
    """Write findings, the gravest first; notes of one rule share a table."""
    findings = sorted(findings, key=lambda finding: ORDER.index(finding["severity"]))
    grave = [finding for finding in findings if finding["severity"] != "note"]
    blocks = [_write_finding(sheet, finding) for finding in grave]
    notes: dict[str, list[dict[str, Any]]] = {}
    for finding in findings[len(grave) :]:
        notes.setdefault(finding["rule"], []).append(finding)
    if notes:
        blocks.append(sheet.heading(sheet.text("Notes")))
    blocks += [_list_notes(sheet, rule, listed) for rule, listed in notes.items()]
    return tuple(blocks)


def _write_finding(sheet: Sheet, finding: dict[str, Any]) -> Markup:
    text, severity = sheet.text, finding["severity"]
    head = fill(
        '<h3><span class="tag {}">{}</span> {}</h3>',
        severity,
        text(SEVERITIES[severity]),
        sheet.title(finding["message"]),
    )
    lines = [
        (text("Where"), fill("<code>{}</code>", finding.get("where", ""))),
        (text("Found"), escape(sheet.label(finding.get("actual")))),
        (text("Expected"), escape(sheet.label(finding.get("expected")))),
        (text("What to do"), escape(sheet.label(finding.get("fix")))),
        (text("Source"), sheet.source(finding.get("source"))),
    ]
    listed = Markup().join(
        fill("<dt>{}</dt><dd>{}</dd>", name, words) for name, words in lines if words.striptags()
    )
    return fill('<div class="finding {}">{}<dl>{}</dl></div>', severity, head, listed)


def _list_notes(sheet: Sheet, rule: str, findings: list[dict[str, Any]]) -> Markup:
    text = sheet.text
    columns = (
        Column(text("Finding"), is_number=False),
        Column(text("Found"), is_number=False),
        Column(text("Expected"), is_number=False),
        Column(text("Where"), is_number=False),
    )
    rows = [
        (
            sheet.title(finding["message"]),
            sheet.label(finding.get("actual")),
            sheet.label(finding.get("expected")),
            fill('<a href="{}">{}</a>', href, finding["where"])
            if (href := sheet.evidence_href(finding["where"]))
            else finding["where"],
        )
        for finding in findings
    ]
    name = sheet.title(rule.replace("-", " "))
    advice = sheet.label(findings[0].get("fix"))
    table = write_table(columns, rows, caption=f"{name}. {text('What to do')}: {advice}" if advice else name)
    return fold(table, f"{name} ({len(rows)})")
