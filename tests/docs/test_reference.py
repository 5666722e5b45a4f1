"""The reference pages say what the code says."""

from pathlib import Path

from make_reference import build_pages, list_stale, write


def test_the_reference_is_not_stale() -> None:
    stale = list_stale(build_pages())
    assert not stale, "run `make docs`"


def test_stale_pages_are_found_written_and_removed(tmp_path: Path) -> None:
    pages = {"a.md": "a\n", "deep/b.md": "b\n"}
    (tmp_path / "old.md").write_text("old", "utf-8")
    (tmp_path / "a.md").write_text("other", "utf-8")
    assert write(pages, tmp_path) == ["a.md", "deep/b.md", "old.md"]
    assert not list_stale(pages, tmp_path)
    assert not (tmp_path / "old.md").exists()
