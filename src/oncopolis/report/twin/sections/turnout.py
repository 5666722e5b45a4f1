"""What did not go as planned."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from oncopolis.report.language import mark
from oncopolis.report.sheet import Section
from oncopolis.report.tables import Column, fold, write_table
from oncopolis.report.twin.page import TwinPage

N_SHOWN = 15  # structure: rows shown before the rest is folded away

DEVIATIONS = {
    "no_show": mark("Never came"),
    "cancelled": mark("Cancelled by patients"),
    "sent_home": mark("Sent home and booked again"),
    "gave_up": mark("Gave up or were turned away"),
    "late": mark("Begun after the latest day"),
    "gaps": mark("Gaps in series"),
    "gap_days": mark("Days lost by gaps"),
}


def write_turnout(page: TwinPage) -> Section:
    """Write the section."""
    text, turnout = page.text, page.document["turnout"]
    done = turnout["all"]["done"]["value"]
    lead = text(
        "Of what was to be done, {n} times it was; what did not go as planned:", n=page.number(round(done))
    )
    ranked = sorted(turnout["activities"], key=_count, reverse=True)
    blocks = [_list(page, ranked[:N_SHOWN], text("By activity"), turnout["all"])]
    if rest := ranked[N_SHOWN:]:
        blocks.append(fold(_list(page, rest, ""), text("Further activities: {n}", n=len(rest))))
    if turnout["steps"]:
        blocks.append(fold(_list(page, turnout["steps"], text("By step")), text("By step")))
    return Section("turnout", text("What did not go as planned"), lead, tuple(blocks))


def _count(line: dict[str, Any]) -> float:
    return sum(line[key]["value"] or 0.0 for key in DEVIATIONS)


def _list(
    page: TwinPage, lines: Sequence[dict[str, Any]], caption: str, total: dict[str, Any] | None = None
) -> Markup:
    text = page.text
    columns = (
        Column(text("Where"), is_number=False),
        Column(text("Done")),
        *(Column(text(name)) for name in DEVIATIONS.values()),
    )

    def write(line: dict[str, Any]) -> list[str]:
        return [page.number(round(line[key]["value"] or 0)) for key in ("done", *DEVIATIONS)]

    rows = []
    for line in lines:
        label = page.title(line["label"])
        if pathway := page.pathways.get(line.get("pathway", "")):
            label = f"{pathway}: {label}"
        rows.append((label, *write(line)))
    closing = (text("All activities"), *write(total)) if total else ()
    return write_table(columns, rows, caption=caption, total=closing)
