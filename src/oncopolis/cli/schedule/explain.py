"""``oncopolis schedule explain``: why a schedule is as it is, and what another one would cost."""

from pathlib import Path

import click


@click.command(name="explain")
@click.argument("instance", type=click.Path(path_type=Path))
@click.argument("solution", type=click.Path(path_type=Path, exists=True))
@click.argument("what")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=2.0,
    show_default=True,
    metavar="S",
    help="Time to look for another schedule.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the explanation as JSON.")
def command(instance: Path, solution: Path, what: str, seconds: float, as_json: bool) -> None:
    """Say what binds, and what it would cost if it were otherwise.

    WHAT is the id of a patient of theatres and wards, in or out, or of a day clinic, without a time or with
    one that could be earlier. Of a roster it is a place as `check` writes it: "day 3, night, nurse" asks why
    no more nurses are there, "Ann, day 3" why Ann is not off.
    """
    import json

    from oncopolis.cli.schedule.kinds import get_kind

    room = get_kind(instance)
    problem = room.read_problem(instance)
    explained = room.explain(problem, room.read_solution(solution, problem), what, seconds=seconds)
    click.echo(json.dumps(explained.to_dict()) if as_json else explained.to_text())
