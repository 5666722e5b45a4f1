"""What changes here is told to the partners that want it: a job of the outbox for each of them."""

from collections.abc import Callable, Iterator
from typing import Final

from oncopolis.interop.mapping.events import MESSAGES
from oncopolis.interop.overlay.watching import KIND
from oncopolis.interop.settings import Settings
from oncopolis.record import Act
from oncopolis.record.store import Store, Transaction
from oncopolis.record.store.outbox import Job

__all__ = ["announce", "approve", "discard", "get_kind", "list_held"]

_SENT: Final = "hl7:"
_HELD: Final = "hl7-held:"
_MOST: Final = 10_000  # structure: held messages that are looked through


def get_kind(partner: str) -> str:
    """Return the kind of the jobs of messages to a partner, which are sent in their order."""
    return f"{_SENT}{partner}"


def announce(settings: Settings, is_live: Callable[[], bool]) -> Callable[[Transaction, Act], None]:
    """Return the follower of the store that puts messages into the outbox.

    Parameters
    ----------
    is_live
        Whether the server is approved; until then messages are held.
    """

    def follower(transaction: Transaction, act: Act) -> None:
        origin = act.who.id if act.who.kind == KIND else ""
        for touched in transaction.touched:
            kind = MESSAGES.get(touched.type)
            if kind is None or not touched.version:
                continue
            name = f"{touched.type}/{touched.id}"
            prefix = _SENT if is_live() else _HELD
            for receiver in settings.list_receivers(kind, touched.type, origin):
                payload = {"record": name, "version": touched.version}
                transaction.send(
                    f"{prefix}{receiver}", payload, key=f"{prefix}{receiver}:{name}/{touched.version}"
                )

    return follower


def list_held(store: Store) -> Iterator[tuple[Job, str]]:
    """Yield what is held in shadow mode and for whom, the oldest first."""
    for job in reversed(store.jobs.list("waiting", limit=_MOST)):
        if job.kind.startswith(_HELD):
            yield job, job.kind.removeprefix(_HELD)


def approve(store: Store, job: Job, act: Act) -> None:
    """Let a held message go, once."""
    partner = job.kind.removeprefix(_HELD)
    store.submit(
        lambda transaction: transaction.send(get_kind(partner), job.payload, key=f"approved:{job.key}"), act
    ).result()
    store.jobs.cancel(job.id)


def discard(store: Store, job: Job, act: Act) -> None:
    """Never send a held message."""
    store.submit(lambda _transaction: None, act).result()
    store.jobs.cancel(job.id)
