"""A course proposed, booked, changed and documented from its pages."""

import re
from datetime import date, timedelta

import pytest
from tests.records import query
from tests.staff import Centre, Staff

from oncopolis.operations.booking import Booking
from oncopolis.operations.courses.views import Course
from oncopolis.web.live.plans import read_picks
from oncopolis.web.live.sentences import SENTENCES

PICK = re.compile(r'name="pick" value="([^"]+)"')
PDF = b"%PDF-1.7 invented"


@pytest.fixture
def desk(centre: Centre) -> Staff:
    centre.put({"resourceType": "Practitioner", "id": "doctor", "active": True, "name": [{"family": "Kim"}]})
    members = {"practitioner": "doctor", "clinics": frozenset({"centre"})}
    centre.add_account("desk", "registrar", "nurse", "physician", **members)
    return centre.open_browser("desk")


@pytest.fixture
def course(centre: Centre, desk: Staff) -> str:
    centre.add_patient("a", "Karimova", "Malika")
    answer = desk.press("/live/people/a", "/live/courses", {"way": "care||"})
    found = re.match(r"/live/courses/([^?]+)\?done=start_course", answer.headers["location"])
    assert found is not None
    return found[1]


def get_course(centre: Centre, id_: str) -> Course:
    return centre.live.ask(lambda floor: floor.get(Course, id_))


def list_bookings(centre: Centre) -> list[Booking]:
    return centre.live.ask(lambda floor: list(floor.list(Booking)))


def follow(browser: Staff, answer: object) -> str:
    assert answer.status_code == 303, answer.text  # type: ignore[attr-defined]
    text: str = browser.get(answer.headers["location"]).text  # type: ignore[attr-defined]
    return text


def test_the_whole_course_is_proposed_and_what_is_chosen_is_booked(
    centre: Centre, desk: Staff, course: str
) -> None:
    page = f"/live/courses/{course}/plan"
    assert page in desk.get(f"/live/courses/{course}").text
    shown = desk.get(page).text
    picks = PICK.findall(shown)
    assert len(picks) == 1, "only what comes before the first question is sure"
    assert shown.count("after a decision") == 20
    booked = follow(desk, desk.press(page, page, {"pick": picks[0]}))
    assert "What was chosen is booked" in booked
    (booking,) = list_bookings(centre)
    assert (booking.activity, booking.course, booking.step) == ("consult", course, "visit")
    assert f"{booking.start_ms}" in picks[0]
    assert not PICK.findall(desk.get(page).text)
    again = follow(desk, desk.press(page, f"/live/courses/{course}/plan", {"pick": picks[0]}))
    assert SENTENCES["OPS-097"] in again or SENTENCES["OPS-044"] in again
    assert len(list_bookings(centre)) == 1


def test_nothing_chosen_books_nothing(centre: Centre, desk: Staff, course: str) -> None:
    page = f"/live/courses/{course}/plan"
    for pick in ("", "visit", "visit|1|", "visit|one|consult@5"):
        assert (
            SENTENCES["WEB-330"] in follow(desk, desk.press(page, page, {"pick": pick})) or pick == "visit|1|"
        )
    assert list_bookings(centre) == []


def test_picks_are_read_as_they_are_written() -> None:
    assert read_picks("a#2|3|x@5,y@6 b|1|z@7") == [
        {"step": "a#2", "turn": "3", "activity": "x", "start_ms": "5"},
        {"step": "a#2", "turn": "3", "activity": "y", "start_ms": "6"},
        {"step": "b", "turn": "1", "activity": "z", "start_ms": "7"},
    ]


def test_steps_are_added_replaced_and_left_out_with_a_reason(
    centre: Centre, desk: Staff, course: str
) -> None:
    page = f"/live/courses/{course}"
    added = {"label": "A second look", "activities-1": "consult", "activities-2": "fraction", "in_days": "3"}
    assert "The step was added." in follow(
        desk, desk.press(page, "/live/acts/add_step", added | {"reason": "unclear"})
    )
    mark = next(one for one in get_course(centre, course).marks if not one.step)
    assert [activity for activity, _ in mark.wanted] == ["consult", "fraction"]
    assert mark.window is not None
    assert mark.window.target == date(2027, 3, 1) + timedelta(days=3)
    instead = {
        "label": "By telephone",
        "activities-1": "fraction",
        "reason": "far away",
        "has_effect": "true",
    }
    assert "takes the place" in follow(
        desk, desk.press(page, "/live/acts/replace_step", instead, step="visit")
    )
    kinds = {mark.id: mark.status for mark in get_course(centre, course).marks}
    assert kinds["visit"] == "replaced"
    shown = desk.get(page).text
    assert "replaced: far away" in shown
    assert "By telephone" in shown


def test_a_document_is_kept_and_opened_by_those_who_treat(centre: Centre, desk: Staff, course: str) -> None:
    page = f"/live/courses/{course}"
    fields = re.search(rf'action="{page}/documents".*?</form>', desk.get(page).text, re.DOTALL)
    assert fields is not None
    hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', fields[0]))
    said = hidden | {"step": "visit", "kind": "report", "title": "<b>CT</b>", "url": ""}
    answer = desk.client.post(
        f"{page}/documents", data=said, files={"file": ("ct.pdf", PDF, "application/pdf")},
        headers={"origin": desk.base},
    )  # fmt: skip
    shown = follow(desk, answer)
    assert "&lt;b&gt;CT&lt;/b&gt;" in shown
    found = re.search(r'href="(/live/documents/[^"]+)"', shown)
    assert found is not None
    opened = desk.get(found[1])
    assert opened.content == PDF
    assert opened.headers["content-disposition"].startswith("attachment")
    assert (opened.headers["x-content-type-options"], opened.headers["content-type"]) == (
        "nosniff",
        "application/pdf",
    )
    last = query(centre.live.store, "SELECT entry FROM audit ORDER BY seq DESC LIMIT 1")[0][0]
    assert '"what":"read"' in last
    assert "DocumentReference" in last
    centre.add_account("other", "physician", practitioner="stranger")
    assert centre.open_browser("other").get(found[1]).status_code == 404


def test_a_document_that_is_none_is_refused(centre: Centre, desk: Staff, course: str) -> None:
    page = f"/live/courses/{course}"
    said = {"step": "visit", "kind": "report", "title": "Nothing", "url": ""}
    assert SENTENCES["OPS-191"] in follow(desk, desk.press(page, f"{page}/documents", said))
    linked = desk.press(page, f"{page}/documents", said | {"url": "javascript:alert(1)"})
    shown = follow(desk, linked)
    found = re.search(r'href="(/live/documents/[^"]+)"', shown)
    assert found is not None
    assert desk.get(found[1]).status_code == 404


def test_reception_names_who_decided(centre: Centre, desk: Staff) -> None:
    centre.add_account("front", "registrar")
    centre.add_patient("b", "Rahimov", "Akmal")
    centre.put(
        {
            "resourceType": "PractitionerRole",
            "id": "post",
            "active": True,
            "practitioner": {"reference": "Practitioner/doctor"},
            "code": [{"coding": [{"system": "urn:oncopolis:resource", "code": "doctor"}]}],
        }
    )
    front = centre.open_browser("front")
    assert "Kim" in front.get("/live/people/b").text
    alone = front.press("/live/people/b", "/live/courses", {"way": "care||"})
    assert SENTENCES["OPS-073"] in follow(front, alone)
    named = front.press("/live/people/b", "/live/courses", {"way": "care||", "by": "doctor"})
    assert "done=start_course" in named.headers["location"]
