"""Signing in with an outside provider: a second server of ours plays it."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from starlette.applications import Starlette
from starlette.responses import RedirectResponse
from starlette.routing import Route
from tests.doors import PASSWORD, Browser, Door, add, cheap_hashes, open_door, read_answer, run
from tests.programs import register
from tests.records import query

from oncopolis.foundation import ExternalError, ForbiddenError, InputError
from oncopolis.record.accounts import rows
from oncopolis.record.store import Store, open_store
from oncopolis.web.login.outside import Outside, Rule, make_outside, read_rule

RULES = (Rule("name", "Minjun Kim", role="physician"), Rule("name", "Minjun Kim", clinic="breast"))


@pytest.fixture
def provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    with (
        cheap_hashes(monkeypatch),
        open_store(f"sqlite:///{tmp_path / 'provider.db'}?synchronous=OFF") as store,
        open_door(store, name="127.0.0.1") as opened,
    ):
        add(opened.desk, name="Minjun Kim", practitioner="dr-1")
        yield opened


@pytest.fixture
def outside(provider: Door) -> Outside:
    return make_outside(provider.house.base, "asking", "s3cret/+", RULES)


@pytest.fixture
def asking(store: Store, provider: Door) -> Iterator[Door]:
    """A server that asks the other one, where it is registered."""
    from dataclasses import replace

    with open_door(store, outside=make_outside(provider.house.base, "x", "s3cret/+", RULES)) as door:
        back = f"{door.house.base}/login/outside/back"
        app = register(provider, secret="s3cret/+", redirects=(back,), scopes="openid profile fhirUser")
        assert door.house.outside is not None
        object.__setattr__(door.house, "outside", replace(door.house.outside, client_id=app.id))
        yield door


def consent(provider: Door, address: str, login: str = "kim") -> str:
    """What the provider sends the browser back to, once somebody has signed in there and said yes."""
    import html
    import re

    there = provider.open_browser()
    there.sign_in(login)
    page = there.get(address)
    assert page.status_code == 200, page.headers.get("location")
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
    sent = {name: html.unescape(value) for name, value in form.items()} | {"answer": "allow"}
    answer = there.client.post("/oauth/authorize", data=sent, headers={"origin": there.base})
    return str(answer.headers["location"])


def begin(browser: Browser, **form: str) -> str:
    answer = browser.send("/login/outside", form, page="/login")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_people_of_the_other_provider_come_in(asking: Door, provider: Door) -> None:
    browser = asking.open_browser()
    back = consent(provider, begin(browser, next="/accounts"))
    answer = browser.get(back)
    assert (answer.status_code, answer.headers["location"]) == (303, "/accounts")
    page = browser.get("/account").text
    assert "Minjun Kim" in page
    assert "physician" in page
    assert browser.get("/caller").json()["clinics"] == ["breast"]
    assert browser.get("/caller").json()["practitioner"] == "dr-1"
    assert browser.get(back).status_code == 403, "an answer counts once"


def test_who_comes_from_outside_is_one_account_by_issuer_and_subject(asking: Door, provider: Door) -> None:
    for _ in range(2):
        browser = asking.open_browser()
        browser.get(consent(provider, begin(browser)))
    found = asking.desk.ask(rows.list_accounts)
    assert len(found) == 1
    assert str(found[0].subject).startswith(f"{provider.house.base}|")
    assert asking.open_browser().sign_in(found[0].login, PASSWORD).status_code == 401


def test_who_gets_no_role_is_not_let_in(asking: Door, provider: Door) -> None:
    add(provider.desk, "lee", name="Lee")
    browser = asking.open_browser()
    answer = browser.get(consent(provider, begin(browser), "lee"))
    assert answer.status_code == 403
    assert asking.desk.ask(rows.list_accounts) == []


def test_an_answer_nobody_asked_for_is_refused(asking: Door, provider: Door) -> None:
    victim, attacker = asking.open_browser(), asking.open_browser()
    back = consent(provider, begin(attacker))
    assert victim.get(back).status_code == 403
    assert victim.get("/login/outside/back").status_code == 403
    assert victim.get("/login/outside/back?state=x&code=y").status_code == 403


def test_an_answer_of_another_provider_is_refused(asking: Door, provider: Door) -> None:
    browser = asking.open_browser()
    told = read_answer_of(begin(browser))
    answer = browser.get(f"/login/outside/back?state={told['state']}&code=x&iss=https://evil.test")
    assert answer.status_code == 403
    told = read_answer_of(begin(browser))
    assert browser.get(f"/login/outside/back?state={told['state']}&error=access_denied").status_code == 403


def read_answer_of(address: str) -> dict[str, str]:
    import httpx

    return read_answer(httpx.Response(303, headers={"location": address}))


def sign(provider: Door, outside: Outside, key: Any = None, header: Any = None, **claims: Any) -> str:
    now_s = provider.clock() // 1000
    good = {
        "iss": provider.house.base, "aud": outside.client_id, "sub": "s", "nonce": "n", "iat": now_s,
        "exp": now_s + 100,
    } | claims  # fmt: skip
    ours = provider.house.keyring.get_key()
    values = {name: value for name, value in good.items() if value is not None}
    head = {"alg": "ES256", "kid": str(ours.kid)} | (header or {})
    return jwt.encode(head, values, key or ours, algorithms=[head["alg"]])


BAD_CLAIMS: list[tuple[str, Any]] = [
    ("iss", "https://evil.test"),
    ("aud", "other"),
    ("aud", ["asking", "other"]),
    ("azp", "other"),
    ("nonce", "m"),
    ("nonce", None),
    ("exp", 1),
    ("exp", None),
    ("sub", None),
    ("iat", None),
]


def test_id_tokens_that_do_not_hold_are_refused(provider: Door, outside: Outside) -> None:
    now_s = provider.clock() // 1000
    assert outside.check(sign(provider, outside), "n", now_s)["sub"] == "s"
    public = OctKey.import_key(json.dumps(provider.house.keyring.get_key().as_dict(private=False)))
    good = sign(provider, outside)
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    bad = [
        *(sign(provider, outside, **{name: value}) for name, value in BAD_CLAIMS),
        sign(provider, outside, ECKey.generate_key("P-256")),
        sign(provider, outside, public, {"alg": "HS256"}),
        f"{none}.{good.split('.')[1]}.", good[:-4], "", "x", "a.b.c",
    ]  # fmt: skip
    for token in bad:
        with pytest.raises(ForbiddenError, match="REC-290"):
            outside.check(token, "n", now_s)


def test_a_sign_in_is_as_strong_as_is_asked_for(provider: Door) -> None:
    strong = make_outside(provider.house.base, "asking", None, RULES, ("phr", "phrh"))
    assert "acr_values=phr+phrh" in strong.make_address("https://here.test", "s", "n", "c")
    now_s = provider.clock() // 1000
    assert strong.check(sign(provider, strong, acr="phrh"), "n", now_s)["acr"] == "phrh"
    for acr in (None, "0", "phr phrh", ["phr"]):
        with pytest.raises(ForbiddenError, match="REC-290"):
            strong.check(sign(provider, strong, acr=acr), "n", now_s)


def test_a_provider_that_calls_itself_otherwise_is_refused(provider: Door) -> None:
    with pytest.raises(ExternalError, match="REC-293"):
        make_outside(provider.house.base.replace("127.0.0.1", "localhost"), "x", None, ()).get_configuration()


def test_redirects_of_a_provider_are_not_followed(provider: Door) -> None:
    import socket

    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    there = f"{provider.house.base}/.well-known/openid-configuration"
    routes = [Route("/.well-known/openid-configuration", lambda _request: RedirectResponse(there))]
    with run(Starlette(routes=routes), listener), pytest.raises(ExternalError, match="REC-293"):
        make_outside(f"http://127.0.0.1:{port}", "x", None, ()).get_configuration()


def test_a_provider_that_does_not_answer_stops_nobody_else(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        cheap_hashes(monkeypatch),
        open_door(store, outside=make_outside("http://127.0.0.1:9", "x", None, ())) as door,
    ):
        add(door.desk)
        browser = door.open_browser()
        assert browser.send("/login/outside", {}, page="/login").status_code == 503
        assert browser.sign_in().status_code == 303
    assert query(store, "SELECT count(*) FROM login_session") == [(1,)]


@pytest.mark.parametrize(
    "issuer", ["http://centre.example", "ftp://localhost", "//localhost", "https:[", "x"]
)
def test_a_provider_that_is_not_encrypted_is_refused(issuer: str) -> None:
    with pytest.raises(InputError, match="REC-292"):
        make_outside(issuer, "x", None, ())


def test_rules_are_read() -> None:
    assert read_rule("groups=cn=onco,ou=x:physician") == Rule("groups", "cn=onco,ou=x", role="physician")
    assert read_rule("a.b=c:Organization/breast") == Rule("a.b", "c", clinic="breast")
    outside = make_outside(
        "https://id.test", "x", None, (read_rule("realm.roles=a:nurse"), read_rule("g=b:biobank"))
    )
    assert outside.find_rights({"realm": {"roles": ["a", 1]}, "g": "b"})[0] == {"nurse", "biobank"}
    assert outside.find_rights({"realm": "roles", "g": ["c"]})[0] == frozenset()
    for text in ("", "groups", "groups=x", "=x:y", "g=:r", "g=x:"):
        with pytest.raises(InputError, match="REC-291"):
            read_rule(text)
