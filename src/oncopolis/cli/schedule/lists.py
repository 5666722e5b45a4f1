"""``oncopolis schedule lists``: the operations of each theatre and day in their order, with times."""

from pathlib import Path

import click


@click.command(name="lists")
@click.argument("instance", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("solution", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--spread",
    type=click.FloatRange(min=0),
    required=True,
    metavar="SHARE",
    help="Standard deviation of the length of an operation over its mean, from your own theatres.",
)
@click.option("--change", "change_min", type=click.IntRange(min=0), default=0, show_default=True,
              metavar="MIN", help="Minutes between two operations of a theatre.")  # fmt: skip
@click.option("--anaesthetists", type=click.IntRange(min=1), metavar="N", help="Operations at once.")
@click.option("--recovery-beds", type=click.IntRange(min=1), metavar="N", help="Beds after the operation.")
@click.option("--recovery", "recovery_min", type=click.IntRange(min=0), default=0, show_default=True,
              metavar="MIN", help="Minutes of each patient in a recovery bed.")  # fmt: skip
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, metavar="S",
              help="Same seed, same chances.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the lists as JSON.")
def command(
    instance: Path,
    solution: Path,
    spread: float,
    change_min: int,
    anaesthetists: int | None,
    recovery_beds: int | None,
    recovery_min: int,
    seed: int,
    as_json: bool,
) -> None:
    """Put the operations of a schedule of theatres and wards in order, and say how likely lists overrun.

    Times are minutes from the opening of the theatres. No surgeon operates in two theatres at once.
    """
    import json
    from dataclasses import asdict

    from oncopolis.scheduling.theatres import Means, read_problem, read_solution, sequence

    problem = read_problem(instance)
    means = Means(
        spread,
        change_min=change_min,
        anaesthetists=anaesthetists,
        recovery_beds=recovery_beds,
        recovery_min=recovery_min,
    )
    lists = sequence(problem, read_solution(solution, problem), means, seed=seed)
    if as_json:
        click.echo(json.dumps([asdict(one) for one in lists]))
        return
    for one in lists:
        click.echo(
            f"day {one.day}, {one.theatre}: open {one.open_min} min, overruns on {one.share_overrun:.0%} of "
            f"days, by no more than {one.late_min} min on nine of ten"
        )
        for case in one.cases:
            click.echo(f"  {case.start_min:4} to {case.end_min:4}  {case.patient}  {case.surgeon}")
