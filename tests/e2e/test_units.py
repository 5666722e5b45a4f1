"""Theatres and the day unit as they are used: a delay that others see at once, and what is stopped."""

from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.doors import PASSWORD, cheap_hashes
from tests.e2e.looking import look_at
from tests.staff import Centre, open_centre
from tests.units import (
    CHAIR,
    MINUTE_MS,
    THEATRE,
    band,
    book_theatre,
    door,
    get_unit_house,
    make_regimen,
    make_request,
    make_values,
)

from oncopolis.operations import make_wish
from oncopolis.operations.infusion import Treatment
from oncopolis.operations.loop import write_code
from oncopolis.operations.theatre.checklist import get_checklist
from oncopolis.record import Act, Who

WITHIN_MS = 1_000
"""Until when a delay has to be on other pages, beside what a page takes that is told to look again."""
CALM_MS = 1_500
"""How long a page may rest after it was told something else, and take to be filled."""


def do(centre: Centre, act: str, who: str = "doctor", **said: Any) -> dict[str, Any]:
    """Do an act as somebody who treats."""
    audited = Act("E", act, Who("Practitioner", who), "test")
    return centre.live.perform(make_wish(act, said, audited)).result()


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Centre]:
    with cheap_hashes(monkeypatch), open_centre(tmp_path, house=get_unit_house()) as opened:
        for who in ("doctor", "second"):
            opened.put({"resourceType": "Practitioner", "id": who, "active": True})
            opened.add_account(who, "nurse", "physician", "pharmacist", "laboratory", practitioner=who)
        for id_, family in (("p1", "Karimova"), ("p2", "Rahimov"), ("p3", "Toshmatova")):
            opened.add_patient(id_, family, "Malika")
        yield opened


@pytest.fixture
def open_page(browser: Browser, centre: Centre) -> Iterator[Any]:
    contexts = []

    def open_(login: str, path: str, *, scripts: bool = True) -> Page:
        """A page of somebody who works here; of a patient without a name, by their link."""
        context = browser.new_context(base_url=centre.base, java_script_enabled=scripts, locale="en-GB")
        contexts.append(context)
        page = context.new_page()
        if not login:
            page.goto(path)
            for name, part in (("day", "17"), ("month", "5"), ("year", "1960")):
                page.locator(f"[name={name}]").fill(part)
            page.keyboard.press("Enter")
            page.wait_for_url("**/journey/*")
            return page
        page.goto("/login")
        page.get_by_label("Sign-in name").fill(login)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/account")
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()


def scan(page: Page, *codes: str) -> None:
    """Scan as a wedge does: text and Enter."""
    for code in codes:
        page.locator("input[autofocus]").fill(code)
        page.keyboard.press("Enter")
        page.wait_for_load_state()


def test_a_delay_in_the_theatre_is_on_the_ward_and_with_the_patient_within_a_second(
    centre: Centre, open_page: Any
) -> None:
    for booking in (book_theatre("b1", "p1", 0), book_theatre("b2", "p2", 120)):
        centre.put(booking.to_record())
    centre.do("admit", patient="p2", activity="stay")
    id_ = do(centre, "send_for", booking="b1")["operation"]
    do(centre, "enter_theatre", operation=id_, patient_code=band("p1"), place_code=door(THEATRE))
    theatre, ward = open_page("doctor", "/live/theatre"), open_page("second", "/live/wards/bed")
    patient = open_page("", centre.give_link("p2"))
    expect(patient.get_by_text("Now expected")).to_be_hidden()
    expect(ward.get_by_text("Operation expected at")).to_be_hidden()
    theatre.wait_for_timeout(CALM_MS)
    theatre.get_by_label("More: Karimova Malika").click()
    theatre.get_by_label("Minutes longer").first.fill("45")
    theatre.locator("details[open]").get_by_label("Reason").first.fill("adhesions")
    theatre.get_by_role("button", name="Note the delay").first.click()
    expect(theatre.get_by_role("status").filter(has_text="The delay is noted")).to_be_visible()
    began = monotonic()
    expect(ward.get_by_text("Operation expected at 10:45")).to_be_visible(timeout=WITHIN_MS)
    expect(patient.get_by_text("Now expected at about 10:45.")).to_be_visible(timeout=WITHIN_MS)
    assert monotonic() - began < WITHIN_MS / 1000
    expect(patient.locator("main")).not_to_contain_text("theatre")
    expect(theatre.get_by_text("45 min late")).to_be_visible(timeout=WITHIN_MS)
    assert not look_at(theatre)
    theatre.goto(f"/live/theatre/{id_}")
    assert not look_at(theatre)


def test_who_has_no_appointment_is_found_and_put_on_a_list(
    centre: Centre, open_page: Callable[..., Page]
) -> None:
    page = open_page("doctor", "/live/theatre")
    page.get_by_role("link", name="Put a case without an appointment on a list").click()
    assert not look_at(page)
    page.get_by_label("Family name").fill("Rahimov")
    page.get_by_label("Date of birth").fill("1960-05-17")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Choose: Rahimov Malika").click()
    assert not look_at(page)
    page.get_by_role("button", name="Put on the list").click()
    expect(page.get_by_role("status").filter(has_text="On the list.")).to_be_visible()
    expect(page.get_by_role("link", name="Rahimov Malika")).to_be_visible()


