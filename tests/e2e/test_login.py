"""First start, sign-in, passkey and sign-out as people meet them, in a browser over real HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect
from tests.doors import PASSWORD, Door, add, cheap_hashes, open_door
from tests.programs import Program, register
from tests.records import make_keys

from oncopolis.record.accounts import ADMINISTRATOR
from oncopolis.record.accounts.managing import make_first_link
from oncopolis.record.store import open_store

PHONE = {"width": 360, "height": 740}
PALE = """() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map((part, n) => n < 3 ? part / 255 : +part)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (!colour.endsWith(", 0)")) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const pale = [];
  for (const element of document.querySelectorAll("body *")) {
    const texts = [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim());
    if (!texts.length || !element.checkVisibility() || element.closest(".skip, noscript, option")) continue;
    const [a, b] = [light(getComputedStyle(element).color), light(ground(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) pale.push(`${element.tagName} ${texts[0].data.trim().slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return pale;
}"""
NAMELESS = """() => [...document.querySelectorAll("input:not([type=hidden]), select, textarea, button, a")]
  .filter((one) => one.checkVisibility())
  .filter((one) => !(one.labels?.length || one.getAttribute("aria-label") || one.textContent.trim()))
  .map((one) => one.outerHTML)"""


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    keys = make_keys(tmp_path)
    with (
        cheap_hashes(monkeypatch),
        open_store(f"sqlite:///{tmp_path / 'record.db'}", keys=keys) as store,
        open_door(store, keys=keys) as opened,
    ):
        yield opened


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that fails the test on any fault in its console, such as something the policy forbids."""
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert not [one for one in complaints if "status of 40" not in one]


def give_device(page: Page) -> CDPSession:
    """A device with a key inside that knows its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    return session


def check_page(page: Page) -> None:
    """Everything has a name and can be read; nothing is wider than a telephone."""
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(PALE) == []
    assert page.evaluate("document.querySelectorAll('h1').length") == 1
    before = page.viewport_size
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.set_viewport_size(before)  # type: ignore[arg-type]


def test_first_start_passkey_sign_out_and_in_again(door: Door, page: Page) -> None:
    give_device(page)
    page.goto(f"{door.house.base}/login/link/{make_first_link(door.desk)}")
    check_page(page)
    page.get_by_label("Sign-in name").fill("ada")
    page.get_by_label("Your name").fill("Ada Kim")
    page.get_by_label("New password", exact=True).fill(PASSWORD)
    page.get_by_label("The new password again").fill(PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ada Kim")
    check_page(page)
    page.get_by_label("Name of the device").fill("My telephone")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("status")).to_have_text("The passkey was added.")
    expect(page.get_by_text("My telephone")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_have_text("You are signed out.")
    check_page(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ada Kim")
    page.goto(f"{door.house.base}/accounts")
    check_page(page)
    page.goto(f"{door.house.base}/apps")
    check_page(page)


def test_a_passkey_that_was_removed_opens_nothing(door: Door, page: Page) -> None:
    give_device(page)
    add(door.desk)
    page.goto(f"{door.house.base}/login")
    page.get_by_label("Sign-in name").fill("kim")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("button", name="Remove the passkey").click()
    expect(page.get_by_role("status")).to_have_text("The passkey was removed.")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("That did not work")


def test_without_scripts_everything_but_passkeys_works(door: Door, browser: Browser) -> None:
    add(door.desk, name="Minjun Kim", roles=frozenset({ADMINISTRATOR}), language="ru")
    context = browser.new_context(java_script_enabled=False, locale="ru-RU")
    page = context.new_page()
    page.goto(f"{door.house.base}/account")
    page.get_by_label("Имя для входа").fill("kim")
    page.get_by_label("Пароль").fill("nothing like it")
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("alert")).to_contain_text("Не получилось")
    expect(page.get_by_role("button", name="Войти с ключом доступа")).to_be_hidden()
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Minjun Kim")
    page.get_by_role("button", name="Выйти").click()
    expect(page.get_by_role("status")).to_have_text("Вы вышли.")
    context.close()


def test_a_program_is_let_in_and_answered_where_it_is_registered(door: Door, page: Page) -> None:
    """The policy of the page lets the form lead to the program, in a browser that enforces it."""
    add(door.desk, name="Minjun Kim")
    base = door.house.base
    program = Program(register(door, redirects=(f"{base.replace('localhost', '127.0.0.1')}/caller",)), door)
    from urllib.parse import urlencode

    page.goto(f"{base}/oauth/authorize?{urlencode(program.make_query())}")
    page.get_by_label("Sign-in name").fill("kim")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Viewer asks for access")
    check_page(page)
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url("**/caller?code=*")
    assert "state=state-1" in page.url
