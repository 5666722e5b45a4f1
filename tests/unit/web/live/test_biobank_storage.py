"""Storage, consents and tissues of the biobank, as people work on their pages without scripts."""

import re
from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest
from tests.banks import keep, make_donor, make_room, make_tissue
from tests.staff import Centre, Staff

from oncopolis.biobank import Bank
from oncopolis.biobank.storage.forecasting import Intake
from oncopolis.biobank.watching.limits import read_limits
from oncopolis.operations.loop import write_code
from oncopolis.record.biobank.rows import BankRow
from oncopolis.record.biobank.specimens import Specimen
from oncopolis.report.labels import SIZES
from oncopolis.web.live.tube_labels import STOCKS
from oncopolis.web.tanks import Watcher

HOME = "/live/biobank"
MOVES, CONSENTS, COLLECT = (f"{HOME}/{one}" for one in ("moves", "consents", "collect"))
TEXT = b"I agree that what is left of my tissue is used for research."


@pytest.fixture
def bank(centre: Centre) -> Bank:
    """Two tanks; one specimen in a box, one in somebody's hands."""
    rows: list[BankRow] = [*make_room(), make_donor(), make_tissue(1, 102, 0), make_tissue(2, frozen_ms=None)]
    keep(centre.live.store, rows, at_ms=centre.clock.now_ms - 1_000)
    return Bank(centre.live.store)


@pytest.fixture
def aida(centre: Centre, bank: Bank) -> Staff:
    """Somebody of the biobank."""
    centre.add_account("aida", "biobank", practitioner="aida", name="Aida")
    return centre.open_browser("aida")


def post(
    browser: Staff, path: str, page: str, file: bytes | None = None, /, **fields: str
) -> str:  # fmt: skip
    """Post a form of a page; where it leads."""
    csrf = re.search(r'name="csrf" value="([^"]+)"', browser.get(page).text)
    assert csrf is not None
    files = None if file is None else {"sent": ("form.pdf", file)}
    said = {"csrf": csrf[1], "back": page, **fields}
    answered: httpx.Response = browser.client.post(
        path, data=said, files=files, headers={"origin": browser.base}
    )
    assert answered.status_code == 303, answered.text
    return str(answered.headers["location"])


def do(browser: Staff, name: str, page: str, /, **fields: str) -> str:
    return post(browser, f"{HOME}/acts/bank_{name}", page, None, **fields)


def get(bank: Bank, barcode: str) -> Specimen:
    found = bank.ask(lambda books: books.find_specimen(barcode))
    assert found is not None
    return found


def test_a_specimen_is_scanned_and_put_where_it_is_free(aida: Staff, bank: Bank) -> None:
    assert "T1-B1" in aida.get(f"{MOVES}?label=S00001").text
    shown = aida.get(f"{MOVES}?label=S00001&into=T2-B2").text
    assert len(re.findall(r'type="radio" name="position"', shown)) == 6
    said = {"barcode": "S00001", "box": "T2-B2", "position": "B1"}
    assert "label=S00001&done=bank_place" in do(aida, "place", f"{MOVES}?label=S00001", **said)
    assert (get(bank, "S00001").box, get(bank, "S00001").place) == (203, 3)
    shown = aida.get(f"{MOVES}?label=S00002&into=T2-B2").text
    assert len(re.findall(r'type="radio" name="position"', shown)) == 5
    assert "told=BIO-011" in do(aida, "place", MOVES, **(said | {"barcode": "S00002"}))
    do(aida, "take", MOVES, **{"barcodes-1": "S00001", "reason": "to look at it"})
    assert get(bank, "S00001").state == "out"
    assert "Aida" in aida.get(f"{MOVES}?label=S00001").text
    do(aida, "hand", MOVES, **{"barcodes-1": "S00001", "to": "Practitioner/bek"})
    assert get(bank, "S00001").holder == "Practitioner/bek"


def test_a_part_of_a_label_finds_what_is_meant(aida: Staff) -> None:
    shown = aida.get(f"{MOVES}?label=S0000").text
    assert "label=S00001" in shown
    assert "label=S00002" in shown
    shown = aida.get(f"{MOVES}?label=S00001&into=b2").text
    assert "into=T1-B2" in shown
    assert "into=T1-R1" not in shown
    shown = aida.get(f"{MOVES}?label=T1-B1&into=r1").text
    assert "into=T2-R1" in shown
    assert "into=T1-B2" not in shown
    nasty = "<b>%_!'"
    shown = aida.get(f"{MOVES}?label={quote(nasty)}").text
    assert "Nothing has the label &lt;b&gt;%_!&#39;." in shown
    assert "Nothing has the label T9." in aida.get(f"{MOVES}?label=S00001&into=T9").text


