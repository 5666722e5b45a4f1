"""A demonstration of its own, and somebody who has signed in there."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from playwright.sync_api import BrowserContext

PASSWORD: Final = "correct horse battery staple 77"  # noqa: S105 - of a server that ends with this program
LOOK_S: Final = 15
LONGEST_S: Final = 1200
STEADY: Final = 0.02
"""By what share the pages grow in a look once the day is caught up with."""
BEGUN: Final = 1.5
"""How many times as long pages are as the empty ones once the day goes on."""
GROWING: Final = ("/live/charges", "/live/theatre", "/live/infusion", "/live/wards")
_LINK: Final = re.compile(r"no administrator yet: (http://\S+)(/login/link/\S+)")
_PARTNER: Final = re.compile(r"a partner centre sees: http://\S+?(/login/link/\S+)")


class Links(NamedTuple):
    """Where a demonstration is, and the paths of links by which one becomes somebody there."""

    base: str
    administrator: str
    partner: str


@contextmanager
def showing(project: Path) -> Iterator[Links]:
    """Serve a demonstration."""
    with TemporaryDirectory(prefix="oncopolis-pictures-") as folder:
        home = os.environ | {"XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder, "PYTHONUNBUFFERED": "1"}
        command = [sys.executable, "-m", "oncopolis", "serve", str(project), "--demo", "--port", "0"]
        said = Path(folder) / "said"
        with said.open("w", encoding="utf-8") as out:
            process = subprocess.Popen(command, env=home, stdout=out, stderr=subprocess.STDOUT)
        try:
            while (link := _LINK.search(said.read_text("utf-8"))) is None:
                if process.poll() is not None:
                    raise SystemExit(said.read_text("utf-8"))
                time.sleep(1)
            partner = _PARTNER.search(said.read_text("utf-8"))
            assert partner is not None, "no link for a partner centre"
            yield Links(link[1], link[2], partner[1])
        finally:
            process.terminate()
            process.wait()


def sign_in(context: BrowserContext, link: str) -> None:
    """Become whom a link is for; the first administrator says who they are."""
    page = context.new_page()
    page.goto(link)
    for name, text in (("login", "chief"), ("name", "Demo"), ("password", PASSWORD), ("again", PASSWORD)):
        if page.locator(f"#{name}").count():
            page.locator(f"#{name}").fill(text)
    page.locator("main form button").click()
    page.wait_for_selector("form.out")
    page.close()


def wait_until_alive(context: BrowserContext) -> None:
    """Wait until the day so far has been caught up with: from then on pages grow slowly."""
    first, before, steady, until = 0, 0, 0, time.monotonic() + LONGEST_S
    while steady < 2 and time.monotonic() < until:
        now = sum(len(context.request.get(path).text()) for path in GROWING)
        has_begun = now > BEGUN * (first := first or now)
        steady = steady + 1 if has_begun and abs(now - before) < STEADY * now else 0
        before = now
        print(f"{now} characters")
        time.sleep(LOOK_S)
