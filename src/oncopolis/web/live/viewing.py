"""Who looked at which list or page of a patient: one entry in the audit a view, with all whom it showed.

While the record cannot be written, lists can be looked at and printed all the same: what is to be noted is
kept, and written with the next view that can be, with the moment it was of.

A page that is filled again by itself is looked at still: only those who are new on it are noted, gathered for
a minute, so that neither an open page nor a long list floods the audit. Each patient finds it in their log.
"""

from collections import OrderedDict, deque
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Final, TypeAlias
from uuid import uuid4

from oncopolis.foundation import ExternalError
from oncopolis.operations.elements import to_instant
from oncopolis.record import Act as Audited
from oncopolis.record import Version
from oncopolis.record.store import Store
from oncopolis.record.store.auditing import UNSEEN
from oncopolis.web.login.gate import to_caller
from oncopolis.web.login.visits import Visit

VIEW: Final = "view"
"""What the audit calls it."""
GATHERED_MS: Final = 60_000  # structure: for how long those who are new on an open page are gathered
WAIT_S: Final = 3.0  # structure: for how long a page waits until its view is noted
_MOST: Final = 10_000  # structure: open pages that are remembered, and views that are kept
_Noted: TypeAlias = tuple[Audited, Sequence[Version]]


@dataclass(slots=True)
class _Open:
    """A page somebody has open: when it was noted last, and with whom."""

    noted_ms: int = 0
    patients: set[str] = field(default_factory=set)


class Views:
    """The views of a server."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._open: OrderedDict[tuple[str, str], _Open] = OrderedDict()
        self._lock = Lock()
        self._kept: deque[_Noted] = deque()

    def note(self, visit: Visit, patients: Iterable[str], now_ms: int) -> None:
        """Write that somebody is shown these patients, before they are; later if it cannot be written now.

        Raises
        ------
        ExternalError
            Neither can it be written, nor are more to be kept.
        """
        shown = set(patients)
        new = self._find_new(visit, shown, now_ms)
        if new is None:
            return
        caller = to_caller(visit.account)
        audited = Audited("R", VIEW, caller.who, str(uuid4()), caller.purpose, query=name_page(visit))
        seen = [Version("Patient", id_, UNSEEN, 0, "update", None, patient=id_) for id_ in sorted(new)]
        self._write_kept()
        future = self._store.note(audited, seen)
        late = replace(audited, reason=f"noted late, seen at {to_instant(now_ms)}")
        try:
            future.result(WAIT_S)
        except Late:
            self._keep_if_lost(future, (late, seen))
        except ExternalError:
            if len(self._kept) >= _MOST:
                raise
            self._kept.append((late, seen))

    def _write_kept(self) -> None:
        """Write what could not be written; what still cannot is kept again."""
        for _ in range(len(self._kept)):
            try:
                audited, seen = self._kept.popleft()
            except IndexError:  # Another page was quicker.
                return
            self._keep_if_lost(self._store.note(audited, seen), (audited, seen))

    def _keep_if_lost(self, future: Future[None], noted: _Noted) -> None:
        def look(done: Future[None]) -> None:
            if isinstance(done.exception(), ExternalError):
                self._kept.append(noted)

        future.add_done_callback(look)

    def _find_new(self, visit: Visit, shown: set[str], now_ms: int) -> Collection[str] | None:
        """Return who is to be noted; None if nothing is."""
        key = (visit.account.id, visit.request.url.path)
        is_filled_again = "hx-request" in visit.request.headers
        with self._lock:
            one = self._open.pop(key, None) or _Open()
            self._open[key] = one
            while len(self._open) > _MOST:
                self._open.popitem(last=False)
            new = shown - one.patients if is_filled_again else shown
            is_due = not is_filled_again or (bool(new) and now_ms - one.noted_ms >= GATHERED_MS)
            if not is_due:
                return None
            one.noted_ms = now_ms
            one.patients = one.patients | new if is_filled_again else set(shown)
            return new


def name_page(visit: Visit) -> str:
    """Return the address of a page without ids, which would name patients after they were erased."""
    path = visit.request.url.path
    for name, value in visit.parts.items():
        if name == "id":
            path = path.replace(value, "{id}")
    return path
