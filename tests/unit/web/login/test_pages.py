"""The pages: who may open which, what they refuse, and what no page gives away."""

import re
from typing import Any

import pytest
from tests.doors import PASSWORD, Browser, Door, add, add_administrator

from oncopolis.record.accounts.entering import LONGEST_MS, find_signed_in, list_open
from oncopolis.record.accounts.managing import get_account, make_first_link
from oncopolis.web.login import PAGES
from oncopolis.web.login.app_pages import is_redirect
from oncopolis.web.login.visits import LIMIT_BYTES, find_local

NEW = "another long enough secret"


def fill(path: str) -> str:
    return re.sub(r"\{\w+\}", "x", path)


def test_every_page_says_who_may_open_it_and_keeps_to_it(door: Door, browser: Browser) -> None:
    """Whoever adds a page has to give it a policy; here each is asked without, and with too low a sign-in."""
    add_administrator(door.desk)
    add(door.desk)
    closed = [page for page in PAGES if page.policy in ("signed in", "administrator")]
    assert {page.policy for page in PAGES} <= {"anybody", "signed in", "administrator", "program"}
    for page in closed:
        if page.method == "GET":
            answer = browser.get(fill(page.path))
        else:
            answer = browser.send(fill(page.path), {}, page="/login")
        assert answer.status_code == 303, page
        assert answer.headers["location"].startswith("/login"), page
    browser.sign_in()
    for page in (one for one in closed if one.policy == "administrator"):
        if page.method == "GET":
            answer = browser.get(fill(page.path))
        else:
            answer = browser.send(fill(page.path), {}, page="/account")
        assert answer.status_code == 403, page
        assert "Only an administrator" in answer.text


def test_pages_open_to_anybody_are_known() -> None:
    """A page that is added here is looked at by whoever reads this list."""
    assert {page.path for page in PAGES if page.policy == "anybody"} == {
        "/", "/login", "/login/out", "/login/link/{secret}", "/login/passkey/offer", "/login/passkey",
        "/login/outside", "/login/outside/back", "/login/code", "/oauth/authorize",
    }  # fmt: skip


def test_sign_in_and_out(door: Door, browser: Browser) -> None:
    add(door.desk, name="Minjun Kim")
    answer = browser.sign_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    page = browser.get("/account")
    assert "Minjun Kim" in page.text
    assert "Sign out" in page.text
    secret = browser.client.cookies["session"]
    out = browser.send("/login/out", {}, page="/account")
    assert out.headers["location"] == "/login?out=1"
    assert out.headers["clear-site-data"] == '"cache", "storage"'
    assert "session" not in browser.client.cookies
    assert find_signed_in(door.desk, secret) is None
    browser.client.cookies.set("session", secret, domain="localhost.local")
    assert browser.get("/account", headers={"cookie": f"session={secret}"}).status_code == 303


def test_cookies_are_kept_from_scripts_and_other_sites(door: Door, browser: Browser) -> None:
    add(door.desk)
    for cookie in browser.sign_in().headers.get_list("set-cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


def test_behind_https_cookies_never_leave_it(door: Door) -> None:
    from dataclasses import replace

    from starlette.requests import Request
    from starlette.responses import Response

    from oncopolis.web.login.visits import Visit

    house = replace(door.house, base="https://centre.test")
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""}
    visit = Visit(house, Request(scope), {}, {})
    assert visit.csrf
    response = Response()
    visit.write_cookies(response)
    assert response.headers["set-cookie"].startswith("__Host-form=")
    assert "Secure" in response.headers["set-cookie"]


def test_a_session_that_was_put_into_the_browser_before_is_not_used(door: Door, browser: Browser) -> None:
    """Session fixation: whatever is there before is gone after signing in."""
    add(door.desk)
    attacker = door.open_browser()
    attacker.sign_in()
    planted = attacker.client.cookies["session"]
    browser.client.cookies.update(attacker.client.cookies)
    answer = browser.client.post(
        "/login",
        data={"login": "kim", "password": PASSWORD, "csrf": "0" * 64},
        headers={"origin": browser.base},
    )
    assert answer.status_code == 403
    fresh = door.open_browser()
    fresh.client.cookies.set("session", "planted-by-somebody", domain="localhost.local")
    fresh.sign_in()
    assert "planted-by-somebody" not in {cookie.value for cookie in fresh.client.cookies.jar}
    assert planted != fresh.client.cookies.get("session", domain="localhost.local")


