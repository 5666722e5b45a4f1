"""Targets: what was asked for, what was reached."""

from typing import Any

from markupsafe import Markup

from oncopolis.report.language import mark
from oncopolis.report.markup import fill
from oncopolis.report.sheet import Section
from oncopolis.report.tables import Column, write_table
from oncopolis.report.twin.page import TwinPage

GOALS = {
    "wait": mark("at least {share} of waits within {within}"),
    "treatment": mark("at least {share} treated within {within} of referral"),
    "utilisation": mark("in use for less than {share} of its open time"),
    "refused": mark("at most {share} turned away or giving up"),
}


def write_targets(page: TwinPage) -> Section | None:
    """Write the section; None without targets."""
    targets = page.document["targets"]
    if not targets:
        return None
    text = page.text
    held = sum(target["held"] is True for target in targets)
    columns = (
        Column(text("Target"), is_number=False),
        Column(text("Asked for"), is_number=False),
        Column(text("Reached")),
        Column(text("Result"), is_number=False),
    )
    rows = [
        (
            page.title(target["label"]),
            write_goal(page, target),
            page.estimate(target["reached"], "share"),
            _write_verdict(page, target["held"]),
        )
        for target in targets
    ]
    lead = text("{held} of {n} targets are kept.", held=held, n=len(targets))
    table = write_table(columns, rows, caption=text("Targets: asked for and reached"))
    return Section("targets", text("Targets"), lead, (table,))


def write_goal(page: TwinPage, target: dict[str, Any]) -> str:
    """Say in words what a target asks for."""
    share = page.amount(target["share"], "share")
    return page.text(GOALS[target["of"]], share=share, within=page.span(target["within_min"]))


def _write_verdict(page: TwinPage, held: bool | None) -> Markup:
    kind, word = {
        True: ("good", page.text("kept")),
        False: ("error", page.text("missed")),
        None: ("", page.text("not observed")),
    }[held]
    return fill('<span class="tag {}">{}</span>', kind, word)
