"""Passkeys: an answer works once, in its browser, for its question, of the owner's device."""

import json

import httpx
import pytest
from tests.devices import PRESENT, Device
from tests.doors import Browser, Door, add

from oncopolis.web.login.passkeys import FRESH_MS


@pytest.fixture
def device(door: Door, browser: Browser) -> Device:
    """One whose passkey was added to an account."""
    add(door.desk)
    browser.sign_in()
    made = Device("localhost", door.house.base)
    offer = browser.send("/account/passkeys/offer", {}, page="/account").json()
    answer = browser.send(
        "/account/passkeys", {"credential": made.make(offer), "name": "phone"}, page="/account"
    )
    assert answer.json() == {"next": "/account?done=passkey"}
    browser.send("/login/out", {}, page="/account")
    return made


def get_offer(browser: Browser) -> dict[str, str]:
    return dict(browser.send("/login/passkey/offer", {}, page="/login").json())


def enter(browser: Browser, credential: str) -> httpx.Response:
    return browser.send("/login/passkey", {"credential": credential, "next": "/accounts"}, page="/login")


def test_a_passkey_opens_a_session(browser: Browser, device: Device) -> None:
    assert enter(browser, device.prove(get_offer(browser))).json() == {"next": "/accounts"}
    assert "phone" in browser.get("/account").text


def test_an_answer_works_once_and_in_its_browser(door: Door, browser: Browser, device: Device) -> None:
    other = door.open_browser()
    proof = device.prove(get_offer(browser))
    assert enter(other, proof).status_code == 403
    proof = device.prove(get_offer(browser))
    assert enter(browser, proof).status_code == 200
    browser.send("/login/out", {}, page="/account")
    assert enter(browser, proof).status_code == 403


def test_answers_that_do_not_fit_are_refused(door: Door, browser: Browser, device: Device) -> None:
    elsewhere = Device("localhost", "https://evil.test")
    elsewhere.id, elsewhere.key = device.id, device.key
    another_domain = Device("evil.test", door.house.base)
    another_domain.id, another_domain.key = device.id, device.key
    forged = Device("localhost", door.house.base)
    forged.id = device.id
    for liar in (elsewhere, another_domain, forged):
        liar.uses = 100
        assert enter(browser, liar.prove(get_offer(browser))).status_code == 403
    assert enter(browser, Device("localhost", door.house.base).prove(get_offer(browser))).status_code == 403
    assert enter(browser, device.prove(get_offer(browser), PRESENT)).status_code == 403, (
        "its owner was not checked"
    )
    device.uses = 0
    assert enter(browser, device.prove(get_offer(browser))).status_code == 403, (
        "a copy counts on from elsewhere"
    )
    made = json.loads(device.make(get_offer(browser)))
    for text in ("", "{}", "[]", "null", json.dumps(made), '{"response": {"clientDataJSON": "e30"}}', "\x00"):
        assert enter(browser, text).status_code == 403


def test_an_old_question_is_not_answered(door: Door, browser: Browser, device: Device) -> None:
    proof = device.prove(get_offer(browser))
    door.clock.pass_s(301)
    assert enter(browser, proof).status_code == 403


def test_a_session_that_is_old_adds_no_passkey(door: Door, browser: Browser) -> None:
    add(door.desk)
    browser.sign_in()
    door.clock.pass_s(FRESH_MS / 1000 + 1)
    answer = browser.send("/account/passkeys/offer", {}, page="/account")
    assert answer.status_code == 403
    assert "sign out and in again" in answer.json()["told"]


def test_a_key_that_is_known_is_not_taken_twice(door: Door, browser: Browser, device: Device) -> None:
    add(door.desk, "lee")
    browser.sign_in("lee")
    offer = browser.send("/account/passkeys/offer", {}, page="/account").json()
    answer = browser.send("/account/passkeys", {"credential": device.make(offer)}, page="/account")
    assert answer.status_code == 403
