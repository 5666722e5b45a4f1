"""The page of a journey: what it shows, what it never shows, and what can be done on it."""

import re
from concurrent.futures import Future
from typing import Any

import httpx
import pytest
from tests.phones import Centre, Phone
from tests.unit.operations.notices.test_naming import find_revealing
from tests.unit.web.journey.looks import be_looked_at
from tests.waiting import MINUTE_MS

from oncopolis.operations import Live
from oncopolis.record.fhir.text import parse
from oncopolis.web.declaring import find_policies
from oncopolis.web.journey import door, make_desk_routes, make_routes
from oncopolis.web.pages import CODES

TOLD = {
    "resourceType": "Communication", "id": "told", "status": "completed",
    "subject": {"reference": "Patient/p1"}, "recipient": [{"reference": "Patient/p1"}],
    "category": [{"coding": [{"system": "urn:oncopolis:disclosure", "code": "diagnosis"}]}],
}  # fmt: skip
FORM = "forms/before-visit"
REVEALING = (
    r"\b(cancer|oncolog|qlq|radiother|fraction|linac|рак\b|онколог|лучев|нур |nur |saraton|саратон)"
    "|방사선|암 "
)
"""What the centre, its clinics, the form and the activities of the test are called."""
_TEXT = re.compile(r"<(script|style)[^>]*>.*?</\1>|<[^>]+>", re.DOTALL)


def read(html: str) -> str:
    return re.sub(r"\s+", " ", _TEXT.sub(" ", html))


def test_today_is_in_order_with_places_ways_and_waits(centre: Centre) -> None:
    phone, page = centre.open_page()
    text = read(phone.get(page).text)
    assert "08:10 Consultation Building 1, area A, room 2" in text
    assert "09:30 Treatment Building 2, area D, room 1 6 min on foot" in text
    assert text.index("08:10") < text.index("09:30") < text.index("Thursday 4 March, 08:00")
    assert "You are next" not in text


def test_checking_in_from_the_phone_happens_once(centre: Centre) -> None:
    phone, page = centre.open_page()
    other, other_page = centre.open_page("p2")
    other.send(f"{other_page}/check-in", {"booking": "b4"}, page=other_page)
    for _ in range(3):
        done = phone.send(f"{page}/check-in", {"booking": "b1"}, page=page)
        assert done.headers["location"].startswith(page)
    text = read(phone.get(page).text)
    assert "Before you: 1" in text
    assert "about 5 to 21 min" in text
    assert re.search(r"Your number \w+", text)
    assert len(list(centre.store.find_token("Encounter", "status", None, "arrived"))) == 2


