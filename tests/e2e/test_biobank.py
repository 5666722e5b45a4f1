"""The biobank in a browser: a box scanned in, tanks looked at, and a request up to its pick list."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.banks import keep, make_donor, make_room, make_tissue
from tests.doors import PASSWORD, cheap_hashes
from tests.staff import Centre, open_centre

from oncopolis.biobank import Bank
from oncopolis.record.biobank.rows import BankRow
from oncopolis.record.biobank.specimens import Consent, Form

Open = Callable[[str], Page]
SCAN = "position,barcode\nA1,V1\nA2,S00009\nA3,EMPTY\nB1,V2\n"


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Centre]:
    """Four tissues of a donor who agrees to research, three in a box and one in somebody's hands."""
    with cheap_hashes(monkeypatch), open_centre(tmp_path) as opened:
        rows: list[BankRow] = [
            *make_room(), make_donor(), Form(1, "broad", 1, 1, "0" * 64, 0), Consent(1, 1, 1, 1, 0),
            *(make_tissue(n, 102, n) for n in (1, 2, 3)), make_tissue(9),
        ]  # fmt: skip
        keep(opened.live.store, rows, at_ms=opened.clock.now_ms)
        for login, role in (("aida", "biobank"), ("kim", "access_committee"), ("lee", "researcher")):
            opened.add_account(login, role, practitioner=login, name=login.title())
        yield opened


@pytest.fixture
def opened(browser: Browser, centre: Centre) -> Iterator[Open]:
    """Sign somebody in; complaints of any page fail the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def sign_in(login: str) -> Page:
        contexts.append(browser.new_context(base_url=centre.base, locale="en-GB"))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/login")
        page.get_by_label("Sign-in name").fill(login)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/account")
        return page

    yield sign_in
    for context in contexts:
        context.close()
    assert not complaints


def test_a_box_is_looked_at_and_scanned_in(centre: Centre, opened: Open) -> None:
    page, bank = opened("aida"), Bank(centre.live.store)
    page.goto("/live/biobank")
    page.get_by_role("link", name="Scan a box in").click()
    page.get_by_label("Label of the box").fill("T2-B1")
    page.get_by_label("Barcode of what they were made of").fill("S00009")
    page.get_by_label("Amount in each").fill("10")
    page.get_by_label("Unit").select_option("mg")
    file = page.get_by_label("File of the rack scanner (CSV)")
    file.set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": (SCAN + "B1,V3\n").encode()})
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("row").filter(has_text="BIO-042")).to_contain_text("V3")
    expect(page.get_by_role("button", name="Fill the box")).to_have_count(0)
    file.set_input_files({"name": "b.csv", "mimeType": "text/csv", "buffer": SCAN.encode()})
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("No row is wrong.")).to_be_visible()
    assert bank.ask(lambda books: books.list_in_box(202)) == []
    page.get_by_role("button", name="Fill the box").click()
    expect(page.get_by_role("status").or_(page.get_by_text("The box is filled"))).to_contain_text(
        "2 new vials"
    )
    there = bank.ask(lambda books: {one.barcode: one.place for one in books.list_in_box(202)})
    assert there == {"V1": 0, "S00009": 1, "V2": 3}


def test_one_walks_from_the_map_of_tanks_to_a_vial(opened: Open) -> None:
    page = opened("aida")
    page.goto("/live/biobank")
    expect(page.get_by_text("3 of 24 positions are taken")).to_be_visible()
    page.get_by_role("link", name="T1", exact=False).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("T1")
    fill = page.get_by_title("T1-B1: 50 %")
    expect(fill).to_have_text("50 %")
    page.get_by_role("link", name="quality", exact=True).click()
    expect(page.get_by_title("T1-B1: –")).to_be_visible()
    page.get_by_role("link", name="T1-R1", exact=False).first.click()
    page.get_by_role("link", name="T1-B1", exact=False).first.click()
    taken = page.locator("td.taken")
    expect(taken).to_have_count(3)
    page.get_by_title("B1: S00003").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("S00003")


def test_a_request_becomes_a_pick_list_that_is_picked(opened: Open) -> None:
    lee, kim, aida = opened("lee"), opened("kim"), opened("aida")
    lee.goto("/live/biobank/requests")
    lee.get_by_label("Types of sample").fill("TIS")
    lee.get_by_role("button", name="Count").click()
    expect(lee.get_by_role("row").filter(has_text="C50")).to_contain_text("of fewer than 10 donors")
    lee.get_by_label("What for").fill("Fusions in breast cancer")
    lee.get_by_label("Organisation").fill("Institute")
    lee.get_by_label("How many specimens").fill("2")
    lee.get_by_role("button", name="Send the request").click()
    expect(lee.get_by_role("heading", level=1)).to_contain_text("Fusions in breast cancer")
    request = lee.url.partition("?")[0]
    kim.goto(request)
    kim.get_by_label("Reasons").fill("sound")
    kim.get_by_label("Material transfer agreement").fill("MTA-7")
    kim.get_by_role("button", name="Record the decision").click()
    expect(kim.get_by_text("approved").first).to_be_visible()
    aida.goto(request)
    aida.get_by_role("button", name="Make the pick list").click()
    expect(aida.get_by_text("2 to be picked from 1 boxes in 1 tanks")).to_be_visible()
    for barcode in ("S00001", "S00002"):
        aida.get_by_label("Scan what you take out").fill(barcode)
        aida.get_by_role("button", name="Picked", exact=True).click()
        line = aida.get_by_role("row").filter(has_text=barcode)
        expect(line).to_contain_text("picked")
        expect(line).not_to_contain_text("to be picked")
    expect(aida.get_by_role("heading", name="Give it out")).to_be_visible()