def test_a_box_is_carried_to_a_free_place_of_another_rack(aida: Staff, bank: Bank) -> None:
    page = f"{MOVES}?label=T1-B1"
    shown = aida.get(f"{page}&into=T2-R1").text
    assert re.findall(r"<option>(\d)</option>", shown) == ["3"]
    said = {"name": "T1-B1", "parent": "T2-R1"}
    assert "told=BIO-018" in do(aida, "move_container", page, **said, slot="1")
    assert "done=" in do(aida, "move_container", page, **said, slot="3")
    box = bank.ask(lambda books: books.find_container("T1-B1"))
    assert box is not None
    assert (box.parent, box.slot) == (201, 2)
    assert "No place in it is free." in aida.get(f"{MOVES}?label=T1-B2&into=T2-R1").text
    assert "Where it goes" not in aida.get(f"{MOVES}?label=room").text


def test_positions_are_reserved_until_a_day_and_a_rack_is_closed(
    centre: Centre, aida: Staff, bank: Bank
) -> None:
    page = f"{MOVES}?label=T1-B1"
    today = centre.station.house.to_local(centre.clock.now_ms).date()
    until = {"until_ms@day": str(today + timedelta(days=1))}
    held = {"box": "T1-B1", "positions-A2": "A2", "positions-B3": "B3"}
    assert "done=" in do(aida, "hold", page, **held, kind="reserved", reason="study <7>", **until)
    shown = aida.get(page).text
    assert shown.count("reserved, study &lt;7&gt;") == 2
    said = {"barcode": "S00002", "box": "T1-B1", "position": "A2"}
    assert "told=BIO-009" in do(aida, "place", page, **said)
    centre.clock.now_ms += 2 * 86_400_000
    aida = centre.open_browser("aida")
    assert "done=" in do(aida, "place", page, **said)
    assert "done=" in do(aida, "hold", f"{MOVES}?label=T2-R1", box="T2-R1", kind="blocked")
    assert "told=BIO-223" in do(aida, "hold", f"{MOVES}?label=T2-R1", box="T2-R1", kind="blocked")
    assert "done=" in do(aida, "close_container", page, name="T1-B1", is_closed="true", reason="torn")
    assert "Open it for new content" in aida.get(page).text
    assert "told=BIO-008" in do(aida, "place", page, **(said | {"position": "B1"}))
    made = {"name": "T1-B9", "parent": "T1-R1", "kind": "box", "holds": "specimens", "layout": "grid"}
    assert "done=" in do(aida, "add_container", page, **made, n_rows="9", n_columns="9", inventory="research")
    assert "told=BIO-001" in do(
        aida, "add_container", page, **(made | {"parent": "T2-R1"}), n_columns="9", inventory="research"
    )
    assert len(re.findall(r'type="checkbox" name="positions-', aida.get(f"{MOVES}?label=T1-B9").text)) == 81


def test_others_do_not_move_anything(centre: Centre, bank: Bank) -> None:
    centre.add_account("desk", "registrar")
    desk = centre.open_browser("desk")
    assert desk.get(MOVES).status_code == 403
    assert "told=REC-324" in do(desk, "hold", CONSENTS, box="T1-B1", kind="blocked")


