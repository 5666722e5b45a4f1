"""One patient on several screens at once, from being registered to being discharged; and what goes wrong."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.courses import get_course_house
from tests.doors import PASSWORD, cheap_hashes
from tests.e2e.looking import DESKTOP, PHONE, look_at
from tests.staff import Centre, open_centre

from oncopolis.operations import make_wish
from oncopolis.operations.booking.views import Booking
from oncopolis.record import Act, Who
from oncopolis.web.display.screens import CAMPUS, make_link
from oncopolis.web.live.table import PAGES

ROOM = "room.consult-room.1"
QUEUE, WARD = f"/live/areas/outpatient?at={ROOM}", "/live/wards/bed"
LINAC = "machine.linac.1"
ROLES = (
    "registrar", "nurse", "physician", "tumour_board", "administrator", "laboratory", "pharmacist", "biobank",
    "partner",
)  # fmt: skip
TODAY = "2027-03-01"
AHEAD = "Date.now = ((now) => () => now() + 5400000)(Date.now)"
"""A device whose clock is an hour and a half ahead."""


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Centre]:
    with cheap_hashes(monkeypatch), open_centre(tmp_path, house=get_course_house()) as opened:
        opened.put({"resourceType": "Practitioner", "id": "doctor", "active": True})
        for login in ("desk", "nurse"):
            opened.add_account(login, *ROLES, practitioner="doctor")
        yield opened


class Screens:
    """Browsers side by side, none of which may complain."""

    def __init__(self, browser: Browser, centre: Centre) -> None:
        self._browser, self._centre = browser, centre
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def open(self, login: str = "", *, scripts: bool = True, size: dict[str, int] | None = None) -> Page:
        context = self._browser.new_context(
            java_script_enabled=scripts, locale="en-GB", base_url=self._centre.base,
            viewport=size or DESKTOP,  # type: ignore[arg-type]
        )  # fmt: skip
        self._contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        if login:
            page.goto("/login")
            page.get_by_label("Sign-in name").fill(login)
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in", exact=True).click()
            page.wait_for_url("**/account")
        return page

    def open_board(self, kind: str = "board", area: str = "outpatient") -> Page:
        who = self._centre.add_account(f"root-{kind}", "administrator").who
        secret = make_link(self._centre.desk, kind, area, ["en", "ru"], "Hall", who)  # type: ignore[arg-type]
        page = self.open(size={"width": 1920, "height": 1080})
        page.goto(f"/screen/{secret}")
        return page

    def open_journey(self, patient: str) -> Page:
        """The page of a patient on their phone."""
        page = self.open(size=PHONE)
        page.goto(self._centre.give_link(patient))
        for name, value in (("Day", "17"), ("Month", "5"), ("Year", "1960")):
            page.get_by_label(name, exact=True).fill(value)
        page.get_by_role("button", name="Open").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Today")
        return page

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@pytest.fixture
def screens(browser: Browser, centre: Centre) -> Iterator[Screens]:
    opened = Screens(browser, centre)
    yield opened
    opened.close()
    assert not [one for one in opened.complaints if "status of 4" not in one]


def register(page: Page, family: str = "Karimova") -> None:
    page.goto(f"/live/reception?family={family}&given=Malika&birth_date=1960-05-17")
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(family)


def check_in(page: Page) -> str:
    page.get_by_text("Check in without an appointment").click()
    page.get_by_role("button", name="Check in").click()
    expect(page.get_by_role("status").filter(has_text="Checked in")).to_be_visible(timeout=10_000)
    found = re.search(
        r"number (\w+)\.", page.get_by_role("status").filter(has_text="Checked in").inner_text()
    )
    assert found is not None
    return found[1]


def test_one_patient_on_five_screens_at_once(centre: Centre, screens: Screens) -> None:
    reception, nurse, second = screens.open("desk"), screens.open("nurse"), screens.open("nurse", size=PHONE)
    board, home = screens.open_board(), screens.open("nurse")
    second.context.add_init_script(AHEAD)
    for page in (nurse, second):
        page.goto(QUEUE)
        expect(page.get_by_text("Nobody is here now.")).to_be_visible()
    home.goto("/live")
    register(reception)
    number = check_in(reception)
    for page in (nurse, second):
        expect(page.get_by_role("rowheader", name=number)).to_be_visible(timeout=10_000)
    nurse.get_by_role("button", name=re.compile("Call the next")).click()
    expect(nurse.get_by_role("status").filter(has_text="was called")).to_contain_text(number)
    expect(board.get_by_role("rowheader", name=number)).to_be_visible(timeout=10_000)
    expect(board.locator("main")).not_to_contain_text("Karimova")
    expect(reception.get_by_text("called", exact=False).first).to_be_visible(timeout=10_000)
    expect(second.get_by_role("button", name=f"Begin: {number}")).to_be_visible(timeout=10_000)
    second.get_by_role("button", name=f"Begin: {number}").click()
    expect(nurse.get_by_role("button", name=f"End: {number}")).to_be_visible(timeout=10_000)
    expect(board.get_by_role("rowheader", name=number)).to_be_hidden(timeout=10_000)
    nurse.get_by_role("button", name=f"End: {number}").click()
    for page in (nurse, second):
        expect(page.get_by_text("Nobody is here now.")).to_be_visible(timeout=10_000)
        expect(page.locator("[data-age]")).to_be_hidden()
    lie_and_leave(reception, home, second)


def lie_and_leave(reception: Page, ward: Page, other: Page) -> None:
    """Admitted on one screen, discharged on the other; the bed is free once it was left and is clean."""
    for page in (ward, other):
        page.goto(WARD)
    ward.get_by_role("link", name="Admit, or hold a bed").click()
    for label, text in (
        ("Family name", "Karimova"),
        ("Given name", "Malika"),
        ("Date of birth", "1960-05-17"),
    ):
        ward.get_by_label(label).fill(text)
    ward.get_by_role("button", name="Search").click()
    ward.get_by_role("link", name="Choose: Karimova").click()
    ward.get_by_role("button", name="Admit", exact=True).click()
    expect(ward.get_by_role("status").filter(has_text="Admitted.")).to_be_visible()
    bed = other.locator(".bed", has_text="Karimova")
    expect(bed).to_contain_text("occupied", timeout=10_000)
    expect(reception.get_by_text("on a ward")).to_be_visible(timeout=10_000)
    bed.get_by_text("More", exact=True).click()
    bed.get_by_role("button", name="Discharge", exact=True).click()
    expect(other.get_by_role("status").filter(has_text="the bed is free once they have left")).to_be_visible()
    ward.get_by_role("button", name="Has left: Karimova").click(timeout=10_000)
    expect(reception.get_by_text("Not in the house.")).to_be_visible(timeout=10_000)
    other.get_by_role("button", name="Is clean").click(timeout=10_000)
    for page in (ward, other):
        expect(page.locator(".bed").get_by_text("to be cleaned")).to_have_count(0, timeout=10_000)
        expect(page.locator(".bed", has_text="Karimova")).to_have_count(0)


def test_a_breakdown_moves_and_tells_who_is_booked(centre: Centre, screens: Screens) -> None:
    """Reported on one screen: the patient hears of it on their phone, and again when it is taken back."""
    centre.add_patient("a", "Karimova", "Malika")
    id_ = centre.add_booking("0198aaaa-bbbb-7ccc-8ddd-0000cafe1234", "a", 120, "fraction")
    phone, nurse = screens.open_journey("a"), screens.open("nurse")
    nurse.goto("/live/units?area=radiotherapy")
    report = nurse.locator("details", has=nurse.locator(f"input[value='{LINAC}']"))
    report.locator("summary").click()
    report.get_by_label("Time").fill("18:00")
    report.get_by_role("button", name="Report out of order").click()
    expect(nurse.get_by_role("status").filter(has_text="has been moved and told")).to_be_visible()
    moved = centre.live.ask(lambda floor: floor.get(Booking, id_))
    assert moved.spot is not None
    assert LINAC not in {held.unit for held in moved.spot.units}
    message = phone.get_by_text("The place of your appointment has changed, the time has not")
    expect(message).to_be_visible(timeout=10_000)
    expect(phone.locator("main")).not_to_contain_text("linac")
    nurse.get_by_role("button", name=re.compile("Take it back")).click()
    expect(nurse.get_by_role("status").filter(has_text="Taken back")).to_be_visible()
    expect(phone.get_by_text("taken back").first).to_be_visible(timeout=10_000)
    back = centre.live.ask(lambda floor: floor.get(Booking, id_))
    assert back.spot is not None
    assert LINAC in {held.unit for held in back.spot.units}


def test_a_list_is_not_filled_under_the_hands_of_whoever_writes_in_it(
    centre: Centre, screens: Screens
) -> None:
    nurse = screens.open("nurse")
    for id_, family in (("a", "Karimova"), ("b", "Rahimov")):
        centre.add_patient(id_, family, "Malika")
        centre.do("check_in", patient=id_, activity="consult")
    nurse.goto(QUEUE)
    nurse.get_by_text("More", exact=True).nth(1).click()
    reason = nurse.locator("details[open]").get_by_label("Reason").first
    reason.fill("short of bre")
    centre.add_patient("c", "Toshmatova", "Zilola")
    number = centre.do("check_in", patient="c", activity="consult")["number"]
    nurse.wait_for_timeout(2_500)
    expect(reason).to_have_value("short of bre")
    expect(nurse.get_by_role("rowheader", name=number)).to_be_hidden()
    nurse.get_by_text("More", exact=True).nth(1).click()
    nurse.get_by_role("heading", level=1).click()
    expect(nurse.get_by_role("rowheader", name=number)).to_be_visible(timeout=10_000)


def test_a_time_is_given_once(centre: Centre, screens: Screens) -> None:
    """Two desks book one patient at one time: the second screen says why it cannot."""
    centre.add_patient("a", "Karimova", "Malika")
    first, second = screens.open("desk"), screens.open("nurse", size=PHONE)
    for page in (first, second):
        page.goto("/live/people/a")
        page.locator("summary").get_by_text("Book", exact=True).click()
        form = page.locator("details[open]")
        form.get_by_label("What for").select_option("fraction")
        form.get_by_label("Time, if it matters").fill("10:00")
        form.locator("[name='start_ms@day']").fill("2027-03-02")
    for page, said in ((first, "Booked."), (second, "The patient has something else then")):
        page.locator("details[open]").get_by_role("button", name="Book").click()
        expect(page.get_by_text(said)).to_be_visible()
    expect(second.get_by_text("2 Mar 2027, 10:00")).to_have_count(1)


def test_the_same_without_scripts(centre: Centre, screens: Screens) -> None:
    nurse, kiosk = screens.open("nurse", scripts=False), screens.open_board("kiosk")
    centre.add_patient("a", "Karimova", "Malika")
    booking = centre.add_booking("0198aaaa-bbbb-7ccc-8ddd-0000cafe1234", "a")
    kiosk.get_by_label("Scan your code").fill(booking)
    kiosk.keyboard.press("Enter")
    number = kiosk.locator(".big").inner_text()
    nurse.goto(QUEUE)
    expect(nurse.get_by_role("rowheader", name=number)).to_be_visible()
    nurse.get_by_role("button", name=re.compile("Call the next")).click()
    expect(nurse.get_by_role("status").first).to_contain_text("was called")
    nurse.get_by_role("button", name=f"Begin: {number}").click()
    nurse.get_by_role("button", name=f"End: {number}").click()
    expect(nurse.get_by_role("status").first).to_contain_text("Ended")


def test_a_board_says_how_old_it_is_when_the_server_is_silent(centre: Centre, screens: Screens) -> None:
    board = screens.open_board()
    centre.add_patient("a", "Karimova", "Malika")
    number = centre.do("check_in", patient="a", activity="consult")["number"]
    centre.do("call", area="outpatient", room=ROOM)
    expect(board.get_by_role("rowheader", name=number)).to_be_visible(timeout=10_000)
    expect(board.locator(".age")).to_be_hidden()
    board.context.set_offline(True)
    # A sign of life that was on its way counts as heard; two more minutes go by then.
    for _ in range(5):
        board.evaluate("Date.now = ((now) => () => now() + 120000)(Date.now)")
        board.wait_for_timeout(6_000)
        if board.locator(".age").is_visible():
            break
    expect(board.locator(".age")).to_contain_text("The server does not answer")
    expect(board.get_by_role("rowheader", name=number)).to_be_visible()
    screens.complaints.clear()


def test_a_board_loaded_again_while_the_server_is_away_shows_its_last_state_with_its_age(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    with cheap_hashes(monkeypatch), open_centre(tmp_path) as centre:
        who = centre.add_account("root", "administrator").who
        secret = make_link(centre.desk, "board", "outpatient", ["en"], "Hall", who)
        page = context.new_page()
        page.goto(f"{centre.base}/screen/{secret}")
        page.evaluate("navigator.serviceWorker.ready")
        page.reload()
        centre.add_patient("a", "Karimova", "Malika")
        number = centre.do("check_in", patient="a", activity="consult")["number"]
        centre.do("call", area="outpatient", room=ROOM)
        expect(page.get_by_role("rowheader", name=number)).to_be_visible(timeout=10_000)
        page.wait_for_timeout(500)
    page.reload()
    expect(page.get_by_role("rowheader", name=number)).to_be_visible(timeout=15_000)
    kept = page.locator("meta[name=kept]").get_attribute("content")
    assert kept is not None
    assert kept.isdecimal()
    page.evaluate("Date.now = ((now) => () => now() + 60000)(Date.now)")
    expect(page.locator(".age")).to_contain_text("The server does not answer", timeout=10_000)
    context.close()


def treat(centre: Centre, act: str, **said: Any) -> dict[str, Any]:
    """Do an act as the doctor."""
    audited = Act("E", act, Who("Practitioner", "doctor"), "test")
    return centre.live.perform(make_wish(act, said, audited)).result()


def fill(centre: Centre) -> dict[str, str]:
    """Something on every page; what stands for the id in addresses that begin so."""
    centre.add_patient("a", "Karimova", "Malika")
    centre.add_patient("b", "Rahimov", "Akmal")
    centre.add_booking("0198aaaa-bbbb-7ccc-8ddd-0000cafe1234", "a", 30)
    centre.add_booking("0198aaaa-bbbb-7ccc-8ddd-0000cafe5678", "b", 240, "fraction")
    served = centre.do("check_in", patient="a", activity="scan")["contact"]
    centre.do("start", contact=served, units=[LINAC])
    centre.do("finish", contact=served)
    centre.do("check_in", patient="b", activity="consult")
    centre.do("call", area="outpatient", room=ROOM)
    stay = centre.do("admit", patient="a", activity="stay")["stay"]
    centre.do("isolate", stay=stay, isolation="MRSA")
    centre.do("lay_tasks")
    centre.do("await", patient="a", activity="consult", reason="wish")
    treat(
        centre, "record_diagnosis", patient="b", icd10="C50.9", topography="C50.4", morphology="8500/3",
        day="2027-02-20", basis="7",
    )  # fmt: skip
    course = treat(centre, "start_course", patient="b", pathway="care", by="doctor")["course"]
    for critical in ("", "potassium 6.9"):
        order = treat(centre, "order", patient="a", activity="report")["order"]
        if critical:
            treat(centre, "result", order=order, critical=critical)
    case = treat(centre, "put_on_agenda", course=course, board="board", day=TODAY)["case"]
    partner = treat(centre, "add_partner", name="Seoul centre", country="KR", language="ko")["partner"]
    treat(
        centre, "share_case", case=case, partner=partner, scopes=["diagnosis"], until="2027-03-10",
        agreed_by="patient",
    )  # fmt: skip
    centre.do("report_down", unit="machine.linac.2", reason="fault", until_ms=centre.clock.now_ms + 3_600_000)
    return {
        "/live/people/": "a", "/live/courses/": course, "/live/cases/": case, "/live/stays/": stay,
        "/live/labels/patient/": "a", "/live/labels/place/": ROOM,
        "/live/staff/": centre.add_account("kim", "nurse").id,
    }  # fmt: skip


def list_paths(ids: dict[str, str]) -> Iterator[str]:
    """Every page of staff that is no file and whose id is known."""
    for one in PAGES:
        path = one.path.replace("{area}", "outpatient").replace("{ward}", "bed")
        known = next((id_ for start, id_ in ids.items() if path.startswith(start)), "{id}")
        path = path.replace("{id}", known)
        if one.method == "GET" and path != "/live/start" and "{" not in path and not path.endswith(".csv"):
            yield path


def test_every_page_can_be_read_and_used_by_all(centre: Centre, screens: Screens) -> None:
    paths = list(list_paths(fill(centre)))
    page, faults = screens.open("desk"), {}
    others = {
        "board": screens.open_board(), "kiosk": screens.open_board("kiosk"),
        "wall": screens.open_board("wall", CAMPUS), "journey": screens.open_journey("a"),
    }  # fmt: skip
    for path in paths:
        answer = page.goto(f"{path}?area=radiotherapy&at={ROOM}")
        assert answer is not None
        faults[path] = look_at(page) if answer.ok else [f"answers {answer.status}"]
    faults |= {name: look_at(other) for name, other in others.items()}
    for code in ("ru", "uz-Cyrl", "ko"):
        for path in (QUEUE, f"{WARD}?"):
            page.goto(f"{path}&language={code}")
            faults[f"{path} in {code}"] = look_at(page)
    assert {"/live/command/past", "/live/results/outpatient", "/live/radiotherapy"} < {*paths}
    assert not {path: found for path, found in faults.items() if found}