def test_signing_in_again_ends_the_session_before(door: Door, browser: Browser) -> None:
    account = add(door.desk)
    browser.sign_in()
    csrf = re.search(r'name="csrf" value="(\w+)"', browser.get("/account").text)
    assert csrf is not None
    form = {"login": "kim", "password": PASSWORD, "csrf": csrf[1]}
    assert browser.client.post("/login", data=form).status_code == 303
    assert len(list_open(door.desk, account.id)) == 1


@pytest.mark.parametrize("case", ["no token", "another token", "another origin", "null origin", "no cookie"])
def test_forms_of_other_sites_are_refused(door: Door, browser: Browser, case: str) -> None:
    account = add(door.desk)
    browser.sign_in()
    page = browser.get("/account").text
    found = re.search(r'name="csrf" value="(\w+)"', page)
    assert found is not None
    form = {"language": "ko", "csrf": found[1]}
    headers = {"origin": browser.base}
    if case == "no token":
        del form["csrf"]
    elif case == "another token":
        form["csrf"] = form["csrf"][:-1] + ("0" if form["csrf"][-1] != "0" else "1")
    elif case == "another origin":
        headers["origin"] = "https://evil.test"
    elif case == "null origin":
        headers["origin"] = "null"
    else:
        browser.client.cookies.clear()
    assert browser.client.post("/account/language", data=form, headers=headers).status_code == 403
    assert get_account(door.desk, account.id).language == "en"


@pytest.mark.parametrize(
    "wish",
    ["https://evil.test", "//evil.test", "/\\evil.test", "\\\\evil.test", "javascript:alert(1)", "evil.test",
     "/%0d%0aX: y\r\nX: y", "http:/evil", "///evil.test", "/\tevil", "https:evil.test", "//[bad"],
)  # fmt: skip
def test_nobody_is_sent_elsewhere(wish: str) -> None:
    assert find_local(wish, "/account") == "/account"


def test_after_signing_in_nobody_is_sent_elsewhere(door: Door, browser: Browser) -> None:
    add(door.desk)
    wish = "//evil.test/%0d%0aX: y\r\nX: y"
    answer = browser.sign_in(next=wish)
    assert answer.headers["location"] == "/account"
    assert "x" not in answer.headers


def test_ways_on_within_are_kept() -> None:
    assert find_local("/oauth/authorize?a=b&c=%2F", "/") == "/oauth/authorize?a=b&c=%2F"


def test_refusals_tell_the_same_of_every_account(door: Door, browser: Browser) -> None:
    add(door.desk)
    texts = []
    for login in ("kim", "nobody"):
        answer = browser.sign_in(login, "not the password")
        assert answer.status_code == 401
        texts.append(re.sub(r'value="(kim|nobody|\w{64})"|csrf="\w{64}"', "", answer.text))
    assert texts[0] == texts[1]


def test_guessing_is_answered_with_429(door: Door, browser: Browser) -> None:
    add(door.desk)
    statuses = [browser.sign_in("kim", f"guess number {number}").status_code for number in range(7)]
    assert statuses == [401] * 6 + [429]
    answer = browser.sign_in()
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "6")


def test_what_is_typed_is_text(browser: Browser) -> None:
    for text in ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "\r\nX: y"):
        answer = browser.sign_in(text, text)
        assert "x" not in answer.headers
        page = browser.get("/login", params={"next": text, "language": text})
        for shown in (answer.text, page.text):
            assert "<script>alert" not in shown
            assert "onerror=alert(1)>" not in shown
            assert ">49<" not in shown
            assert '"49"' not in shown


