"""Permits and what requests cost, on their page."""

from pathlib import Path

import pytest
from tests.banks import keep, make_room
from tests.staff import Centre, Staff

from oncopolis.biobank.requests.paying import load_tariff
from oncopolis.web.live import permits

PAGE = permits.HOME


@pytest.fixture
def aida(centre: Centre) -> Staff:
    keep(centre.live.store, make_room(), at_ms=centre.clock.now_ms)
    centre.add_account("aida", "biobank", practitioner="aida", name="Aida")
    browser = centre.open_browser("aida")
    wish = {"title": "Fusions", "applicant": "Lee", "organisation": "Institute", "n_wanted": "2"}
    browser.press("/live/biobank/requests?look=1&kinds=TIS", "/live/biobank/requests#h-catalogue", wish)
    return browser


def test_a_permit_is_kept_shown_and_taken_back(aida: Staff) -> None:
    said = {
        "number": "P-1", "authority": "Ministry", "country": "KR", "from": "2020-01-01",
        "until": "2090-01-01", "n_most": "10",
    }  # fmt: skip
    aida.press(PAGE, f"{PAGE}/acts/bank_permit", said)
    shown = aida.get(PAGE).text
    assert "P-1" in shown
    assert "0 of 10" in shown
    assert "holds" in shown
    told = aida.press(PAGE, f"{PAGE}/acts/bank_permit", said | {"number": "P-2", "until": "2019-01-01"})
    assert "cannot end before it begins" in aida.get(f"{PAGE}?told=BIO-183").text
    assert "P-2" not in aida.get(PAGE).text, told
    aida.press(PAGE, f"{PAGE}/acts/bank_end_permit", {"reason": "revoked"})
    assert "taken back" in aida.get(PAGE).text
    assert aida.get(f"{PAGE}/acts/none").status_code in (404, 405)


def test_costs_are_told_by_the_tariff_of_the_project(
    centre: Centre, aida: Staff, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "only payments are known" in aida.get(PAGE).text
    aida.press(
        PAGE,
        f"{PAGE}/acts/bank_payment",
        {"amount": "30", "currency": "USD", "reference": "INV-1"},
        request="1",
    )
    assert "30.00 USD" in aida.get(PAGE).text
    file = tmp_path / permits.TARIFF
    file.write_text("currency: USD\nitems: [{label: Handling, per: request, cost: 120}]\n")
    monkeypatch.setattr(permits, "find_tariff", lambda _station: load_tariff(file))
    shown = aida.get(PAGE).text
    assert "120.00 USD" in shown
    assert "25 %" in shown
    file.write_text("currency: EUR\nitems: [{label: Handling, per: request, cost: 120}]\n")
    assert "cannot be used" in aida.get(PAGE).text
    centre.add_account("lee", "researcher", name="Lee")
    assert centre.open_browser("lee").get(PAGE).status_code == 403
