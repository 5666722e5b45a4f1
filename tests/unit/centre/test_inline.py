# ruff: noqa: E501 -- one case a line
"""Rows written in place become evidence under their own path, and a reference stands where they stood."""

from pathlib import Path
from typing import Any

from oncopolis.centre.inline import take_rows
from oncopolis.evidence import Row
from oncopolis.foundation import Collector, load_yaml

MADE = "unit: min, source: test, status: published, opened: true"


def take(folder: Path, text: str) -> tuple[Any, dict[str, Row], dict[str, str], Collector]:
    path = folder / "f.yaml"
    path.write_text(text, encoding="utf-8")
    faults = Collector()
    return *take_rows(load_yaml(path, "f.yaml"), faults), faults


def test_a_row_is_registered_under_its_path(tmp_path: Path) -> None:
    """Entries of lists go by their id, and by their position where they have none."""
    text = f"""
steps:
  - {{id: cut, time: {{label: a, value: 1, {MADE}}}}}
  - {{time: {{label: b, value: 2, {MADE}}}}}
"""
    data, rows, places, faults = take(tmp_path, text)
    assert not faults.errors
    assert {key: row.value for key, row in rows.items()} == {"steps.cut.time": 1, "steps.1.time": 2}
    assert places == {"steps.cut.time": "f.yaml:3", "steps.1.time": "f.yaml:4"}
    assert data["steps"][0] == {"id": "cut", "time": {"evidence": "steps.cut.time"}}


def test_other_things_stay_as_they_are(tmp_path: Path) -> None:
    """References, numbers and words are not touched."""
    data, rows, _, _ = take(tmp_path, "a: {evidence: b.c}\nd: [1, x, {parameter: p}]\n")
    assert data == {"a": {"evidence": "b.c"}, "d": [1, "x", {"parameter": "p"}]}
    assert not rows


def test_overrides_are_left_to_be_read_elsewhere(tmp_path: Path) -> None:
    """Rows under `evidence` replace others and are not registered under their path."""
    text = "evidence:\n  a.b: {value: 1, source: test}\npractices: {p: {evidence: {c.d: {value: 2, source: test}}}}\n"
    data, rows, _, faults = take(tmp_path, text)
    assert not rows
    assert not faults.errors
    assert data["evidence"] == {"a.b": {"value": 1, "source": "test"}}
    assert data["practices"]["p"]["evidence"] == {"c.d": {"value": 2, "source": "test"}}


def test_all_bad_rows_are_told(tmp_path: Path) -> None:
    """Each row in place that breaks a rule is a fault with its line."""
    text = f"a: {{label: a, value: x, {MADE}}}\nb:\n  c: {{label: c, value: 1, low: 2, high: 3, {MADE}}}\n"
    _, rows, _, faults = take(tmp_path, text)
    assert not rows
    assert [fault.where for fault in faults.errors] == ["f.yaml:1: a.value", "f.yaml:3: b.c"]