def test_pages_may_load_and_do_only_what_is_ours(browser: Browser) -> None:
    answer = browser.get("/login")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert not re.search(r"<style|style=|<script(?! src)|\son\w+=|javascript:", answer.text)
    assets = re.findall(r'"(/assets/[^"]+)"', answer.text)
    assert [asset.partition("?")[0] for asset in assets] == [
        "/assets/pages/style.css",
        "/assets/login/passkeys.js",
    ]
    for asset in assets:
        assert browser.get(asset).headers["x-content-type-options"] == "nosniff"


def test_the_first_administrator_comes_by_the_link(door: Door, browser: Browser) -> None:
    link = make_first_link(door.desk)
    path = f"/login/link/{link}"
    form = {"login": "root", "name": "Ada", "password": PASSWORD, "again": PASSWORD}
    assert browser.send(path, form | {"again": NEW}).status_code == 400
    assert browser.send(path, form | {"password": "short", "again": "short"}).status_code == 400
    assert browser.send(path, form).status_code == 303
    assert "Ada" in browser.get("/accounts").text
    assert browser.get(path).status_code == 404
    assert door.open_browser().get("/login/link/guess").status_code == 404


def test_an_administrator_makes_an_account_and_its_owner_sets_the_password(
    door: Door, browser: Browser
) -> None:
    add_administrator(door.desk)
    browser.sign_in("root")
    form: dict[str, Any] = {
        "login": "Lee", "name": "Lee <b>", "role": ["physician", "nurse"], "clinics": "breast, lung",
        "practitioner": "dr-1", "patients": "", "language": "ko",
    }  # fmt: skip
    page = browser.send("/accounts", form).text
    link = re.search(r"<code>http://localhost:\d+(/login/link/[\w-]+)</code>", page)
    assert link is not None
    made = get_account(door.desk, "lee")
    assert (sorted(made.roles), sorted(made.clinics)) == (["nurse", "physician"], ["breast", "lung"])
    assert "Lee &lt;b&gt;" in page
    owner = door.open_browser()
    assert "비밀번호" in owner.get(link[1], headers={"accept-language": "ko-KR,ko;q=0.9"}).text
    assert owner.send(link[1], {"password": NEW, "again": NEW}).status_code == 303
    assert owner.get("/account").status_code == 200
    changed = form | {"login": "lee", "disabled": "1"}
    assert browser.send(f"/accounts/{made.id}", changed, page=f"/accounts/{made.id}").status_code == 303
    assert owner.get("/account").status_code == 303
    assert owner.sign_in("lee", NEW).status_code == 401


def test_forms_take_only_what_they_show(door: Door, browser: Browser) -> None:
    """Mass assignment: nobody gives themselves a role by a field of another form."""
    account = add(door.desk)
    browser.sign_in()
    form = {"language": "ru", "role": "administrator", "login": "root", "disabled": "", "id": "x"}
    assert browser.send("/account/language", form, page="/account").status_code == 303
    changed = get_account(door.desk, account.id)
    assert (changed.language, changed.roles, changed.login) == ("ru", frozenset(), "kim")


def test_the_own_password_needs_the_present_one(door: Door, browser: Browser) -> None:
    add(door.desk)
    browser.sign_in()
    other = door.open_browser()
    other.sign_in()
    form = {"present": "wrong", "password": NEW, "again": NEW}
    assert browser.send("/account/password", form, page="/account").status_code == 403
    assert other.get("/account").status_code == 200
    assert browser.send("/account/password", form | {"present": PASSWORD}, page="/account").status_code == 303
    assert browser.get("/account").status_code == 200
    assert other.get("/account").status_code == 303


def test_a_session_is_ended_from_another_browser(door: Door, browser: Browser) -> None:
    account = add(door.desk)
    browser.sign_in()
    other = door.open_browser(**{"user-agent": "Lost telephone"})
    other.sign_in()
    assert "Lost telephone" in browser.get("/account").text
    lost = next(one for one in list_open(door.desk, account.id) if one.agent == "Lost telephone")
    browser.send("/account/sessions/end", {"hash": lost.hash}, page="/account")
    assert other.get("/account").status_code == 303
    assert browser.get("/account").status_code == 200


