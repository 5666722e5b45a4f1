"""Reception, wards, machines, orders, courses and boards as people use them, without scripts."""

import re
from typing import Any

import pytest
from tests.staff import Centre, Staff

from oncopolis.operations.board.acts import DecideCase
from oncopolis.operations.people import SENTENCES as OF_PEOPLE
from oncopolis.web.live import FIRST
from oncopolis.web.live.boards import read_decision
from oncopolis.web.live.table import PAGES
from oncopolis.web.pages import CODES

ROLES = ("registrar", "nurse", "physician", "administrator", "biobank", "partner")
WHO = {"family": "Karimova", "given": "Malika", "birth_date": "1960-05-17", "sex": "female"}


@pytest.fixture
def desk(centre: Centre) -> Staff:
    centre.put({"resourceType": "Practitioner", "id": "doctor", "active": True})
    centre.add_account("desk", *ROLES, practitioner="doctor")
    return centre.open_browser("desk")


def follow(browser: Staff, answer: Any) -> str:
    assert answer.status_code == 303, answer.text
    text: str = browser.get(answer.headers["location"]).text
    return text


def register(desk: Staff, **more: str) -> str:
    answer = desk.send("/live/reception", WHO | more, page="/live/reception?family=Nobody")
    found = re.match(r"/live/people/([^?]+)\?done=register", answer.headers.get("location", ""))
    assert found is not None, answer.text
    return found[1]


@pytest.mark.slow
def test_every_page_answers_in_every_language(centre: Centre, desk: Staff) -> None:
    patient = register(desk)
    for page in (one for one in PAGES if one.method == "GET" and one.path != FIRST):
        path = page.path.replace("{area}", "outpatient").replace("{ward}", "bed")
        path = path.replace("/people/{id}", f"/people/{patient}")
        if "{" in path or path.endswith(".csv"):
            continue
        for code in CODES:
            answer = desk.get(f"{path}?language={code}")
            assert answer.status_code == 200, (path, code)
            assert f'<html lang="{code}">' in answer.text
            assert not re.search(
                r"<style|style=|<script(?! src=\"/assets/)|\son\w+=|javascript:", answer.text
            )


def test_search_comes_before_registering(desk: Staff) -> None:
    assert "Register a new person" not in desk.get("/live/reception").text
    searched = desk.get("/live/reception?family=Karimova&given=Malika").text
    assert "Nobody was found." in searched
    patient = register(desk)
    assert f"/live/people/{patient}" in desk.get("/live/reception?family=Karimova&birth_date=1960-05-17").text


def test_who_is_likely_here_already_is_shown_first(desk: Staff) -> None:
    known = register(desk)
    refused = desk.send("/live/reception", WHO, page="/live/reception?family=Nobody")
    assert refused.status_code == 409
    assert OF_PEOPLE["OPS-023"] in refused.text
    assert f"/live/people/{known}" in refused.text
    assert "same date of birth" in refused.text
    assert register(desk, not_one_of=known) != known


def test_a_date_that_is_none_is_refused_in_words(desk: Staff) -> None:
    answer = desk.get("/live/reception?family=Karimova&birth_date=1960-13-45")
    assert answer.status_code == 400
    assert "Something in the form cannot be so" in answer.text


def test_booked_checked_in_and_moved_from_the_page_of_a_person(centre: Centre, desk: Staff) -> None:
    patient = register(desk)
    page = f"/live/people/{patient}"
    booked = follow(desk, desk.press(page, "/live/acts/book", {"activity": "consult"}))
    assert "Booked." in booked
    assert "booked" in booked
    at = {"start_ms@day": "2027-03-02", "start_ms@time": "10:00"}
    moved = follow(desk, desk.press(page, "/live/acts/move", at))
    assert "2 Mar 2027, 10:00" in moved
    refused = follow(desk, desk.press(page, "/live/acts/move", at | {"start_ms@time": "03:00"}))
    assert "closed" in refused.lower()
    cancelled = follow(desk, desk.press(page, "/live/acts/cancel", {"reason": "patient"}))
    assert "The appointment was cancelled." in cancelled
    here = follow(desk, desk.press(page, "/live/acts/check_in", {"activity": "consult"}, patient=patient))
    assert "in the house" in here


