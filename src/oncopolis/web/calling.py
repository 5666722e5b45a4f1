"""Calling a live server as a program does: connections that are kept, the same key when in doubt."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, Self
from urllib.parse import urlsplit

from oncopolis.foundation import ExternalError, ForbiddenError, InputError
from oncopolis.studies.replaying.living import Answer

HTTP_PORT: Final = 80  # structure: where HTTP listens
PATIENCE_S: Final = 60.0  # structure: a minute
"""How long a server may be away before it is given up."""
AGAIN_S: Final = 0.05  # structure: between two tries to reach it
_END: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length:"
_NOT_FOR_US: Final = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens, and what lets us in.

    Parameters
    ----------
    token
        Bearer token.
    """

    host: str
    port: int
    token: str

    @classmethod
    def read(cls, url: str, token: str) -> Self:
        """Read an address of the form ``http://host:port``.

        Raises
        ------
        InputError
            OPS-221 if it is none.
        """
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port or HTTP_PORT
        except ValueError:
            host, port, parts = None, 0, urlsplit("")
        if parts.scheme != "http" or not host or parts.path not in {"", "/"} or parts.query or parts.username:
            raise InputError(
                code="OPS-221", where="--url", got=url[:200], expected="http://host:port",
                fix="give the address at which the server listens, without a path",
            )  # fmt: skip
        if not token.isascii() or not token.isprintable() or not token:
            raise InputError(
                code="OPS-222", where="--token-file", got="no token",
                expected="what `oncopolis token` printed",
                fix="write the token into the file, and nothing else",
            )  # fmt: skip
        return cls(host, port, token)


class Caller:
    """One connection, opened again whenever it broke.

    Parameters
    ----------
    address
        Whom to call.

    Attributes
    ----------
    n_broken
        How often an answer did not come.
    """

    def __init__(self, address: Address, patience_s: float = PATIENCE_S) -> None:
        self._address, self._patience_s = address, patience_s
        self._pipe: _Pipe | None = None
        self._always = (
            f"Host: {address.host}:{address.port}\r\nAuthorization: Bearer {address.token}\r\n"
            "Accept: application/json\r\n"
        )
        self.n_broken = 0

    async def act(self, name: str, key: str, said: Mapping[str, Any]) -> Answer:
        """Do an act; asked again under the same key until there is an answer."""
        body = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        head = (
            f"POST /api/acts/{name} HTTP/1.1\r\n{self._always}Idempotency-Key: {key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return await self._ask(head.encode() + body)

    async def get(self, path: str) -> Mapping[str, Any]:
        """Read something.

        Raises
        ------
        ForbiddenError
            The token is not taken (OPS-224).
        ExternalError
            Nobody answers (OPS-223), or not as expected (OPS-225).
        """
        answer = await self._ask(f"GET {path} HTTP/1.1\r\n{self._always}\r\n".encode())
        if answer.status in _NOT_FOR_US:
            raise ForbiddenError(
                code="OPS-224", where="--token-file", got=f"a token that may not read {path}",
                expected="one for `system/*.cruds` in the roles program and administrator",
                fix="have one printed by `oncopolis token`",
            )  # fmt: skip
        if answer.status != HTTPStatus.OK:
            raise ExternalError(
                code="OPS-225", where=path, got=f"status {answer.status}: {str(answer.members)[:200]}",
                expected="an answer", fix="look at what the server says; is it one of this project?",
            )  # fmt: skip
        return answer.members

    def close(self) -> None:
        """Hang up."""
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None

    async def _ask(self, request: bytes) -> Answer:
        loop = asyncio.get_running_loop()
        until = loop.time() + self._patience_s
        while True:
            try:
                return await self._ask_once(request)
            except (OSError, EOFError) as error:
                self.close()
                self.n_broken += 1
                if loop.time() > until:
                    raise _tell_away(self._address, error) from error
                await asyncio.sleep(AGAIN_S)

    async def _ask_once(self, request: bytes) -> Answer:
        if self._pipe is None or self._pipe.is_closed:
            loop = asyncio.get_running_loop()
            address = self._address
            _, self._pipe = await loop.create_connection(_Pipe, address.host, address.port)
        head, body = await self._pipe.ask(request)
        try:
            members = json.loads(body) if body else {}
            status = int(head[9:12])
        except ValueError as error:
            raise _tell_odd(self._address, repr(body[:60])) from error
        return Answer(status, members if isinstance(members, dict) else {"": members})


class _Pipe(asyncio.Protocol):
    """One connection of HTTP/1.1, one request at a time."""

    def __init__(self) -> None:
        self.is_closed = False
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[tuple[bytes, bytes]] | None = None
        self._head, self._rest, self._length = b"", b"", -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever waits that no answer will come."""
        self.is_closed = True
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or EOFError("the connection was closed"))

    def data_received(self, data: bytes) -> None:
        """Take a part of an answer."""
        self._rest += data
        if self._length < 0:
            at = self._rest.find(_END)
            if at < 0:
                return
            self._head, self._rest = self._rest[:at].lower(), self._rest[at + len(_END) :]
            self._length = _read_length(self._head)
        if len(self._rest) >= self._length and self._waiting is not None and not self._waiting.done():
            self._waiting.set_result((self._head, self._rest[: self._length]))
            self._rest, self._length = self._rest[self._length :], -1
            if b"connection: close" in self._head:
                self.close()

    async def ask(self, request: bytes) -> tuple[bytes, bytes]:
        """Send a request; return head and body of the answer."""
        assert self._transport is not None
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    def close(self) -> None:
        """Hang up."""
        self.is_closed = True
        if self._transport is not None:
            self._transport.close()


def _read_length(head: bytes) -> int:
    """Return the length of a body; 0 where nothing says it."""
    at = head.find(_LENGTH)
    return 0 if at < 0 else int(head[at + len(_LENGTH) :].partition(b"\r\n")[0])


def _tell_away(address: Address, error: Exception) -> ExternalError:
    return ExternalError(
        code="OPS-223", where=f"--url http://{address.host}:{address.port}",
        got=f"no answer: {str(error) or type(error).__name__}", expected="a live server",
        fix="start it with `oncopolis serve`, or correct the address",
    )  # fmt: skip


def _tell_odd(address: Address, got: str) -> ExternalError:
    return ExternalError(
        code="OPS-225", where=f"--url http://{address.host}:{address.port}", got=got,
        expected="JSON of a live server", fix="give the address of one",
    )  # fmt: skip
