"""The work list of a clinic as people use it: forms that work without scripts, in a language they read."""

import re

import pytest
from tests.staff import Centre, Staff

from oncopolis.operations.arrivals.views import Contact
from oncopolis.web.live import FIRST
from oncopolis.web.live.sentences import SENTENCES
from oncopolis.web.live.showing import is_for
from oncopolis.web.live.table import PAGES
from oncopolis.web.pages import CODES, find_words

QUEUE = "/live/areas/outpatient?at=room.consult-room.1"


@pytest.fixture
def nurse(centre: Centre) -> Staff:
    centre.add_account("nurse", "nurse")
    return centre.open_browser("nurse")


def list_numbers(browser: Staff) -> list[str]:
    return re.findall(r'class="number">([A-Z]+\d+)<', browser.get(QUEUE).text)


def wait(centre: Centre, id_: str = "a", family: str = "Karimova", **more: object) -> str:
    centre.add_patient(id_, family, "Malika")
    number: str = centre.do("check_in", patient=id_, activity="consult", **more)["number"]
    return number


def follow(browser: Staff, answer: object) -> str:
    location: str = answer.headers["location"]  # type: ignore[attr-defined]
    return browser.get(location).text


@pytest.mark.slow
def test_every_page_is_only_for_those_who_may_do_its_acts(centre: Centre) -> None:
    account = centre.add_account("reader", "researcher")
    stranger, reader = centre.open_browser(), centre.open_browser("reader")
    own = {page.path for page in PAGES if is_for(account, page.acts)}
    assert own == {f"/live/biobank/{path}" for path in ("requests", "requests/{id}", "acts/{name}")}
    for page in (one for one in PAGES if one.path not in {FIRST, *own}):
        path = page.path.replace("{area}", "outpatient").replace("{name}", "call")
        if page.method == "GET":
            assert stranger.get(path).headers["location"].startswith("/login?next=%2Flive"), page
            refused = reader.get(path)
            assert refused.status_code == 403, page
            assert SENTENCES["WEB-001"] in refused.text
        else:
            assert stranger.send(path, {}, page="/login").headers["location"] == "/login"
            answer = reader.send(path, {"area": "outpatient", "room": "room.consult-room.1"}, page="/account")
            assert answer.status_code == 403 or "told=REC-324" in answer.headers["location"], page


def test_the_first_page_is_that_of_who_signed_in(centre: Centre) -> None:
    for name, role, path in (
        ("ann", "nurse", "/live"), ("dan", "registrar", "/live"),
        ("sue", "researcher", "/live/biobank/requests"),
        ("tom", "tumour_board", "/live/courses"),
    ):  # fmt: skip
        centre.add_account(name, role)
        assert centre.open_browser(name).get(FIRST).headers["location"] == path
    assert centre.open_browser().get(FIRST).headers["location"].startswith("/login")


def test_called_begun_ended(centre: Centre, nurse: Staff) -> None:
    number = wait(centre)
    page = nurse.get(QUEUE).text
    assert "Karimova Malika" in page
    called = follow(nurse, nurse.press(QUEUE, "/live/acts/call", area="outpatient"))
    assert f"{number} was called" in called
    begun = follow(nurse, nurse.press(QUEUE, "/live/acts/start"))
    assert "in progress" in begun
    ended = follow(nurse, nurse.press(QUEUE, "/live/acts/finish"))
    assert "Ended." in ended
    assert list_numbers(nurse) == []


def test_a_form_that_is_sent_twice_is_done_once(centre: Centre, nurse: Staff) -> None:
    wait(centre, "a")
    wait(centre, "b", "Rahimov")
    page = nurse.get(QUEUE).text
    form = dict(
        re.findall(
            r'name="(\w+)" value="([^"]*)"',
            page[page.index('action="/live/acts/call"') :].split("</form>")[0],
        )
    )
    answers = [nurse.post("/live/acts/call", form, origin=nurse.base) for _ in range(3)]
    assert len({answer.headers["location"] for answer in answers}) == 1
    states = sorted(one.state for one in centre.live.ask(lambda floor: list(floor.list(Contact))))
    assert states == ["called", "waiting"]


def test_refusals_are_told_in_the_language_of_the_reader(centre: Centre) -> None:
    centre.add_account("nurse", "nurse", language="ru")
    nurse = centre.open_browser("nurse")
    answer = nurse.press(QUEUE, "/live/acts/call", area="outpatient")
    told = find_words("ru").text(SENTENCES["OPS-115"])
    assert told != SENTENCES["OPS-115"]
    assert told in follow(nurse, answer)


def test_every_sentence_is_in_every_language() -> None:
    for code in CODES[1:]:
        words = find_words(code)
        assert not [one for one in SENTENCES.values() if words.text(one) == one]


