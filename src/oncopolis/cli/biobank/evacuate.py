"""``oncopolis biobank evacuate``: where everything in a tank goes."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from oncopolis.cli.options import database_option

if TYPE_CHECKING:
    from oncopolis.biobank.storage.evacuating import Line

_WIDTHS = (5, 16, 10, 16, 16, 9)  # structure: columns of the list on the terminal


@click.command(name="evacuate")
@click.argument("tank")
@database_option
@click.option("--plan", is_flag=True, help="Only show where everything goes; nothing is written.")
@click.option("--done", type=click.IntRange(min=1), metavar="N", help="Line N was carried.")
@click.option("--all", "carry_all", is_flag=True, help="Every line that is left was carried.")
@click.option("--cancel", is_flag=True, help="Leave the rest where it is, and use the tank again.")
@click.option("--by", metavar="NAME", help="Who carries; needed for all but --plan.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def command(
    tank: str,
    database: str,
    plan: bool,
    done: int | None,
    carry_all: bool,
    cancel: bool,
    by: str | None,
    as_json: bool,
) -> None:
    """Empty TANK: print the list of what is carried where, and keep track of what was carried.

    Without --plan the evacuation is begun, or taken up where it was left: places are promised to all that
    is in the tank, and nothing new comes into it. Exits with 3 if something finds no place.
    """
    from oncopolis.biobank.performing import Bank
    from oncopolis.biobank.storage.evacuating import list_lines, list_open, plan_evacuation
    from oncopolis.record import Act, Who
    from oncopolis.record.store import open_store
    from oncopolis.record.store.store import get_time_ms

    if not plan and not by:
        raise click.UsageError("say who carries: --by NAME")
    if sum((plan, done is not None, carry_all, cancel)) > 1:
        raise click.UsageError("choose one of --plan, --done, --all and --cancel")
    with open_store(database, announce=click.echo) as store:
        bank = Bank(store)
        if plan:
            found = bank.ask(lambda books: plan_evacuation(books, tank, get_time_ms()))
            lines = bank.ask(lambda books: list_lines(books, found))
            _print(lines, as_json)
            _check_left(tank, found.n_specimens, [one.barcode for one in found.left])
            if not as_json:
                click.echo(f"{found.n_specimens} specimens, all with a place")
            return
        act = Act("E", "biobank evacuate", Who("Person", str(by), str(by)), "biobank evacuate")
        if cancel:
            told = bank.perform("bank_cancel_evacuation", {"tank": tank}, act).result()
            click.echo(f"cancelled; {told['left']} lines were not carried")
            return
        if not bank.ask(lambda books: list_open(books, tank)):
            bank.perform("bank_begin_evacuation", {"tank": tank}, act).result()
        lines = bank.ask(lambda books: list_open(books, tank))
        carried = [one.n for one in lines if not one.is_done] if carry_all else [done] if done else []
        for n in carried:
            bank.perform("bank_carry", {"tank": tank, "n": n}, act).result()
        left = bank.ask(lambda books: list_open(books, tank))
        _print(left, as_json)
        if not as_json:
            n_left = sum(not one.is_done for one in left)
            click.echo(f"{n_left} lines are left" if n_left else "the tank is empty")


def _print(lines: "list[Line]", as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([asdict(one) for one in lines], indent=2, ensure_ascii=False))
        return
    for one in lines:
        cells = (
            one.n,
            one.what,
            one.kind,
            f"from {one.taken_from}",
            f"to {one.into}",
            f"place {one.position}",
        )
        text = "".join(f"{cell!s:<{width}} " for cell, width in zip(cells, _WIDTHS, strict=True))
        click.echo(f"{text}{one.n_specimens} specimens{', carried' if one.is_done else ''}")


def _check_left(tank: str, n_specimens: int, left: list[str]) -> None:
    from oncopolis.foundation import InfeasibleError

    if left:
        raise InfeasibleError(
            code="BIO-022", where=f"tank {tank}",
            got=f"{n_specimens} specimens, of which {len(left)} find no place (the first is {left[0]})",
            expected="free places that are as cold and of the same inventory",
            fix="free positions or bring a tank into use, then plan again",
        )  # fmt: skip
