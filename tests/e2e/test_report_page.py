"""The report as a reader meets it: in a browser, without a network."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.unit.report.sample_plan import build_plan

from oncopolis.report import write_plan


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("reports")
    for language in ("en", "ru"):
        write_plan(build_plan(), out / language, language=language)
    return out


def open_report(page: Page, folder: Path, language: str = "en") -> list[str]:
    """Open the report and return the list of what it asks for, which goes on growing."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / language / "report.html").as_uri())
    return asked


def test_asks_for_nothing_but_itself(page: Page, folder: Path) -> None:
    asked = open_report(page, folder)
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if not url.startswith("data:")] == [page.url]


def test_every_link_leads_to_a_place(page: Page, folder: Path) -> None:
    open_report(page, folder)
    lost = page.evaluate(
        """() => [...document.querySelectorAll("a[href]")].map((a) => a.getAttribute("href"))
        .filter((href) => href[0] !== "#" || !document.getElementById(decodeURIComponent(href.slice(1))))"""
    )
    assert lost == []


def test_each_headline_opens_its_explanation(page: Page, folder: Path) -> None:
    open_report(page, folder)
    links = page.locator(".card .value a.x")
    assert links.count() == len(build_plan()["headlines"])
    drawer = page.locator("#drawer")
    for i in range(links.count()):
        name = page.locator(".card .name").nth(i).inner_text()
        links.nth(i).click()
        expect(drawer.locator("h3").first).to_have_text(name)
        page.keyboard.press("Escape")
        expect(drawer).to_be_hidden()


def test_explanation_goes_down_to_the_source_and_back(page: Page, folder: Path) -> None:
    open_report(page, folder)
    page.locator(".card a.x").first.click()
    drawer = page.locator("#drawer")
    drawer.locator("li.row a").first.click()
    expect(drawer.locator("h3").first).to_contain_text("Courses a megavoltage unit")
    drawer.locator("p.where a").first.click()
    expect(drawer).to_contain_text("Zhu H")
    drawer.get_by_role("button", name="Back").click()
    drawer.get_by_role("button", name="Back").click()
    expect(drawer.locator("h3").first).to_have_text("Linacs")
    drawer.get_by_role("link", name="Show in the report").click()
    expect(drawer).to_be_hidden()
    assert page.url.endswith("#x-equipment.linac")


def test_reads_without_scripts(browser: Browser, folder: Path) -> None:
    context = browser.new_context(offline=True, java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "en" / "report.html").as_uri())
    page.locator(".card a.x").first.click()
    assert page.url.endswith("#x-equipment.linac")
    expect(page.locator("#drawer")).to_be_hidden()
    context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_sticks_out_of_the_window(page: Page, folder: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_report(page, folder)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_printing_opens_what_is_folded(page: Page, folder: Path) -> None:
    open_report(page, folder)
    table = page.locator("#equipment details table").first
    expect(table).to_be_hidden()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(table).to_be_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(table).to_be_hidden()


def test_russian_page_has_russian_headings(page: Page, folder: Path) -> None:
    open_report(page, folder, "ru")
    assert page.locator("html").get_attribute("lang") == "ru"
    headings = page.locator("section > h2").all_inner_texts()
    assert headings
    assert all(re.search("[а-яё]", heading) for heading in headings), headings
    expect(page.locator("#capacity svg")).to_contain_text("Линейные ускорители")
