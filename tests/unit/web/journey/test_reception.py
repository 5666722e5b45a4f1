"""Reception gives patients their page, sees what is locked and unsent, and nobody else does."""

import re

from tests.phones import DAY, Centre
from tests.unit.web.journey.test_informing import Taken as Gateway
from tests.unit.web.journey.test_informing import make_informer

from oncopolis.operations.notices.telling import UNDO_MS

DESK = "/live/journeys"


def find_link(text: str) -> str:
    found = re.search(r"<code>[^<]*(/journey/link/[^<]+)</code>", text)
    assert found is not None
    return found[1]


def test_a_link_with_a_code_is_given_and_opened(centre: Centre) -> None:
    desk = centre.sign_in("registrar")
    assert 'href="/live/reception"' in desk.get(DESK).text
    shown = desk.send(f"{DESK}/p1", {"carer": "", "factor": "code", "spoken": "ru"}).text
    assert "<svg" in shown
    link, code = find_link(shown), re.search(r'class="pin">(\d{6})<', shown)
    assert code is not None
    assert "not opened yet" in desk.get(f"{DESK}/p1").text
    phone = centre.open_phone()
    assert "Код" in phone.get(link).text
    page = phone.send(link, {"code": code[1]}).headers["location"]
    assert phone.get(page).status_code == 200
    listed = desk.get(f"{DESK}/p1").text
    assert "open on a phone since" in listed
    assert code[1] not in listed
    desk.send(f"{DESK}/p1/end", {"id": page.rpartition("/")[2]}, page=f"{DESK}/p1")
    assert phone.get(page).status_code == 403


def test_reception_sees_what_is_locked(centre: Centre) -> None:
    desk, made, phone = centre.sign_in("registrar"), centre.give(), centre.open_phone()
    assert "Karimova" not in desk.get(DESK).text
    for _ in range(5):
        phone.send(f"/journey/link/{made.text}", DAY | {"day": "9"})
    assert "Karimova" in desk.get(DESK).text
    assert f"{DESK}/p1" in desk.get(DESK).text
    assert ">locked<" in desk.get(f"{DESK}/p1").text
    desk.send(f"{DESK}/p1", {"factor": "born", "spoken": "en"})
    assert "Karimova" not in desk.get(DESK).text


def test_what_cannot_be_given_is_told(centre: Centre) -> None:
    desk = centre.sign_in("nurse")
    page = f"{DESK}/p1"
    assert "has not consented" in desk.send(page, {"carer": "r9", "factor": "code", "spoken": "en"}).text
    assert "cannot be so" in desk.send(page, {"factor": "none", "spoken": "en"}).text
    assert desk.get(f"{DESK}/nobody").status_code == 404
    centre.put({"resourceType": "Patient", "id": "p5", "name": [{"text": "Young"}]})
    assert "not known to the day" in desk.send(f"{DESK}/p5", {"factor": "born", "spoken": "en"}).text
    assert "no such form" in desk.send(f"{page}/ask", {"form": "other"}, page=page).text


def test_nobody_else_may(centre: Centre) -> None:
    laboratory = centre.sign_in("laboratory")
    for path in (DESK, f"{DESK}/p1", f"{DESK}/areas"):
        answer = laboratory.get(path)
        assert answer.status_code == 403
        assert "Your role may not do this." in answer.text
    assert (
        laboratory.send(f"{DESK}/p1", {"factor": "code", "spoken": "en"}, page="/account").status_code == 403
    )
    stranger = centre.open_phone().get(DESK)
    assert stranger.headers["location"].startswith("/login")


def test_a_form_is_asked_for_and_taken_back_with_one_tap(centre: Centre) -> None:
    desk = centre.sign_in("registrar")
    centre.put({
        "resourceType": "Patient", "id": "p6", "birthDate": "1970-02-03", "name": [{"text": "Alisher"}],
        "communication": [{"language": {"coding": [{"code": "uz-Cyrl"}]}, "preferred": True}],
    })  # fmt: skip
    desk.send(f"{DESK}/p6/ask", {"form": "before-visit"}, page=f"{DESK}/p6")
    text = desk.get(DESK).text
    assert "сўровномани тўлдиринг" in text
    undo = re.search(r'action="(/live/notices/[^"]+/undo)"', text)
    assert undo is not None
    desk.send(undo[1], {}, page=DESK)
    assert "сўровномани" not in desk.get(DESK).text
    phone, page = centre.open_page("p6")
    assert "Taken back:" in phone.get(page).text


def test_what_did_not_arrive_is_seen_and_sent_again(centre: Centre) -> None:
    desk, informer = centre.sign_in("registrar"), make_informer(centre, Gateway("http://127.0.0.1:9/"))
    desk.send(f"{DESK}/p1/ask", {"form": "before-visit"}, page=f"{DESK}/p1")
    centre.clock.pass_s(UNDO_MS / 1000)
    informer.hand_some()
    centre.clock.pass_s(1)
    informer.hand_some()
    text = desk.get(DESK).text
    job = re.search(r'action="(/live/notices/given-up/\d+)"', text)
    assert job is not None
    assert "Karimova" in text
    desk.send(job[1], {"do": "again"}, page=DESK)
    assert job[1] not in desk.get(DESK).text
    informer.hand_some()
    centre.clock.pass_s(1)
    informer.hand_some()
    assert job[1] in desk.get(DESK).text
    desk.send(job[1], {"do": "drop"}, page=DESK)
    assert job[1] not in desk.get(DESK).text


def test_codes_of_areas_hang_in_all_languages(centre: Centre) -> None:
    text = centre.sign_in("registrar").get(f"{DESK}/areas").text
    assert text.count("<svg") >= 2
    assert "Building 1, area A" in text
    assert "1-бино, A-зона" in text
