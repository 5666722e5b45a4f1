"""``oncopolis new``: a project to start from."""

from pathlib import Path

import click


@click.command(name="new")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--like", "example", required=True, metavar="NAME", help="Example to copy: tashkent, tyumen or severance."
)
def command(folder: Path, example: str) -> None:
    """Make DIR a new project, copied from an example."""
    from oncopolis.centre import copy_example

    copy_example(example, folder)
    click.echo(f"{folder} is a copy of {example}. Edit {folder / 'centre.yaml'}, then:")
    click.echo(f"oncopolis plan {folder} --out build")
