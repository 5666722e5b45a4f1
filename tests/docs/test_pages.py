"""Every link inside the documentation leads somewhere, and every page can be reached."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")])
_LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
_CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)


def list_targets(page: Path) -> list[Path]:
    text = _CODE.sub("", page.read_text("utf-8"))
    return [(page.parent / link).resolve() for link in _LINK.findall(text)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    missing = [target for target in list_targets(page) if not target.exists()]
    assert not missing


def test_every_page_is_reached_from_the_index() -> None:
    reached, pending = set(), [ROOT / "docs" / "index.md"]
    while pending:
        page = pending.pop()
        if page.suffix == ".md" and page not in reached:
            reached.add(page)
            pending.extend(list_targets(page))
    assert not set((ROOT / "docs").rglob("*.md")) - reached
