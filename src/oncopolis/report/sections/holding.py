"""Does the plan hold: its first years lived through in the twin."""

from typing import Any

from markupsafe import Markup

from oncopolis.report.markup import fill
from oncopolis.report.page import Page
from oncopolis.report.sheet import Section
from oncopolis.report.tables import Column, write_table


def write_holding(page: Page) -> Section | None:
    """Write the section; None if the twin was not asked."""
    holds = page.plan.get("holds")
    if not holds:
        return None
    blocks = [_write_targets(page, holds)] if holds["targets"] else []
    blocks += [_write_bottlenecks(page, holds)] if holds["bottlenecks"] else []
    blocks += [page.paragraph(_write_fix(page, holds))]
    blocks += [page.paragraph(_write_limits(page, holds), "note")]
    return Section("holds", page.text("Does it hold"), _write_lead(page, holds), tuple(blocks))


def _write_lead(page: Page, holds: dict[str, Any]) -> str:
    text, years = page.text, holds["years"]
    span = f"{years[0]}–{years[-1]}"
    broken = [target for target in holds["targets"] if target["breaks"]]
    if not holds["targets"]:
        return text("The definition states no target, so nothing can be said to hold or to break.")
    if not broken:
        return text("It holds: in {years} all {n} targets are kept.", years=span, n=len(holds["targets"]))
    return text(
        "It does not hold: in {years} {missed} of {n} targets are missed, the first in {first}.",
        years=span,
        missed=len(broken),
        n=len(holds["targets"]),
        first=min(year for target in broken for year in target["breaks"]),
    )


def _write_targets(page: Page, holds: dict[str, Any]) -> Markup:
    text = page.text
    columns = (
        Column(text("Target"), is_number=False),
        Column(text("Asked for")),
        *(Column(str(year)) for year in holds["years"]),
    )
    rows = [
        (
            page.title(target["label"]),
            f"{'≥' if target['is_floor'] else '≤'} {page.amount(target['share'], 'share')}",
            *(
                _write_reached(page, value, held)
                for value, held in zip(target["reached"], target["held"], strict=True)
            ),
        )
        for target in holds["targets"]
    ]
    return write_table(columns, rows, caption=text("Targets reached, year by year"))


def _write_reached(page: Page, value: float | None, held: bool | None) -> Markup | str:
    shown = page.amount(value, "share")
    return fill('<span class="tag error">{}</span>', shown) if held is False else shown


def _write_bottlenecks(page: Page, holds: dict[str, Any]) -> Markup:
    columns = (
        Column(page.text("Year"), is_number=False),
        Column(page.text("Most waiting is for"), is_number=False),
    )
    rows = [(str(line["year"]), page.title(line["label"])) for line in holds["bottlenecks"]]
    return write_table(columns, rows, caption=page.text("Bottleneck of each year"))


def _write_fix(page: Page, holds: dict[str, Any]) -> str:
    text, fix = page.text, holds["fix"]
    if not any(target["breaks"] for target in holds["targets"]):
        return text("Nothing had to be mended.")
    if fix is None:
        return text("One more of any bottleneck that was tried mends nothing.")
    labels = {target["id"]: page.title(target["label"]) for target in holds["targets"]}
    added = ", ".join(f"+{line['n']} {page.label(line['label'])}" for line in fix["added"])
    per_year = fix["usd_per_year"]
    words = [
        text("The cheapest fix found: {added}.", added=added),
        text("It costs {cost} a year, floor space left out.", cost=page.amount(per_year, "USD"))
        if per_year is not None
        else text("What it costs cannot be said: salary or equipment is not stated."),
    ]
    if fix["mends"]:
        words.append(text("It mends: {targets}.", targets="; ".join(labels[key] for key in fix["mends"])))
    if fix["leaves"]:
        words.append(
            text("Still missed: {targets}.", targets="; ".join(labels[key] for key in fix["leaves"]))
        )
    return " ".join(words)


def _write_limits(page: Page, holds: dict[str, Any]) -> str:
    return page.text(
        "Each year was lived through once in the twin (seed {seed}), so chance has a part in what is just "
        "kept or just missed. Not modelled: {omitted}",
        seed=holds["seed"],
        omitted=" ".join(page.title(words) for words in holds["not_modelled"]),
    )
