"""The gate and the shield: who calls, how often, by which name, and what every answer carries."""

import asyncio
import logging
import time
from typing import Any

import httpx
import pytest
from tests.doors import PASSWORD, Browser, Door, add, cheap_hashes, open_door
from tests.programs import Program, register
from tests.records import make_patient, query

from oncopolis.record.accounts import Grant, rows
from oncopolis.record.accounts.granting import add_api_token, revoke
from oncopolis.record.store import Store
from oncopolis.web.login import gate
from oncopolis.web.login.limiting import Buckets


def print_token(door: Door, **members: Any) -> str:
    """A printed token."""
    grant = Grant(
        members.pop("id", "g1"), "loader", None, None, ("system/*.rs",), frozenset({"researcher"}),
        made_ms=door.clock(), until_ms=door.clock() + 86_400_000,
    )  # fmt: skip
    return add_api_token(door.desk, grant, add(door.desk, f"maker-{grant.id}").who)


def call(browser: Browser, token: str | None = None, **headers: str) -> Any:
    given = {"authorization": f"Bearer {token}"} if token else {}
    return browser.get("/caller", headers=given | headers)


def test_nobody_passes_without_a_proof(browser: Browser) -> None:
    answer = call(browser)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="oncopolis"')
    assert call(browser, authorization="Basic a2ltOng=").status_code == 401
    assert call(browser, cookie="session=guess").status_code == 401
    assert call(browser, cookie='session="\\400; x').status_code == 401


def pass_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """Turn the clock by which the gate believes what it found good."""
    monkeypatch.setattr(gate, "monotonic", lambda: time.monotonic() + 1)


