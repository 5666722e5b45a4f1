"""``oncopolis schedule replan``: a schedule mended after something has happened, with few changes."""

from pathlib import Path
from typing import Any

import click


@click.command(name="replan")
@click.argument("instance", type=click.Path(path_type=Path))
@click.argument("told", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--today",
    type=click.IntRange(min=0),
    required=True,
    metavar="DAY",
    help="First day that may still be changed, as the instance counts days.",
)
@click.option(
    "--charge",
    type=click.IntRange(min=0),
    required=True,
    metavar="COST",
    help="Cost of each change that somebody has to be told.",
)
@click.option("--now", type=click.IntRange(min=0), default=0, show_default=True, metavar="SLOT",
              help="Chairs: first slot of that day that may still be changed.")  # fmt: skip
@click.option("--late", multiple=True, metavar="PATIENT=SLOT",
              help="Chairs: somebody is not there before a slot of that day. May be repeated.")  # fmt: skip
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=2.5,  # structure: the documented default of the command line
    show_default=True,
    metavar="S",
    help="Time to search.",
)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, metavar="S",
              help="Theatres: another seed makes another search.")  # fmt: skip
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    help="File for the schedule.",
)
@click.option("--json", "as_json", is_flag=True, help="Print cost and changes as JSON only.")
def command(
    instance: Path,
    told: Path,
    today: int,
    charge: int,
    now: int,
    late: tuple[str, ...],
    seconds: float,
    seed: int,
    out: Path,
    as_json: bool,
) -> None:
    """Mend a schedule with few changes to what people were told.

    INSTANCE is the problem as it is now, TOLD the schedule that is known. What was before today stays.
    Theatres and wards charge for each patient with another day, chairs for each session with another day or
    time of arrival, rosters for each day of a nurse with another shift or skill.

    Exits with 3 when there is no schedule any more, or none was found.
    """
    import json

    from oncopolis.cli.schedule.kinds import get_kind

    room = get_kind(instance)
    name = room.__name__.rsplit(".", 1)[-1]
    own: dict[str, Any] = {"seed": seed} if name == "theatres" else {}
    if name == "chairs":
        own = {"now": now, "late": _read_late(late)}
    elif now or late:
        raise click.UsageError("--now and --late are of chairs only")
    problem = room.read_problem(instance)
    again = room.replan(
        problem, room.read_solution(told, problem), today=today, charge=charge, seconds=seconds, **own
    )
    out.write_text(json.dumps(room.to_json(problem, again.solution), indent=1) + "\n", "utf-8")
    click.echo(json.dumps(again.to_dict()) if as_json else again.to_text())
    if not as_json:
        click.echo(out)


def _read_late(late: tuple[str, ...]) -> dict[str, int]:
    said = {}
    for one in late:
        patient, _, slot = one.rpartition("=")
        if not patient or not slot.isdigit():
            raise click.BadParameter(f"{one!r} is not PATIENT=SLOT", param_hint="--late")
        said[patient] = int(slot)
    return said
