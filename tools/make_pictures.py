"""Make docs/images/live from a demonstration that runs: a picture of every page that shows something.

Takes some minutes, and needs Debian's chromium. ``--language`` and ``--folder`` make pictures to judge by.
"""

import argparse
import html
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, BrowserContext, StorageState, ViewportSize, sync_playwright

from pictures.finding import Addresses
from pictures.listing import ENDING, OF_PARTNER, list_names, list_paths, name_picture
from pictures.showing import showing, sign_in, wait_until_alive
from pictures.taking import PHONE, SCREEN, Camera

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / "docs" / "images" / "live"
LONGEST_MS: Final = 120_000
"""After which a page is given up; a demonstration may have much to do."""
PROJECT: Final = ROOT / "examples" / "tashkent"
CHROMIUM: Final = "/usr/bin/chromium"
OPTIONS: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
ASKED: Final = {
    "/live/reception": "/live/reception?family=Namuna-Yusupova&given=Nilufar&birth_date=1968-03-11",
    "/live/biobank/specimens/{id}": "/live/biobank/specimens/1",
}
"""Pages that show more when something is asked: whom a demonstration has for certain."""
_AGENDA: Final = re.compile(r'href="(/live/board\?board=[^"]+)"')
_PERSON: Final = re.compile(r'href="/live/people/([\w.-]+)"')


def photograph(
    browser: Browser, base: str, states: tuple[StorageState, StorageState], language: str, folder: Path
) -> list[str]:
    """Take all pictures, those of a partner centre as its member; return the names of what is missing."""
    camera = Camera(folder)
    context = open_context(browser, base, SCREEN, language, states[0])
    asked = ASKED | {"/live/board": find_agenda(context)}
    addresses = photograph_pages(context, camera, list_paths(), asked, language)
    photograph_journey(browser, context, camera, addresses["/live/areas/{area}"], language)
    context.close()
    there = open_context(browser, base, SCREEN, language, states[1])
    photograph_pages(there, camera, OF_PARTNER, {}, language)
    there.close()
    return [name for name in list_names() if not (folder / f"{name}{ENDING}").exists()]


def photograph_pages(
    context: BrowserContext, camera: Camera, paths: Iterable[str], asked: dict[str, str], language: str
) -> dict[str, str]:
    """Take a picture of each page that somebody may open; where it was taken, by the path."""
    addresses = Addresses(paths, asked, lambda address: read(context, address)).find()
    for path, address in addresses.items():
        camera.open_and_take(context, ask(address, language), name_picture(path))
    return addresses


def find_agenda(context: BrowserContext) -> str:
    """Return the address of a day with cases on the agenda of a board."""
    found = _AGENDA.search(read(context, "/live/board"))
    return html.unescape(found[1]) if found else "/live/board"


def use_biobank(context: BrowserContext) -> None:
    """Draw a sample to audit, and ask for specimens: nobody invents that."""
    page = context.new_page()
    page.goto("/live/biobank/quality?language=en")
    page.locator("summary", has_text="Draw a sample").click()
    page.get_by_role("button", name="Draw a sample").click()
    page.wait_for_url("**done=*")
    page.goto("/live/biobank/requests?language=en")
    page.locator("fieldset input[type=checkbox]").first.check()
    page.get_by_role("button", name="Count").click()
    page.locator("#title").fill("Proteins in plasma before treatment")
    page.locator("#organisation").fill("National Cancer Centre, Tashkent")
    if page.locator("#applicant").count():
        page.locator("#applicant").fill("Practitioner/demonstration")
    page.locator("#n_wanted").fill("40")
    page.get_by_role("button", name="Send the request").click()
    page.wait_for_url("**done=*")
    page.close()


def photograph_journey(
    browser: Browser, context: BrowserContext, camera: Camera, queue: str, language: str
) -> None:
    """Give somebody who waits their page, and open it on a phone."""
    people = dict.fromkeys(_PERSON.findall(read(context, queue)))
    patient = max(people, key=lambda one: len(read(context, f"/live/people/{one}")))
    desk = context.new_page()
    desk.goto(ask(f"/live/journeys/{patient}", language))
    camera.take(desk, "journeys")
    desk.locator("[name=spoken]").select_option(language)
    desk.locator("main form button").first.click()
    desk.wait_for_selector(".pin")
    camera.take(desk, "journeys-given")
    address, code = desk.locator("main code").inner_text(), desk.locator(".pin").inner_text()
    phone = open_context(browser, address, PHONE, language).new_page()
    phone.goto(address)
    camera.take(phone, "journey-question")
    phone.locator("#code").fill(code)
    phone.locator("main form button").click()
    phone.wait_for_selector("#asof")
    camera.take(phone, "journey")
    phone.context.close()


def open_context(
    browser: Browser, base: str, size: ViewportSize, language: str, state: StorageState | None = None
) -> BrowserContext:
    """Open a browser of somebody."""
    context = browser.new_context(base_url=base, viewport=size, locale=language, storage_state=state)
    context.set_default_timeout(LONGEST_MS)
    return context


def ask(address: str, language: str) -> str:
    """Return an address in a language."""
    return f"{address}{'&' if '?' in address else '?'}language={language}"


def read(context: BrowserContext, address: str) -> str:
    """Return the text of a page; nothing if it is refused or is none."""
    answer = context.request.get(address, timeout=LONGEST_MS)
    return answer.text() if answer.ok and "html" in answer.headers.get("content-type", "") else ""


def main() -> None:
    """Make the pictures, and say which could not be made."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--language", action="append", help="en if left out; others into folders of their own"
    )
    parser.add_argument("--folder", type=Path, default=FOLDER)
    said = parser.parse_args()
    with showing(PROJECT) as links, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(OPTIONS))
        context, there = (open_context(browser, links.base, SCREEN, "en") for _ in range(2))
        sign_in(context, links.administrator)
        sign_in(there, links.partner)
        wait_until_alive(context)
        use_biobank(context)
        states = context.storage_state(), there.storage_state()
        for language in said.language or ["en"]:
            folder = said.folder if not said.language else said.folder / language
            missing = photograph(browser, links.base, states, language, folder)
            print(f"{language}: no picture of {', '.join(missing) or 'nothing'}")
        browser.close()


if __name__ == "__main__":
    main()