def test_an_old_session_is_asked_to_sign_in(door: Door, browser: Browser) -> None:
    add(door.desk)
    browser.sign_in()
    door.clock.pass_s(LONGEST_MS / 1000)
    assert browser.get("/account").headers["location"] == "/login?next=%2Faccount"


@pytest.mark.parametrize(
    ("headers", "says"),
    [({"accept-language": "uz"}, "Kirish"), ({"accept-language": "xx, ru;q=0.5"}, "Войти"), ({}, "Sign in")],
)
def test_pages_speak_the_readers_language(browser: Browser, headers: dict[str, str], says: str) -> None:
    assert says in browser.get("/login", headers=headers).text
    assert "로그인" in browser.get("/login?language=ko", headers=headers).text


def test_pages_live_at_one_address(door: Door, browser: Browser) -> None:
    port = door.house.host.partition(":")[2]
    answer = browser.get(f"http://127.0.0.1:{port}/login?next=%2Fx")
    assert (answer.status_code, answer.headers["location"]) == (307, f"{browser.base}/login?next=%2Fx")
    assert browser.post(f"http://127.0.0.1:{port}/login", {}).status_code == 421


FORMS_THAT_ARE_NONE_ARE: list[Any] = [
    (b"a=1&a=2", "application/x-www-form-urlencoded", 400),
    (b"a" * (LIMIT_BYTES + 1), "application/x-www-form-urlencoded", 413),
    (b"{}", "application/json", 415),
    (b"&".join(b"a%d=" % n for n in range(300)), "application/x-www-form-urlencoded", 400),
]


def test_forms_that_are_none_are_refused(browser: Browser) -> None:
    for body, kind, status in FORMS_THAT_ARE_NONE_ARE:
        answer = browser.client.post("/login", content=body, headers={"content-type": kind})
        assert answer.status_code == status


def test_queries_that_are_none_are_refused(browser: Browser) -> None:
    assert browser.get("/login?next=a&next=b").status_code == 400
    assert browser.get(f"/login?next={'a' * 9_000}").status_code == 414
    assert browser.client.request("DELETE", "/login").status_code == 405


@pytest.mark.parametrize(
    ("address", "is_fine"),
    [
        ("https://app.test/back", True),
        ("http://localhost:3000/back", True),
        ("http://127.0.0.1/back", True),
        ("org.centre.app:/back", True),
        ("http://app.test/back", False),
        ("https://app.test/back#x", False),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("https://user@app.test/", False),
        ("https:///back", False),
        ("/back", False),
        ("https://приложение.test/", False),
        ("https://[bad/", False),
    ],
)
def test_programs_are_answered_at_safe_addresses_only(address: str, is_fine: bool) -> None:
    assert is_redirect(address) is is_fine


def test_an_administrator_registers_and_stops_programs(door: Door, browser: Browser) -> None:
    add_administrator(door.desk)
    browser.sign_in("root")
    form = {
        "name": "Viewer",
        "scopes": "openid user/*.rs",
        "redirects": "https://app.test/back",
        "kind": "secret",
    }
    page = browser.send("/apps", form).text
    assert "is not shown again" in page
    id_, secret = re.findall(r"<code>([\w-]+)</code>", page)[:2]
    assert secret not in browser.get("/apps").text
    proof = {"token": "x"}
    assert browser.client.post("/oauth/introspect", data=proof, auth=(id_, secret)).json() == {
        "active": False
    }
    assert browser.client.post("/oauth/introspect", data=proof, auth=(id_, "x")).status_code == 401
    browser.send("/apps/state", {"id": id_, "disabled": "1"}, page="/apps")
    assert browser.client.post("/oauth/introspect", data=proof, auth=(id_, secret)).status_code == 401
    slips: list[dict[str, str]] = [
        {"scopes": "king"}, {"redirects": "javascript:x"}, {"name": " "}, {"kind": "keys", "jwks": "{}"},
        {"kind": "public", "redirects": ""}, {"kind": "other"}, {"role": "king"},
    ]  # fmt: skip
    for wrong in slips:
        assert browser.send("/apps", form | wrong).status_code == 400
