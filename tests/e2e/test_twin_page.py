"""The page of a run as a reader meets it: in a browser, without a network; the day can be played."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests import runs

from oncopolis.report import write_twin
from oncopolis.twin.document import to_document


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs")
    project = runs.read_clinic()
    document = to_document([runs.build_result(project, i) for i in range(2)], runs.build_about(project))
    for language in ("en", "ru"):
        write_twin(document, out / language, language)
    return out


def open_run(page: Page, folder: Path, language: str = "en") -> list[str]:
    """Open the page and return the list of what it asks for, which goes on growing."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / language / "twin.html").as_uri())
    return asked


def count_people(page: Page) -> int:
    """Return the dots that are people now."""
    return page.locator(".player .w, .player .place .s").count()


def test_asks_for_nothing_but_itself(page: Page, folder: Path) -> None:
    asked = open_run(page, folder)
    page.get_by_role("button", name="Play").click()
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if not url.startswith("data:")] == [page.url]


def test_day_plays_pauses_and_starts_over(page: Page, folder: Path) -> None:
    open_run(page, folder)
    page.clock.install()
    clock, slider = page.locator(".controls output"), page.locator(".controls input")
    busiest = clock.inner_text()
    button = page.locator(".controls button")
    expect(button).to_have_text("Play")
    button.click()
    expect(button).to_have_text("Pause")
    page.clock.run_for(1100)
    assert clock.inner_text() > busiest
    button.click()
    expect(button).to_have_text("Play")
    stopped = clock.inner_text()
    page.clock.run_for(2000)
    expect(clock).to_have_text(stopped)
    slider.fill("95")
    expect(clock).to_have_text("23:45")
    button.click()
    expect(clock).to_have_text("00:00")
    page.clock.run_for(96 * 250)
    expect(clock).to_have_text("23:45")
    expect(button).to_have_text("Play")


def test_slider_moves_people_and_cursor(page: Page, folder: Path) -> None:
    open_run(page, folder)
    slider, cursor = page.locator(".controls input"), page.locator(".player .cursor")
    at_busiest, before = count_people(page), cursor.get_attribute("x1")
    slider.fill("0")
    assert count_people(page) < at_busiest
    assert cursor.get_attribute("x1") != before
    assert slider.get_attribute("aria-valuetext") == "00:00"
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".controls output")).to_have_text("00:15")


def test_dots_and_number_agree_with_the_picture_without_script(
    browser: Browser, page: Page, folder: Path
) -> None:
    context = browser.new_context(offline=True, java_script_enabled=False)
    still = context.new_page()
    still.goto((folder / "en" / "twin.html").as_uri())
    expect(still.locator(".controls")).to_be_hidden()
    expect(still.locator(".player svg")).to_be_visible()
    drawn = still.locator(".player svg .place").evaluate_all(
        "places => places.map((place) => place.outerHTML)"
    )
    context.close()
    open_run(page, folder)
    slider = page.locator(".controls input")
    busiest = slider.input_value()
    slider.fill("0")
    slider.fill(busiest)
    assert drawn == page.locator(".player svg .place").evaluate_all(
        "places => places.map((place) => place.outerHTML)"
    )


def test_calm_readers_get_slow_steps(browser: Browser, folder: Path) -> None:
    context = browser.new_context(offline=True, reduced_motion="reduce")
    page = context.new_page()
    page.clock.install(time=0)
    open_run(page, folder)
    page.clock.pause_at(3_600_000)
    clock = page.locator(".controls output")
    first = clock.inner_text()
    page.clock.run_for(5000)
    expect(clock).to_have_text(first)
    page.locator(".controls button").click()
    page.clock.run_for(900)
    expect(clock).to_have_text(first)
    page.clock.run_for(200)
    assert clock.inner_text() > first
    still = page.locator(".player .place circle").first
    assert "0s" in still.evaluate("(dot) => getComputedStyle(dot).transitionDuration")
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_sticks_out_of_the_window(page: Page, folder: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_run(page, folder)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_russian_page_has_russian_headings(page: Page, folder: Path) -> None:
    open_run(page, folder, "ru")
    headings = page.locator("section > h2").all_inner_texts()
    assert len(headings) == 14
    assert all(re.search("[а-яё]", heading) for heading in headings if "STRESS" not in heading), headings
