"""``oncopolis compare``: what changed between two plans, and because of which inputs."""

from pathlib import Path

import click

_plan_path = click.Path(path_type=Path)


@click.command(name="compare")
@click.argument("plan_a", type=_plan_path)
@click.argument("plan_b", type=_plan_path)
def command(plan_a: Path, plan_b: Path) -> None:
    """Show what changed between two plans, and why.

    Each is a plan.json or the folder that holds it.
    """
    from oncopolis.studies import compare_plans

    click.echo(compare_plans(plan_a, plan_b))
