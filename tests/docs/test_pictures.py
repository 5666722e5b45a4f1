"""Every page of the program that shows something has a picture, and every picture is shown."""

import re
from pathlib import Path

from pictures.listing import ENDING, list_names, list_paths
from pictures.taking import MOST_BYTES

DOCS = Path(__file__).resolve().parents[2] / "docs"
PICTURES = {path.name: path for path in (DOCS / "images" / "live").iterdir()}


def test_every_page_has_a_picture_and_no_picture_is_left_over() -> None:
    """What is missing is taken by tools/make_pictures.py; a page without one is named in its list."""
    assert {f"{name}{ENDING}" for name in list_names()} == set(PICTURES)


def test_pages_have_pictures_of_their_own() -> None:
    names = list_names()
    assert len(set(names)) == len(names)
    assert len(list_paths()) > 1


def test_every_picture_is_shown_and_small() -> None:
    shown = {
        name
        for page in DOCS.rglob("*.md")
        for name in re.findall(r"images/live/([\w.-]+)", page.read_text("utf-8"))
    }
    assert shown == set(PICTURES)
    assert not [name for name, path in PICTURES.items() if path.stat().st_size > MOST_BYTES]
    assert all(path.read_bytes()[8:12] == b"WEBP" for path in PICTURES.values())
