"""An alarm of a tank as it is seen and owned, on a page that nobody loads again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.doors import PASSWORD, cheap_hashes
from tests.staff import Centre, open_centre

from oncopolis.biobank.watching.limits import read_limits
from oncopolis.biobank.watching.readings import Reading
from oncopolis.web.tanks import Watcher

WITHIN_MS = 5_000
"""Until when an alarm has to be there."""


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Centre]:
    with cheap_hashes(monkeypatch), open_centre(tmp_path) as opened:
        opened.put({"resourceType": "Practitioner", "id": "anna", "active": True})
        opened.add_account("anna", "biobank", practitioner="anna", name="Anna Kim")
        yield opened


def test_an_alarm_comes_by_itself_and_goes_to_its_owner(browser: Browser, centre: Centre) -> None:
    limits = read_limits(centre.live.house.values.get)
    watcher = Watcher(centre.live.store, (), limits, lambda: centre.clock.now_ms)
    object.__setattr__(centre.station, "tanks", watcher)
    watcher.listen(centre.station.stream.note)  # type: ignore[arg-type]
    context = browser.new_context(base_url=centre.base, locale="en-GB")
    page = context.new_page()
    with watcher:
        watcher.take([Reading("T01", "temperature", -187.0)])
        page.goto("/login")
        page.get_by_label("Sign-in name").fill("anna")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/account")
        page.goto("/live/tanks")
        expect(page.get_by_text("No alarm.")).to_be_visible()
        watcher.take([Reading("T01", "temperature", -149.0)])
        warm = page.get_by_role("row").filter(has_text="Too warm")
        expect(warm).to_contain_text("nobody", timeout=WITHIN_MS)
        warm.get_by_role("button", name="I see to it").click()
        expect(warm).to_contain_text("Anna Kim", timeout=WITHIN_MS)
        expect(warm).not_to_contain_text("nobody")
    context.close()
