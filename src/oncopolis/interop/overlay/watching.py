"""A change made here to what a partner is master of: it stands, and somebody has to decide about it."""

from collections.abc import Callable
from typing import Final

from oncopolis.interop.instants import to_instant
from oncopolis.interop.overlay.bases import find_base
from oncopolis.interop.overlay.conflicts import find_owner, make_conflict
from oncopolis.interop.overlay.masters import compare, get_source
from oncopolis.interop.settings import DATA, US, Settings
from oncopolis.record import Act
from oncopolis.record.fhir.text import parse
from oncopolis.record.store import Transaction
from oncopolis.record.store.auditing import Touched

__all__ = ["KIND", "watch"]

KIND: Final = "system"
"""Kind of who acts in messages of partners."""
_OURS: Final = frozenset({"meta", "text"})


def watch(settings: Settings) -> Callable[[Transaction, Act], None]:
    """Return the follower of the store that finds such changes."""

    def follower(transaction: Transaction, act: Act) -> None:
        if act.who.kind == KIND:
            return
        for touched in tuple(transaction.touched):
            master = settings.find_master(touched.type) if touched.type in DATA else ""
            if master not in ("", US) and touched.version > 1:
                _check(transaction, touched, master)

    return follower


def _check(transaction: Transaction, touched: Touched, master: str) -> None:
    version = transaction.read(touched.type, touched.id)
    if version is None or version.body is None:
        return
    current = parse(version.body)
    base = find_base(transaction, version, master)
    differences = compare(sorted(base.keys() - _OURS), current, base)
    if differences:
        transaction.put(
            make_conflict(
                master, touched.type, touched.id, differences, source=get_source(base), document="",
                master=master, patient=find_owner(current), authored=to_instant(transaction.now_ms),
            )
        )  # fmt: skip
