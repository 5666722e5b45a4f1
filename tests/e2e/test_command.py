"""The command centre on the largest wall there is and on a telephone: one look shows where it burns."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from tests.doors import PASSWORD, cheap_hashes
from tests.staff import Centre, open_centre

WALL: ViewportSize = {"width": 3840, "height": 2160}
PHONE: ViewportSize = {"width": 360, "height": 740}
PAGE = "/live/command"
ROOM = "room.consult-room.1"
HOUR_MS = 3_600_000
READ_PX = 24
"""Least height of letters that are read across a room."""


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Centre]:
    with cheap_hashes(monkeypatch), open_centre(tmp_path) as opened:
        opened.put({"resourceType": "Practitioner", "id": "doctor", "active": True})
        opened.add_account("lead", "physician", "nurse", "administrator", practitioner="doctor")
        opened.add_patient("p1", "Karimova", "Malika")
        yield opened


def sign_in(browser: Browser, centre: Centre, size: ViewportSize) -> Page:
    page = browser.new_context(base_url=centre.base, viewport=size, locale="en-GB").new_page()
    page.goto("/login")
    page.get_by_label("Sign-in name").fill("lead")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/account")
    page.goto(PAGE)
    return page


def test_one_look_from_across_the_room_or_on_a_telephone(browser: Browser, centre: Centre) -> None:
    centre.do("check_in", patient="p1", activity="consult")
    centre.clock.now_ms += HOUR_MS
    wall, phone = sign_in(browser, centre, WALL), sign_in(browser, centre, PHONE)
    for page in (wall, phone):
        expect(page.get_by_text("Somebody has waited for 60 min")).to_be_in_viewport()
        expect(page.get_by_text("1 without an owner")).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
    for name in ("What burns", "Now", "Queues", "Where people are"):
        expect(wall.get_by_role("heading", name=name, exact=True)).to_be_in_viewport(ratio=1)
    for what in (".burns tbody td", ".burns thead th", ".tile-label", ".tile-note"):
        letters = wall.locator(what).first
        assert letters.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") >= READ_PX
    for tile in wall.locator("a.tile").all():
        expect(tile).to_be_in_viewport(ratio=1)
        answer = wall.request.get(str(tile.get_attribute("href")))
        assert answer.ok, answer.url
    centre.do("report_down", unit=ROOM, reason="fault", until_ms=centre.clock.now_ms + HOUR_MS)
    for page in (wall, phone):
        expect(page.get_by_text("2 without an owner")).to_be_visible(timeout=10_000)
    phone.get_by_role("button", name="I see to it").first.click()
    for page in (wall, phone):
        expect(page.get_by_text("1 without an owner")).to_be_visible(timeout=10_000)
    for page in (wall, phone):
        page.context.close()
