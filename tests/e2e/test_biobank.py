"""The biobank in a browser: a box scanned in, tanks looked at, and a request up to its pick list."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.banks import keep, make_donor, make_room, make_tissue
from tests.doors import PASSWORD, cheap_hashes
from tests.staff import Centre, open_centre

from oncopolis.biobank import Bank
from oncopolis.operations.loop import write_code
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


def test_a_vial_is_scanned_to_a_free_position_and_others_are_reserved(centre: Centre, opened: Open) -> None:
    page, bank = opened("aida"), Bank(centre.live.store)
    page.goto("/live/biobank")
    page.get_by_role("link", name="Move, reserve or block").click()
    expect(page.get_by_role("textbox").first).to_be_focused()
    page.keyboard.type("S00001\n")
    expect(page.get_by_role("heading", name="Specimen S00001")).to_be_visible()
    expect(page.locator("#into:focus")).to_be_visible()
    page.keyboard.type("t2-b\n")
    page.get_by_role("link", name="T2-B2").click()
    page.get_by_role("radio", name="B3: free").check()
    page.get_by_role("button", name="Put it there").click()
    expect(page.get_by_text("It stands there now.")).to_be_visible()
    moved = bank.ask(lambda books: books.find_specimen("S00001"))
    assert moved is not None
    assert (moved.box, moved.place) == (203, 5)
    page.goto("/live/biobank/moves?label=T2-B2")
    expect(page.get_by_role("checkbox", name="B3")).to_have_count(0)
    for name in ("A1", "A2"):
        page.get_by_role("checkbox", name=f"{name}: free").check()
    page.get_by_label("What for").first.fill("study 7")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_role("checkbox", name="A1: reserved")).to_be_visible()
    assert {one.place for one in bank.ask(lambda books: books.list_holds([203], centre.clock.now_ms))} == {
        0,
        1,
    }


def test_a_form_comes_in_and_a_patient_agrees_by_wristband(centre: Centre, opened: Open) -> None:
    centre.add_patient("p1", "Karimova", "Nodira")
    page, bank = opened("aida"), Bank(centre.live.store)
    page.goto("/live/biobank/consents")
    page.get_by_text("Add a version of a form").click()
    page.get_by_label("Name of the form").fill("broad")
    page.get_by_label("Signed from").fill("2020-01-01")
    page.get_by_label("File of its text").set_input_files(
        {"name": "form.pdf", "mimeType": "application/pdf", "buffer": b"I agree."}
    )
    for scope in ("research", "sending abroad"):
        page.get_by_role("checkbox", name=scope, exact=True).check()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_text("The form is added.")).to_be_visible()
    page.get_by_label("Wristband of the patient").fill(write_code("patient", "p1"))
    page.get_by_role("button", name="Find").click()
    page.get_by_role("checkbox", name="research", exact=True).first.check()
    page.get_by_role("button", name="Keep the consent").click()
    expect(page.get_by_text("The consent is kept.")).to_be_visible()
    donor = bank.ask(lambda books: books.find_donor_of("p1"))
    assert donor is not None
    assert bank.ask(lambda books: books.find_scopes([donor.id])) == {donor.id: 1}


def test_a_tissue_is_taken_in_with_its_ischaemia_and_divided(centre: Centre, opened: Open) -> None:
    page, bank = opened("aida"), Bank(centre.live.store)
    now = centre.station.house.to_local(centre.clock.now_ms)
    page.goto("/live/biobank/collect")
    page.get_by_label("Label of the specimen").fill("T-7")
    page.get_by_label("How much of it").fill("120")
    page.get_by_label("or donor's pseudonym").fill("D0001")
    page.get_by_label("Blood supply cut at").fill(f"{now - timedelta(minutes=30):%H:%M}")
    page.get_by_label("Removed at, if not now").fill(f"{now - timedelta(minutes=10):%H:%M}")
    page.get_by_role("button", name="Take it in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("T-7")
    page.get_by_text("Divide it").first.click()
    page.get_by_label("Labels of the parts").fill("A-1\nA-2")
    page.get_by_label("Amount in each").fill("40")
    page.get_by_role("button", name="Divide it").click()
    expect(page.get_by_role("link", name="A-2")).to_be_visible()
    one = bank.ask(lambda books: books.find_specimen("A-2"))
    assert one is not None
    assert (one.warm_s, one.remaining) == (20 * 60, 40_000)