def test_urgent_first_with_a_reason(centre: Centre, nurse: Staff) -> None:
    first, second = wait(centre, "a"), wait(centre, "b", "Rahimov")
    assert set(list_numbers(nurse)) == {first, second}
    last = list_numbers(nurse)[1]
    contact = next(
        one.id for one in centre.live.ask(lambda floor: list(floor.list(Contact))) if one.number == last
    )
    nurse.press(QUEUE, "/live/acts/triage", {"reason": "pain"}, contact=contact)
    assert list_numbers(nurse)[0] == last
    assert "urgent" in nurse.get(QUEUE).text


def test_out_of_turn_needs_a_reason_and_a_place_may_be_kept(centre: Centre, nurse: Staff) -> None:
    wait(centre, "a")
    wait(centre, "b", "Rahimov")
    rows = centre.live.ask(lambda floor: sorted(floor.list(Contact), key=lambda one: one.rank))
    refused = nurse.press(QUEUE, "/live/acts/call", contact=rows[1].id)
    assert SENTENCES["OPS-117"] in follow(nurse, refused)
    called = nurse.press(QUEUE, "/live/acts/call", {"reason": "short of breath"}, contact=rows[1].id)
    assert f"{rows[1].number} was called" in follow(nurse, called)
    nurse.press(QUEUE, "/live/acts/step_out", contact=rows[0].id)
    assert "stepped out" in nurse.get(QUEUE).text
    nurse.press(QUEUE, "/live/acts/return", contact=rows[0].id)
    assert "stepped out" not in nurse.get(QUEUE).text.replace('"stepped out"', "")


def test_those_still_expected_are_checked_in_from_the_list(centre: Centre, nurse: Staff) -> None:
    centre.add_patient("a", "Karimova", "Malika")
    booking = centre.add_booking("0198-a", "a")
    assert "Still expected today: 1" in nurse.get(QUEUE).text
    assert "Karimova" in nurse.get("/live/areas/outpatient/list").text
    done = follow(nurse, nurse.press(QUEUE, "/live/acts/check_in", booking=booking))
    assert "Checked in with the number" in done
    assert "Still expected" not in done


def test_a_name_that_is_corrected_is_shown_at_once(centre: Centre, nurse: Staff) -> None:
    wait(centre)
    assert "Karimova" in nurse.get(QUEUE).text
    centre.add_patient("a", "<b>Karimova-Kim</b>", "Malika")
    assert "&lt;b&gt;Karimova-Kim" in nurse.get(QUEUE).text


def test_an_unknown_area_and_an_unknown_act_are_refused_in_words(centre: Centre, nurse: Staff) -> None:
    missing = nurse.get("/live/areas/nowhere")
    assert missing.status_code == 404
    assert SENTENCES["OPS-114"] in missing.text
    answer = nurse.send("/live/acts/conjure", {"back": "https://evil.test/"}, page="/live")
    assert answer.headers["location"].startswith("/live?told=OPS-005")


def test_a_form_of_another_site_does_nothing(centre: Centre, nurse: Staff) -> None:
    wait(centre)
    form = {"area": "outpatient", "room": "room.consult-room.1"}
    assert nurse.post("/live/acts/call", form, origin="https://evil.test").status_code == 403
    assert all(one.state == "waiting" for one in centre.live.ask(lambda floor: list(floor.list(Contact))))


def test_a_script_whose_session_is_over_is_sent_to_sign_in_as_a_whole(centre: Centre) -> None:
    answer = centre.open_browser().get("/live", headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/login")


def test_pages_load_and_do_only_what_is_ours(centre: Centre, nurse: Staff) -> None:
    wait(centre)
    for path in (QUEUE, "/live", "/live/areas/outpatient/list"):
        page = nurse.get(path)
        assert "unsafe" not in page.headers["content-security-policy"]
        assert not re.search(r"<style|style=|<script(?! src=\"/assets/)|\son\w+=|javascript:", page.text)
        assert "Shadow mode" in page.text
        assert re.search(r'sse-connect="/live/stream\?topic=', page.text)


def test_a_page_hears_of_what_happens(centre: Centre, nurse: Staff) -> None:
    stream = re.search(r'sse-connect="([^"]+)"', nurse.get(QUEUE).text)
    assert stream is not None
    number = wait(centre)
    with nurse.client.stream("GET", stream[1].replace("&amp;", "&")) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for line in answer.iter_lines():
            if line == "event: changed":
                break
    assert number in nurse.get(QUEUE).text
    assert centre.open_browser().get("/live/stream?topic=contact").status_code == 401
    assert nurse.get("/live/stream").status_code == 400


def test_an_address_that_is_none_is_told_on_a_page_of_the_reader(centre: Centre) -> None:
    centre.add_account("nurse", "nurse", language="uz")
    answer = centre.open_browser("nurse").get("/live/nowhere/at/all")
    assert answer.status_code == 404
    assert "Bunday sahifa yo" in answer.text
    assert 'href="/live"' in answer.text
    stranger = centre.open_browser().get("/live/nowhere")
    assert stranger.headers["location"].startswith("/login")
