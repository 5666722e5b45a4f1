"""A login over a store, with a clock that tests turn, and its pages over real HTTP."""

import asyncio
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import uvicorn
from argon2 import PasswordHasher
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from oncopolis.foundation import OncopolisError
from oncopolis.record.accounts import ADMINISTRATOR, Account, Desk, passwords
from oncopolis.record.accounts.keyring import Keyring
from oncopolis.record.accounts.managing import add_account
from oncopolis.record.accounts.signing import Seal
from oncopolis.record.store import Store
from oncopolis.record.store.keys import Keys
from oncopolis.web.app import make_app
from oncopolis.web.declaring import SIGNED_IN, declare
from oncopolis.web.fhir.refusing import get_headers, get_status
from oncopolis.web.login import PAGES, Gate, House, Outside, Shield, make_routes, make_security
from oncopolis.web.pages import make_asset_routes

PASSWORD = "seven storks over Tashkent"
START_MS = 1_800_000_000_000
CHEAP = PasswordHasher(1, 64, 1)
CSRF = re.compile(r'name="csrf" value="([0-9a-f]{64})"')


@dataclass
class Clock:
    """The time, until somebody turns it."""

    now_ms: int = START_MS

    def __call__(self) -> int:
        return self.now_ms

    def pass_s(self, seconds: float) -> None:
        self.now_ms += int(seconds * 1000)


@contextmanager
def cheap_hashes(monkeypatch: Any) -> Iterator[None]:
    """Hashes that cost nothing: what they cost is tested elsewhere."""
    monkeypatch.setattr(passwords, "_HASHER", CHEAP)
    monkeypatch.setattr(passwords, "_OF_NOBODY", CHEAP.hash("nobody"))
    yield


def make_desk(
    store: Store, keys: Keys | None = None, needs_second: frozenset[str] = frozenset()
) -> tuple[Desk, Clock]:
    clock = Clock()
    return Desk(store, Seal(keys), clock, needs_second=needs_second), clock


def add(desk: Desk, login: str = "kim", *, password: str | None = PASSWORD, **members: Any) -> Account:
    account = Account("", login, members.pop("name", login.title()), **members)
    return add_account(desk, account, password=password)


def add_administrator(desk: Desk, login: str = "root") -> Account:
    return add(desk, login, roles=frozenset({ADMINISTRATOR}))


@dataclass
class Door:
    """A server with a login, at its address."""

    house: House
    clock: Clock
    gate: Gate
    browsers: list[httpx.Client] = field(default_factory=list)

    @property
    def desk(self) -> Desk:
        return self.house.desk

    def open_browser(self, **headers: str) -> "Browser":
        client = httpx.Client(base_url=self.house.base, headers=headers, timeout=30)
        self.browsers.append(client)
        return Browser(client, self.house.base)


class Browser:
    """Keeps cookies, fills forms in, follows nothing unasked."""

    def __init__(self, client: httpx.Client, base: str) -> None:
        self.client, self.base = client, base

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.client.get(path, **options)

    def send(
        self, path: str, form: dict[str, Any], *, page: str | None = None, **headers: str
    ) -> httpx.Response:
        """Send the form of a page, with what the page hides in it."""
        found = CSRF.search(self.get(page or path).text)
        hidden = {"csrf": found[1]} if found else {}
        return self.client.post(path, data=hidden | form, headers={"origin": self.base, **headers})

    def post(self, path: str, form: dict[str, Any], **headers: str) -> httpx.Response:
        """Send a form as a program does."""
        return self.client.post(path, data=form, headers=headers)

    def sign_in(self, login: str = "kim", password: str = PASSWORD, **form: str) -> httpx.Response:
        return self.send("/login", {"login": login, "password": password, **form})


@contextmanager
def run(app: ASGIApp, listener: socket.socket, **options: Any) -> Iterator[None]:
    """Serve an application from a thread."""
    wanted: dict[str, Any] = {
        "log_level": "warning",
        "lifespan": "off",
        "proxy_headers": False,
        "server_header": False,
    }
    config = uvicorn.Config(app, **(wanted | options))
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@contextmanager
def open_door(
    store: Store,
    *,
    keys: Keys | None = None,
    outside: Outside | None = None,
    rate_s: float | None = None,
    account_rate_s: float | None = None,
    name: str = "localhost",
    needs_second: frozenset[str] = frozenset(),
) -> Iterator[Door]:
    """A login over real HTTP."""
    listener = socket.create_server(("127.0.0.1", 0))
    base = f"http://{name}:{listener.getsockname()[1]}"
    desk, clock = make_desk(store, keys, needs_second)
    house = House(desk, Keyring(desk), base, "Test centre", outside)
    gate = Gate(house, rate_s=account_rate_s)

    async def tell(request: Request) -> Response:
        """Who calls, as the gate knows."""
        try:
            return JSONResponse((await gate(request.scope)).to_json())
        except OncopolisError as error:
            return JSONResponse({"code": error.code}, get_status(error), get_headers(error))

    routes = [
        *make_asset_routes(),
        *make_routes(house, PAGES),
        Route("/caller", declare(tell, SIGNED_IN), methods=["GET", "POST"]),
    ]
    app = make_app(store, pages=routes, security=make_security(house))
    with run(Shield(app, base, ["127.0.0.1", "localhost"], rate_s=rate_s), listener):
        door = Door(house, clock, gate)
        yield door
        for client in door.browsers:
            client.close()


def read_answer(response: httpx.Response) -> dict[str, str]:
    """What a redirect carries in its query."""
    assert response.status_code == 303, response.text
    return {
        name: values[0] for name, values in parse_qs(urlsplit(response.headers["location"]).query).items()
    }
