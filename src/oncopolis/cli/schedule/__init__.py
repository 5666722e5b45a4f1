"""``oncopolis schedule``: who comes in when, to which room, theatre, chair and nurse."""

import click

from oncopolis.cli.entry import LazyGroup


@click.group(
    name="schedule",
    cls=LazyGroup,
    package="oncopolis.cli.schedule",
    names=("week", "theatres", "chairs", "rosters", "check", "explain", "replan", "lists", "release"),
)
def command() -> None:
    """Find schedules, and check those that somebody else has found."""
