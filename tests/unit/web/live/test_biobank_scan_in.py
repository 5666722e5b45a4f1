"""A box is scanned in as people do it without scripts: looked at first, then filled whole or not at all."""

import re

import pytest
from tests.banks import keep, make_donor, make_room, make_tissue
from tests.staff import Centre, Staff

from oncopolis.biobank import Bank

PAGE = "/live/biobank/scan-in"


@pytest.fixture
def aida(centre: Centre) -> Staff:
    """A room with two tanks, and a tissue in the hands of somebody of the biobank."""
    keep(centre.live.store, [*make_room(), make_donor(), make_tissue(1)], at_ms=centre.clock.now_ms)
    centre.add_account("aida", "biobank", practitioner="aida", name="Aida")
    return centre.open_browser("aida")


def send(browser: Staff, file: bytes = b"", **fields: str) -> str:
    """Post the form, as a browser does."""
    csrf = re.search(r'name="csrf" value="([^"]+)"', browser.get(PAGE).text)
    assert csrf is not None
    said = {"csrf": csrf[1], "box": "T1-B1", "parent": "S00001", "amount": "10", "unit": "mg"} | fields
    files = {"sent": ("scan.csv", file) if file else ("", b"")}
    answered = browser.client.post(PAGE, data=said, files=files, headers={"origin": browser.base})
    assert answered.status_code == 200, answered.text
    return answered.text


def test_every_position_that_is_wrong_is_told_before_anything_is_written(centre: Centre, aida: Staff) -> None:
    keep(centre.live.store, [make_tissue(7, 102, 4)], at_ms=centre.clock.now_ms)
    scan = b"position,barcode,parent,amount\nA1,V1\nA1,V2\nA3,NO READ\nB1,V4,S404\nB2,V5\nZ9,V6\nB3,V7,,much"
    shown = send(aida, scan, what="look")
    for row, code in ((3, "042"), (4, "041"), (5, "045"), (6, "044"), (7, "003"), (8, "046")):
        assert re.search(rf'<th scope="row">{row}</th>.*BIO-{code}', shown), (row, code)
    assert shown.count('<td class="wrong">') == 5
    assert "Fill the box" not in shown
    assert "look at it again" in send(aida, scan, what="take")
    assert Bank(centre.live.store).ask(lambda books: books.find_specimen("V1")) is None


def test_a_box_is_filled_in_one_act_after_a_look(centre: Centre, aida: Staff) -> None:
    bank = Bank(centre.live.store)
    scan = b"\xef\xbb\xbfPosition;Barcode\nA1;V1\nA2;S00001\nA3;EMPTY\n"
    shown = send(aida, scan, what="look")
    assert "No row is wrong." in shown
    assert (shown.count('<td class="new">'), shown.count('<td class="moved">')) == (1, 1)
    assert bank.ask(lambda books: books.find_specimen("V1")) is None
    assert "1 new vials, 1 known ones" in send(aida, scan, what="take")
    made = bank.ask(lambda books: books.find_specimen("V1"))
    parent = bank.ask(lambda books: books.find_specimen("S00001"))
    assert made is not None
    assert parent is not None
    assert (made.place, parent.place, parent.remaining) == (0, 1, 90_000)


def test_a_scanner_in_the_hand_goes_from_position_to_position(centre: Centre, aida: Staff) -> None:
    assert "1 new vials, 0 known ones" in send(aida, labels="-\r\nV9\r\n", what="take")
    made = Bank(centre.live.store).ask(lambda books: books.find_specimen("V9"))
    assert made is not None
    assert made.place == 1
    too_many = "\n".join(f"W{n}" for n in range(7))
    assert "The box has no such position." in send(aida, labels=too_many, box="T1-B2", what="look")


@pytest.mark.parametrize(
    ("file", "fields", "said"),
    [
        (b"\xff\xfe\x00", {}, "This is no text"),
        (b"A1,-", {}, "No vial was scanned."),
        (b"", {}, "This is no scan"),
        (b"A1,V1", {"box": "nowhere"}, "Nothing has that label."),
        (b"A1,V1", {"box": "T1-R1"}, "Specimens do not stand in this."),
        (b"A1,V1", {"amount": "much"}, "Something in the form cannot be so."),
        (b"A1,V1", {"amount": "5000"}, "More is drawn than is left"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    aida: Staff, file: bytes, fields: dict[str, str], said: str
) -> None:
    assert said in send(aida, file, what="look", **fields)


def test_who_may_not_fill_boxes_does_not_see_the_page(centre: Centre, aida: Staff) -> None:
    centre.add_account("desk", "registrar")
    assert centre.open_browser("desk").get(PAGE).status_code == 403
    assert f'href="{PAGE}?box=T1-B1"' in aida.get("/live/biobank/T1-B1").text
