"""Takes pictures of pages as they are seen on a screen, small enough for a document."""

import base64
from pathlib import Path
from typing import Final

from playwright.sync_api import BrowserContext, CDPSession, Page, ViewportSize

from pictures.listing import ENDING

SCREEN: Final[ViewportSize] = {"width": 1280, "height": 800}
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
MOST_BYTES: Final = 150_000
QUALITIES: Final = (85, 70, 50, 10)
SETTLE_MS: Final = 700


class Camera:
    """Writes pictures into a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def open_and_take(self, context: BrowserContext, address: str, name: str) -> None:
        """Take a picture of an address."""
        page = context.new_page()
        page.goto(address, wait_until="domcontentloaded")
        self.take(page, name)
        page.close()

    def take(self, page: Page, name: str) -> None:
        """Take a picture of what is seen of a page without scrolling."""
        page.wait_for_timeout(SETTLE_MS)
        session = page.context.new_cdp_session(page)
        tried = (shoot(session, quality) for quality in QUALITIES)
        picture = next(one for one in tried if len(one) <= MOST_BYTES)
        (self._folder / f"{name}{ENDING}").write_bytes(picture)
        print(f"{name}: {len(picture)} bytes")


def shoot(session: CDPSession, quality: int) -> bytes:
    """Take a picture of what a page shows."""
    asked = {"format": ENDING.removeprefix("."), "quality": quality}
    return base64.b64decode(session.send("Page.captureScreenshot", asked)["data"])
