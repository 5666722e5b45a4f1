"""Answers come whole and in order, and each in one piece, by a server that joins what it writes."""

import asyncio
import socket
from collections.abc import Awaitable, Callable

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from oncopolis.web.joining import Joined, Joining

HEAD = b"HTTP/1.1 200 OK\r\n"
Question = Callable[[int], Awaitable[bytes]]
Run = Callable[[Question], bytes]


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """``/large`` is long, ``/slow`` comes in parts with a pause between them."""
    assert scope["type"] == "http"
    await receive()
    part = b"x" * (3_000_000 if scope["path"] == "/large" else 10)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for number in range(3):
        await send({"type": "http.response.body", "body": b"%d" % number + part, "more_body": number < 2})
        if scope["path"] == "/slow":
            await asyncio.sleep(0.01)


async def ask(port: int, path: str, *, is_last: bool) -> bytes:
    """What comes to the second of two requests on one connection, which may be the last."""
    found = b""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    for more in ("", "Connection: close\r\n" if is_last else ""):
        writer.write(f"GET {path} HTTP/1.1\r\nHost: here\r\n{more}\r\n".encode())
        found = await reader.readuntil(b"\r\n0\r\n\r\n") if not more else await reader.read()
    writer.close()
    await writer.wait_closed()
    return found


@pytest.fixture
def run() -> Run:
    """Runs a coroutine beside a server."""

    async def beside(question: Question) -> bytes:
        config = uvicorn.Config(answer, log_level="warning", http=Joined, lifespan="off", loop="asyncio")
        server = uvicorn.Server(config)
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            while not server.started:
                await asyncio.sleep(0.01)
            found = await asyncio.wait_for(question(listener.getsockname()[1]), 30)
            server.should_exit = True
            await serving
        return found

    return lambda question: asyncio.run(beside(question))


@pytest.mark.parametrize(("path", "length"), [("/", 10), ("/slow", 10), ("/large", 3_000_000)])
@pytest.mark.parametrize("is_last", [False, True])
def test_an_answer_is_whole_and_in_order(run: Run, path: str, length: int, *, is_last: bool) -> None:
    found = run(lambda port: ask(port, path, is_last=is_last))
    assert found.startswith(HEAD)
    chunks = [found.split(b"\r\n\r\n", 1)[1].count(b"%dxxx" % number) for number in range(3)]
    assert chunks == [1, 1, 1]
    assert found.count(b"x") == 3 * length
    assert found.endswith(b"\r\n0\r\n\r\n")


class _Wire:
    """A transport that remembers what was sent together."""

    def __init__(self) -> None:
        self.sent: list[object] = []

    def writelines(self, parts: list[bytes]) -> None:
        self.sent.append(b"".join(parts))

    def close(self) -> None:
        self.sent.append("closed")

    def is_closing(self) -> bool:
        return "closed" in self.sent


def test_what_is_written_at_one_time_is_sent_together_and_before_the_end() -> None:
    async def write() -> _Wire:
        wire = _Wire()
        joining = Joining(wire, asyncio.get_running_loop())  # type: ignore[arg-type]
        joining.write(b"head ")
        joining.write(b"body")
        assert wire.sent == []
        await asyncio.sleep(0)
        joining.write(b"more")
        assert not joining.is_closing()
        joining.close()
        await asyncio.sleep(0)
        return wire

    assert asyncio.run(write()).sent == [b"head body", b"more", "closed"]