def test_a_record_that_does_not_answer_keeps_no_phone_waiting(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, page = centre.open_page()
    monkeypatch.setattr(door, "WAIT_S", 0)
    monkeypatch.setattr(Live, "perform", lambda _live, _wish: Future())
    answer = phone.send(f"{page}/check-in", {"booking": "b1"}, page=page)
    assert answer.status_code == 503
    assert "did not answer in time" in answer.text


def test_nobody_checks_in_for_somebody_else(centre: Centre) -> None:
    phone, page = centre.open_page()
    phone.send(f"{page}/check-in", {"booking": "b4"}, page=page)
    assert centre.store.find_token("Encounter", "status", None, "arrived") == []
    _, other_page = centre.open_page("p2")
    for path in (other_page, f"{other_page}/now", f"{other_page}/{FORM}"):
        assert phone.get(path).status_code == 403
    assert phone.get(f"{other_page}/events").status_code == 204


def test_it_is_too_early_long_before_the_time(centre: Centre) -> None:
    centre.clock.now_ms -= 5 * 60 * MINUTE_MS
    phone, page = centre.open_page()
    assert "I am here" not in phone.get(page).text
    answer = phone.send(f"{page}/check-in", {"booking": "b1"}, page=page)
    assert answer.status_code == 409
    assert "too early" in answer.text


def test_the_code_of_an_area_checks_in_there(centre: Centre) -> None:
    phone, page = centre.open_page()
    area = phone.get("/journey/here/outpatient")
    assert "You have an appointment here today at 08:10" in read(area.text)
    assert "I am here" in area.text
    assert (
        phone.send(f"{page}/check-in", {"booking": "b1", "area": "outpatient"}, page=page).status_code == 303
    )
    refused = phone.get("/journey/here/surgery")
    assert refused.status_code == 404
    assert "nothing for you in this area" in refused.text
    assert centre.open_phone().get("/journey/here/outpatient").status_code == 403


def offer_time(centre: Centre, patient: str = "p1", activity: str = "fraction") -> dict[str, Any]:
    """Somebody waits for a time and is offered one, as the form of the page says it."""
    waiting = centre.do("await", patient=patient, activity=activity, reason="wish")["booking"]
    offered = centre.do("offer", booking=waiting)
    return {"booking": waiting, "start": str(offered["start_ms"])}


def get_booking(centre: Centre, id_: str) -> Any:
    return parse(centre.store.get("Appointment", id_).body or b"")


def test_an_offered_time_is_taken_once_from_the_phone(centre: Centre) -> None:
    phone, page = centre.open_page()
    assert "A time for you" not in phone.get(page).text
    form = offer_time(centre)
    assert "A time for you" in phone.get(page).text
    for _ in range(2):
        done = phone.send(f"{page}/offer", {**form, "answer": "accept"}, page=page)
        assert done.status_code == 303
    assert get_booking(centre, form["booking"])["status"] == "booked"
    text = read(phone.get(f"{page}?done=taken").text)
    assert "The time is yours" in text
    assert "A time for you" not in text


def test_an_offer_that_is_left_goes_on(centre: Centre) -> None:
    phone, page = centre.open_page()
    form = offer_time(centre)
    stale = {**form, "start": str(int(form["start"]) + 1), "answer": "decline"}
    assert phone.send(f"{page}/offer", stale, page=page).status_code == 303
    assert "A time for you" in phone.get(page).text
    assert phone.send(f"{page}/offer", {**form, "answer": "decline"}, page=page).status_code == 303
    assert get_booking(centre, form["booking"])["status"] == "waitlist"
    assert "A time for you" not in phone.get(page).text


def test_nobody_answers_for_somebody_else_nor_otherwise(centre: Centre) -> None:
    phone, page = centre.open_page()
    others = offer_time(centre, "p2")
    phone.send(f"{page}/offer", {**others, "answer": "accept"}, page=page)
    assert get_booking(centre, others["booking"])["status"] == "waitlist"
    assert phone.send(f"{page}/offer", {**others, "answer": "cancel"}, page=page).status_code == 400
    own = offer_time(centre)
    centre.clock.now_ms = int(own["start"])
    assert "A time for you" not in phone.get(page).text


@pytest.mark.slow
@pytest.mark.parametrize("code", CODES)
def test_no_word_reveals_anything_before_it_is_disclosed(centre: Centre, code: str) -> None:
    """The name of the centre, of its clinics, of the form and of activities are on no page."""
    centre.do("ask_form", patient="p1", form="before-visit", language=code)
    offer_time(centre)
    phone, page = centre.open_page()
    phone.send(f"{page}/check-in", {"booking": "b1"}, page=page)
    be_looked_at(centre)
    for path in (page, f"{page}/now", f"{page}/log", f"{page}/{FORM}", "/journey/here/radiotherapy"):
        answer = phone.get(f"{path}?language={code}")
        assert answer.status_code == 200, path
        assert not re.search(REVEALING, read(answer.text), re.IGNORECASE), path
        assert not find_revealing(read(answer.text)) & {"linac", "radiotherapy", "chemotherapy"}


def test_names_are_shown_once_the_patient_was_told(centre: Centre) -> None:
    phone, page = centre.open_page()
    assert "Treatment" in read(phone.get(page).text)
    centre.put(TOLD)
    label = centre.door.house.cards["fraction"].label
    assert label in read(phone.get(page).text)
    centre.put(TOLD | {"recipient": [{"reference": "RelatedPerson/r1"}]})
    assert label not in read(phone.get(page).text)


def test_instructions_are_shown_to_whom_they_tell_nothing_new(centre: Centre) -> None:
    def instruct(**more: Any) -> None:
        record = parse(centre.store.get("Appointment", "b1").body or b"")
        centre.put(dict(record) | {"patientInstruction": "Nothing to eat from midnight on."} | more)

    phone, page = centre.open_page()
    instruct()
    assert "midnight" not in phone.get(page).text
    instruct(meta={"security": [{"system": "urn:oncopolis:disclosure", "code": "shareable"}]})
    assert "midnight" in phone.get(page).text
    instruct(meta={})
    assert "midnight" not in phone.get(page).text
    centre.put(TOLD)
    assert "midnight" in phone.get(page).text


def test_what_is_told_is_on_the_page_and_taken_back_there(centre: Centre) -> None:
    phone, page = centre.open_page()
    told = centre.do("ask_form", patient="p1", form="before-visit")
    text = phone.get(page).text
    assert "Please fill in a form before your visit." in text
    assert "Fill in a form</a>" in text
    centre.do("take_back_notice", notice=told["notice"])
    text = phone.get(page).text
    assert "Taken back:" in text
    assert "Fill in a form</a>" not in text
    assert "Пожалуйста, заполните анкету" in phone.get(f"{page}?language=ru").text


def send_form(phone: Phone, page: str, **answers: str) -> httpx.Response:
    return phone.send(f"{page}/{FORM}", {f"q.{key}": value for key, value in answers.items()})


def test_a_form_is_filled_in_once(centre: Centre) -> None:
    phone, page = centre.open_page()
    assert phone.get(f"{page}/{FORM}").status_code == 404
    centre.do("ask_form", patient="p1", form="before-visit")
    shown = phone.get(f"{page}/{FORM}?language=ru").text
    assert "Что нам следует знать?" in shown
    assert "QLQ" not in shown
    phone.get(f"{page}?language=en")
    centre.clock.pass_s(60)
    wrong = send_form(phone, page, **{"1.3": "many", "1.5": "a" * 201})
    assert wrong.status_code == 422
    assert wrong.text.count("Please answer this.") == 3
    assert "a" * 201 in wrong.text
    answers = {
        "1.1": "yes", "1.2.0": "0", "1.2.1": "1", "1.3": "7", "1.4": "2027-02-01", "1.5": "<b>Snores</b>",
    }  # fmt: skip
    assert send_form(phone, page, **answers).headers["location"] == f"{page}?done=form"
    [id_] = centre.store.find_token("QuestionnaireResponse", "status", None, "completed")
    record = parse(centre.store.get("QuestionnaireResponse", id_).body or b"")
    assert record["questionnaire"] == "urn:test:before"
    assert record["author"] == {"reference": "Patient/p1"}
    items = {one["linkId"]: one.get("answer") for one in record["item"][0]["item"]}
    assert items == {
        "1.1": [{"valueBoolean": True}],
        "1.2": [{"valueCoding": {"code": "a", "display": "Iodine"}}, {"valueString": "Latex"}],
        "1.3": [{"valueInteger": 7}], "1.4": [{"valueDate": "2027-02-01"}],
        "1.5": [{"valueString": "<b>Snores</b>"}],
    }  # fmt: skip
    assert "Fill in a form</a>" not in phone.get(page).text
    assert "the form has arrived" in phone.get(f"{page}?done=form").text


def test_a_repeated_form_is_kept_once(centre: Centre) -> None:
    phone, page = centre.open_page()
    centre.do("ask_form", patient="p1", form="before-visit")
    form = {"q.1.1": "no", "key": "the same"}
    for _ in range(2):
        assert phone.send(f"{page}/{FORM}", form).status_code == 303
    assert len(centre.store.find_token("QuestionnaireResponse", "status", None, "completed")) == 1


def test_forms_that_may_tell_are_filled_in_at_reception(centre: Centre) -> None:
    phone, page = centre.open_page()
    record = dict(parse(centre.store.get("Questionnaire", "before-visit").body or b""))
    centre.put(record | {"meta": {}})
    centre.do("ask_form", patient="p1", form="before-visit")
    assert "A form waits for you at reception." in phone.get(page).text
    assert phone.get(f"{page}/{FORM}").status_code == 404
    centre.put(TOLD)
    assert phone.get(f"{page}/{FORM}").status_code == 200


def test_what_changes_is_fetched_only_if_it_changed(centre: Centre) -> None:
    phone, page = centre.open_page()
    first = phone.get(f"{page}/now")
    mark = first.headers["x-mark"]
    centre.clock.pass_s(60)
    same = phone.get(f"{page}/now?mark={mark}")
    assert (same.status_code, same.content, same.headers["x-clock"]) == (204, b"", "08:01")
    phone.send(f"{page}/check-in", {"booking": "b1"}, page=page)
    later = phone.get(f"{page}/now?mark={mark}")
    assert later.status_code == 200
    assert same.headers["x-stream"] == first.headers["x-stream"] != later.headers["x-stream"]


def test_an_open_page_is_told_of_its_changes_and_of_no_others(centre: Centre) -> None:
    phone, page = centre.open_page()
    after = re.search(r'data-after="([^"]+)"', phone.get(page).text)
    assert after is not None
    other, other_page = centre.open_page("p2")
    with phone.client.stream("GET", f"{page}/events?after={after[1]}", timeout=10) as stream:
        lines = stream.iter_lines()
        other.send(f"{other_page}/check-in", {"booking": "b4"}, page=other_page)
        phone.send(f"{page}/check-in", {"booking": "b1"}, page=page)
        heard = next(line for line in lines if line.startswith("event: changed"))
        assert heard


def test_every_address_says_who_may_call_it(centre: Centre) -> None:
    found = dict(find_policies([*make_routes(centre.door), *make_desk_routes(centre.door)]))
    assert len(found) == 19
    assert all(found.values())
    assert not {policy for policies in found.values() for policy in policies} & {"anybody", "public"}


def test_a_page_is_small(centre: Centre) -> None:
    """Bytes over a slow line: the page itself, and its style and script once."""
    import gzip

    phone, page = centre.open_page()
    for _ in range(6):
        centre.do("ask_form", patient="p1", form="before-visit")
    answer = phone.get(page)
    assert len(answer.content) < 8_000
    assets = re.findall(r'(?:href|src)="(/assets/[^"]+)"', answer.text)
    assert len(assets) == 3
    packed = sum(len(gzip.compress(phone.get(one).content)) for one in assets)
    assert packed + len(gzip.compress(answer.content)) < 12_000
    assert len(phone.get(f"{page}/now").content) < 5_000
