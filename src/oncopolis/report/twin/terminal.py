"""The run in one screen of a terminal."""

from typing import TYPE_CHECKING

from oncopolis.report.canonical import Plan, round_numbers
from oncopolis.report.language import find_language
from oncopolis.report.screen import make_table, open_screen, print_findings, read_screen
from oncopolis.report.twin.page import TwinPage
from oncopolis.report.twin.summary import write_sentences

if TYPE_CHECKING:
    from rich.console import Console


def summarise_twin(document: Plan, *, language: str = "en") -> str:
    """Return a readable summary: does it hold, headlines with intervals, main findings.

    Parameters
    ----------
    document
        Document of a run.
    language
        ``en``, ``ko``, ``ru`` or ``uz``.
    """
    from rich.text import Text

    page = TwinPage(round_numbers(document), find_language(language))
    console = open_screen()
    console.print()
    console.print(Text(document["project"]["name"], style="bold"))
    console.print(_write_subtitle(page), style="dim")
    console.print()
    for sentence in write_sentences(page):
        console.print(sentence)
    console.print()
    _print_headlines(page, console)
    print_findings(page, console, page.document["findings"])
    return read_screen(console)


def _write_subtitle(page: TwinPage) -> str:
    text, run = page.text, page.document["run"]
    parts = [
        f"{text('From')} {run['start']}",
        f"{text('Days counted')}: {page.number(run['days'])}",
        f"{text('Replications')}: {len(run['replications'])} ({text('seed {seed}', seed=run['seed'])})",
    ]
    return " · ".join(parts)


def _print_headlines(page: TwinPage, console: "Console") -> None:
    from rich.text import Text

    table = make_table()
    table.add_column(page.text("Headline"), overflow="fold")
    table.add_column(page.text("Value"), justify="right", no_wrap=True)
    if page.has_intervals:
        table.add_column(page.text("Interval"), justify="right", no_wrap=True, style="dim")
    for key in page.document["headlines"]:
        figure = page.document["figures"][key]
        unit = figure["unit"]
        label = Text(page.title(figure["label"]))
        is_share = unit == "share"
        if not is_share and (words := page.unit(unit)):
            label.append(f", {words}", style="dim")
        value = page.amount(figure["value"], unit) if is_share else page.number(figure["value"])
        row = [label, Text(value, style="bold")]
        if page.has_intervals:
            row.append(Text(page.interval(figure, unit)))
        table.add_row(*row)
    console.print(table)
