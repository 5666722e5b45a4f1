"""Call boards and kiosks: let in by a link, showing numbers and rooms and nothing else."""

import re
from typing import Any

import pytest
from tests.staff import Centre, Staff

from oncopolis.operations.notices.naming import list_languages
from oncopolis.web.display import kiosks
from oncopolis.web.display.kiosks import read_code
from oncopolis.web.live.sentences import SENTENCES
from oncopolis.web.login.limiting import Buckets
from oncopolis.web.pages import CODES

BOARD, KIOSK = "/board/outpatient", "/kiosk/outpatient"


@pytest.fixture
def root(centre: Centre) -> Staff:
    centre.add_account("root", "administrator")
    return centre.open_browser("root")


def open_screen(centre: Centre, root: Staff, kind: str, *languages: str) -> Staff:
    form = {"kind": kind, "area": "outpatient", "name": "Hall 1", "language-first": languages[0]}
    form |= {f"language-{code}": "1" for code in languages}
    link = re.search(r"/screen/([\w-]+)", root.send("/screens", form).text)
    assert link is not None
    screen = centre.open_browser()
    assert (
        screen.get(f"/screen/{link[1]}").headers["location"]
        == f"/{kind}/{'campus' if kind == 'wall' else 'outpatient'}"
    )
    return screen


def call(centre: Centre, patient: str = "a") -> str:
    centre.add_patient(patient, "Karimova", "Malika")
    number: str = centre.do("check_in", patient=patient, activity="consult")["number"]
    centre.do("call", area="outpatient", room="room.consult-room.1")
    return number


def test_a_board_shows_numbers_and_rooms_and_nothing_else(centre: Centre, root: Staff) -> None:
    number = call(centre)
    board = open_screen(centre, root, "board", "ru", "uz")
    page = board.get(BOARD)
    assert page.status_code == 200
    assert number in page.text
    assert "кабинет 1" in page.text
    assert "1-xona" in page.text
    for secret in ("Karimova", "Malika", "consult<", "Consultation", "Outpatients"):
        assert secret not in page.text, secret
    calls = board.get(f"{BOARD}/calls").text
    assert number in calls
    assert "<html" not in calls


def test_a_call_is_marked_while_it_is_new(centre: Centre, root: Staff) -> None:
    call(centre)
    board = open_screen(centre, root, "board", "en")
    assert 'class="fresh"' in board.get(BOARD).text
    centre.clock.pass_s(60)
    assert 'class="fresh"' not in board.get(BOARD).text


def test_a_board_without_calls_says_so_in_all_its_languages(centre: Centre, root: Staff) -> None:
    page = open_screen(centre, root, "board", "ko", "en").get(BOARD).text
    assert "Please wait until your number is shown here." in page
    assert 'lang="ko"' in page


def test_a_board_hears_of_calls(centre: Centre, root: Staff) -> None:
    board = open_screen(centre, root, "board", "en")
    stream = re.search(r'sse-connect="([^"]+)"', board.get(BOARD).text)
    assert stream is not None
    number = call(centre)
    with board.client.stream("GET", stream[1].replace("&amp;", "&")) as answer:
        assert next(line for line in answer.iter_lines() if line.startswith("event")) == "event: changed"
    assert number in board.get(f"{BOARD}/calls").text


def test_a_screen_opens_what_it_is_for_and_ends_with_its_link(centre: Centre, root: Staff) -> None:
    board = open_screen(centre, root, "board", "en")
    assert centre.open_browser().get(BOARD).status_code == 403
    assert centre.open_browser().get(f"{BOARD}/stream").status_code == 403
    for path in ("/board/wards", KIOSK, f"{KIOSK}", "/screens", "/live"):
        assert board.get(path).status_code in (303, 403), path
    assert "board" in root.get("/apps").text
    id_ = re.search(r'name="id" value="([^"]+)"', root.get("/screens").text)
    assert id_ is not None
    root.send("/screens/end", {"id": id_[1]}, page="/screens")
    refused = board.get(BOARD)
    assert refused.status_code == 403
    assert SENTENCES["WEB-005"] in refused.text
    assert board.get("/screen/" + "x" * 43).status_code == 404


def test_a_link_of_a_screen_is_no_token(centre: Centre, root: Staff) -> None:
    board = open_screen(centre, root, "board", "en")
    secret = board.client.cookies["screen"]
    answer = centre.open_browser().get("/fhir/Patient", headers={"authorization": f"Bearer {secret}"})
    assert answer.status_code == 401


