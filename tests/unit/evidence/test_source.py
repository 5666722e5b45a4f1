"""The bibliography is read whole, and an entry is cited in one line."""

from pathlib import Path

import pytest

from oncopolis.evidence.source import Source, read_sources
from oncopolis.foundation import InputErrors


def test_a_citation_leaves_out_what_is_not_known() -> None:
    """Authors and title come first; year, container and DOI follow where they are known."""
    assert Source(authors="A B", title="On beds").citation == "A B. On beds"
    full = Source(authors="A B", title="On beds", container="J", year=2020, doi="10.1/x")
    assert full.citation == "A B. On beds. J. 2020. 10.1/x"


def test_all_bad_entries_are_told(tmp_path: Path) -> None:
    """Every entry that does not fit is told with its line."""
    path = tmp_path / "b.yaml"
    path.write_text(
        "good: {authors: a, title: t}\nbad: {authors: a}\nworse: {authors: a, title: t, url: u}\n",
        encoding="utf-8",
    )
    with pytest.raises(InputErrors) as caught:
        read_sources(path, "b.yaml")
    assert [error.where for error in caught.value.errors] == ["b.yaml:2: bad.title", "b.yaml:3: worse.url"]


def test_an_empty_bibliography_has_no_sources(tmp_path: Path) -> None:
    """An empty file is a bibliography without entries."""
    path = tmp_path / "b.yaml"
    path.write_text("", encoding="utf-8")
    assert read_sources(path, "b.yaml") == {}
