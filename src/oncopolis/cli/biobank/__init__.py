"""``oncopolis biobank``: the biobank's inventory, from the command line."""

import click

from oncopolis.cli.entry import LazyGroup


@click.group(
    name="biobank",
    cls=LazyGroup,
    package="oncopolis.cli.biobank",
    names=("load", "evacuate", "forecast", "labels", "verify"),
)
def command() -> None:
    """Fill a biobank, empty a tank, foresee when it is full, print labels, verify the books."""