def test_a_form_is_added_and_a_patient_agrees_on_it(centre: Centre, aida: Staff, bank: Bank) -> None:
    centre.add_patient("p1", "Karimova", "Nodira")
    centre.add_account("desk", "registrar")
    desk = centre.open_browser("desk")
    assert "No form is in use." in desk.get(f"{CONSENTS}?donor=p1").text
    scopes = {f"scopes-{one}": one for one in ("research", "genetic", "abroad")}
    path, day = f"{CONSENTS}/forms", {"from": "2020-01-01"}
    assert "told=WEB-427" in post(aida, path, CONSENTS, b"", name="broad", **scopes, **day)
    assert "told=WEB-402" in post(aida, path, CONSENTS, TEXT, name="broad", **day)
    assert "done=bank_form" in post(aida, path, CONSENTS, TEXT, name="broad", **scopes, **day)
    assert "told=BIO-050" in post(aida, path, CONSENTS, TEXT + b"!", name="broad", **scopes, **day)
    assert "done=" in post(
        aida, path, CONSENTS, TEXT + b"!", name="broad", **scopes, **{"from": "2020-06-01"}
    )
    page = f"{CONSENTS}?donor={write_code('patient', 'p1')}"
    shown = desk.get(page).text
    assert "A patient who is no donor yet: Karimova Nodira" in shown
    assert "They have signed broad, version 2" in shown
    assert "They have signed broad, version 1" not in shown
    today = str(centre.station.house.to_local(centre.clock.now_ms).date())
    said = {"patient": "p1", "form": "broad", "version": "2", "given_ms@day": today, "given_ms@time": "00:01"}
    assert "told=BIO-053" in do(desk, "consent", page, **said, **{"scopes-x": "commercial"})
    assert "told=WEB-402" in do(desk, "consent", page, **said)
    late = said | {"given_ms@day": "2999-01-01"}
    assert "told=BIO-052" in do(desk, "consent", page, **late, **{"scopes-x": "research"})
    assert "done=bank_consent" in do(desk, "consent", page, **said, **{"scopes-x": "research"})
    donor = bank.ask(lambda books: books.find_donor_of("p1"))
    assert donor is not None
    assert bank.ask(lambda books: books.find_scopes([donor.id])) == {donor.id: 1}
    assert "in force" in desk.get(page).text
    assert "Karimova" not in aida.get(page).text
    assert donor.pseudonym in aida.get(page).text
    assert "Nobody is known by that." in desk.get(f"{CONSENTS}?donor=nobody").text


def test_a_donor_of_another_house_agrees_by_pseudonym(centre: Centre, aida: Staff, bank: Bank) -> None:
    scopes = {"scopes-research": "research"}
    post(aida, f"{CONSENTS}/forms", CONSENTS, TEXT, name="broad", **scopes, **{"from": "2020-01-01"})
    page = f"{CONSENTS}?donor=S00001"
    assert 'name="pseudonym" value="D0001"' in aida.get(page).text
    said = {"pseudonym": "D0001", "form": "broad", "version": "1", **scopes}
    assert "done=" in do(aida, "consent", page, **said)
    assert bank.ask(lambda books: books.find_scopes([1])) == {1: 1}
    centre.add_account("lee", "researcher")
    assert centre.open_browser("lee").get(CONSENTS).status_code == 403


def test_a_tissue_is_taken_in_divided_frozen_measured_and_judged(
    centre: Centre, aida: Staff, bank: Bank
) -> None:
    said = {
        "barcode": "T-7",
        "kind": "TIS",
        "site": "C50",
        "amount": "120.5",
        "unit": "mg",
        "pseudonym": "D0001",
    }
    now = centre.station.house.to_local(centre.clock.now_ms)
    ago = now - timedelta(minutes=20)
    times = {
        "clamped": f"{ago:%H:%M}",
        "removed": f"{ago + timedelta(minutes=15):%H:%M}",
        "day": str(ago.date()),
    }
    where = post(aida, COLLECT, COLLECT, None, **said, **times)
    assert "done=bank_collect" in where
    page = where.partition("?")[0]
    assert get(bank, "T-7").warm_s == 15 * 60
    assert "told=WEB-002" in post(aida, COLLECT, COLLECT, None, **(said | times | {"day": "never"}))
    assert "told=BIO-001" in post(aida, COLLECT, COLLECT, None, **said)
    assert "told=BIO-036" in post(
        aida, COLLECT, COLLECT, None, **(said | {"barcode": "T-8", "pseudonym": ""})
    )
    parts = {"parent": "T-7", "labels": "A-1\nA-2\n\n", "amount": "40", "unit": "mg"}
    assert "done=bank_divide" in post(aida, f"{page}/parts", page, None, **parts)
    assert "told=BIO-039" in post(aida, f"{page}/parts", page, None, **parts)
    assert "told=BIO-031" in post(aida, f"{page}/parts", page, None, **(parts | {"labels": "A-3\nA-4"}))
    one = get(bank, "A-1")
    own = f"{HOME}/specimens/{one.id}"
    centre.clock.now_ms += 600_000
    aida = centre.open_browser("aida")
    frozen = {"barcodes-1": "A-1", "taken_by": "SRG", "fixation": "SNP", "storage_c": "-190"}
    assert "done=bank_freeze" in do(aida, "freeze", own, **frozen)
    assert re.fullmatch(r"TIS-SRG-C-C-SNP-N-C", get(bank, "A-1").sprec)
    assert "done=" in do(aida, "measure", own, barcode="A-1", kind="rin", value="8.4", method="chip")
    assert get(bank, "A-1").quality == 8.4
    assert "done=" in do(aida, "use", own, barcode="A-1", amount="1.5", unit="mg", reason="stain")
    assert get(bank, "A-1").remaining == 38_500
    assert "done=" in do(aida, "thaw", own, **{"barcodes-1": "A-1"})
    assert get(bank, "A-1").n_thaws == 1
    assert "done=" in do(aida, "ask_destruction", own, **{"barcodes-1": "A-1", "reason": "thawed"})
    assert "to be destroyed" in aida.get(own).text
    assert "told=REC-324" in do(aida, "review", own, barcode="A-1", verdict="surplus")
    centre.add_account("lab", "laboratory")
    lab = centre.open_browser("lab")
    assert "Pathology has looked" in lab.get(own).text
    assert "done=bank_review" in do(lab, "review", own, barcode="A-1", verdict="needed", reason="staging")
    assert get(bank, "T-7").review == "needed"


