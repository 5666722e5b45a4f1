"""``oncopolis messages``: what neighbours sent, what waits for a decision, and what is held."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from uuid import uuid4

import click

from oncopolis.cli.places import places_options

if TYPE_CHECKING:
    from oncopolis.interop.settings import Settings
    from oncopolis.record.store import Store

_ACTIONS = ("list", "show", "replay", "decide", "approve", "discard", "masters")


@click.command(name="messages")
@places_options
@click.argument("action", type=click.Choice(_ACTIONS), default="list")
@click.argument("ids", nargs=-1)
@click.option("--take", type=click.Choice(("ours", "theirs")), help="Whose value stands, for `decide`.")
@click.option("--by", default="", metavar="NAME", help="Who decides, replays, approves or discards.")
@click.option("--reason", default="", metavar="TEXT", help="Why; kept with the decision.")
@click.option("--all", "all_held", is_flag=True, help="Every held message, for `approve` and `discard`.")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def command(
    project: Path,
    database: str | None,
    keys: Path | None,
    action: str,
    ids: tuple[str, ...],
    take: Literal["ours", "theirs"] | None,
    by: str,
    reason: str,
    all_held: bool,
    as_json: bool,
) -> int:
    """See to what neighbours sent and what is sent to them.

    PROJECT is the folder of centre.yaml. ACTION is one of: list (messages that could not be applied,
    conflicts and held messages; the default), show ID, replay ID, decide ID --take ours|theirs, approve ID,
    discard ID, masters (who is master of what). May run while the server does. `list` exits with 1 when
    something waits.
    """
    from oncopolis.interop.settings import load_settings
    from oncopolis.record.store import open_store
    from oncopolis.web.places import find_places, get_keys

    settings = load_settings(project)
    if action == "masters":
        for datum, master in settings.masters.items():
            click.echo(f"{datum}: {master}")
        return 0
    if action not in ("list", "show") and not by:
        raise click.UsageError("name who does it with --by NAME")
    if action == "decide" and take is None:
        raise click.UsageError("say whose value stands with --take ours or --take theirs")
    places = find_places(project, database, keys)
    with open_store(places.url, keys=get_keys(places)) as store:
        if action == "list":
            return _list(store, as_json=as_json)
        _follow(store, settings)
        if action in ("approve", "discard"):
            _settle(store, action, ids, by, all_held=all_held)
            return 0
        for id_ in ids:
            _do(store, settings, action, id_, take or "ours", by, reason)
    return 0


def _follow(store: "Store", settings: "Settings") -> None:
    """What is applied or decided here is told to partners as in the server."""
    from oncopolis.interop.messages.announcing import announce
    from oncopolis.web.mode import find_mode

    store.follow(announce(settings, lambda: find_mode(store) == "live"))


def _list(store: "Store", *, as_json: bool) -> int:
    from oncopolis.cli.entry import EXIT_FINDINGS
    from oncopolis.interop.messages.listing import list_waiting

    waiting = list(list_waiting(store))
    if as_json:
        click.echo(json.dumps([asdict(one) for one in waiting], ensure_ascii=False, indent=2))
    else:
        for one in waiting:
            click.echo(" ".join(part for part in (one.kind, one.id, one.since, one.text) if part))
        if not waiting:
            click.echo("nothing waits")
    return EXIT_FINDINGS if waiting else 0


def _do(
    store: "Store",
    settings: "Settings",
    action: str,
    id_: str,
    take: Literal["ours", "theirs"],
    by: str,
    reason: str,
) -> None:
    from oncopolis.interop.messages.listing import show
    from oncopolis.interop.messages.taking import Taker
    from oncopolis.interop.overlay.deciding import Decision, decide

    if action == "show":
        click.echo(show(store, id_))
    elif action == "replay":
        conflicts = Taker(store, settings, click.echo).replay(id_, by, reason)
        click.echo(f"{id_} is applied" + (f"; {len(conflicts)} conflicts to decide" if conflicts else ""))
    else:
        click.echo(f"{decide(store, settings, Decision(id_, take, by, reason))}: {take} stands")


def _settle(store: "Store", action: str, ids: tuple[str, ...], by: str, *, all_held: bool) -> None:
    """Let held messages go, or drop them."""
    from oncopolis.interop.messages.announcing import approve, discard, list_held
    from oncopolis.record import Act, Who

    settle: Callable[..., None] = approve if action == "approve" else discard
    for job, partner in list(list_held(store)):
        if all_held or str(job.id) in ids:
            act = Act("E", f"{action} message {job.id}", Who("Person", by, by), str(uuid4()))
            settle(store, job, act)
            click.echo(f"{job.id} for {partner}: {'goes out' if action == 'approve' else 'is not sent'}")
