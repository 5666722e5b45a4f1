"""``oncopolis jobs``: what the workers of a server have to do, and what they failed at."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from oncopolis.cli.places import places_options

if TYPE_CHECKING:
    from oncopolis.record.store.outbox import Job, State

_STATES = ("waiting", "taken", "done", "dead", "cancelled")


@click.command(name="jobs")
@places_options
@click.option(
    "--state",
    type=click.Choice([*_STATES, "all"]),
    default="dead",
    show_default=True,
    help="Jobs to list; dead are those that failed too often.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=100,  # structure: the documented default of the command line
    show_default=True,
    metavar="N",
    help="Most to list, the newest first.",
)
@click.option("--retry", type=int, multiple=True, metavar="ID", help="Try a dead job again; may be repeated.")
@click.option("--cancel", type=int, multiple=True, metavar="ID", help="Stop a job; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print the jobs as JSON, with their payloads.")
def command(
    project: Path,
    database: str | None,
    keys: Path | None,
    state: str,
    limit: int,
    retry: tuple[int, ...],
    cancel: tuple[int, ...],
    as_json: bool,
) -> int:
    """List the jobs of a server that failed too often, try them again, or stop some.

    PROJECT is the folder of centre.yaml. May run while the server does. Exits with 1 when a job is dead.
    """
    from oncopolis.cli.entry import EXIT_FINDINGS
    from oncopolis.record.store import open_store
    from oncopolis.web.places import find_places, get_keys

    places = find_places(project, database, keys)
    with open_store(places.url, keys=get_keys(places)) as store:
        for id_ in retry:
            _tell(id_, store.jobs.revive(id_), "is tried again", "is not dead")
        for id_ in cancel:
            _tell(id_, store.jobs.cancel(id_), "is cancelled", "is over, or was never there")
        listed = store.jobs.list(_find_state(state), limit=limit)
        is_dead = bool(store.jobs.list("dead", limit=1))
    if as_json:
        click.echo(json.dumps([_to_json(job) for job in listed], ensure_ascii=False, indent=2))
    else:
        for job in listed:
            click.echo(_to_line(job))
        if not listed:
            click.echo("no jobs" if state == "all" else f"no {state} jobs")
    return EXIT_FINDINGS if is_dead else 0


def _find_state(state: str) -> "State | None":
    return None if state == "all" else cast("State", state)


def _tell(id_: int, is_done: bool, done: str, not_done: str) -> None:
    click.echo(f"job {id_} {done if is_done else not_done}", err=True)


def _to_line(job: "Job") -> str:
    from oncopolis.foundation.units import MS_PER_SECOND

    due = datetime.fromtimestamp(job.due_ms / MS_PER_SECOND, UTC)
    last = job.error.strip().rpartition("\n")[2]
    told = f": {last}" if last else ""
    return f"{job.id} {job.kind} {job.state}, {job.attempts} attempts, due {due:%Y-%m-%d %H:%M:%S} UTC{told}"


def _to_json(job: "Job") -> dict[str, object]:
    return asdict(job)
