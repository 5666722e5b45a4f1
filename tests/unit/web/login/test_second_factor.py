"""Where a role needs two factors, a session by one opens nothing but the page to set up the other."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.devices import Device
from tests.doors import PASSWORD, Browser, Door, add, cheap_hashes, open_door
from tests.records import make_keys

from oncopolis.record.accounts import Account, authenticator
from oncopolis.record.accounts.authenticator import compute_code
from oncopolis.record.accounts.managing import make_link
from oncopolis.record.store import Store
from oncopolis.web.login import PAGES

ROLES = frozenset({"physician", "administrator"})
STEP_S = 30


@pytest.fixture
def door(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    with (
        cheap_hashes(monkeypatch),
        open_door(store, keys=make_keys(tmp_path), needs_second=ROLES) as opened,
    ):
        yield opened


def pair(door: Door, browser: Browser, account: Account) -> bytes:
    """Set an authenticator up on the page of the account, as its owner does."""
    offered = browser.send("/account/authenticator/offer", {}, page="/account")
    assert offered.status_code == 303, offered.text
    seed = authenticator.find_offer(door.desk, account)
    assert seed is not None
    page = browser.get("/account").text
    assert authenticator.write_seed(seed) in page
    assert "<svg" in page
    wrong = browser.send("/account/authenticator", {"code": "12345"}, page="/account")
    assert "The code does not fit" in wrong.text
    answer = browser.send("/account/authenticator", {"code": show(door, seed)}, page="/account")
    assert answer.headers["location"] == "/account?done=authenticator"
    return seed


def show(door: Door, seed: bytes) -> str:
    return compute_code(seed, door.clock() // 1000 // STEP_S)


def add_passkey(door: Door, browser: Browser) -> Device:
    made = Device("localhost", door.house.base)
    offer = browser.send("/account/passkeys/offer", {}, page="/account").json()
    answer = browser.send("/account/passkeys", {"credential": made.make(offer)}, page="/account")
    assert answer.status_code == 200, answer.text
    return made


def test_every_page_but_the_own_stays_shut(door: Door, browser: Browser) -> None:
    add(door.desk, roles=ROLES)
    browser.sign_in()
    for page in PAGES:
        if (
            page.policy == "program"
            or page.path.startswith(("/account/", "/login"))
            or page.path in "/account"
        ):
            continue
        path = re.sub(r"\{\w+\}", "x", page.path)
        answer = browser.get(path) if page.method == "GET" else browser.send(path, {}, page="/account")
        assert (answer.status_code, answer.headers.get("location")) == (303, "/account"), page
    assert browser.get("/caller").json() == {"code": "REC-356"}
    assert "needs more than a password" in browser.get("/account").text


def test_an_authenticator_opens_the_rest_at_once_and_later_with_its_code(
    door: Door, browser: Browser
) -> None:
    account = add(door.desk, roles=ROLES)
    browser.sign_in()
    before = browser.client.cookies["session"]
    seed = pair(door, browser, account)
    assert browser.client.cookies["session"] != before
    assert browser.get("/accounts").status_code == 200
    browser.send("/login/out", {}, page="/account")
    door.clock.pass_s(STEP_S)
    asked = browser.sign_in(next="/accounts")
    assert asked.status_code == 200
    assert browser.get("/account").status_code == 303
    half = re.search(r'name="half" value="([^"]+)"', asked.text)
    assert half is not None
    form = {"half": half[1], "next": "/accounts", "code": "12345"}
    assert browser.send("/login/code", form, page="/login").status_code == 403
    answer = browser.send("/login/code", form | {"code": show(door, seed)}, page="/login")
    assert (answer.status_code, answer.headers["location"]) == (303, "/accounts")
    assert browser.get("/accounts").status_code == 200
    assert browser.get("/caller").status_code == 200


def test_a_link_asks_for_the_code_too(door: Door, browser: Browser) -> None:
    account = add(door.desk, roles=ROLES)
    browser.sign_in()
    pair(door, browser, account)
    other = door.open_browser()
    path = f"/login/link/{make_link(door.desk, account, account.who)}"
    answer = other.send(path, {"password": PASSWORD, "again": PASSWORD})
    assert 'name="half"' in answer.text
    assert other.get("/account").status_code == 303


def test_a_passkey_is_enough_and_a_thief_of_the_password_adds_none(door: Door, browser: Browser) -> None:
    add(door.desk, roles=ROLES)
    browser.sign_in()
    add_passkey(door, browser)
    assert browser.get("/accounts").status_code == 200
    thief = door.open_browser()
    thief.sign_in()
    assert "sign in with your passkey" in thief.get("/account").text
    for path in ("/account/passkeys/offer", "/account/passkeys/remove", "/account/authenticator/offer"):
        answer = thief.send(path, {"id": "x"}, page="/account")
        assert answer.status_code == 403, path
        assert "not with the password" in answer.text


def test_other_roles_come_in_as_before(door: Door, browser: Browser) -> None:
    add(door.desk, roles=frozenset({"nurse"}))
    browser.sign_in()
    assert browser.get("/caller").status_code == 200


def test_an_administrator_helps_who_lost_the_phone(door: Door, browser: Browser) -> None:
    account = add(door.desk, roles=frozenset({"nurse"}))
    browser.sign_in()
    pair(door, browser, account)
    add(door.desk, "root", roles=ROLES)
    root = door.open_browser()
    root.sign_in("root")
    add_passkey(door, root)
    page = f"/accounts/{account.id}"
    assert "An authenticator is set up." in root.get(page).text
    assert root.send(f"{page}/factors/remove", {}, page=page).status_code == 303
    assert "No authenticator." in root.get(page).text
    assert browser.get("/account").status_code == 303
    browser.sign_in()
    assert browser.get("/account").status_code == 200
