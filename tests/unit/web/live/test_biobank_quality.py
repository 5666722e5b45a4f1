"""Bringing an inventory in, and quality, as people do it without scripts."""

import re
from io import BytesIO

import httpx
import pytest
from openpyxl import Workbook
from tests.banks import keep, make_donor, make_room, make_tissue
from tests.staff import Centre, Staff

from oncopolis.biobank import Bank

IMPORT, QUALITY = "/live/biobank/import", "/live/biobank/quality"
HEADS = "barcode,donor,box,position,kind,collected,left,unit"
GOOD = "V1,D-7,T1-B1,A1,TIS,2020-05-04,12.5,mg"


@pytest.fixture
def aida(centre: Centre) -> Staff:
    """A room with two tanks, and somebody of the biobank."""
    keep(centre.live.store, [*make_room(), make_donor()], at_ms=centre.clock.now_ms)
    centre.add_account("aida", "biobank", practitioner="aida", name="Aida")
    return centre.open_browser("aida")


def send(browser: Staff, file: bytes | None, **fields: str) -> str:
    """Post the form with a file, as a browser does."""
    csrf = re.search(r'name="csrf" value="([^"]+)"', browser.get(IMPORT).text)
    assert csrf is not None
    sent = ("old.csv", file) if file is not None else ("", b"")
    answered = browser.client.post(
        IMPORT, data={"csrf": csrf[1], **fields}, files={"sent": sent}, headers={"origin": browser.base}
    )
    assert answered.status_code == 200, answered.text
    return answered.text


def act(browser: Staff, name: str, page: str = QUALITY, **fields: str) -> httpx.Response:
    """Post an act of quality."""
    csrf = re.search(r'name="csrf" value="([^"]+)"', browser.get(page).text)
    assert csrf is not None
    path = f"{QUALITY}/acts/{name}"
    return browser.client.post(path, data={"csrf": csrf[1], **fields}, headers={"origin": browser.base})


def test_a_file_is_looked_at_before_it_comes_in(centre: Centre, aida: Staff) -> None:
    bad = "V2,D-7,T1-B1,A1,TIS,2020-05-04,1,mg\nV3,D-7,T1-B1,Z9,TIS,2020-05-04,1,stone"
    wrong = f"{HEADS}\n{GOOD}\n{bad}".encode()
    shown = send(aida, wrong, what="look")
    assert "Something else is in that position." in shown
    assert "Something in a cell cannot be so." in shown
    assert "Take all of it over" not in shown
    shown = send(aida, f"{HEADS}\n{GOOD}".encode(), what="look")
    assert "No row is wrong." in shown
    assert "Take all of it over" in shown
    bank = Bank(centre.live.store)
    assert bank.ask(lambda books: books.find_specimen("V1")) is None
    assert "1 specimens of 1 new donors came in" in send(aida, f"{HEADS}\n{GOOD}".encode(), what="take")
    assert bank.ask(lambda books: books.find_specimen("V1")) is not None
    assert "No barcode, or one that was there before." in send(aida, f"{HEADS}\n{GOOD}".encode(), what="take")


def test_a_spreadsheet_comes_in_too_and_what_is_none_is_told(centre: Centre, aida: Staff) -> None:
    book, out = Workbook(), BytesIO()
    for row in (HEADS, GOOD):
        book.worksheets[0].append(row.split(","))
    book.save(out)
    assert "came in" in send(aida, out.getvalue(), what="take")
    assert "This is no table" in send(aida, b"PK\x03\x04 nothing", what="look")
    assert "Choose a file first." in send(aida, None, what="look")
    assert "not known" in send(aida, b"x", what="look", mapping="/etc/passwd")
    centre.add_account("desk", "registrar")
    assert centre.open_browser("desk").get(IMPORT).status_code == 403


def test_what_does_not_conform_is_told_owned_and_closed_by_somebody_else(centre: Centre, aida: Staff) -> None:
    act(aida, "bank_nonconformity", title="Label <fell> off", severity="major")
    shown = aida.get(QUALITY).text
    assert "Label &lt;fell&gt; off" in shown
    assert "nobody" in shown
    owned = {
        "nonconformity": "1",
        "owner": "Aida",
        "cause": "glue",
        "action": "other labels",
        "due": "2999-01-01",
    }
    act(aida, "bank_own_nonconformity", **owned)
    assert "Cause: glue. Action: other labels." in aida.get(QUALITY).text
    refused = act(aida, "bank_close_nonconformity", nonconformity="1", evidence="x")
    assert "told=BIO-178" in refused.headers["location"]
    centre.add_account("bek", "laboratory", practitioner="bek", name="Bek")
    bek = centre.open_browser("bek")
    act(bek, "bank_close_nonconformity", nonconformity="1", evidence="looked at 100")
    shown = bek.get(QUALITY).text
    assert "Nothing is open." in shown
    assert "looked at 100" in shown
    act(aida, "bank_evidence", requirement="iso-20387-7.7", state="met", said="SOP 12")
    assert "SOP 12" in aida.get(QUALITY).text
    assert act(aida, "bank_withdraw").status_code == 404


def test_an_audit_is_walked_and_says_what_it_found(centre: Centre, aida: Staff) -> None:
    keep(centre.live.store, [make_tissue(n, 102, n) for n in range(1, 6)], at_ms=centre.clock.now_ms)
    drawn = act(aida, "bank_draw_audit", confidence_percent="80", share_percent="50")
    page = drawn.headers["location"].partition("?")[0]
    shown = aida.get(page).text
    lines = re.findall(r'id="line-(\d+)"', shown)
    assert f"{len(lines)} are left to be looked for" in shown
    for n in lines:
        act(aida, "bank_check_audit", page, audit="1", n=n, found="here" if n != "1" else "other")
    assert "1 of the sample not in place. With a confidence of 80 %" in aida.get(page).text
    assert "S0000" in aida.get(QUALITY).text
    assert aida.get(f"{QUALITY}/audits/9").status_code == 404
