"""From the catalogue to what comes back, as researchers, the committee and the biobank do it."""

import re

import httpx
import pytest
from tests.banks import keep, make_donor, make_room, make_tissue
from tests.staff import Centre, Staff

from oncopolis.biobank import Bank
from oncopolis.record.biobank.rows import BankRow
from oncopolis.record.biobank.specimens import Consent, Donor, Form
from oncopolis.web.live import bank_requests

HOME = "/live/biobank/requests"
ONE = f"{HOME}/1"
WISH = {"kinds": "tis", "sites": "C50", "scopes-research": "1", "scopes-genetic": "1"}


@pytest.fixture
def aida(centre: Centre) -> Staff:
    """Three tissues of a donor who agrees to research and genetics, and one of another who does not."""
    rows: list[BankRow] = [
        *make_room(), make_donor(), Donor(2, "D0002", None, "male", 1950),
        Form(1, "broad", 1, 7, "0" * 64, 0),
        Consent(1, 1, 1, 3, 0), *(make_tissue(n, 102, n) for n in (1, 2, 3)), make_tissue(4, 102, 4, donor=2),
    ]  # fmt: skip
    keep(centre.live.store, rows, at_ms=centre.clock.now_ms)
    for login, role in (
        ("aida", "biobank"),
        ("bek", "biobank"),
        ("kim", "access_committee"),
        ("lee", "researcher"),
    ):
        centre.add_account(login, role, practitioner=login, name=login.title())
    return centre.open_browser("aida")


def post(browser: Staff, path: str, page: str, **fields: str) -> httpx.Response:
    """Post a form of a page."""
    csrf = re.search(r'name="csrf" value="([^"]+)"', browser.get(page).text)
    assert csrf is not None
    said = {"csrf": csrf[1], "back": page, **fields}
    return browser.client.post(path, data=said, headers={"origin": browser.base})


def act(browser: Staff, name: str, **fields: str) -> str:
    """Do an act of a request; where it leads."""
    answered = post(browser, f"/live/biobank/acts/bank_{name}", ONE, request="1", **fields)
    assert answered.status_code == 303, answered.text
    return answered.headers["location"]


def ask(browser: Staff, **fields: str) -> httpx.Response:
    said = {"title": "Fusions <b>", "organisation": "Institute", "n_wanted": "2", **WISH, **fields}
    return post(browser, HOME, HOME, **said)


def test_the_catalogue_counts_and_hides_small_cells(aida: Staff, centre: Centre) -> None:
    lee = centre.open_browser("lee")
    shown = lee.get(f"{HOME}?look=1&kinds=TIS&scopes-research=1").text
    assert "of fewer than 10 donors" in shown
    assert "D0001" not in shown
    assert "Nothing that is like this" in lee.get(f"{HOME}?look=1&kinds=TIS&scopes-abroad=1").text
    assert "Something in the form cannot be so" in lee.get(f"{HOME}?look=1&cold_max_min=x").text


def test_from_a_request_to_what_comes_back(centre: Centre, aida: Staff) -> None:
    lee, kim, bek = (centre.open_browser(one) for one in ("lee", "kim", "bek"))
    assert ask(lee).headers["location"] == f"{ONE}?done=bank_request"
    assert "Fusions &lt;b&gt;" in lee.get(HOME).text
    assert "Boxes to open" not in lee.get(ONE).text
    assert "Boxes to open" in kim.get(ONE).text
    assert (
        post(aida, "/live/biobank/acts/bank_decide_request", ONE, request="1")
        .headers["location"]
        .endswith("told=REC-324")
    )
    assert "done=" in act(kim, "decide_request", verdict="approved", reason="sound", mta="MTA-7")
    assert "done=" in act(aida, "select")
    shown = aida.get(ONE).text
    assert "2 to be picked from 1 boxes in 1 tanks" in shown
    listed = re.findall(r">(S0000\d)</a>", shown)
    assert "S00004" not in listed
    assert "S0000" not in lee.get(ONE).text
    assert "told=BIO-064" in act(aida, "pick", barcode="S00004")
    assert "told=BIO-069" in act(aida, "sign_release")
    for barcode in listed:
        assert "done=" in act(aida, "pick", barcode=barcode)
    assert "done=" in act(aida, "sign_release")
    assert "told=BIO-071" in act(aida, "sign_release")
    assert "another person signs now" in bek.get(ONE).text
    assert "done=" in act(bek, "sign_release")
    assert "done=" in act(aida, "return", barcode=listed[0])
    found = Bank(centre.live.store).ask(lambda books: books.find_barcodes(listed))
    assert [found[one].state for one in listed] == ["out", "away"]
    assert "told=REC-324" in act(lee, "publish", publication="doi:10/y")
    assert 'acts/bank_publish_own"' in lee.get(ONE).text
    assert "done=" in act(lee, "publish_own", publication="doi:10/x")
    assert "doi:10/x" in aida.get(ONE).text


@pytest.mark.slow
def test_a_long_pick_list_opens_where_one_goes_on(
    centre: Centre, aida: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bank_requests, "LINES", 2)
    lee, kim = centre.open_browser("lee"), centre.open_browser("kim")
    ask(lee, n_wanted="3")
    act(kim, "decide_request", verdict="approved", reason="sound", mta="MTA-7")
    act(aida, "select")
    shown = aida.get(ONE).text
    assert len(re.findall(r">(S0000\d)</a>", shown)) == 2
    assert "All, to print" in shown
    act(aida, "pick", barcode="S00001")
    act(aida, "pick", barcode="S00002")
    assert re.findall(r">(S0000\d)</a>", aida.get(ONE).text) == ["S00003"]
    assert len(re.findall(r">(S0000\d)</a>", aida.get(f"{ONE}?page=0").text)) == 3
    assert len(re.findall(r">(S0000\d)</a>", aida.get(f"{ONE}?page=1").text)) == 2


def test_a_request_is_seen_by_who_asked_the_biobank_and_the_committee(centre: Centre, aida: Staff) -> None:
    ask(centre.open_browser("lee"))
    centre.add_account("park", "researcher", name="Lee")
    park = centre.open_browser("park")
    assert "Fusions" not in park.get(HOME).text
    for path in (ONE, f"{HOME}/9", f"{HOME}/x", f"{HOME}/{'9' * 40}"):
        assert park.get(path).status_code == 404
    assert ask(park, n_wanted="none").status_code == 200
    assert post(aida, "/live/biobank/acts/bank_import", ONE).status_code == 404
    centre.add_account("desk", "registrar")
    assert centre.open_browser("desk").get(HOME).status_code == 403