def test_a_second_appointment_at_the_same_time_is_refused_on_the_second_screen(
    centre: Centre, desk: Staff
) -> None:
    page = f"/live/people/{register(desk)}"
    at = {"activity": "consult", "start_ms@day": "2027-03-02", "start_ms@time": "10:00"}
    other = centre.open_browser("desk")
    assert "Booked." in follow(desk, desk.press(page, "/live/acts/book", at))
    refused = follow(other, other.press(page, "/live/acts/book", at))
    assert "The patient has something else then" in refused
    assert refused.count('class="time">2 Mar 2027, 10:00') == 1


def test_the_waiting_list_is_offered_times(centre: Centre, desk: Staff) -> None:
    patient = register(desk)
    desk.press(f"/live/people/{patient}", "/live/acts/await", {"activity": "consult", "reason": "wish"})
    assert "Karimova" in desk.get("/live/waiting").text
    assert "A time was offered." in follow(desk, desk.press("/live/waiting", "/live/acts/offer"))
    assert "booked" in follow(desk, desk.press("/live/waiting", "/live/acts/accept"))
    assert "Nobody waits for a time." in desk.get("/live/waiting").text


def test_a_bed_is_free_again_when_it_is_clean(centre: Centre, desk: Staff) -> None:
    patient = register(desk)
    page = "/live/wards/bed"
    assert "14 free" in desk.get("/live/wards").text
    chosen, form = f"{page}/admission?patient={patient}", {"activity": "stay", "act": "admit"}
    admitted = follow(desk, desk.press(chosen, f"{page}/admission", form))
    assert "Admitted." in admitted
    assert "Karimova" in admitted
    for act, said in (
        ("discharge", "Discharged"), ("left_bed", "has to be cleaned"), ("cleaned", "The bed is clean."),
    ):  # fmt: skip
        assert said in follow(desk, desk.press(page, f"/live/acts/{act}"))
    assert "14 free" in desk.get("/live/wards").text


def test_a_machine_out_of_order_moves_who_is_booked_and_back(centre: Centre, desk: Staff) -> None:
    page = "/live/units?area=radiotherapy"
    said = {"reason": "fault", "until_ms@day": "2027-03-02", "until_ms@time": "08:00"}
    down = follow(desk, desk.press(page, "/live/acts/report_down", said, unit="machine.linac.1"))
    assert "it failed" in down
    assert "Taken back" in follow(desk, desk.press(page, "/live/acts/undo_down"))
    assert "Everything is in order." in desk.get(page).text


def test_an_order_is_on_the_list_until_its_result_was_seen(centre: Centre, desk: Staff) -> None:
    patient = register(desk)
    centre.do("check_in", patient=patient, activity="consult")
    said = {"activity": "fraction", "question": "where exactly?"}
    assert "Ordered." in follow(desk, desk.press(f"/live/people/{patient}", "/live/acts/order", said))
    for act in ("take", "result", "acknowledge"):
        assert "where exactly?" in desk.get("/live/orders").text
        follow(desk, desk.press("/live/orders", f"/live/acts/{act}"))
    assert "Nothing is ordered." in desk.get("/live/orders").text


def test_a_decision_of_a_board_names_who_was_there_and_what_was_answered() -> None:
    form = {
        "case": "c", "member-surgeon": "p1", "member-oncologist": "", "step": "s", "part": "gate", "to": "do",
        "reasons": "stage", "at_hand": "CT\nhistology", "despite": "", "summary": "operate",
    }  # fmt: skip
    said = read_decision(form)
    assert said["present"] == [{"practitioner": "p1", "role": "surgeon"}]
    answer = {"step": "s", "part": "gate", "to": "do", "reasons": ["stage"], "despite": ""}
    assert said["answers"] == [answer | {"at_hand": ["CT", "histology"]}]
    assert "answers" not in read_decision({**form, "to": ""})
    asked = DecideCase.model_validate(said)
    assert asked.answers[0].at_hand == ("CT", "histology")
