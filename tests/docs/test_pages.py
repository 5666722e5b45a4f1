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


_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_ANCHOR = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:)([^)#\s]*)#([^)\s]+)\)")


def list_anchors(page: Path) -> set[str]:
    text = page.read_text("utf-8")
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in _HEADING.findall(text)}
    return slugs | set(re.findall(r'<a id="([^"]+)">', text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_anchors_exist(page: Path) -> None:
    found = _ANCHOR.findall(_CODE.sub("", page.read_text("utf-8")))
    targets = {(page.parent / link).resolve() if link else page for link, _ in found}
    anchors = {target: list_anchors(target) for target in targets if target.suffix == ".md"}
    missing = [
        f"{link}#{anchor}"
        for link, anchor in found
        if anchor not in anchors.get((page.parent / link).resolve() if link else page, {anchor})
    ]
    assert not missing