def test_the_page_tells_when_places_run_out_and_the_command_centre_has_an_owner(
    centre: Centre, aida: Staff, bank: Bank
) -> None:
    limits = read_limits(centre.live.house.values.get)
    watcher = Watcher(centre.live.store, (), limits, lambda: centre.clock.now_ms)
    object.__setattr__(centre.station, "tanks", watcher)
    assert "By the plan" not in aida.get(HOME).text
    watcher.intake = Intake({2027: 2.0}, 0.0, 0.5, 365)
    assert "the places in use are full on" in aida.get(HOME).text
    assert "bring more storage into use" not in aida.get(HOME).text
    watcher.intake = Intake({2027: 40.0}, 0.0, 0.5, 365)
    assert "bring more storage into use" in aida.get(HOME).text
    watcher.intake = Intake({2027: 0.0}, 0.0, 0.5, 365)
    assert "last for decades" in aida.get(HOME).text
    watcher.note_space(101)
    watcher.step()
    (alarm,) = watcher.look().alarms
    centre.add_account("lead", "nurse", practitioner="lead")
    shown = centre.open_browser("lead").get("/live/command").text
    assert "Places run out soon" in shown
    assert "<b>nobody</b>" in shown
    aida.press("/live/tanks", "/live/tanks/acts/bank_own_alarm", alarm=alarm.id)
    watcher.step()
    assert [one.owner for one in watcher.look().alarms] == ["Practitioner/aida"]
    assert "<b>nobody</b>" not in centre.open_browser("lead").get("/live/command").text
    watcher.note_space(None)
    watcher.step()
    centre.clock.now_ms += 6 * 60_000
    watcher.step()
    assert not watcher.look().alarms


def test_labels_are_printed_from_the_pages(aida: Staff) -> None:
    assert STOCKS.keys() == SIZES.keys()
    for page, label in (
        (f"{HOME}/T1-B1", "T1-B1"),
        (f"{HOME}/T1-R1", "T1-R1"),
        (f"{HOME}/specimens/1", "S00001"),
    ):
        assert f'action="{HOME}/labels/{label}"' in aida.get(page).text
    one = aida.get(f"{HOME}/labels/S00001?size=vial&as=pdf")
    assert one.headers["content-type"] == "application/pdf"
    assert one.content.startswith(b"%PDF")
    box = aida.get(f"{HOME}/labels/T1-B1?size=vial&as=zpl")
    assert box.text.count("^XA") == 1
    assert "S00001" in box.text
    rack = aida.get(f"{HOME}/labels/T1-R1?size=box&as=zpl").text
    assert [name for name in ("T1-R1", "T1-B1", "T1-B2", "S00001") if name in rack] == [
        "T1-R1",
        "T1-B1",
        "T1-B2",
    ]
    assert aida.get(f"{HOME}/labels/T1-B1?size=poster").status_code == 400
    assert aida.get(f"{HOME}/labels/nothing").status_code == 404
