"""What a review found, what it could not check, and what is let pass."""

from collections.abc import Iterable, Sequence
from typing import Any

from markupsafe import Markup, escape

from oncopolis.report.findings import SEVERITIES
from oncopolis.report.language import mark
from oncopolis.report.markup import fill
from oncopolis.report.review.wording import tell_actual
from oncopolis.report.sheet import Section, Sheet
from oncopolis.report.tables import Column, fold, write_table

_FEW = 4  # structure: places that are listed without being folded away
_MOST = 500  # structure: places of one finding that a page lists; the workbook has all
KINDS = {
    "building": mark("building"),
    "department": mark("department"),
    "door": mark("door"),
    "equipment": mark("equipment"),
    "room": mark("room of the programme"),
    "space": mark("space"),
    "wall": mark("wall"),
}

Groups = Sequence[dict[str, Any]]


def write_findings(sheet: Sheet, document: dict[str, Any]) -> Section:
    """Write the findings, the gravest first; places that say the same are one finding."""
    groups = [group for group in document["groups"] if group["state"] == "failed"]
    text = sheet.text
    lead = (
        text(
            "Findings: {n}, at {places} places. Places that say the same are one finding.",
            n=sheet.number(len(groups)),
            places=sheet.number(sum(group["n"] for group in groups)),
        )
        if groups
        else text("Nothing was found to be wrong.")
    )
    return Section("findings", text("Findings"), lead, tuple(_write_group(sheet, group) for group in groups))


def write_unknown(sheet: Sheet, document: dict[str, Any]) -> Section | None:
    """Write what could not be checked; None if everything could."""
    groups = [group for group in document["groups"] if group["state"] == "unknown"]
    if not groups:
        return None
    text = sheet.text
    lead = text(
        "Nothing passes because data is missing. What could not be checked waits for the model to say it."
    )
    blocks = tuple(_write_unknown(sheet, rule, found) for rule, found in _by_rule(groups))
    return Section("unknown", text("Not checkable"), lead, blocks)


def write_let_pass(sheet: Sheet, document: dict[str, Any]) -> Section | None:
    """Write what is waived or was known before; None if nothing is."""
    groups = [group for group in document["groups"] if group["state"] in {"waived", "known"}]
    unused = document["unused_waivers"]
    if not groups and not unused:
        return None
    text = sheet.text
    heads = (text("Finding"), text("Where"), text("Why it passes"), text("Who answers for it"), text("Until"))
    columns = tuple(Column(head, is_number=False) for head in heads)
    rows = [
        (
            sheet.title(group["message"]),
            _name_places(group["outcomes"]),
            group["waiver"]["reason"] if group["waiver"] else text("known from an earlier review"),
            group["waiver"]["owner"] if group["waiver"] else "",
            (group["waiver"]["until"] or "") if group["waiver"] else "",
        )
        for group in groups
    ]
    rows += [
        (
            waiver["rule"],
            waiver["where"],
            text("waiver that nothing needs"),
            waiver["owner"],
            waiver["until"] or "",
        )
        for waiver in unused
    ]
    table = write_table(columns, rows, caption=text("Let pass"))
    return Section("waived", text("Let pass"), text("Waived by somebody, or known before."), (table,))


def _write_group(sheet: Sheet, group: dict[str, Any]) -> Markup:
    text, severity = sheet.text, group["severity"]
    n = fill(' <span class="times">× {}</span>', sheet.number(group["n"])) if group["n"] > 1 else Markup()
    head = fill(
        '<h3><span class="tag {}">{}</span> {}{}</h3>',
        severity,
        text(SEVERITIES[severity]),
        sheet.title(group["message"]),
        n,
    )
    lines = [
        (text("Found"), tell_actual(sheet.language, group)),
        (text("Expected"), sheet.label(group["expected"])),
        (text("What to do"), sheet.label(group["fix"])),
        (text("Rule"), fill('<a href="#r-{}">{}</a>', group["rule"], group["rule"])),
    ]
    if group["is_expired"]:
        waiver = group["waiver"]
        lines.append(
            (text("Waiver that has run out"), f"{waiver['until']}, {waiver['owner']}: {waiver['reason']}")
        )
    listed = Markup().join(fill("<dt>{}</dt><dd>{}</dd>", name, words) for name, words in lines if words)
    places = _list_places(sheet, group["outcomes"])
    if group["n"] > _FEW:
        places = fold(places, text("Places ({n})", n=sheet.number(group["n"])))
    return fill(
        '<div class="finding {}" id="g-{}">{}<dl>{}</dl>{}</div>', severity, group["id"], head, listed, places
    )


def _list_places(sheet: Sheet, outcomes: Sequence[dict[str, Any]]) -> Markup:
    text = sheet.text
    columns = tuple(Column(text(name), is_number=False) for name in ("Where", "Storey", "Found", "GlobalId"))
    rows = [
        (
            _name_things(sheet, outcome["things"]),
            outcome["things"][0]["storey"] if outcome["things"] else "",
            sheet.label(outcome["actual"]),
            fill("<code>{}</code>", outcome["things"][0]["id"]) if outcome["things"] else "",
        )
        for outcome in outcomes[:_MOST]
    ]
    left = len(outcomes) - len(rows)
    caption = text("The first {n}; the workbook has all", n=len(rows)) if left > 0 else ""
    return write_table(columns, rows, caption=caption)


def _name_things(sheet: Sheet, things: Sequence[dict[str, Any]]) -> Markup:
    if not things:
        return Markup()
    first = things[0]
    words = escape(sheet.title(first["words"]) if first["kind"] in {"room", "department"} else first["words"])
    others = ", ".join(thing["words"] for thing in things[1 : _FEW + 1])
    more = len(things) - 1 - _FEW
    told = f"{others} + {more}" if more > 0 else others
    return fill('{} <span class="quiet">{}</span>', words, told) if told else words


def _write_unknown(sheet: Sheet, rule: str, groups: Groups) -> Markup:
    outcomes = [outcome for group in groups for outcome in group["outcomes"]]
    name = f"{sheet.title(groups[0]['message'])}? ({sheet.number(len(outcomes))})"
    why = sorted({sheet.label(outcome["actual"]) for outcome in outcomes})
    head = fill('<p class="note">{} <a href="#r-{}">{}</a></p>', "; ".join(why[:_FEW]), rule, rule)
    return fold(head + _list_places(sheet, outcomes), name)


def _by_rule(groups: Groups) -> Iterable[tuple[str, list[dict[str, Any]]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for group in groups:
        found.setdefault(group["rule"], []).append(group)
    return found.items()


def _name_places(outcomes: Sequence[dict[str, Any]]) -> str:
    names = [outcome["things"][0]["words"] for outcome in outcomes if outcome["things"]]
    more = len(names) - _FEW
    return ", ".join(names[:_FEW]) + (f" + {more}" if more > 0 else "")