def test_a_printed_token_passes_until_it_ends(
    door: Door, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = print_token(door)
    caller = call(browser, token).json()
    assert caller["who"] == {"kind": "Device", "id": "g1", "name": "loader"}
    assert (caller["roles"], caller["scopes"]) == (["researcher"], ["system/*.rs"])
    revoke(door.desk, "g1", add(door.desk).who)
    pass_a_second(monkeypatch)
    assert call(browser, token).status_code == 401
    other = print_token(door, id="g2")
    assert call(browser, other).status_code == 200
    door.clock.pass_s(86_400)
    assert call(browser, other).status_code == 401


def test_the_last_use_of_a_token_is_kept(door: Door, browser: Browser, store: Store) -> None:
    call(browser, print_token(door))
    door.desk.mark(lambda _session, _now: None)  # What was noted meanwhile is written by now.
    assert query(store, "SELECT used_ms FROM app_grant WHERE id = 'g1'") == [(door.clock(),)]


def test_a_session_passes_and_writes_from_our_pages_only(door: Door, browser: Browser) -> None:
    add(door.desk, roles=frozenset({"nurse"}), clinics=frozenset({"breast"}))
    browser.sign_in()
    caller = call(browser).json()
    assert (caller["roles"], caller["clinics"], caller["scopes"]) == (["nurse"], ["breast"], None)
    assert browser.post("/caller", {}).status_code == 403
    assert browser.post("/caller", {}, origin="https://evil.test").status_code == 403
    assert browser.post("/caller", {}, origin=browser.base).status_code == 200


def test_a_session_that_ended_passes_no_more(
    door: Door, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = add(door.desk)
    browser.sign_in()
    assert call(browser).status_code == 200
    door.desk.mark(lambda session, _now: rows.end_sessions(session, account.id))
    pass_a_second(monkeypatch)
    assert call(browser).status_code == 401


def test_a_bad_token_does_not_fall_back_to_the_cookie(door: Door, browser: Browser) -> None:
    add(door.desk)
    browser.sign_in()
    assert call(browser, "wrong").status_code == 401


def test_a_known_token_costs_microseconds(door: Door) -> None:
    """CPU seconds, far above what is measured, far below a signature's check."""
    import asyncio

    token = print_token(door)
    scope = {"method": "GET", "headers": [(b"host", b"x"), (b"authorization", f"Bearer {token}".encode())]}

    async def ask(n: int) -> None:
        for _ in range(n):
            await door.gate(scope)

    asyncio.run(ask(10))
    started = time.process_time()
    asyncio.run(ask(2_000))
    assert (time.process_time() - started) / 2_000 < 200e-6


def test_buckets_fill_again() -> None:
    now = [0.0]
    buckets = Buckets(8, 16, clock_s=lambda: now[0])
    assert [buckets.take("a") == 0 for _ in range(25)] == [True] * 16 + [False] * 9
    assert buckets.take("b") == 0
    assert 0 < buckets.take("a") <= 0.125
    now[0] = 0.5
    assert [buckets.take("a") == 0 for _ in range(7)] == [True] * 4 + [False] * 3


@pytest.fixture
def slow_door(store: Store, monkeypatch: pytest.MonkeyPatch) -> Any:
    with cheap_hashes(monkeypatch), open_door(store, rate_s=4, account_rate_s=0.25) as door:
        yield door


def test_who_asks_too_often_waits(slow_door: Door) -> None:
    browser, token = slow_door.open_browser(), print_token(slow_door)
    statuses = [call(browser, token).status_code for _ in range(12)]
    assert statuses[:2] == [200] * 2
    assert 429 in statuses
    assert call(browser, print_token(slow_door, id="g2")).status_code == 200
    slow = next(answer for answer in iter(lambda: browser.get("/login"), None) if answer.status_code == 429)
    assert int(slow.headers["retry-after"]) >= 1
    assert slow.headers["x-content-type-options"] == "nosniff"


ANOTHER_HOST_IS_REFUSED: list[Any] = [
    "evil.test",
    "localhost.evil.test",
    "localhost@evil.test",
    "",
    "[::1",
    "evil.test:80",
]


def test_another_host_is_refused(browser: Browser) -> None:
    for host in ANOTHER_HOST_IS_REFUSED:
        for path in ("/login", "/fhir/metadata", "/.well-known/openid-configuration", "/nothing"):
            answer = browser.get(path, headers={"host": host})
            assert answer.status_code in (400, 421), path
            assert "evil" not in answer.text


def test_two_hosts_are_refused(door: Door) -> None:
    import socket

    with socket.create_connection(("127.0.0.1", int(door.house.host.partition(":")[2]))) as line:
        line.sendall(f"GET /login HTTP/1.1\r\nHost: {door.house.host}\r\nHost: evil.test\r\n\r\n".encode())
        assert line.recv(100).split()[1] in (b"400", b"421")


def test_a_proxy_is_not_believed_unasked(door: Door, browser: Browser, store: Store) -> None:
    add(door.desk)
    lies = {"for": "6.6.6.6", "proto": "https", "host": "evil.test"}
    headers = {f"x-forwarded-{name}": value for name, value in lies.items()}
    browser.send("/login", {"login": "kim", "password": PASSWORD}, forwarded="for=6.6.6.6", **headers)
    assert query(store, "SELECT address FROM login_session") == [("127.0.0.1",)]


EVERY_ANSWER_CARRIES_THE_HEADERS: list[Any] = [
    "/login",
    "/nothing",
    "/fhir/metadata",
    "/caller",
    "/oauth/jwks",
    "/oauth/token",
]


def test_every_answer_carries_the_headers_of_safety(browser: Browser) -> None:
    for path in EVERY_ANSWER_CARRIES_THE_HEADERS:
        answer = browser.get(path)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "server" not in answer.headers
        if path != "/oauth/jwks":
            assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("base", "told"),
    [("https://centre.test", "max-age=63072000; includeSubDomains"), ("http://centre.test", None)],
)
def test_over_https_browsers_are_told_to_stay_there(base: str, told: str | None) -> None:
    from starlette.responses import PlainTextResponse

    from oncopolis.web.login import Shield

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(Shield(PlainTextResponse("x"), base, [], rate_s=None))
        async with httpx.AsyncClient(transport=transport, base_url=base) as client:
            return await client.get("/")

    answer = asyncio.run(ask())
    assert answer.headers.get("strict-transport-security") == told
    assert answer.headers["x-frame-options"] == "DENY"


def test_logs_and_audit_hold_no_secret_and_no_patient(
    door: Door,
    browser: Browser,
    store: Store,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Everything that was written while people signed in, failed, and programs got tokens is searched."""
    caplog.set_level(logging.DEBUG)
    add(
        door.desk, "parent", name="Gulnora Karimova", patients=frozenset({"p1"}), roles=frozenset({"patient"})
    )
    browser.sign_in("parent")
    secrets = [cookie.value for cookie in browser.client.cookies.jar]
    browser.client.post("/fhir/Patient", json=make_patient("p1", "Karimova"))
    program = Program(register(door, scopes="launch/patient patient/*.rs offline_access"), door)
    code = program.get_code(browser, scope="launch/patient patient/*.rs offline_access")
    values = program.exchange(code).json()
    program.exchange(code)
    program.call("forged." + values["access_token"])
    browser.sign_in("parent", "tried-password-of-mine")
    secrets += [
        code,
        values["access_token"],
        values["refresh_token"],
        print_token(door),
        PASSWORD,
        "tried-password-of-mine",
    ]
    outcome = capfd.readouterr()
    ours = [one for one in caplog.records if not one.name.startswith(("httpx", "httpcore"))]
    written = "".join(map(caplog.handler.format, ours)) + outcome.out + outcome.err
    audit = repr(query(store, "SELECT entry FROM audit"))
    for secret in filter(None, secrets):
        assert secret not in written
        assert secret not in audit
    for text in (written, audit):
        assert "Karimova" not in text
        assert "Gulnora" not in text
