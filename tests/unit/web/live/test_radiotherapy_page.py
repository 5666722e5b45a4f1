"""The day of radiotherapy as people see it, without scripts; a server that begins anew knows it too."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.courses import get_course_house
from tests.doors import cheap_hashes
from tests.staff import Centre, open_centre

from oncopolis.operations.booking.views import Booking, Held, Spot
from oncopolis.operations.fractions import read_ended
from oncopolis.operations.performing import Live

PAGE = "/live/radiotherapy"
LINAC = "machine.linac.1"
MINUTE_MS = 60_000


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Centre]:
    with cheap_hashes(monkeypatch), open_centre(tmp_path, house=get_course_house()) as opened:
        yield opened


def book(centre: Centre, id_: str, patient: str, minutes: int, status: str = "booked") -> None:
    spot = Spot(centre.clock.now_ms + minutes * MINUTE_MS, (Held(LINAC),))
    record = Booking(id_, patient, "fraction", status, 15, centre.clock.now_ms, spot=spot).to_record()  # type: ignore[arg-type]
    centre.put(record)


def test_a_fraction_goes_through_the_day(centre: Centre) -> None:
    centre.add_account("kim", "radiation_therapist", practitioner="kim")
    kim = centre.open_browser("kim")
    for id_, family in (("p1", "Karimova"), ("p2", "Rahimov"), ("p3", "Toshmatova")):
        centre.add_patient(id_, family, "Malika")
    book(centre, "b1", "p1", 5)
    book(centre, "b2", "p2", 20)
    book(centre, "b3", "p3", 40, "noshow")
    shown = " ".join(kim.get(PAGE).text.split())
    assert "0 treated · 0 here · 2 to come · 1 missed" in shown
    contact = centre.do("check_in", booking="b1")["contact"]
    centre.do("call", area="radiotherapy", room=LINAC)
    centre.do("start", contact=contact, units=[LINAC])
    assert "0 treated · 1 here · 1 to come · 1 missed" in " ".join(kim.get(PAGE).text.split())
    centre.clock.now_ms += 22 * MINUTE_MS
    centre.do("finish", contact=contact)
    shown = " ".join(kim.get(PAGE).text.split())
    assert "1 treated · 0 here · 1 to come · 1 missed" in shown
    assert "has not come" in shown
    again = Live(centre.live.store, centre.live.house)
    again.open()
    today = centre.live.house.to_local(centre.clock.now_ms).date()
    contacts, bookings = read_ended(again, today)
    assert ([one.id for one in contacts], [one.id for one in bookings]) == ([contact], ["b3"])
    assert read_ended(again, today) == (contacts, bookings)


def test_of_another_department_no_machine_is_shown(centre: Centre) -> None:
    centre.add_account("guest", "nurse", practitioner="guest", clinics=frozenset({"elsewhere"}))
    assert "There is no treatment machine in your departments." in centre.open_browser("guest").get(PAGE).text