def test_a_wrong_wristband_is_stopped_without_scripts_and_the_right_one_is_let_in(
    centre: Centre, open_page: Any
) -> None:
    centre.put(book_theatre("b1", "p1", 0).to_record())
    id_ = do(centre, "send_for", booking="b1")["operation"]
    page = open_page("doctor", "/live/theatre", scripts=False)
    page.get_by_role("button", name="Let in: scan: Karimova Malika").click()
    scan(page, band("p2"), door(THEATRE))
    expect(page.get_by_role("alert")).to_contain_text("STOPPED: this is another patient.")
    scan(page, band("p1")[:-3], door(THEATRE))
    expect(page.get_by_role("alert")).to_contain_text("could not be read")
    scan(page, band("p1"), door(THEATRE))
    expect(page.get_by_role("status")).to_contain_text("in the theatre now")
    page.get_by_role("button", name="Checklist").click()
    page.get_by_role("button", name="Record the checklist").click()
    expect(page.get_by_role("alert")).to_contain_text("not complete")
    for item in get_checklist()["sign_in"]:
        page.locator(f"input[name=item-{item.id}][value=yes]").check()
    page.get_by_role("button", name="Record the checklist").click()
    page.get_by_role("button", name="Anaesthesia begins").click()
    expect(page.get_by_role("status")).to_contain_text("Anaesthesia has begun")
    page.goto("/live/stopped")
    expect(page.get_by_text("STOPPED: this is another patient.")).to_be_visible()
    assert id_


SEES = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { window.looks = (window.looks || 0) + 1; return window.looks < 4 ? [{rawValue: "a"}, {rawValue: "b"}] : [{rawValue: CODE}]; }
};
navigator.mediaDevices.getUserMedia = async () => document.createElement("canvas").captureStream();
HTMLMediaElement.prototype.play = async () => {};
"""  # noqa: E501
"""A browser that reads codes: first it sees two at once, then one."""


def test_a_camera_reads_one_code_after_the_other(centre: Centre, open_page: Any) -> None:
    page = open_page("doctor", "/live/scan/verify_place")
    expect(page.get_by_role("button", name="Use the camera")).to_be_hidden()
    page.context.add_init_script(SEES.replace("CODE", repr(band("p1"))))
    page.reload()
    page.get_by_role("button", name="Use the camera").click()
    expect(page.get_by_text("Several codes are in sight")).to_be_visible()
    expect(page.get_by_text("scanned", exact=True)).to_be_visible()
    expect(page.locator("input[name=patient_code]")).to_have_value(band("p1"))
    while page.evaluate("window.looks") < 8:
        page.wait_for_timeout(100)
    expect(page.locator("input[name=place_code]")).to_have_value("")
    expect(page.get_by_role("button", name="Stop the camera")).to_be_visible()


def test_a_low_neutrophil_count_and_a_wrong_bag_are_stopped(centre: Centre, open_page: Any) -> None:
    house = centre.do("receive_regimen", **make_regimen())["treatment"]
    other = centre.do("receive_regimen", **make_regimen(make_request(patient="p2", order="R-2")))["treatment"]
    centre.do("report_values", order="R-1", observations=make_values(0.8))
    centre.do("report_values", order="R-2", observations=make_values(patient="p2"))
    page = open_page("doctor", f"/live/infusion/{house}")
    expect(page.get_by_text("too low")).to_be_visible()
    assert not look_at(page)
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Confirm", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("STOPPED by the laboratory")
    centre.do("report_values", order="R-1", observations=make_values(2.0, hours=1))
    bags = [prepare(centre, house, "p1"), prepare(centre, other, "p2")]
    do(centre, "check_in", patient="p1", activity="infusion")
    do(centre, "seat", treatment=house, chair=CHAIR)
    page.goto("/live/infusion")
    assert not look_at(page)
    page.get_by_role("button", name="Connect: scan: Karimova Malika").click()
    assert not look_at(page)
    page.get_by_label("Connected").select_option("intravenous")
    scan(page, band("p1"), write_code("bag", bags[1]))
    expect(page.get_by_role("alert")).to_contain_text("STOPPED: this is not the bag that belongs here.")
    scan(page, band("p1"), write_code("bag", bags[0]))
    expect(page.get_by_text("60 min left")).to_be_visible()
    centre.clock.now_ms += 10 * MINUTE_MS
    page.reload()
    expect(page.get_by_text("50 min left")).to_be_visible()


def prepare(centre: Centre, treatment: str, patient: str) -> str:
    """Confirm, check, prepare and release what was ordered."""
    known = centre.live.ask(lambda floor: floor.get(Treatment, treatment))
    assert known.patient == patient
    do(centre, "confirm_treatment", treatment=treatment, allergies_asked=True, totals_seen=True)
    do(centre, "check_treatment", "second", treatment=treatment)
    (line,) = known.lines
    bag = do(
        centre, "prepare_bag", treatment=treatment, request=line.request, code=line.code, dose=line.dose,
        unit=line.unit, batch="B1", expires_ms=centre.clock.now_ms + 24 * 60 * MINUTE_MS,
    )["bag"]  # fmt: skip
    for act in ("check_bag", "release_bag"):
        do(centre, act, "second", bag=bag)
    return str(bag)
