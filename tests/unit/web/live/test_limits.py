"""Who looks at a list is in the audit; who works elsewhere, or treats somebody else, is refused."""

import json
import re
from typing import Any

import pytest
from tests.records import ACT, query
from tests.staff import Centre, Staff

from oncopolis.operations.arrivals.views import Contact
from oncopolis.operations.courses.posts import Post
from oncopolis.web.live import FIRST
from oncopolis.web.live.sentences import SENTENCES
from oncopolis.web.live.viewing import GATHERED_MS

QUEUE = "/live/areas/outpatient"


@pytest.fixture
def nurse(centre: Centre) -> Staff:
    centre.add_account("nurse", "nurse", name="N. Nurse")
    return centre.open_browser("nurse")


def list_views(centre: Centre) -> list[dict[str, Any]]:
    entries = (json.loads(row[0]) for row in query(centre.live.store, "SELECT entry FROM audit ORDER BY seq"))
    return [entry for entry in entries if entry["what"] == "view"]


def wait(centre: Centre, patient: str) -> str:
    centre.add_patient(patient, "Karimova", "Malika")
    return str(centre.do("check_in", patient=patient, activity="consult")["contact"])


def follow(browser: Staff, answer: Any) -> str:
    assert answer.status_code == 303, answer.text
    text: str = browser.get(answer.headers["location"]).text
    return text


def test_a_list_that_is_opened_leaves_one_entry_with_all_it_showed(centre: Centre, nurse: Staff) -> None:
    wait(centre, "a")
    wait(centre, "b")
    nurse.get(QUEUE)
    [entry] = list_views(centre)
    assert (entry["query"], entry["patients"]) == (QUEUE, ["a", "b"])
    assert entry["who"][2] == "N. Nurse"
    nurse.get("/live/people/a")
    assert [(one["query"], one["patients"]) for one in list_views(centre)][1:] == [
        ("/live/people/{id}", ["a"])
    ]
    rows = query(centre.live.store, "SELECT count(*) FROM audit_patient WHERE patient = ?", "b")
    assert rows[0][0] > 0


def test_a_page_that_fills_itself_notes_only_who_is_new_once_a_minute(centre: Centre, nurse: Staff) -> None:
    wait(centre, "a")
    nurse.get(QUEUE)
    again = {"hx-request": "true"}
    for patient in ("b", "c"):
        wait(centre, patient)
        nurse.get(QUEUE, headers=again)
    assert len(list_views(centre)) == 1
    centre.clock.pass_s(GATHERED_MS / 1000)
    nurse.get(QUEUE, headers=again)
    assert [one["patients"] for one in list_views(centre)] == [["a"], ["b", "c"]]
    centre.clock.pass_s(GATHERED_MS / 1000)
    nurse.get(QUEUE, headers=again)
    assert len(list_views(centre)) == 2


def test_who_works_in_one_department_sees_and_acts_in_that_one(centre: Centre) -> None:
    contact = wait(centre, "a")
    centre.do("hold_posts", practitioner="kim", roles=["nurse"], areas=["wards"])
    centre.add_account("kim", "nurse", practitioner="kim", clinics=frozenset({"centre"}))
    kim = centre.open_browser("kim")
    assert "/live/areas/outpatient" not in kim.get("/live").text
    refused = kim.get(QUEUE)
    assert refused.status_code == 403
    assert SENTENCES["OPS-012"] in refused.text
    said = {"area": "outpatient", "room": "room.consult-room.1", "contact": contact, "back": "/live"}
    answer = kim.send("/live/acts/call", said, page="/live")
    assert "OPS-012" in answer.headers["location"]
    assert centre.live.ask(lambda floor: floor.get(Contact, contact)).state == "waiting"
    assert "/live/wards/bed" in kim.get("/live/wards").text
    assert kim.get("/live/wards/bed").status_code == 200
    centre.do("hold_posts", practitioner="kim", roles=["nurse"], areas=["wards", "outpatient"])
    assert "done=call" in kim.send("/live/acts/call", said, page="/live").headers["location"]


def test_who_does_not_treat_a_patient_orders_nothing_for_them(centre: Centre) -> None:
    centre.add_patient("a", "Karimova", "Malika")
    centre.add_account("doctor", "physician", practitioner="doctor", clinics=frozenset({"centre"}))
    doctor = centre.open_browser("doctor")
    said = {"activity": "fraction", "patient": "a", "back": "/live"}
    assert "told=OPS-013" in doctor.send("/live/acts/order", said, page="/live").headers["location"]
    centre.do("check_in", patient="a", activity="consult")
    assert "done=order" in doctor.send("/live/acts/order", said, page="/live").headers["location"]
    centre.add_account("guest", "physician", practitioner="guest", clinics=frozenset({"elsewhere"}))
    guest = centre.open_browser("guest")
    assert "told=OPS-013" in guest.send("/live/acts/order", said, page="/live/orders").headers["location"]


def test_a_course_ties_a_patient_to_the_clinic_that_leads_it(centre: Centre) -> None:
    centre.add_patient("a", "Karimova", "Malika")
    course = centre.do("start_course", patient="a", pathway="care", by="other")["course"]
    said = {"course": course, "step": "visit", "back": "/live"}
    for clinic, told in (("elsewhere", "told=OPS-013"), ("centre", "done=finish_step")):
        centre.add_account(clinic, "physician", practitioner=clinic, clinics=frozenset({clinic}))
        browser = centre.open_browser(clinic)
        answer = browser.send("/live/acts/finish_step", said, page="/live/courses")
        assert told in answer.headers["location"], clinic


def test_whose_posts_name_a_department_comes_to_its_list_first(centre: Centre) -> None:
    """A post that is good everywhere narrows nothing, and a list of one's own comes first all the same."""
    centre.add_account("nia", "nurse", practitioner="nia", clinics=frozenset({"centre"}))
    nia = centre.open_browser("nia")
    assert nia.get(FIRST).headers["location"] == "/live"
    tiles = re.compile(r'href="/live/areas/([^"/]+)"')
    everything = tiles.findall(nia.get("/live").text)
    last = everything[-1]
    centre.do("hold_posts", practitioner="nia", roles=["nurse"], areas=[last])
    assert nia.get(FIRST).headers["location"] == f"/live/areas/{last}"
    assert tiles.findall(nia.get("/live").text) == [last]
    anywhere = Post("nia-doctor", "nia", "doctor").to_record()
    centre.live.store.submit(lambda transaction: transaction.put(anywhere), ACT).result()
    assert tiles.findall(nia.get("/live").text) == [last, *everything[:-1]]


def test_lists_are_there_while_the_record_cannot_be_written_and_are_noted_later(
    centre: Centre, nurse: Staff
) -> None:
    wait(centre, "a")
    assert nurse.get("/live").status_code == 200
    store = centre.live.store
    full = "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    store.submit_unseen(lambda tx: tx.session.query(full)).result()
    for page in (QUEUE, f"{QUEUE}/list"):
        shown = nurse.get(page)
        assert (shown.status_code, "Karimova" in shown.text) == (200, True)
    assert list_views(centre) == []
    store.submit_unseen(lambda tx: tx.session.query("DROP TRIGGER full")).result()
    nurse.get("/live/people/a")
    entries = {entry["query"]: entry.get("reason", "") for entry in list_views(centre)}
    assert set(entries) == {QUEUE, f"{QUEUE}/list", "/live/people/{id}"}
    assert entries[QUEUE].startswith("noted late, seen at 2027-03-01T")
    assert entries["/live/people/{id}"] == ""
