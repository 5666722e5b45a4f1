"""Shadow mode: a server says on every answer that it is not approved for care, until the centre approves it.

The approval is a record, ``Basic/oncopolis-approval``, so that who gave it, when, and who took it back is in
its history and in the audit.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from time import monotonic
from typing import Final, Literal, TypeAlias

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oncopolis.foundation import InputError
from oncopolis.record import Act, Version, Who
from oncopolis.record.approval import APPROVED, ID, SYSTEM, TYPE, WITHDRAWN, is_approval
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.store import Store

Name: TypeAlias = Literal["shadow", "live"]

HEADER: Final = "X-Oncopolis-Mode"
_BELIEVED_S: Final = 1.0
"""For how long an answer of the store is believed."""


class Mode:
    """What mode a server is in, asked of the record at most once a second."""

    def __init__(self, store: Store, clock_s: Callable[[], float] = monotonic) -> None:
        self._store, self._clock_s = store, clock_s
        self._name: Name = "shadow"
        self._asked_s: float | None = None

    @property
    def name(self) -> Name:
        """``shadow`` until the centre has approved, and again if it takes that back.

        While the store is in trouble it is what it was; whoever asks the store something is told.
        """
        now_s = self._clock_s()
        if self._asked_s is None or now_s - self._asked_s >= _BELIEVED_S:
            self._asked_s = now_s
            with suppress(Exception):
                self._name = find_mode(self._store)
        return self._name


def find_mode(store: Store) -> Name:
    """What the record says."""
    found = find_resource(store.read(TYPE, ID))
    return "live" if found is not None and is_approval(found) else "shadow"


def write_approval(store: Store, by: str, *, is_approved: bool) -> Version:
    """Approve the server for care in the name of somebody, or take that back.

    Raises
    ------
    InputError
        Nobody is named (REC-252).
    """
    if not by.strip():
        raise InputError(code="REC-252", where="--by", got=repr(by), expected="a name", fix="say who decides")
    record = {
        "resourceType": TYPE,
        "id": ID,
        "code": {"coding": [{"system": SYSTEM, "code": APPROVED if is_approved else WITHDRAWN}]},
        "created": datetime.now(UTC).date().isoformat(),
        "author": {"display": by},
    }
    what = "approved for care" if is_approved else "approval withdrawn"
    act = Act("U", what, Who("Person", by, by), "oncopolis approve")
    return store.submit(lambda transaction: transaction.put(record), act).result()


class Marked:
    """Puts the mode on every answer of an application."""

    def __init__(self, app: ASGIApp, mode: Mode) -> None:
        self.app, self.mode = app, mode

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        mark = (HEADER.lower().encode(), self.mode.name.encode())

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), mark]
            await send(message)

        await self.app(scope, receive, send_marked)
