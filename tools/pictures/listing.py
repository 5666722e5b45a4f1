"""Which pages of the running program get a picture, and what it is called."""

import re
from collections.abc import Mapping
from typing import Final

from oncopolis.web.display.table import PAGES as SCREENS
from oncopolis.web.live.table import PAGES

ENDING: Final = ".webp"
WITHOUT: Final[Mapping[str, str]] = {
    "/live/start": "leads to another page",
    "/live/charges/claims.csv": "a file",
    "/live/biobank/labels/{of:path}": "a file",
    "/live/notifications/{id}/row.csv": "a file",
    "/live/shared/{id}/bundle.json": "a file",
    "/live/shared/{id}/documents/{place}": "a file",
    "/live/documents/{id}": "a file",
    "/board/{area}/calls": "a piece of a board",
    "/screen/{secret}": "leads to another page",
}
"""Pages without a picture, and why."""
OF_PARTNER: Final = ("/live/shared", "/live/shared/{id}")
"""Pages that an account of a partner centre alone may open."""
JOURNEY: Final = ("journeys", "journeys-given", "journey-question", "journey")
"""Pages about a patient's page on their phone, which are reached one from the other."""


def list_paths() -> list[str]:
    """Return the paths of all pages with a picture, as the tables of the program have them."""
    every = [one.path for one in (*PAGES, *SCREENS) if one.method == "GET"]
    return [path for path in dict.fromkeys(every) if path not in WITHOUT]


def name_picture(path: str) -> str:
    """Return the name of the picture of a page."""
    plain = re.sub(r"[{}]|:path", "", path.removeprefix("/live").strip("/"))
    return plain.replace("/", "-") or "centre"


def list_names() -> list[str]:
    """Return the names of all pictures."""
    return [*map(name_picture, list_paths()), *JOURNEY]
