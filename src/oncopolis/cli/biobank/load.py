"""``oncopolis biobank load``: a made-up inventory of any size."""

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from oncopolis.cli.options import database_option, seed_option

_EXAMPLE = "tashkent"
"""The project whose tanks are built unless another is named."""


@click.command(name="load")
@database_option
@click.option(
    "--specimens", type=click.IntRange(min=1), required=True, metavar="N", help="How many specimens to store."
)
@click.option(
    "--project",
    type=click.Path(path_type=Path),
    metavar="PROJECT",
    help="Project whose tanks are built; the example of Tashkent if left out.",
)
@seed_option("inventory")
def command(database: str, specimens: int, project: Path | None, seed: int) -> None:
    """Fill an empty biobank with a made-up inventory, to show or to measure.

    Storage is that of a project's definition, with more tanks of the same size if the specimens do not fit. A
    million specimens with their custody take about 0.4 GB of disk.
    """
    from oncopolis.biobank.inventory.loading import load
    from oncopolis.biobank.storage.building import find_size, fit_size
    from oncopolis.centre import copy_example, read_project
    from oncopolis.cli.progress import show_progress
    from oncopolis.record import Act, Who
    from oncopolis.record.store import open_store

    with TemporaryDirectory() as folder:
        if project is None:
            project = Path(folder) / _EXAMPLE
            copy_example(_EXAMPLE, project)
        size = fit_size(find_size(read_project(project, {})), specimens)
    act = Act("C", "biobank load", Who("Device", "oncopolis", "oncopolis"), "biobank load")
    with open_store(database, announce=click.echo) as store, show_progress("filling the biobank") as say:
        loaded = load(store, size, specimens, seed, act, say)
    click.echo(
        f"{loaded.n_specimens} specimens of {loaded.n_donors} donors in {size.n_tanks} tanks "
        f"of {size.n_vials} positions, {size.n_reserve} of them kept empty; {loaded.n_containers} containers"
    )
