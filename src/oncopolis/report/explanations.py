"""How every shown number came about: figures down to evidence rows, evidence rows down to sources."""

import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from oncopolis.report.language import mark
from oncopolis.report.markup import fill
from oncopolis.report.page import Page
from oncopolis.report.sheet import to_anchor

OPERATIONS = (
    mark("round up"),
    mark("at least"),
    mark("at most"),
    mark("largest"),
    mark("sum"),
    mark("mean"),
    mark("in"),
    mark("and"),
    mark("more"),
    mark("given"),
)
"""Words that formulas use between the names of quantities."""

STATUSES = {
    "published": mark("published"),
    "derived": mark("derived"),
    "expert": mark("expert opinion"),
    "assumption": mark("assumption"),
}

_OPERATION = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, OPERATIONS))})(?!\w)")


def write_explanations(page: Page) -> list[Markup]:
    """Write an entry for every figure that the page refers to, and for all that these rest on."""
    entries = []
    waiting = list(page.shown)
    done: set[str] = set()
    while waiting:
        key = waiting.pop(0)
        if key in done:
            continue
        done.add(key)
        figure = page.figures[key]
        entries.append(_write_figure(page, key, figure))
        waiting += [name for name in figure.get("inputs") or () if name in page.figures and name not in done]
    return entries


def write_evidence(page: Page) -> list[Markup]:
    """Write an entry for every evidence row that the page refers to, in the order of their keys."""
    return [_write_row(page, key, page.evidence[key]) for key in sorted(page.cited)]


def write_sources(page: Page) -> list[Markup]:
    """Write the bibliography entries of the rows that the page refers to."""
    named = {page.evidence[key].get("source") for key in page.cited}
    # An id that some table shows must lead somewhere even if none of its rows is explained.
    return [
        fill('<li id="{}"><code>{}</code> {}</li>', to_anchor("s", name), name, citation)
        for name, citation in sorted(page.sources.items())
        if name in named or name in page.sources
    ]


def _write_figure(page: Page, key: str, figure: Mapping[str, Any]) -> Markup:
    text = page.text
    mark_ = page.mark() if figure.get("unverified") else Markup()
    value = page.amount(figure["value"], figure["unit"])
    interval = page.interval(figure, figure["unit"])
    year = f" ({figure['year']})" if figure.get("year") else ""
    parts = [
        fill(
            '<article class="entry" id="{}"><h3>{}</h3>'
            '<p class="result"><b>{}</b>{} {}{} <code>{}</code></p>',
            to_anchor("x", key),
            page.title(figure["label"]),
            value,
            mark_,
            _bracket(interval),
            year,
            key,
        )
    ]
    if figure.get("formula"):
        parts.append(fill('<p class="formula">= {}</p>', _translate_formula(page, figure)))
    inputs = figure.get("inputs") or ()
    if inputs:
        parts.append(
            fill('<ul class="inputs">{}</ul>', Markup().join(_write_input(page, name) for name in inputs))
        )
    if figure.get("details"):
        parts.append(_write_details(page, figure["details"]))
    parts.append(fill('<p class="back"><a href="#top">{}</a></p></article>', text("back to the summary")))
    return Markup().join(parts)


def _bracket(interval: str) -> str:
    return f"({interval})" if interval else ""


def _translate_formula(page: Page, figure: Mapping[str, Any]) -> str:
    """Put the names that this language has in place of the English ones."""
    formula = str(figure["formula"])
    if page.language.code == "en":
        return formula
    labels = [
        (page.figures.get(name) or page.evidence.get(name) or {}).get("label")
        for name in figure.get("inputs") or ()
    ]
    slots: list[str] = []
    for label in sorted({label for label in labels if label}, key=len, reverse=True):
        formula = formula.replace(label, f"\0{len(slots)}\0")
        slots.append(page.label(label))
    formula = _OPERATION.sub(lambda match: page.text(match[1]), formula)
    return re.sub(r"\0(\d+)\0", lambda match: slots[int(match[1])], formula)


def _write_input(page: Page, name: str) -> Markup:
    if name in page.figures:
        figure = page.figures[name]
        words = fill('<a href="#{}">{}</a>', to_anchor("x", name), page.title(figure["label"]))
        return fill(
            "<li>{}: {}{}</li>",
            words,
            page.amount(figure["value"], figure["unit"]),
            page.mark() if figure.get("unverified") else Markup(),
        )
    if name in page.evidence:
        return fill('<li class="row">{}</li>', _write_reference(page, name))
    return fill("<li>{}</li>", name)


def _write_reference(page: Page, key: str) -> Markup:
    """Write an evidence row in short: label, value, range, unit, mark, linked to its full entry."""
    row = page.evidence[key]
    return fill(
        '<a href="{}">{}</a>: {}{} {}',
        page.evidence_href(key),
        row["label"],
        _write_amount(page, row),
        "" if _is_verified(row) else page.mark(),
        _bracket(page.interval(row, row.get("unit"))),
    )


def _write_amount(page: Page, row: Mapping[str, Any]) -> str:
    amount = page.amount(row.get("value"), row.get("unit"))
    if not row.get("per"):
        return amount
    per = "per " + str(row["per"]).replace("_", " ")
    return f"{amount} {page.text(per)}"


def _is_verified(row: Mapping[str, Any]) -> bool:
    return bool(row.get("opened") or row.get("signed_by"))


def _write_details(page: Page, details: list[dict[str, Any]]) -> Markup:
    lines = []
    for line in details:
        cited = [name for name in line.get("evidence") or () if page.evidence_href(name)]
        links = Markup(" ").join(
            fill(
                '<a href="#{}" title="{}">{}</a>',
                to_anchor("e", name),
                page.evidence[name]["label"],
                f"[{i}]",
            )
            for i, name in enumerate(cited, 1)
        )
        lines.append(
            fill(
                "<tr><td>{}</td><td class=n>{}</td><td>{}</td></tr>",
                page.label(line["text"]),
                page.amount(line["value"], line["unit"]),
                links,
            )
        )
    summary = page.text("Parts: {n}", n=len(details))
    return fill(
        '<details><summary>{}</summary><div class="wide"><table>{}</table></div></details>',
        summary,
        Markup().join(lines),
    )


def _write_row(page: Page, key: str, row: Mapping[str, Any]) -> Markup:
    text = page.text
    facts = [_write_amount(page, row)]
    if interval := page.interval(row, row.get("unit")):
        facts.append(text("range {range}", range=interval))
    facts += [str(row[name]) for name in ("population", "year") if row.get(name)]
    checked = text("source opened") if row.get("opened") else text("source not opened")
    if row.get("status") in {"assumption", "derived"} and not row.get("opened"):
        checked = text(STATUSES[row["status"]])
    signed = text("signed by {names}", names=", ".join(row["signed_by"])) if row.get("signed_by") else ""
    source = row.get("source") or ""
    where = Markup(" · ").join(
        part
        for part in (
            page.source(source),
            escape(row.get("locator") or ""),
            escape(text(STATUSES.get(row.get("status") or "", row.get("status") or ""))),
            escape(checked if checked != text(STATUSES.get(row.get("status") or "", "")) else ""),
            escape(signed),
        )
        if part
    )
    note = fill("<p>{}</p>", row["note"]) if row.get("note") else Markup()
    return fill(
        '<article class="entry" id="{}"><h3>{}{}</h3><p class="result">{} '
        '<code>{}</code></p><p class="where">{}</p>{}</article>',
        to_anchor("e", key),
        row["label"],
        "" if _is_verified(row) else page.mark(),
        " · ".join(facts),
        key,
        where,
        note,
    )
