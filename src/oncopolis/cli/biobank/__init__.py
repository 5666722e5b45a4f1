"""``oncopolis biobank``: the biobank's inventory, from the command line."""

import click

from oncopolis.cli.entry import LazyGroup


@click.group(
    name="biobank",
    cls=LazyGroup,
    package="oncopolis.cli.biobank",
    names=(
        "load",
        "import",
        "export",
        "compare",
        "miabis",
        "evacuate",
        "forecast",
        "labels",
        "use",
        "verify",
    ),
)
def command() -> None:
    """Fill a biobank, bring an inventory in, empty a tank, print labels, verify the books."""
