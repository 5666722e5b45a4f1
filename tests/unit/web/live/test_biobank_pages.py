"""The biobank as people look through it, without scripts: tanks, a box position by position, a specimen."""

import json
import re

import pytest
from tests.banks import act, keep, make_room, make_tissue
from tests.records import query
from tests.staff import Centre, Staff

from oncopolis.biobank import Bank
from oncopolis.record import Who
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.places import Container, Hold
from oncopolis.record.biobank.rows import BankRow
from oncopolis.record.biobank.specimens import Consent, Donor, Form

HOME = "/live/biobank"
AIDA = Who("Practitioner", "aida", "Aida")


@pytest.fixture
def aida(centre: Centre) -> Staff:
    """Two tanks and one kept empty; a tissue of a patient, divided; a reserved and a blocked position."""
    spare = Container(
        900, "T9", "tank", 2, 8, "list", 1, 2, "containers", temperature_c=-190.0, is_reserve=1
    )  # fmt: skip
    centre.add_patient("pat-1", "Secret", "Name")
    rows: list[BankRow] = [
        *make_room(), spare, Donor(1, "D-ONE", "pat-1"), Hold(102, 4, "reserved", "for a study"),
        Hold(102, 5, "blocked", "broken"), make_tissue(1), Form(1, "broad", 2, 7, "0" * 64, 0),
    ]  # fmt: skip
    keep(centre.live.store, rows, Event("collected", 1, told={"to": "anna"}), at_ms=centre.clock.now_ms)
    bank = Bank(centre.live.store)
    for name, said in (
        ("bank_divide", {"parent": "S00001", "parts": [{"barcode": "A-77001", "amount": 20, "unit": "mg"}]}),
        ("bank_place", {"barcode": "S00001", "box": "T1-B1", "position": "A1"}),
        ("bank_place", {"barcode": "A-77001", "box": "T1-B1", "position": "B1"}),
    ):
        bank.perform(name, said, act(AIDA), at_ms=centre.clock.now_ms).result()
    centre.add_account("aida", "biobank")
    return centre.open_browser("aida")


def test_all_tanks_say_how_full_they_are(aida: Staff) -> None:
    shown = aida.get(HOME).text
    assert "2 of 24 positions are taken" in shown
    assert 'max="12"' in shown
    assert "\N{MINUS SIGN}190 °C" in shown
    assert shown.count("kept empty for an evacuation") == 1
    assert f'href="{HOME}/T1"' in shown


def test_one_walks_down_to_the_positions_of_a_box(aida: Staff) -> None:
    for name, next_ in (("site", "room"), ("room", "T1"), ("T1", "T1-R1"), ("T1-R1", "T1-B1")):
        assert f'href="{HOME}/{next_}"' in aida.get(f"{HOME}/{name}").text
    shown = aida.get(f"{HOME}/T1-B1").text
    assert shown.count('<td class="taken">') == 2
    assert shown.count('<td class="free">') == 2
    assert "B2: reserved, for a study" in shown
    assert "B3: blocked, broken" in shown
    assert ">77001</a>" in shown
    assert aida.get(f"{HOME}/none").status_code == 404


def test_the_map_of_a_tank_is_coloured_by_what_one_asks(centre: Centre, aida: Staff) -> None:
    good = [make_tissue(n, 203, n - 20, quality=9.0) for n in (20, 21)]
    keep(centre.live.store, good, at_ms=centre.clock.now_ms)
    full, well, old = (aida.get(f"{HOME}/T2?by={by}").text for by in ("nonsense", "quality", "age"))
    assert re.search(r'class="fill-1"><a [^>]*title="T2-B2: 33 %"', full)
    assert re.search(r'class="quality-4"><a [^>]*title="T2-B2: 9.0"', well)
    assert re.search(r'class="heat-none"><a [^>]*title="T2-B1: –"', old)


def test_a_specimen_tells_what_it_is_whose_and_where_it_was(centre: Centre, aida: Staff) -> None:
    shown = aida.get(f"{HOME}/specimens/1").text
    for said in ("S00001", "D-ONE", "80 mg of 100 mg", "A-77001", "T1-B1 A1", "Put in its place", "Divided"):
        assert said in shown
    assert "Secret" not in shown
    assert "pat-1" not in shown
    assert "agreed to nothing" in shown
    keep(centre.live.store, [Consent(1, 1, 1, 1, 0)])
    assert "in force" in aida.get(f"{HOME}/specimens/1").text
    keep(centre.live.store, [Consent(1, 1, 1, 1, 0, centre.clock.now_ms)])
    assert "Taken back" in aida.get(f"{HOME}/specimens/1").text
    for wrong in ("999", "x", "-1", "9" * 40):
        assert aida.get(f"{HOME}/specimens/{wrong}").status_code == 404


def test_a_label_leads_to_what_carries_it(aida: Staff) -> None:
    assert aida.get(f"{HOME}?label=A-77001").headers["location"] == f"{HOME}/specimens/2"
    assert aida.get(f"{HOME}?label=T1-B1").headers["location"] == f"{HOME}/T1-B1"
    assert "Nothing has the label X&lt;1" in aida.get(f"{HOME}?label=X<1").text


def test_names_with_any_sign_are_found(centre: Centre, aida: Staff) -> None:
    keep(centre.live.store, [Container(700, "Кассета 1/2 #?", "cane", 101, 2, "list", 1, 12, "specimens")])
    address = aida.get(f"{HOME}?label=%D0%9A%D0%B0%D1%81%D1%81%D0%B5%D1%82%D0%B0+1/2+%23?").headers[
        "location"
    ]
    shown = aida.get(address).text
    assert shown.count('<td class="free">') == 12


def test_whose_specimens_were_seen_is_in_the_audit(centre: Centre, aida: Staff) -> None:
    for path in ("T1", "T1-B1", "specimens/2"):
        aida.get(f"{HOME}/{path}")
    rows = query(centre.live.store, "SELECT entry FROM audit ORDER BY seq")
    entries = [json.loads(row[0]) for row in rows]
    assert [(one["query"], one["patients"]) for one in entries if one["what"] == "view"] == [
        (f"{HOME}/T1-B1", ["pat-1"]),
        (f"{HOME}/specimens/{{id}}", ["pat-1"]),
    ]


def test_who_may_do_nothing_there_sees_nothing(centre: Centre, aida: Staff) -> None:
    centre.add_account("desk", "registrar")
    browser = centre.open_browser("desk")
    for path in ("", "/T1-B1", "/specimens/1"):
        assert browser.get(f"{HOME}{path}").status_code == 403
