"""The page of a journey on a phone, in a browser over real HTTP: opened, kept up to date, without a line."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.doors import PASSWORD, Clock, add, cheap_hashes
from tests.e2e.test_login import NAMELESS, PALE
from tests.live import MONDAY_MS
from tests.phones import Centre, open_centre
from tests.records import make_keys

from oncopolis.record.store import open_store
from oncopolis.web.pages import CODES

PHONE = {"width": 390, "height": 844}
SMALL = """() => [...document.querySelectorAll("main a, main button, main summary, main input")]
  .filter((one) => one.checkVisibility() && !one.closest("p"))
  .map((one) => [one.closest("label") ?? one, one.outerHTML])
  .filter(([one]) => one.getBoundingClientRect().height < 24).map(([, html]) => html)"""


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Centre]:
    clock, keys = Clock(MONDAY_MS), make_keys(tmp_path)
    with (
        cheap_hashes(monkeypatch),
        open_store(f"sqlite:///{tmp_path / 'record.db'}", keys=keys, clock_ms=clock) as store,
        open_centre(store, clock, keys) as opened,
    ):
        yield opened


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, locale="en-GB", has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    yield context
    context.close()


def check_page(page: Page) -> None:
    """Everything has a name, can be read and tapped; nothing is wider than the phone."""
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(PALE) == []
    assert page.evaluate(SMALL) == []
    assert page.evaluate("document.querySelectorAll('h1').length") == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def open_page(centre: Centre, page: Page, patient: str = "p1") -> None:
    page.goto(f"{centre.base}/journey/link/{centre.give(patient).text}")
    for name, value in (("Day", "3"), ("Month", "2"), ("Year", "1970")):
        page.get_by_label(name, exact=True).fill(value)
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")


def test_from_the_link_to_the_call(centre: Centre, phone: BrowserContext) -> None:
    """Opened, checked in, called, told, and a form filled in: what changes shows by itself."""
    page = phone.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    open_page(centre, page)
    check_page(page)
    page.get_by_role("button", name="I am here").first.click()
    expect(page.get_by_role("status").first).to_contain_text("You are checked in")
    expect(page.get_by_text("You are next.")).to_be_visible()
    expect(page.get_by_text("about 5 to 21 min")).to_be_visible()
    check_page(page)
    [waiting] = centre.store.find_token("Encounter", "status", None, "arrived")
    centre.do("call", area="outpatient", room="room.consult-room.3", contact=waiting)
    expect(page.get_by_text("Please come now.")).to_be_visible()
    expect(page.locator(".place").get_by_text("room 3")).to_be_visible()
    centre.do("ask_form", patient="p1", form="before-visit")
    page.get_by_role("link", name="Fill in a form").click()
    check_page(page)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("not complete")
    check_page(page)
    page.get_by_label("Yes").check()
    page.get_by_label("Latex").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status").first).to_contain_text("the form has arrived")
    assert [one for one in complaints if "422" not in one] == []


def test_another_phone_is_told_what_to_do(centre: Centre, phone: BrowserContext, browser: Browser) -> None:
    page = phone.new_page()
    open_page(centre, page)
    link = centre.give("p2")
    page.goto(f"{centre.base}/journey/link/{link.text}")
    page.get_by_label("Day", exact=True).fill("3")
    page.get_by_label("Month", exact=True).fill("3")
    page.get_by_label("Year", exact=True).fill("1970")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("alert")).to_contain_text("Tries left: 4.")
    check_page(page)
    other = browser.new_context(viewport=PHONE, locale="uz-Cyrl")  # type: ignore[arg-type]
    strange = other.new_page()
    strange.goto(f"{centre.base}/journey/link/{link.text[:-1]}")
    expect(strange.get_by_role("alert")).to_contain_text("қабулхонадан", ignore_case=True)
    check_page(strange)
    other.close()


def test_without_a_line_it_says_of_when_it_is(centre: Centre, phone: BrowserContext) -> None:
    page = phone.new_page()
    open_page(centre, page)
    phone.set_offline(True)
    expect(page.get_by_text("No connection. This is how it was at 08:00.")).to_be_visible()
    expect(page.get_by_text("Consultation")).to_be_visible()
    centre.clock.pass_s(120)
    phone.set_offline(False)
    expect(page.get_by_text("No connection.")).to_be_hidden()
    expect(page.locator("#asof")).to_contain_text("08:02")


def test_without_scripts_everything_works(centre: Centre, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False, locale="en-GB")  # type: ignore[arg-type]
    page = context.new_page()
    open_page(centre, page)
    page.get_by_role("button", name="I am here").first.click()
    expect(page.get_by_text("You are next.")).to_be_visible()
    centre.do("ask_form", patient="p1", form="before-visit")
    page.reload()
    page.get_by_role("link", name="Fill in a form").click()
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("the form has arrived")).to_be_visible()
    page.get_by_text("This phone", exact=True).click()
    page.get_by_role("button", name="Close my page").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Closed")
    context.close()


@pytest.mark.parametrize("code", CODES)
def test_it_fits_a_phone_in_every_language(centre: Centre, phone: BrowserContext, code: str) -> None:
    page = phone.new_page()
    open_page(centre, page)
    page.get_by_role("button", name="I am here").first.click()
    centre.do("ask_form", patient="p1", form="before-visit", language=code)
    page.goto(f"{page.url.partition('?')[0]}?language={code}")
    assert page.evaluate("document.documentElement.lang") == code
    check_page(page)
    shown = page.locator("main").inner_text()
    if code != "en":
        assert "Your number" not in shown
        assert "Messages" not in shown


def test_reception_gives_a_page(centre: Centre, browser: Browser) -> None:
    add(centre.door.desk, roles=frozenset({"registrar"}))
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    page = context.new_page()
    page.goto(f"{centre.base}/live/journeys")
    page.get_by_label("Sign-in name").fill("kim")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=re.compile("^Search the patient"))).to_be_visible()
    page.goto(f"{centre.base}/live/journeys/p1")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Karimova")
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_role("img", name="The link as a code to scan")).to_be_visible()
    expect(page.locator(".pin")).to_have_text(re.compile(r"^\d{6}$"))
    assert page.evaluate(NAMELESS) == []
    assert page.evaluate(PALE) == []
    page.goto(f"{centre.base}/live/journeys")
    context.close()
