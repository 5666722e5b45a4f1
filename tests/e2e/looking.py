"""Whether a page can be read and used by all."""

from functools import cache

from playwright.sync_api import Page
from tests.node import install

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}


@cache
def _read_axe() -> str:
    return (install("axe-core", "4.14.1") / "node_modules/axe-core/axe.min.js").read_text("utf-8")


def look_at(page: Page) -> list[str]:
    """What axe-core finds that is serious; and that nothing is wider than a telephone."""
    page.evaluate(_read_axe())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    wide = []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    if page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
        wide.append("wider than a telephone")
    page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    return wide + [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]
