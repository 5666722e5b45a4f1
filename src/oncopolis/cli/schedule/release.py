"""``oncopolis schedule release``: a named person says that a schedule may be used."""

from pathlib import Path

import click


@click.command(name="release")
@click.argument("instance", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("solution", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--by", required=True, metavar="NAME", help="Who releases it.")
@click.option("--role", required=True, metavar="ROLE", help="As what, such as head of surgery.")
@click.option("--note", default="", metavar="TEXT", help="What is to be remembered with it.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    help="File for the record of the release.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the record as JSON.")
def command(instance: Path, solution: Path, by: str, role: str, note: str, out: Path, as_json: bool) -> None:
    """Release a schedule in somebody's name, and write the record of it.

    INSTANCE and SOLUTION are files as `check` takes them. The record holds the digests of both, who is past
    target in each clinical class, and who is passed over and why. A schedule that breaks a rule is refused.
    """
    import json
    from datetime import UTC, datetime

    from oncopolis.cli.schedule.kinds import get_kind
    from oncopolis.scheduling.releasing import release
    from oncopolis.scheduling.theatres import list_passed_over_of_files

    kind = get_kind(instance)
    is_of_theatres = kind.__name__.endswith("theatres")
    record = release(
        instance.read_bytes(),
        solution.read_bytes(),
        kind.check_files(instance, solution),
        list_passed_over_of_files(instance, solution) if is_of_theatres else (),
        by=by,
        role=role,
        note=note,
        at=datetime.now(UTC),
    )
    text = json.dumps(record.to_dict(), ensure_ascii=False, indent=1)
    out.write_text(text + "\n", "utf-8")
    if as_json:
        click.echo(text)
    else:
        click.echo(f"released by {record.by}, {record.role}, {record.at}")
        for clinical_class, (late, left_out) in record.past_target.items():
            click.echo(f"class {clinical_class}: {late} after their target day, {left_out} left out")
        click.echo(f"passed over in all: {len(record.passed_over)}")
        click.echo(out)
