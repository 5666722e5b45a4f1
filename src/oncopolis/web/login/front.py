"""The front of the live server: address, certificate, proxies, and the login before everything."""

import socket
import ssl
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp

from oncopolis.foundation import ForbiddenError, InputError
from oncopolis.record import Who
from oncopolis.record.access import Caller
from oncopolis.record.accounts.managing import make_first_link
from oncopolis.record.accounts.scopes import is_covered
from oncopolis.record.accounts.types import ADMINISTRATOR, NOTHING_BESIDES, First
from oncopolis.record.store import Store
from oncopolis.record.store.keys import Keys
from oncopolis.web.login.gate import Gate
from oncopolis.web.login.house import House, make_house
from oncopolis.web.login.outside import Outside
from oncopolis.web.login.provider.publishing import make_security
from oncopolis.web.login.routing import make_routes
from oncopolis.web.login.shielding import Shield
from oncopolis.web.login.table import PAGES
from oncopolis.web.pages import make_asset_routes
from oncopolis.web.pages.showing import UTC

RATE_S = 5_000.0  # structure: default of a setting; more than any program needs, less than harms
_OF_ADDRESS = 5  # structure: callers behind one address that may ask as often as they may
_LOCAL = ("127.0.0.1", "::1", "localhost")
_EVERYTHING = "system/*.cruds"


@dataclass(frozen=True, slots=True)
class Facing:
    """How the server faces the network.

    Parameters
    ----------
    base
        Address people and programs call it by; of the port it listens on if left out.
    certificate, certificate_key
        PEM files; without them the server speaks HTTP.
    proxies
        Addresses whose ``X-Forwarded-For`` and ``X-Forwarded-Proto`` are believed, with commas.
    rate_s
        Requests a second of one caller, on average over ten seconds.
    outside
        Provider that people may sign in with.
    known
        Passwords that others know, which nobody may choose.
    may_be_open
        Whether other machines may reach us unencrypted.
    """

    base: str | None = None
    certificate: Path | None = None
    certificate_key: Path | None = None
    proxies: str = ""
    rate_s: float = RATE_S
    outside: Outside | None = None
    known: frozenset[str] = frozenset()
    may_be_open: bool = False

    @property
    def scheme(self) -> str:
        """What is spoken on the port."""
        return "https" if self.certificate else "http"

    def check(self) -> None:
        """Refuse an address or a certificate that cannot be used, before anything is begun.

        Raises
        ------
        InputError
            It cannot.
        """
        if self.base is not None:
            parts = urlsplit(self.base)
            if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
                raise _refuse(
                    "--base", self.base, "an address such as https://centre.example, without a path"
                )
        if self.certificate is not None:
            try:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(self.certificate, self.certificate_key)
            except (OSError, ssl.SSLError) as error:
                raise _refuse(
                    "--cert", f"{self.certificate}: {error}", "a certificate with its key"
                ) from error

    def make_options(self) -> dict[str, Any]:
        """Options for uvicorn, which believes proxies of this machine unless it is told not to."""
        options: dict[str, Any] = {"proxy_headers": bool(self.proxies)}
        if self.proxies:
            options["forwarded_allow_ips"] = self.proxies
        if self.certificate is not None:
            options["ssl_certfile"] = str(self.certificate)
            options["ssl_keyfile"] = str(self.certificate_key) if self.certificate_key else None
        return options


class Front:
    """The login of a server that listens.

    Parameters
    ----------
    name
        Name of the centre.
    host
        As it was asked to listen on.
    zone
        Time zone of the centre.
    home
        Where people come who say no other place.
    first
        What the first administrator is besides.
    needs_second
        Roles of whom a password alone is not enough.
    """

    def __init__(
        self,
        store: Store,
        keys: Keys | None,
        facing: Facing,
        listener: socket.socket,
        host: str,
        name: str,
        zone: ZoneInfo = UTC,
        home: str = "/account",
        first: First = NOTHING_BESIDES,
        needs_second: frozenset[str] = frozenset(),
    ) -> None:
        self.facing, self._listener, self._host = facing, listener, host
        self.house: House = make_house(
            store, keys, self._find_base(), name=name, outside=facing.outside, zone=zone, home=home,
            first=first, known=facing.known, needs_second=needs_second,
        )  # fmt: skip
        if not (self.house.is_secure or self._is_local or facing.may_be_open):
            raise InputError(
                code="WEB-440", where="--host", got=f"{host}, unencrypted",
                expected="https for whoever calls from another machine",
                fix="give --cert and --cert-key, or put a proxy in front and say --base https://…; with "
                "invented patients in a closed network say --unencrypted",
            )  # fmt: skip
        self.gate = Gate(self.house, rate_s=facing.rate_s)
        self.security = make_security(self.house)
        self.house.keyring.get_key()

    @cached_property
    def pages(self) -> list[Route]:
        """Everything the login answers."""
        return [*make_asset_routes(), *make_routes(self.house, PAGES)]

    def shield(self, app: ASGIApp) -> ASGIApp:
        """Stand before an application."""
        hosts = {self._host, socket.gethostname(), *(_LOCAL if self._is_local else ())}
        return Shield(app, self.house.base, hosts, rate_s=self.facing.rate_s * _OF_ADDRESS)

    def list_lines(self) -> list[str]:
        """What whoever started the server has to know."""
        lines = []
        if not self.house.is_secure and not self._is_local:
            lines.append("not encrypted: whoever is in this network can read along, passwords too")
        link = make_first_link(self.house.desk, self.house.first)
        if link is not None:
            lines.append(f"no administrator yet: {self.house.base}/login/link/{link} (once, within an hour)")
        return lines

    async def admit(self, request: Request, action: str) -> Who:
        """Tell who calls the operational API: administrators, and programs that may do everything.

        Raises
        ------
        RequestError, ForbiddenError
            Nobody known does; or somebody else.
        """
        caller = await self.gate(request.scope)
        if not may_operate(caller):
            raise ForbiddenError(
                code="REC-286", where=action, got="somebody without that role", expected="an administrator",
                fix="ask one",
            )  # fmt: skip
        return caller.who

    @property
    def _is_local(self) -> bool:
        return ip_address(self._listener.getsockname()[0]).is_loopback

    def _find_base(self) -> str:
        if self.facing.base is not None:
            return self.facing.base.rstrip("/")
        # Passkeys are bound to a name, so this machine is called by its own.
        name = "localhost" if self._is_local else self._host
        bare = f"[{name}]" if ":" in name else name
        return f"{self.facing.scheme}://{bare}:{self._listener.getsockname()[1]}"


def may_operate(caller: Caller) -> bool:
    """Tell whether somebody may order long work and the like."""
    is_wide = caller.scopes is None or is_covered(_EVERYTHING, caller.scopes)
    return ADMINISTRATOR in caller.roles and is_wide


def _refuse(where: str, got: str, expected: str) -> InputError:
    return InputError(code="REC-294", where=where, got=got[:200], expected=expected, fix="correct it")
