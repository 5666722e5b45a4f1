"""What marks a demonstration: a tag on every record, and a line at the top of every page.

On its way out a page gets what people of the demonstration wrote in its own language, too.
"""

from functools import cache
from typing import Any, Final

from markupsafe import escape
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oncopolis.foundation.marking import mark
from oncopolis.web.demo.sentences import translate
from oncopolis.web.pages.languages import CODES, find_words

TAG: Final[dict[str, Any]] = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
    "code": "HTEST",
    "display": "test health data",
}
"""HL7's code for data that are about nobody."""
BANNER: Final = mark("Demonstration: all patients and all that happens to them are invented.")
MOVED: Final = mark("Its clock is moved: it shows the hours of an invented working day.")

_BODY: Final = b"<body"
_LANGUAGE: Final = b'<html lang="'


class Bannered:
    """Puts the line at the top of every page that an application answers with.

    Parameters
    ----------
    is_moved
        Whether the clock of the demonstration shows another hour than that of the centre.
    """

    def __init__(self, app: ASGIApp, *, is_moved: bool = False) -> None:
        self.app = app
        self._lines = (BANNER, MOVED) if is_moved else (BANNER,)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        page = _Page(send, self._lines)
        await self.app(scope, receive, page.send)


class _Page:
    """One answer on its way out."""

    def __init__(self, send: Send, lines: tuple[str, ...]) -> None:
        self._send = send
        self._lines = lines
        self._start: Message | None = None

    async def send(self, message: Message) -> None:
        """Let everything through but the begin of a page, which waits for its text."""
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = message
            return
        if self._start is not None and message["type"] == "http.response.body":
            start, self._start = self._start, None
            if not message.get("more_body"):
                text = add_banner(message.get("body", b""), self._lines)
                start = {**start, "headers": _set_length(start["headers"], len(text))}
                message = {**message, "body": text}
            await self._send(start)
        await self._send(message)


def add_banner(page: bytes, lines: tuple[str, ...] = (BANNER,)) -> bytes:
    """Return a page with the line as the first thing in its body, all of it in its language."""
    at = page.find(_BODY)
    end = page.find(b">", at)
    if at < 0 or end < 0:
        return page
    named = page.partition(_LANGUAGE)[2].partition(b'"')[0].decode("ascii", "replace")
    language = named if named in CODES else "en"
    return page[: end + 1] + _write(language, lines) + translate(page[end + 1 :], language)


@cache
def _write(language: str, lines: tuple[str, ...]) -> bytes:
    text = " ".join(map(find_words(language).text, lines))
    return f'<p class="shadow" role="note">{escape(text)}</p>'.encode()


def _is_page(message: Message) -> bool:
    kind = next((value for name, value in message.get("headers", ()) if name.lower() == b"content-type"), b"")
    return bool(kind.startswith(b"text/html"))


def _set_length(headers: list[tuple[bytes, bytes]], n_bytes: int) -> list[tuple[bytes, bytes]]:
    others = [(name, value) for name, value in headers if name.lower() != b"content-length"]
    return [*others, (b"content-length", str(n_bytes).encode())]
