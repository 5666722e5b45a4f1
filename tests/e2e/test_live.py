"""One patient on several screens at once: registered, checked in, called, begun, ended."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.doors import PASSWORD, cheap_hashes
from tests.node import install
from tests.staff import Centre, open_centre

from oncopolis.web.display.screens import make_link
from oncopolis.web.live.table import PAGES

PHONE = {"width": 360, "height": 740}
ROOM = "room.consult-room.1"
QUEUE = f"/live/areas/outpatient?at={ROOM}"
ROLES = ("registrar", "nurse", "physician", "tumour_board", "administrator")


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Centre]:
    with cheap_hashes(monkeypatch), open_centre(tmp_path) as opened:
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
            viewport=size or {"width": 1280, "height": 900},  # type: ignore[arg-type]
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

    def open_board(self, kind: str = "board") -> Page:
        who = self._centre.add_account(f"root-{kind}", "administrator").who
        secret = make_link(self._centre.desk, kind, "outpatient", ["en", "ru"], "Hall", who)  # type: ignore[arg-type]
        page = self.open(size={"width": 1920, "height": 1080})
        page.goto(f"/screen/{secret}")
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
    expect(page.get_by_role("status").filter(has_text="Checked in")).to_be_visible()
    found = re.search(
        r"number (\w+)\.", page.get_by_role("status").filter(has_text="Checked in").inner_text()
    )
    assert found is not None
    return found[1]


def test_one_patient_on_five_screens_at_once(centre: Centre, screens: Screens) -> None:
    reception, nurse, second = screens.open("desk"), screens.open("nurse"), screens.open("nurse", size=PHONE)
    board, home = screens.open_board(), screens.open("nurse")
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


def look_at(page: Page, axe: str) -> list[str]:
    """What axe-core finds that is serious; and that nothing is wider than a telephone."""
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    wide = []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    if page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
        wide.append("wider than a telephone")
    page.set_viewport_size({"width": 1280, "height": 900})
    return wide + [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


def test_every_page_can_be_read_and_used_by_all(centre: Centre, screens: Screens) -> None:
    axe = (install("axe-core", "4.14.1") / "node_modules/axe-core/axe.min.js").read_text("utf-8")
    centre.add_patient("a", "Karimova", "Malika")
    centre.add_patient("b", "Rahimov", "Akmal")
    centre.add_booking("0198aaaa-bbbb-7ccc-8ddd-0000cafe1234", "a", 30)
    centre.do("check_in", patient="b", activity="consult")
    centre.do("call", area="outpatient", room=ROOM)
    centre.do("admit", patient="a", activity="stay")
    centre.do("await", patient="a", activity="consult", reason="wish")
    page, board, kiosk = screens.open("desk"), screens.open_board(), screens.open_board("kiosk")
    course = centre.do("start_course", patient="b", pathway="care", by="doctor")["course"]
    ids = {"people": "a", "courses": course, "staff": centre.add_account("kim", "nurse").id}
    pages = [one.path for one in PAGES if one.method == "GET" and one.path != "/live/start"]
    known = [path.replace("{area}", "outpatient").replace("{ward}", "bed") for path in pages]
    paths = [path for path in known if "{" not in path or path.split("/")[2] in ids]
    faults = {}
    for path in paths:
        whole = path.replace("{id}", ids[path.split("/")[2]]) if "{" in path else path
        page.goto(f"{whole}?area=radiotherapy&at={ROOM}")
        faults[path] = look_at(page, axe)
    faults["board"], faults["kiosk"] = look_at(board, axe), look_at(kiosk, axe)
    for code in ("ru", "uz-Cyrl", "ko"):
        page.goto(f"{QUEUE}&language={code}")
        faults[f"queue in {code}"] = look_at(page, axe)
    assert not {path: found for path, found in faults.items() if found}
