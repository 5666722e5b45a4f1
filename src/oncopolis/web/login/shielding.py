"""What stands before everything: the host we are called by, how many requests, and headers of each answer."""

from collections.abc import Iterable
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oncopolis.web.fhir.refusing import RequestError, get_status, to_outcome
from oncopolis.web.login.limiting import Buckets

_YEARS_S = 63_072_000  # structure: two years, in seconds
_DEFAULTS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": (
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
_DEAR = ("/login", "/oauth")
_DEAR_RATE_S, _DEAR_HELD = 5.0, 60.0  # structure: default of a setting: what costs a hash or a guess


class Shield:
    """Stands before an application.

    Parameters
    ----------
    base
        Our address.
    hosts
        Other names we answer to, without a port.
    rate_s
        Requests a second from one address, on average over ten seconds; None for any number.
    """

    def __init__(self, app: ASGIApp, base: str, hosts: Iterable[str], *, rate_s: float | None) -> None:
        self.app = app
        own = urlsplit(base)
        self.hosts = frozenset({own.hostname or "", *(host.lower() for host in hosts)})
        headers = dict(_DEFAULTS)
        if own.scheme == "https":
            headers["Strict-Transport-Security"] = f"max-age={_YEARS_S}; includeSubDomains"
        self._headers = tuple((name.lower().encode(), value.encode()) for name, value in headers.items())
        self._all = Buckets(rate_s) if rate_s else None
        self._dear = Buckets(_DEAR_RATE_S, _DEAR_HELD) if rate_s else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_shielded(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = message.get("headers", ())
                names = {name for name, _ in said}
                message["headers"] = [*said, *(one for one in self._headers if one[0] not in names)]
            await send(message)

        try:
            self._check(scope)
        except RequestError as error:
            answer = JSONResponse(to_outcome(error), get_status(error), error.headers)
            await answer(scope, receive, send_shielded)
            return
        await self.app(scope, receive, send_shielded)

    def _check(self, scope: Scope) -> None:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1 or _cut_port(hosts[0].decode("latin-1")) not in self.hosts:
            raise RequestError(
                code="REC-285", where="Host", got="another host", expected="the one this server is called by",
                fix="call it by its name, or start it with --base", status=HTTPStatus.MISDIRECTED_REQUEST,
            )  # fmt: skip
        address = scope["client"][0] if scope.get("client") else "unknown"
        if self._all is not None:
            self._all.check(address)
        if self._dear is not None and scope["method"] == "POST" and scope["path"].startswith(_DEAR):
            self._dear.check(address)


@lru_cache
def _cut_port(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
