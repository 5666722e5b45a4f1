"""Results and wards as they are used: late, passed on and seen; on a telephone, and without a mouse."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.doors import PASSWORD, cheap_hashes
from tests.results import USUAL, make_result_house
from tests.staff import Centre, open_centre

from oncopolis.operations import make_wish
from oncopolis.record import Act, Who

PHONE = {"width": 390, "height": 844}
MINUTE_MS = 60_000
CALM_MS = 1_500
"""How long a page may take to be filled again after something was done."""
STEP_MIN = 30
"""Our own row `result.critical.seen`."""


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Centre]:
    house = make_result_house({f"{USUAL}.outpatient": 1})
    with cheap_hashes(monkeypatch), open_centre(tmp_path, house=house) as opened:
        opened.put({"resourceType": "Practitioner", "id": "doctor", "active": True})
        opened.add_account("doctor", "nurse", "physician", "laboratory", practitioner="doctor")
        opened.add_patient("p1", "Karimova", "Malika")
        yield opened


@pytest.fixture
def open_page(browser: Browser, centre: Centre) -> Iterator[Any]:
    contexts = []

    def open_(path: str, **more: Any) -> Page:
        context = browser.new_context(base_url=centre.base, locale="en-GB", **more)
        contexts.append(context)
        page = context.new_page()
        page.goto("/login")
        page.get_by_label("Sign-in name").fill("doctor")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/account")
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()


def do(centre: Centre, act: str, **said: Any) -> dict[str, Any]:
    audited = Act("E", act, Who("Practitioner", "doctor"), "test")
    return centre.live.perform(make_wish(act, said, audited)).result()


def test_a_critical_result_is_late_passed_on_and_seen(centre: Centre, open_page: Any) -> None:
    order = do(centre, "order", patient="p1", activity="report")["order"]
    page = open_page("/live/results/outpatient", viewport=PHONE)
    page.get_by_role("button", name="Take: Report").click()
    expect(page.get_by_role("button", name="Take: Report")).to_have_count(0)
    page.locator("summary", has_text="Critical result").click()
    page.get_by_label("What cannot wait").fill("potassium 6.9")
    page.locator("details[open]").get_by_role("button", name="Result is there").click()
    expect(page.get_by_text("potassium 6.9")).to_be_visible()
    expect(page.get_by_text("goes to: who asked for it")).to_be_visible()
    for audience in ("everybody who sees results", "the command centre"):
        # The page is filled again by itself when the house has passed it on.
        centre.clock.now_ms += STEP_MIN * MINUTE_MS // 2
        page.reload()
        centre.clock.now_ms += STEP_MIN * MINUTE_MS // 2
        centre.do("raise_results")
        expect(page.get_by_text(f"goes to: {audience}")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.reload()
    expect(page.get_by_text("too late")).to_be_visible()
    page.get_by_label("Repeat the value: Report").fill("6.9")
    page.get_by_role("button", name="Seen: Report").click()
    expect(page.get_by_text("Everything has been seen.")).to_be_visible()
    assert order


def test_a_round_on_a_telephone(centre: Centre, open_page: Any) -> None:
    centre.do("admit", patient="p1", activity="stay")
    centre.do("lay_tasks")
    page = open_page("/live/wards/bed/round", viewport=PHONE)
    page.locator("summary", has_text="Enter values").click()
    page.get_by_label("Pulse").fill("88")
    page.get_by_label("Pain").last.fill("4")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_role("img", name="Pulse: 88 /min")).to_be_visible()
    expect(page.get_by_text("in 12 h 0 min")).to_be_visible()
    page.get_by_role("button", name="Done: Look at the risk of pressure ulcers, Karimova Malika").click()
    expect(page.get_by_text("in 7 days")).to_be_visible()
    page.wait_for_timeout(CALM_MS)
    page.locator("summary", has_text="For the next shift").click()
    page.get_by_label("What the next shift has to know").fill("Nothing to eat from midnight on")
    page.get_by_role("button", name="Note").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("link", name="Hand-over").click()
    expect(page.get_by_text("Nothing to eat from midnight on").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.emulate_media(media="print")
    expect(page.locator(".bedside-acts").first).to_be_hidden()
