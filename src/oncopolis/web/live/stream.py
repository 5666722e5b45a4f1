"""`Stream`: tells open pages that something they show has changed; no page costs anything while nothing does.

Pages are told *that*, not *what*: they fetch what they show as before, with the rights they have then. A page
that listens names its topics and the mark of the state it shows; what changed in between is told at once.
"""

import asyncio
import random
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from http import HTTPStatus
from threading import RLock
from time import time_ns
from typing import Any, Final, TypeAlias

from starlette.types import ASGIApp, Receive, Scope, Send

from oncopolis.foundation.units import NS_PER_MS
from oncopolis.operations.views import View
from oncopolis.web.live.topics import Trail

MOST_TOPICS = 20  # structure: more than a page shows
ALIVE_S = 15.0  # structure: between two signs of life
GATHERED_S = 0.1  # structure: changes within it are told as one
_LIFE_S = 300.0  # structure: after which a page asks anew, and is checked anew
_SPREAD = 0.2  # structure: share of a life by which lives differ, so that not all pages ask at once
_KEPT_TOPICS = 100_000  # structure: topics whose last change is remembered
_HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]

Tell: TypeAlias = Callable[[Callable[[Sequence[View]], None]], None]
"""Takes who is told of changes: `operations.Live.listen`."""


class _Listener:
    """One open page."""

    __slots__ = ("end", "has_missed", "is_resting", "rest_s", "send", "sending", "topics")

    def __init__(self, send: Send, topics: Collection[str], rest_s: float) -> None:
        self.send, self.topics, self.rest_s = send, topics, rest_s
        self.is_resting = False
        self.sending: asyncio.Task[None] | None = None
        self.has_missed = False
        life_s = _LIFE_S * random.uniform(1 - _SPREAD, 1 + _SPREAD)  # noqa: S311
        self.end = asyncio.timeout(life_s)


