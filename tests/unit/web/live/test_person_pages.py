"""Who somebody is, told and put right; two records again; several appointments in one trip; waits."""

import re
from typing import Any

import pytest
from tests.staff import Centre, Staff

from oncopolis.operations.booking import Booking
from oncopolis.operations.people import SENTENCES as OF_PEOPLE
from oncopolis.operations.people import Person
from oncopolis.web.live.details import read_details, read_form
from oncopolis.web.live.sentences import SENTENCES


@pytest.fixture
def desk(centre: Centre) -> Staff:
    centre.add_account("desk", "registrar", "nurse")
    return centre.open_browser("desk")


def get_person(centre: Centre, id_: str) -> Person:
    return centre.live.ask(lambda floor: floor.get(Person, id_))


def get_fields(page: str) -> dict[str, str]:
    """What a browser would send of a form as it is."""
    inside = page[page.index('/details">') :].partition("</form>")[0]
    fields = dict(re.findall(r'<input[^>]*? name="([^"]+)" type="\w+" value="([^"]*)"', inside))
    fields |= dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', inside))
    fields |= dict(re.findall(r'<input type="radio" name="([^"]+)" value="([^"]*)" checked', inside))
    for name, options in re.findall(r'<select[^>]*? name="([^"]+)">(.*?)</select>', inside):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    return fields


def send(desk: Staff, page: str, **changes: str) -> Any:
    return desk.send(page, get_fields(desk.get(page).text) | changes)


def test_only_what_was_corrected_changes(centre: Centre, desk: Staff) -> None:
    centre.put(
        {
            "resourceType": "Patient",
            "id": "a",
            "birthDate": "1960-05-17",
            "gender": "female",
            "name": [
                {"use": "official", "family": "Karimova", "given": ["Malika"], "period": {"start": "2001"}},
                {"use": "usual", "family": "Каримова", "given": ["Малика", "Рустамовна"]},
            ],
            "telecom": [{"system": "fax", "value": "1"}, {"system": "phone", "value": "+998 1", "rank": 1}],
            "identifier": [{"system": "urn:other", "value": "77"}],
        }
    )
    before = get_person(centre, "a")
    page = "/live/people/a/details"
    answer = send(desk, page, birth_date="1961-05-17")
    assert answer.headers["location"].startswith("/live/people/a?done=correct"), answer.text
    after = get_person(centre, "a")
    assert after.birth_date == "1961-05-17"
    assert (after.names, after.contacts, after.identifiers) == (
        before.names, before.contacts, before.identifiers,
    )  # fmt: skip
    send(
        desk,
        page,
        **{"family-2": "카리모바", "contact-2": "m@example.org", "by-2": "email", "preferred": "2"},
    )
    after = get_person(centre, "a")
    assert [one.family for one in after.names] == ["Karimova", "Каримова", "카리모바"]
    assert after.names[1].given == ("Малика", "Рустамовна")
    assert [(one.system, one.value, one.rank) for one in after.contacts] == [
        ("fax", "1", 0), ("phone", "+998 1", 0), ("email", "m@example.org", 1),
    ]  # fmt: skip


def test_a_form_as_it_was_says_nothing() -> None:
    person = Person("a", birth_date="1960", sex="female", language="uz")
    assert read_details(person, read_form(person), "urn:x") == {}


def test_a_date_that_is_none_is_refused_and_what_was_typed_stays(centre: Centre, desk: Staff) -> None:
    centre.add_patient("a", "Karimova", "Malika")
    answer = send(desk, "/live/people/a/details", birth_date="1960-13-45", **{"family-1": "Karim-qizi"})
    assert answer.status_code == 400
    assert "Something in the form cannot be so" in answer.text
    assert "Karim-qizi" in answer.text
    assert get_person(centre, "a").birth_date == "1960-05-17"


def test_who_nobody_knew_is_told_and_told_apart(centre: Centre, desk: Staff) -> None:
    centre.add_patient("a", "Karimova", "Malika")
    made = centre.do("register", is_unknown=True)["patient"]
    assert "nobody knows who it is" in desk.get(f"/live/people/{made}").text
    page = f"/live/people/{made}/details"
    told = {"family-0": "Karimova", "given-0": "Malika", "birth_date": "1960-05-17"}
    refused = send(desk, page, **told)
    assert refused.status_code == 409
    assert OF_PEOPLE["OPS-023"] in refused.text
    assert "/live/people/a" in refused.text
    answer = send(desk, page, not_one_of="a", **told)
    assert "done=identify" in answer.headers["location"]
    assert get_person(centre, made).identity == ""
    assert "nobody knows who it is" not in desk.get(f"/live/people/{made}").text


def test_a_merge_that_was_wrong_is_undone_from_the_page(centre: Centre, desk: Staff) -> None:
    for id_, family in (("a", "Karimova"), ("b", "Karimowa")):
        centre.add_patient(id_, family, "Malika")
    centre.do("merge", survivor="a", loser="b", reason="the same")
    assert "/live/people/b" in desk.get("/live/people/a").text
    centre.do("await", patient="a", activity="consult", reason="wish")
    answer = desk.press("/live/people/b", "/live/people/b/unmerge", {"reason": "sisters"})
    assert "Written since the merge: 1" in answer.text
    assert "Appointment/" in answer.text
    assert get_person(centre, "b").merged_into == ""


def test_several_are_booked_on_one_day(centre: Centre, desk: Staff) -> None:
    centre.add_patient("a", "Karimova", "Malika")
    said = {"stop-1": "consult", "stop-2": "fraction", "earliest": "2027-03-03"}
    answer = desk.press("/live/people/a", "/live/people/a/trip", said)
    assert "done=book_trip" in answer.headers["location"]
    booked = centre.live.ask(lambda floor: list(floor.list(Booking)))
    assert {one.activity for one in booked} == {"consult", "fraction"}
    assert {centre.station.house.to_local(one.start_ms).date().isoformat() for one in booked} == {
        "2027-03-03"
    }
    nothing = desk.press("/live/people/a", "/live/people/a/trip", {"stop-1": ""})
    assert SENTENCES["WEB-002"] in desk.get(nothing.headers["location"]).text


def test_queue_and_board_tell_how_long_it_may_take(centre: Centre, desk: Staff) -> None:
    for number, id_ in enumerate("abcdefgh"):
        centre.add_patient(id_, f"Family{number}", "Malika")
        centre.do("check_in", patient=id_, activity="consult")
    centre.clock.pass_s(600)
    page = desk.get("/live/areas/outpatient").text
    assert "Average wait today: 10 min, those still waiting included." in page
    assert len(re.findall(r"\d+ to \d+ min more", page)) == 8
    board = desk.get("/board/outpatient").text
    assert len(re.findall(r"<li><b>\w+</b> <span>\d+–\d+</span>", board)) == 8
    assert "Average wait today, minutes" in board
    assert "Family" not in board
