"""Links as phones meet them: opened once, and refused with a clear page in the reader's language."""

import pytest
from tests.phones import DAY, Centre

from oncopolis.record.accounts.journeys import take_back
from oncopolis.record.accounts.journeys.giving import FIRST_MS, UNTIL_MS
from oncopolis.record.types import Who
from oncopolis.web.pages import CODES, find_words

DESK = Who("Practitioner", "reception")
WRONG = DAY | {"day": "4"}

CONSENT = {
    "resourceType": "Consent", "id": "c", "status": "active", "patient": {"reference": "Patient/p1"},
    "scope": {"text": "carer"},
    "category": [{"coding": [{"system": "urn:oncopolis:consent", "code": "carer"}]}],
    "provision": {"actor": [{"role": {"text": "carer"}, "reference": {"reference": "RelatedPerson/r1"}}]},
}  # fmt: skip


def test_the_link_leads_to_the_page_of_its_phone_only(centre: Centre) -> None:
    made, phone = centre.give(), centre.open_phone()
    link = f"/journey/link/{made.text}"
    assert "Date of birth" in phone.get(link).text
    answer = phone.send(link, DAY)
    page = answer.headers["location"]
    assert page == f"/journey/{made.journey.id}"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert phone.get(page).status_code == 200
    assert phone.get(link).headers["location"] == page
    assert phone.get("/journey").headers["location"] == page
    other = centre.open_phone()
    refused = other.get(link)
    assert refused.status_code == 403
    assert "another phone" in refused.text
    assert "reception" in refused.text
    assert other.get(page).status_code == 403
    assert "location" not in other.get("/journey").headers


def test_looking_at_a_link_does_not_open_it(centre: Centre) -> None:
    """Messengers fetch what is sent through them."""
    made = centre.give()
    for _ in range(6):
        assert centre.open_phone().get(f"/journey/link/{made.text}").status_code == 200
    assert centre.open_phone().send(f"/journey/link/{made.text}", DAY).status_code == 303


def test_wrong_answers_are_counted_and_told(centre: Centre) -> None:
    made, phone = centre.give(), centre.open_phone()
    link = f"/journey/link/{made.text}"
    for rest in (4, 3, 2, 1):
        assert f"Tries left: {rest}." in phone.send(link, WRONG).text
    assert "locked after five" in phone.send(link, WRONG).text
    assert "locked after five" in phone.get(link).text
    assert phone.send(link, DAY, page="/journey").status_code == 403


@pytest.mark.parametrize(
    "typed", [{}, {"day": "x"}, {"day": "3" * 60}, {"year": "٣", "month": "2", "day": "3"}]
)
def test_what_is_no_day_is_a_wrong_answer(centre: Centre, typed: dict[str, str]) -> None:
    made, phone = centre.give(), centre.open_phone()
    assert "Tries left: 4." in phone.send(f"/journey/link/{made.text}", typed).text


def test_a_code_of_reception_opens_it(centre: Centre) -> None:
    made, phone = centre.give(is_by_code=True), centre.open_phone()
    link = f"/journey/link/{made.text}"
    assert "given at reception" in phone.get(link).text
    assert phone.send(link, {"code": "000000" if made.code != "000000" else "1"}).status_code == 403
    assert phone.send(link, {"code": made.code}).status_code == 303


@pytest.mark.parametrize("code", CODES)
def test_every_refusal_is_told_in_the_language_of_the_reader(centre: Centre, code: str) -> None:
    told = []
    made = centre.give()
    told.append(centre.open_phone().get(f"/journey/link/{made.text}x?language={code}"))
    phone, page = centre.open_page()
    told.append(centre.open_phone().get(f"/journey/link/{made.text}?language={code}"))
    take_back(centre.door.desk, page.rpartition("/")[2], DESK)
    told.append(phone.get(f"{page}?language={code}"))
    late = centre.give()
    centre.clock.pass_s(FIRST_MS / 1000)
    told.append(centre.open_phone().get(f"/journey/link/{late.text}?language={code}"))
    told.append(centre.open_phone().get(f"/journey?language={code}"))
    desk = find_words(code).text("Please ask for a new link at reception.")
    for answer in told:
        assert answer.status_code == 403
        assert f'lang="{code}"' in answer.text
        assert desk in answer.text
        assert answer.headers["cache-control"] == "no-store"
    assert len({answer.text.partition('role="alert">')[2].partition("<")[0] for answer in told}) == 4


def test_a_page_ends_by_itself_and_by_its_owner(centre: Centre) -> None:
    phone, page = centre.open_page()
    assert "closed on this phone" in phone.send(f"{page}/end", {}, page=page).text
    assert phone.get(page).status_code == 403
    phone, page = centre.open_page()
    centre.clock.pass_s(UNTIL_MS / 1000)
    assert phone.get(page).status_code == 403


def test_a_form_of_another_site_does_nothing(centre: Centre) -> None:
    phone, page = centre.open_page()
    form = {"booking": "b1"}
    assert phone.client.post(f"{page}/check-in", data=form).status_code == 403
    assert phone.client.post(f"{page}/check-in", data=form | {"csrf": "0" * 64}).status_code == 403
    assert phone.client.post(f"{page}/end", headers={"origin": "https://evil.test"}).status_code == 403
    assert "I am here" in phone.get(page).text


def test_a_phone_with_several_pages_chooses(centre: Centre) -> None:
    phone, first = centre.open_page("p1")
    made = centre.give("p2")
    assert phone.send(f"/journey/link/{made.text}", DAY).status_code == 303
    choice = phone.get("/journey").text
    assert first in choice
    assert f"/journey/{made.journey.id}" in choice
    assert "Consultation" in phone.get(f"/journey/{made.journey.id}").text


def test_a_carer_sees_the_page_while_the_patient_lets_them(centre: Centre) -> None:
    centre.put(CONSENT)
    phone, page = centre.open_page(carer="r1")
    assert "Consultation" in phone.get(page).text
    centre.put(CONSENT | {"status": "inactive"})
    answer = phone.get(page)
    assert answer.status_code == 403
    assert "consent has ended" in answer.text
    assert phone.get(f"{page}/now").status_code == 403