class Stream:
    """One for all pages of a server; it lives in the loop in which the first page listens."""

    def __init__(self, tell: Tell | None = None) -> None:
        self._trail = Trail()
        self._listeners: dict[str, set[_Listener]] = {}
        self._all: set[_Listener] = set()
        self._boot = f"{time_ns():x}"
        self._n = 0
        self._last: dict[str, int] = {}
        self._forgotten = 0
        self._dirty: set[_Listener] = set()
        self._flushing: asyncio.TimerHandle | None = None
        self._alive: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = RLock()
        self._waiting: dict[str, None] = {}
        if tell is not None:
            tell(self.note)

    @property
    def mark(self) -> str:
        """Place in the stream now; a page carries the one from before it was filled."""
        return f"{self._boot}-{self._n}"

    @property
    def n_listeners(self) -> int:
        """How many pages listen."""
        return len(self._all)

    def note(self, views: Sequence[View]) -> None:
        """Take note of views that have changed; from any thread."""
        with self._lock:
            topics = self._trail.follow(views)
            self._n += 1
            for topic in topics:
                self._last.pop(topic, None)
                self._last[topic] = self._n
            while len(self._last) > _KEPT_TOPICS:
                self._forgotten = self._last.pop(next(iter(self._last)))
            if self._loop is None or self._loop.is_closed():
                return
            is_first = not self._waiting
            self._waiting.update(dict.fromkeys(topics))
            if is_first:
                self._loop.call_soon_threadsafe(self._take)

    def end(self) -> None:
        """Let all go, since the server ends, too; from any thread. The pages come back when it does."""
        with self._lock:
            if self._loop is not None and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        for listener in self._all:
            listener.end.reschedule(0)

    def make_app(self, topics: Collection[str], after: str = "", rest_s: float = 0.0) -> ASGIApp:
        """Return what answers one listening page.

        Parameters
        ----------
        after
            `mark` of the state it shows.
        rest_s
            How long it is left alone after it was told something, seconds.
        """

        async def answer(_scope: Scope, receive: Receive, send: Send) -> None:
            await self._serve(_Listener(send, frozenset(topics), rest_s), after, receive)

        return answer

    async def _serve(self, listener: _Listener, after: str, receive: Receive) -> None:
        send = listener.send
        await send({"type": "http.response.start", "status": HTTPStatus.OK, "headers": _HEADERS})
        again_ms = random.randint(500, 3_000)  # noqa: S311  # structure: spreads who come back after a restart
        await send(_to_message(f"retry: {again_ms}\n: listening\n\n"))
        try:
            self._add(listener)
            if self._has_changed(listener.topics, after):
                self._mark_dirty((listener,))
            await _wait_for_end(receive, listener.end)
        finally:
            self._remove(listener)
        if listener.sending is not None:
            listener.sending.cancel()
        else:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _add(self, listener: _Listener) -> None:
        with self._lock:
            self._loop = asyncio.get_running_loop()
        self._all.add(listener)
        for topic in listener.topics:
            self._listeners.setdefault(topic, set()).add(listener)
        if self._alive is None or self._alive.done():
            self._alive = asyncio.create_task(self._keep_alive())

    def _remove(self, listener: _Listener) -> None:
        self._all.discard(listener)
        self._dirty.discard(listener)
        for topic in listener.topics:
            listeners = self._listeners.get(topic, set())
            listeners.discard(listener)
            if not listeners:
                self._listeners.pop(topic, None)

    def _has_changed(self, topics: Iterable[str], after: str) -> bool:
        """Tell whether a page shows what is not so any more, or may not be."""
        boot, _, n = after.partition("-")
        if not after or boot != self._boot or not n.isdecimal():
            return bool(after)
        seen = int(n)
        with self._lock:
            return seen < self._forgotten or any(self._last.get(topic, 0) > seen for topic in topics)

    def _take(self) -> None:
        """Find who listens to what has changed."""
        with self._lock:
            topics, self._waiting = self._waiting, {}
        for topic in topics:
            if listeners := self._listeners.get(topic):
                self._mark_dirty(listeners)

    def _mark_dirty(self, listeners: Iterable[_Listener]) -> None:
        self._dirty.update(listeners)
        if self._flushing is None:
            self._flushing = asyncio.get_running_loop().call_later(GATHERED_S, self._flush)

    def _flush(self) -> None:
        self._flushing = None
        dirty, self._dirty = self._dirty, set()
        message = _to_message(f"id: {self.mark}\nevent: changed\ndata: {time_ns() // NS_PER_MS}\n\n")
        loop = asyncio.get_running_loop()
        for listener in dirty:
            if listener.sending is not None or listener.is_resting:
                listener.has_missed = True
                continue
            listener.sending = loop.create_task(self._send(listener, message))
            if listener.rest_s:
                listener.is_resting = True
                loop.call_later(listener.rest_s, self._wake, listener)

    def _wake(self, listener: _Listener) -> None:
        listener.is_resting = False
        self._catch_up(listener)

    async def _send(self, listener: _Listener, message: dict[str, Any]) -> None:
        """Send something to one page; a slow one gets the next thing once it has taken this."""
        try:
            await listener.send(message)
        except OSError:
            return  # It is gone; whoever waits for its end will see.
        finally:
            listener.sending = None
        self._catch_up(listener)

    def _catch_up(self, listener: _Listener) -> None:
        """Tell a page what it could not be told before."""
        is_free = listener.sending is None and not listener.is_resting
        if listener.has_missed and is_free and listener in self._all:
            listener.has_missed = False
            self._mark_dirty((listener,))

    async def _keep_alive(self) -> None:
        """Give signs of life, spread over time: by them pages know how old they are."""
        message = _to_message("event: alive\ndata:\n\n")
        steps = 15  # structure: groups that are greeted one after another
        while self._all:
            everybody = list(self._all)
            for step in range(steps):
                await asyncio.sleep(ALIVE_S / steps)
                for listener in everybody[step::steps]:
                    if listener.sending is None:
                        listener.sending = asyncio.create_task(self._send(listener, message))


async def _wait_for_end(receive: Receive, end: asyncio.Timeout) -> None:
    with suppress(TimeoutError):
        async with end:
            while (await receive())["type"] != "http.disconnect":
                pass


def _to_message(text: str) -> dict[str, Any]:
    return {"type": "http.response.body", "body": text.encode(), "more_body": True}
