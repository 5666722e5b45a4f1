"""The plan in one screen of a terminal."""

from typing import TYPE_CHECKING

from oncopolis.report.canonical import Plan
from oncopolis.report.language import find_language
from oncopolis.report.numerals import is_money
from oncopolis.report.page import HOLLOW, Page
from oncopolis.report.screen import make_table, open_screen, print_findings, read_screen

if TYPE_CHECKING:
    from rich.console import Console


def summarise(plan_document: Plan, *, language: str) -> str:
    """Return a readable summary: headlines with intervals, main findings, what is unverified.

    Parameters
    ----------
    plan_document
        Plan document.
    language
        ``en``, ``ko``, ``ru`` or ``uz``.
    """
    from rich.text import Text

    page = Page(plan_document, find_language(language))
    console = open_screen()
    project = plan_document["project"]
    console.print()
    console.print(Text(project["name"], style="bold"))
    console.print(_write_subtitle(page), style="dim")
    console.print()
    _print_headlines(page, console)
    print_findings(page, console, page.plan["findings"])
    console.print(page.text("The report explains every number: open report.html in a browser."))
    return read_screen(console)


def _write_subtitle(page: Page) -> str:
    draws = page.plan["settings"].get("draws")
    parts = [
        f"{page.years[0]}–{page.years[-1]}",
        page.text("headlines refer to {year}", year=page.plan["reference_year"]),
        page.text("prices of {year}", year=page.plan["project"]["currency"]["price_year"]),
        page.text("draws: {n}", n=page.number(draws)),
    ]
    return " · ".join(parts)


def _print_headlines(page: Page, console: "Console") -> None:
    from rich.text import Text

    text = page.text
    table = make_table()
    table.add_column(text("Headline"), overflow="fold")
    table.add_column(text("Value"), justify="right", no_wrap=True)
    table.add_column(text("Interval"), justify="right", no_wrap=True, style="dim")
    for key in page.plan["headlines"]:
        figure = page.figures.get(key)
        if not figure:
            continue
        unit = figure["unit"]
        mark = Text(f" {HOLLOW}" if figure.get("unverified") else "  ", style="yellow")
        value = page.amount(figure["value"], unit) if is_money(unit) else page.number(figure["value"], unit)
        label = Text(page.title(figure["label"]))
        if not is_money(unit) and (words := page.unit(unit)):
            label.append(f", {words}", style="dim")
        table.add_row(label, Text(value, style="bold") + mark, page.interval(figure, unit))
    console.print(table)
    if any((page.figures.get(key) or {}).get("unverified") for key in page.plan["headlines"]):
        legend = text("rests on a number whose source has not been opened, or on an unsigned assumption")
        console.print(f"{HOLLOW} {legend}", style="dim")
