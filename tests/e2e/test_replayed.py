"""Screens of staff, a call board and the wall are open while a day is replayed; none is left behind."""

import re
from collections.abc import Sequence
from pathlib import Path
from time import sleep

import pytest
from playwright.sync_api import Browser, Page
from tests.doors import PASSWORD, add, cheap_hashes
from tests.rehearsal import read_numbers, replay, write_clinic, write_token
from tests.servers import home, open_desk, serving

from oncopolis.record import Who
from oncopolis.web.display.screens import CAMPUS, make_link

__all__ = ["home"]

ROLES = (
    "registrar", "nurse", "physician", "tumour_board", "administrator", "laboratory", "pharmacist", "biobank",
)  # fmt: skip
AREA = "outpatient"
SOMEBODY = Who("Person", "test")
KEPT_OPEN = (
    "/live", "/live/command", f"/live/areas/{AREA}", "/live/areas/radiotherapy", "/live/waiting",
    "/live/courses", "/live/board", "/live/orders", f"/live/results/{AREA}", "/live/wards",
    "/live/wards/bed", "/live/wards/isolated", "/live/theatre", "/live/infusion", "/live/radiotherapy",
    "/live/units", "/live/things", "/live/stopped", "/live/tanks",
)  # fmt: skip
LIVELY = ("/live/command", f"/live/areas/{AREA}", "board", "wall")
"""Screens on which a day of this clinic shows."""
COUNT = "window.swaps = 0; addEventListener('htmx:afterSwap', () => { window.swaps += 1; })"
PATIENCE_S = 30


def open_screens(
    browser: Browser, base: str, paths: Sequence[str], secrets: dict[str, str]
) -> dict[str, Page]:
    """Each as on a device of its own: one browser has six connections to a server."""
    first = browser.new_context(locale="en-GB")
    page = first.new_page()
    page.goto(f"{base}/login")
    page.get_by_label("Sign-in name").fill("lead")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/live")
    state = first.storage_state()
    opened = {}
    for name, path in ({path: path for path in paths} | secrets).items():
        context = browser.new_context(locale="en-GB", storage_state=None if name in secrets else state)
        context.add_init_script(COUNT)
        opened[name] = context.new_page()
        answer = opened[name].goto(f"{base}{path}")
        assert answer is not None
        assert answer.ok, (path, answer.status)
    first.close()
    return opened


def read(page: Page) -> str:
    """What is shown, but for clocks and how long somebody waits."""
    return re.sub(r"\d+:\d+|\d+ (min|sec)\b", "-", page.locator("main").inner_text())


def find_behind(opened: dict[str, Page]) -> dict[str, tuple[str, str]]:
    """Screens that differ from what their address gives anew: what they show, and what they should."""
    behind = {}
    for name, page in opened.items():
        anew = page.context.new_page()
        anew.goto(page.url)
        if (now := read(anew)) != (shown := read(page)):
            behind[name] = (shown, now)
        anew.close()
    return behind


def test_all_screens_follow_a_replay(
    browser: Browser, tmp_path: Path, home: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = write_clinic(tmp_path / "clinic")
    with cheap_hashes(monkeypatch), serving(project, home=home) as (base, _, _):
        url = base.removesuffix("/fhir")
        with open_desk(project, home=home) as desk:
            add(desk, "lead", roles=frozenset(ROLES))
            links = {
                "board": make_link(desk, "board", AREA, ["en"], "Hall", SOMEBODY),
                "wall": make_link(desk, "wall", CAMPUS, ["en"], "Wall", SOMEBODY),
            }
        secrets = {name: f"/screen/{secret}" for name, secret in links.items()}
        token = write_token(tmp_path, project, home=home)
        opened = open_screens(browser, url, KEPT_OPEN, secrets)
        complaints: list[str] = []
        for page in opened.values():
            page.on("pageerror", lambda error: complaints.append(str(error)))
        code, said = replay(project, url, token, "--minutes", "0.05", home=home)
        assert code == 0, said
        assert read_numbers(said)["errors"] == 0
        assert all(opened[name].evaluate("window.swaps") > 0 for name in LIVELY)
        behind = find_behind(opened)
        for _ in range(PATIENCE_S):
            if not behind:
                break
            sleep(1)
            behind = find_behind({name: opened[name] for name in behind})
        assert not behind
        assert not complaints
        for page in opened.values():
            page.context.close()
