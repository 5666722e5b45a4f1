"""Checks over the evidence find unknown and orphan sources and rows that nothing reads."""

import pytest

from oncopolis.evidence import Evidence, Row, Source, check_sources, check_unused

BOOK = Source(authors="A", title="T")


def make(**sources: str) -> Evidence:
    fields = {"label": "x", "value": 1, "unit": "min", "status": "published", "opened": True}
    rows = {key: Row.model_validate(fields | {"source": source}) for key, source in sources.items()}
    return Evidence(rows, {key: f"rows.yaml:{i}" for i, key in enumerate(rows, start=1)})


def test_rows_and_bibliography_that_agree_give_no_finding() -> None:
    """Every row cites a known work and every work is cited."""
    assert not list(check_sources(make(a="book"), {"book": BOOK}))


def test_an_unknown_source_is_an_error() -> None:
    """A row that cites what is not in the bibliography is an error at the row's place."""
    (finding,) = check_sources(make(a="book", b="bok"), {"book": BOOK})
    assert (finding.rule, finding.severity, finding.where, finding.actual) == (
        "unknown-source",
        "error",
        "rows.yaml:2",
        "bok",
    )


def test_an_orphan_source_is_a_warning() -> None:
    """A work that no row cites is a warning that names it."""
    (finding,) = check_sources(make(a="book"), {"book": BOOK, "other": BOOK})
    assert (finding.rule, finding.severity) == ("orphan-source", "warning")
    assert finding.where.endswith(": other")


@pytest.mark.parametrize("own", ["oncopolis", "project"])
def test_our_own_word_needs_no_bibliography(own: str) -> None:
    """Derivations of ours and values of a project are sources of their own."""
    assert not list(check_sources(make(a=own), {}))


def test_rows_that_nothing_reads_are_warnings() -> None:
    """Each row that is not among those used is told, in order."""
    findings = list(check_unused(make(c="x", a="x", b="x"), {"b", "not_a_row"}))
    assert [(finding.rule, finding.severity, finding.where) for finding in findings] == [
        ("unused-row", "warning", "rows.yaml:2"),
        ("unused-row", "warning", "rows.yaml:1"),
    ]
