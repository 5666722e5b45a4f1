"""What goes wrong at the desks: it is refused in the reader's language or taken as it was meant, and told."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.courses import get_course_house
from tests.doors import cheap_hashes
from tests.staff import Centre, Staff, open_centre

from oncopolis.operations import make_wish
from oncopolis.operations.arrivals.indexes import Queues
from oncopolis.operations.booking import Booking
from oncopolis.operations.people import SENTENCES as OF_PEOPLE
from oncopolis.operations.wards.views import Stay
from oncopolis.record import Act, Who
from oncopolis.web.live.sentences import SENTENCES
from oncopolis.web.pages import find_words

WARD = "/live/wards/bed"
BOOKED = "0198aaaa-bbbb-7ccc-8ddd-0000cafe1234"


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Centre]:
    with cheap_hashes(monkeypatch), open_centre(tmp_path, house=get_course_house()) as opened:
        opened.put({"resourceType": "Practitioner", "id": "doctor", "active": True})
        opened.add_account("desk", "registrar", "nurse", "physician", practitioner="doctor")
        for id_, family in (("a", "Karimova"), ("b", "Karimowa")):
            opened.add_patient(id_, family, "Malika")
        yield opened


@pytest.fixture
def desk(centre: Centre) -> Staff:
    return centre.open_browser("desk")


def treat(centre: Centre, act: str, **said: Any) -> dict[str, Any]:
    """Do an act as who treats."""
    audited = Act("E", act, Who("Practitioner", "doctor"), "test")
    return centre.live.perform(make_wish(act, said, audited)).result()


def press(
    desk: Staff, page: str, act: str, given: dict[str, str], language: str = "en", **chosen: str
) -> str:
    """Send a form, and read the page after it in a language."""
    answer = desk.press(page, f"/live/acts/{act}", given, **chosen)
    assert answer.status_code == 303, answer.text
    return desk.get(f"{answer.headers['location']}&language={language}").text


@pytest.mark.parametrize("code", ["en", "uz", "ru", "ko"])
def test_two_who_are_both_inside_are_not_made_one(centre: Centre, desk: Staff, code: str) -> None:
    for patient in ("a", "b"):
        centre.do("check_in", patient=patient, activity="consult")
    told = press(desk, "/live/people/a/merge?patient=b", "merge", {"reason": "the same passport"}, code)
    assert find_words(code).text(OF_PEOPLE["OPS-026"]) in told
    assert len(centre.live.ask(lambda floor: floor.index(Queues).waiting["outpatient"])) == 2
    assert "Karimowa" in desk.get("/live/people/b").text


def test_an_order_that_is_open_is_dealt_with_before_a_discharge(centre: Centre, desk: Staff) -> None:
    stay = centre.do("admit", patient="a", activity="stay")["stay"]
    assert "goes on after the discharge" not in desk.get(WARD).text
    order = treat(centre, "order", patient="a", activity="report")["order"]
    page = desk.get(WARD).text
    assert "Report goes on after the discharge" in page
    field = re.search(r'type="checkbox" name="(going_on-\d+)" value="([^"]+)"', page)
    assert field is not None
    assert field[2] == order
    for given in ({}, {"reason": "goes to the family doctor"}, {field[1]: order}):
        assert SENTENCES["OPS-139"] in press(desk, WARD, "discharge", given, stay=stay)
    given = {field[1]: order, "reason": "goes to the family doctor"}
    assert "Discharged" in press(desk, WARD, "discharge", given, stay=stay)
    left = centre.live.ask(lambda floor: floor.get(Stay, stay))
    assert (left.going_on, left.despite) == ((order,), "goes to the family doctor")
    assert "Report" in desk.get("/live/orders").text


def test_a_course_takes_its_appointments_along_only_if_told_to(centre: Centre, desk: Staff) -> None:
    course = treat(centre, "start_course", patient="a", pathway="care", by="doctor")["course"]
    booked = centre.do(
        "book", patient="a", activity="consult", course=course, pathway="care", step="visit",
        earliest="2027-03-01",
    )["booking"]  # fmt: skip
    page = f"/live/courses/{course}"
    told = press(desk, page, "end_course", {"reason": "moved away"})
    assert SENTENCES["OPS-094"] in told
    assert centre.live.ask(lambda floor: floor.get(Booking, booked)).status == "booked"
    press(desk, page, "end_course", {"reason": "moved away", "cancels": "true"})
    assert centre.live.ask(lambda floor: floor.get(Booking, booked)).status == "cancelled"
    assert "Nothing is booked." in desk.get("/live/people/a").text
    came = desk.send(
        "/live/acts/check_in", {"booking": booked, "back": "/live/people/a"}, page="/live/people/a"
    )
    assert SENTENCES["OPS-101"] in desk.get(came.headers["location"]).text


def test_the_second_stop_scanned_before_the_first_waits_for_it_and_the_first_still_counts(
    centre: Centre,
) -> None:
    later = BOOKED[:-4] + "5678"
    centre.add_booking(BOOKED, "a", 10)
    centre.add_booking(later, "a", 120, "fraction")
    second = centre.do("check_in", code=later)
    first = centre.do("check_in", code=BOOKED)
    assert second["visit"] == first["visit"]
    assert (second["number"], second["area"]) == (first["number"], "radiotherapy")
    again = centre.do("check_in", code=second["visit"])
    assert again["again"]
    statuses = centre.live.ask(lambda floor: [floor.get(Booking, one).status for one in (BOOKED, later)])
    assert statuses == ["arrived", "arrived"]


def test_a_button_pressed_three_times_is_pressed_once(centre: Centre, desk: Staff) -> None:
    page = desk.get("/live/people/a").text
    form = page[page.index('/live/acts/book"') :].partition("</form>")[0]
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
    said = hidden | {"activity": "consult", "earliest": "2027-03-02"}
    places = [
        desk.client.post("/live/acts/book", data=said, headers={"origin": desk.base}).headers["location"]
        for _ in range(3)
    ]
    assert len(set(places)) == 1
    assert "done=book" in places[0]
    assert len(centre.live.ask(lambda floor: list(floor.list(Booking)))) == 1
