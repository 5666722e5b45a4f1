"""``oncopolis schedule explain``: why a patient is not in a schedule of theatres and wards."""

from pathlib import Path

import click


@click.command(name="explain")
@click.argument("instance", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("solution", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("patient")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=2.0,
    show_default=True,
    metavar="S",
    help="Time to look for a schedule that has the patient.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the explanation as JSON.")
def command(instance: Path, solution: Path, patient: str, seconds: float, as_json: bool) -> None:
    """Say what keeps a patient of theatres and wards from each day, and what having them in would cost.

    PATIENT is the id of one who waits, in or out.
    """
    import json

    from oncopolis.scheduling.theatres import explain, read_problem, read_solution

    problem = read_problem(instance)
    explained = explain(problem, read_solution(solution, problem), patient, seconds=seconds)
    click.echo(json.dumps(explained.to_dict()) if as_json else explained.to_text())
