"""``oncopolis explain``: the tree behind one figure."""

from pathlib import Path

import click

from oncopolis.cli.options import project_argument, set_option


@click.command(name="explain")
@project_argument
@click.argument("key", required=False)
@click.option("--list", "list_keys", is_flag=True, help="List the figures that can be explained.")
@set_option
def command(project: Path, key: str | None, list_keys: bool, settings: dict[str, str]) -> None:
    """Explain one figure of a project.

    Prints the tree from the population to the figure KEY, each coefficient with its range and source.
    """
    if (key is None) != list_keys:
        raise click.UsageError("Give a KEY to explain, or --list to see the keys.")
    from oncopolis.studies import explain_figure, list_figures

    if key is None:
        for figure, label in list_figures(project, settings=settings):
            click.echo(f"{figure}\t{label}")
        return
    click.echo(explain_figure(project, key, settings=settings))
