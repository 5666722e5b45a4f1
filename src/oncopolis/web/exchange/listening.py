"""MLLP in: connections of partners, each message answered after it is durable.

The listener has a thread and a loop of its own, so that a large message keeps nobody waiting at the API.
"""

import asyncio
import socket
from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from threading import Event, Thread
from typing import Final, Self
from uuid import uuid4

from oncopolis.foundation import OncopolisError
from oncopolis.interop.hl7.acknowledging import REJECTED, make_answer, read_asking
from oncopolis.interop.hl7.framing import Frames, wrap
from oncopolis.interop.hl7.refusing import Refusal
from oncopolis.interop.messages.taking import Taker
from oncopolis.interop.overlay.watching import KIND
from oncopolis.record import Act, Who
from oncopolis.record.store.store import get_time_ms

__all__ = ["Listener", "Times"]

_CHUNK: Final = 65_536  # structure: bytes read at once
_MOST_CONNECTIONS: Final = 64  # structure: more than a hospital has interfaces
_MOST_STRANGERS: Final = 1_000  # structure: addresses whose refusal is remembered


class Times:
    """How long a connection may be silent.

    Attributes
    ----------
    within_s
        Within a message.
    answer_s
        While it should take our answer.
    """

    within_s: float = 30.0  # structure: far longer than a network is slow
    answer_s: float = 30.0  # structure: far longer than a network is slow


class Listener:
    """Answers on a socket while the block runs; what was begun is answered before it ends."""

    def __init__(self, listening: socket.socket, taker: Taker, times: Times | None = None) -> None:
        self._socket, self._taker, self._times = listening, taker, times or Times()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._ready = Event()
        self._thread = Thread(target=self._run, name="mllp")
        self._connections: set[asyncio.Task[None]] = set()
        self._orders: dict[str, asyncio.Lock] = {}
        self._strangers: set[str] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._loop is not None
        assert self._stop is not None
        with suppress(RuntimeError):  # It has ended by itself.
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._meet, sock=self._socket.dup(), limit=_CHUNK)
        self._ready.set()
        await self._stop.wait()
        server.close()
        if self._connections:
            await asyncio.wait(self._connections)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            address = _read_address(writer)
            if not self._taker.settings.may_call(address):
                await self._refuse(address)
            elif len(self._connections) > _MOST_CONNECTIONS:
                self._taker.say(f"mllp: {address} is refused: {_MOST_CONNECTIONS} connections are open")
            else:
                await self._listen(reader, writer, address)
        except (OSError, TimeoutError, OncopolisError):
            pass  # Gone, or the record cannot be written: the sender repeats what was not answered.
        finally:
            self._connections.discard(task)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _refuse(self, address: str) -> None:
        """Note a stranger in the audit, the first time it calls."""
        if address in self._strangers or len(self._strangers) >= _MOST_STRANGERS:
            return
        self._strangers.add(address)
        self._taker.say(f"mllp: {address} is refused: no partner calls from there")
        act = Act("E", "connection refused", Who(KIND, address), str(uuid4()))
        with suppress(OncopolisError):
            await asyncio.wrap_future(self._taker.store.submit(lambda _transaction: None, act))

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, address: str) -> None:
        frames = Frames(self._taker.settings.longest_message)
        while data := await self._read(reader, frames):
            try:
                for message in frames.feed(data):
                    await self._answer(writer, await self._take(message, address))
            except Refusal as error:
                self._taker.say(f"mllp: {address}: {error.where}: expected {error.expected} [{error.code}]")
                await self._answer(writer, _refuse_stream(frames.head, error))
                return
        if frames.is_within:
            self._taker.say(f"mllp: {address} hung up or fell silent within a message; nothing of it is kept")

    async def _read(self, reader: asyncio.StreamReader, frames: Frames) -> bytes:
        """Return what comes next; nothing at the end, after silence, or once the server stops."""
        assert self._stop is not None
        reading = asyncio.ensure_future(reader.read(_CHUNK))
        stopping = asyncio.ensure_future(self._stop.wait())
        limit = self._times.within_s if frames.is_within else None
        try:
            done, _ = await asyncio.wait(
                {reading, stopping}, timeout=limit, return_when=asyncio.FIRST_COMPLETED
            )
            if reading in done:
                return reading.result()
            return b""
        finally:
            reading.cancel()
            stopping.cancel()
            with suppress(asyncio.CancelledError, OSError):
                await reading

    async def _take(self, message: bytes, address: str) -> bytes | None:
        """Apply and keep a message, after those that its sender sent before it."""
        sender = self._taker.settings.find_partner(*read_asking(message).sender) or ""
        order = self._orders.setdefault(sender, asyncio.Lock())
        async with order:
            return await asyncio.to_thread(self._taker.take, message, address)

    async def _answer(self, writer: asyncio.StreamWriter, answer: bytes | None) -> None:
        if answer is not None:
            writer.write(wrap(answer))
            async with asyncio.timeout(self._times.answer_s):
                await writer.drain()


def _read_address(writer: asyncio.StreamWriter) -> str:
    name = writer.get_extra_info("peername")
    address = ip_address(str(name[0]).partition("%")[0]) if name else ip_address("0.0.0.0")  # noqa: S104 - nobody
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(address)


def _refuse_stream(head: bytes, error: Refusal) -> bytes | None:
    """Return the answer to what cannot become a message; none to what has no header."""
    asking = read_asking(head)
    if not asking.control_id:
        return None
    told = {
        "where": "",
        "condition": "207",
        "text": f"got {error.got}, expected {error.expected} [{error.code}]",
    }
    return make_answer(asking, REJECTED, [told], control_id=uuid4().hex, at_ms=get_time_ms())