def test_only_administrators_make_screens(centre: Centre) -> None:
    centre.add_account("nurse", "nurse")
    nurse = centre.open_browser("nurse")
    assert nurse.get("/screens").status_code == 403
    assert nurse.get(BOARD).status_code == 200


@pytest.mark.parametrize("form", [{"kind": "oracle"}, {"area": "nowhere"}, {"language-en": None}])
def test_a_screen_that_cannot_be_is_refused(root: Staff, form: dict[str, Any]) -> None:
    whole = {"kind": "board", "area": "outpatient", "language-en": "1"} | form
    said = {name: value for name, value in whole.items() if value is not None}
    assert root.send("/screens", said).status_code in (400, 404, 422)


def test_check_in_at_a_kiosk(centre: Centre, root: Staff) -> None:
    centre.add_patient("a", "Karimova", "Malika")
    booking = centre.add_booking("0198aaaa-bbbb-7ccc-8ddd-0000cafe1234", "a")
    kiosk = open_screen(centre, root, "kiosk", "en")
    first = kiosk.send(KIOSK, {"code": f"https://centre.test/j/{booking}"})
    number = re.search(r'class="big"[^>]*>(\w+)<', first.text)
    assert number is not None
    assert "Karimova" not in first.text
    assert 'http-equiv="refresh"' in first.text
    again = kiosk.send(KIOSK, {"code": "CAFE1234"})
    assert "not a code we know" in again.text
    whole = kiosk.send(KIOSK, {"code": booking})
    assert number[1] in whole.text


def test_the_end_of_a_code_is_enough_to_type(centre: Centre, root: Staff) -> None:
    centre.add_patient("a", "Karimova", "Malika")
    centre.add_booking("0198aaaa-bbbb-7ccc-8ddd-0000cafe1234", "a")
    kiosk = open_screen(centre, root, "kiosk", "en")
    assert 'class="big"' in kiosk.send(KIOSK, {"code": " CAFE 1234 "}).text


def test_a_kiosk_refuses_in_the_language_in_front_of_it(centre: Centre, root: Staff) -> None:
    kiosk = open_screen(centre, root, "kiosk", "en")
    answer = kiosk.send(f"{KIOSK}?language=ru", {"code": "0198aaaa-bbbb-7ccc-8ddd-000000000000"})
    assert answer.status_code == 404
    assert re.search(r'role="alert">[А-я]', answer.text)
    assert kiosk.send(KIOSK, {"code": "<script>"}).status_code == 400


def test_a_kiosk_is_not_for_guessing(centre: Centre, root: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kiosks, "_TRIES", Buckets(0.001, 3))
    kiosk = open_screen(centre, root, "kiosk", "en")
    token = re.search(r'name="csrf" value="(\w+)"', kiosk.get(KIOSK).text)
    assert token is not None
    form = {"csrf": token[1], "code": "00000000"}
    codes = [kiosk.post(KIOSK, form, origin=kiosk.base).status_code for _ in range(4)]
    assert codes[0] == 400
    assert codes[-1] == 429


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0198-a", "0198-a"),
        (" 0198 a ", "0198a"),
        ("https://centre.test/check-in/0198-a?x=1", "0198-a"),
        ("https://centre.test/check-in?code=0198-a", "0198-a"),
        ("https://centre.test/0198-a/", "0198-a"),
    ],
)
def test_codes_are_read_as_scanners_send_them(text: str, code: str) -> None:
    assert read_code(text) == code


def test_boards_speak_all_languages_of_the_pages() -> None:
    assert set(CODES) <= set(list_languages())


def test_a_wall_shows_the_campus_and_names_nobody(centre: Centre, root: Staff) -> None:
    centre.add_patient("a", "Karimova", "Malika")
    centre.do("check_in", patient="a", activity="consult")
    centre.clock.now_ms += 61 * 60_000
    root = centre.open_browser("root")
    wall = open_screen(centre, root, "wall", "en")
    page = wall.get("/wall/campus")
    assert page.status_code == 200
    assert "Somebody has waited for 61 min" in page.text
    assert "1 without an owner" in page.text
    assert "/live/" not in page.text
    assert "Karimova" not in page.text
    stream = re.search(r'sse-connect="([^"]+)"', page.text)
    assert stream is not None
    with wall.client.stream("GET", stream[1].replace("&amp;", "&")) as events:
        assert events.status_code == 200
    assert wall.get(BOARD).status_code == 403
    assert centre.open_browser().get("/wall/campus").status_code == 403
    centre.add_account("desk", "registrar")
    assert centre.open_browser("desk").get("/wall/campus").status_code == 403
