"""A choice in one screen of a terminal."""

from oncopolis.report.canonical import Plan, round_numbers
from oncopolis.report.choice.words import list_columns, list_rows, write_chosen, write_effort, write_promise
from oncopolis.report.language import find_language
from oncopolis.report.scenarios import print_not_modelled
from oncopolis.report.screen import make_table, open_screen, read_screen
from oncopolis.report.sheet import Sheet


def summarise_choice(document: Plan, *, language: str = "en") -> str:
    """Return the chosen alternative, the promise, and every alternative with its figure and replications.

    Parameters
    ----------
    document
        Document of `oncopolis.studies.choose_alternative`.
    language
        ``en``, ``ko``, ``ru`` or ``uz``.
    """
    from rich.text import Text

    sheet, plain = Sheet(find_language(language)), round_numbers(document)
    console = open_screen()
    console.print()
    console.print(Text(plain["project"], style="bold"))
    console.print(Text(write_chosen(sheet, plain)))
    console.print(Text(write_promise(sheet, plain)))
    console.print(Text(write_effort(sheet, plain), style="dim"))
    console.print()
    table = make_table()
    for column in list_columns(sheet):
        table.add_column(
            column.heading,
            justify="right" if column.is_number else "left",
            overflow="fold",
        )
    for each, row in zip(plain["alternatives"], list_rows(sheet, plain), strict=True):
        table.add_row(*row, style="bold" if each["name"] == plain["chosen"] else "")
    console.print(table)
    print_not_modelled(console, plain["not_modelled"])
    return read_screen(console)
