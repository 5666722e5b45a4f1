"""The evidence is read from blocks, asked by key, and overridden by a project with its own values."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oncopolis.evidence import Evidence, Row, registry
from oncopolis.evidence.registry import expand, load_evidence, read_override, read_row, read_rows
from oncopolis.foundation import Collector, EvidenceError, InputError, Located, OncopolisError, load_yaml

MADE = "source: test, status: published, opened: true"


def load(folder: Path, text: str) -> Located:
    path = folder / "rows.yaml"
    path.write_text(text, encoding="utf-8")
    return load_yaml(path, "rows.yaml")


def read(folder: Path, text: str) -> tuple[dict[str, Row], list[OncopolisError]]:
    faults = Collector()
    return {key: row for key, row, _ in read_rows(load(folder, text), faults)}, faults.errors


def make(**rows: Any) -> Evidence:
    fields = {"label": "x", "source": "test", "status": "published", "opened": True}
    return Evidence({key.replace("__", "."): Row.model_validate(fields | row) for key, row in rows.items()})


@pytest.fixture
def evidence() -> Evidence:
    return make(
        beds__share={"value": 0.8, "low": 0.7, "high": 0.9, "unit": "share", "per": "bed"},
        visit__minutes={"value": 30, "unit": "min"},
        price__desk={"value": 500, "unit": "USD"},
    )


@pytest.mark.parametrize(
    ("fields", "low", "high"),
    [
        ({"value": 10, "spread": 0.1, "unit": "min"}, 9, 11),
        ({"value": -10, "spread": 0.1, "unit": "ratio"}, -11, -9),
        ({"value": 0.9, "spread": 0.2, "unit": "share"}, 0.72, 1.0),
        ({"value": 0.1, "spread": 2, "unit": "share"}, 0.0, 0.3),
    ],
)
def test_spread_becomes_a_range(fields: dict[str, Any], low: float, high: float) -> None:
    """A relative half-range is written out around the value, and shares stay within 0 and 1."""
    row = expand("a.b", fields)
    assert (row["low"], row["high"]) == (pytest.approx(low), pytest.approx(high))
    assert "spread" not in row


def test_a_stated_range_wins_over_spread() -> None:
    """Where low and high are stated, a default spread does nothing."""
    assert expand("a.b", {"value": 10, "spread": 0.1, "low": 5, "high": 20}) == {
        "value": 10,
        "low": 5,
        "high": 20,
    }


def test_labels_take_the_last_word_of_the_key() -> None:
    """The placeholder in a label is filled with the key's last word, spaces for underscores."""
    assert expand("a.cervix_uteri", {"label": "Use, {last}"})["label"] == "Use, cervix uteri"
    assert expand("lung", {"label": "Use, {last}"})["label"] == "Use, lung"


def test_blocks_give_their_rows_the_defaults(tmp_path: Path) -> None:
    """What a row states itself wins over the defaults of its block."""
    text = f"""
- defaults: {{{MADE}, unit: share, per: case, label: "Use, {{last}}", spread: 0.1}}
  rows:
    use.lung: {{value: 0.5}}
    use.liver: {{value: 2, unit: ratio, per: null}}
- rows:
    other: {{label: Other, value: 3, unit: min, {MADE}}}
"""
    rows, faults = read(tmp_path, text)
    assert not faults
    assert (rows["use.lung"].label, rows["use.lung"].low, rows["use.lung"].per) == ("Use, lung", 0.45, "case")
    assert (rows["use.liver"].unit, rows["use.liver"].per, rows["other"].value) == ("ratio", None, 3)


@pytest.mark.parametrize(
    ("line", "where", "got"),
    [
        ("Use.lung: {value: 1}", "rows.yaml:3: [0].rows.Use.lung", "'Use.lung'"),
        ("use lung: {value: 1}", "rows.yaml:3: [0].rows.use lung", "'use lung'"),
        ("use..lung: {value: 1}", "rows.yaml:3: [0].rows.use..lung", "'use..lung'"),
        ("use.lung: {value: x}", "rows.yaml:3: [0].rows.use.lung.value", "'x'"),
        ("use.lung: {value: 1, vlaue: 1}", "rows.yaml:3: [0].rows.use.lung.vlaue", "'vlaue'"),
        ("use.lung:", "rows.yaml:3: [0].rows.use.lung.value", "nothing"),
    ],
)
def test_rows_that_cannot_be_used_name_their_line(tmp_path: Path, line: str, where: str, got: str) -> None:
    """Bad keys, bad values and unknown fields are gathered with file and line, and the row is left out."""
    rows, faults = read(
        tmp_path, f"- defaults: {{label: x, unit: min, {MADE}}}\n  rows:\n    {line}\n    ok: {{value: 1}}\n"
    )
    assert list(rows) == ["ok"]
    assert [fault.where for fault in faults] == [where]
    assert got in faults[0].got


def test_a_block_holds_defaults_and_rows_only(tmp_path: Path) -> None:
    """Another key in a block is a fault."""
    _, faults = read(tmp_path, "- rows: {}\n  row: {}\n")
    assert [(fault.code, fault.got) for fault in faults] == [("EVI-002", "the key 'row'")]


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder read in place of the packaged evidence."""
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(registry, "files", lambda _: tmp_path)
    load_evidence.cache_clear()
    yield tmp_path / "data"
    load_evidence.cache_clear()


def test_a_key_in_two_files_is_a_fault(packaged: Path) -> None:
    """The same key in two files is told with both places."""
    for name in ("a.yaml", "b.yaml"):
        (packaged / name).write_text(
            f"- rows:\n    x: {{label: x, value: 1, unit: min, {MADE}}}\n", encoding="utf-8"
        )
    with pytest.raises(InputError) as caught:
        load_evidence()
    assert (caught.value.code, caught.value.where) == ("EVI-005", "evidence/data/b.yaml:2: x")
    assert "evidence/data/a.yaml:2" in caught.value.expected


def test_only_yaml_is_read(packaged: Path) -> None:
    """Other files beside the data do no harm, and an empty file holds no rows."""
    (packaged / "notes.txt").write_text("no yaml: [", encoding="utf-8")
    (packaged / "empty.yaml").write_text("# nothing yet\n", encoding="utf-8")
    assert not load_evidence().rows


def test_a_missing_key_names_the_nearest(evidence: Evidence) -> None:
    """A key that does not exist is an error of evidence that names keys of the same topic."""
    with pytest.raises(EvidenceError) as caught:
        evidence.get_row("visit.minute", "centre.yaml:3: x")
    assert (caught.value.code, caught.value.where) == ("EVI-001", "centre.yaml:3: x")
    assert "visit.minutes" in caught.value.expected
    assert "price" not in caught.value.expected
    assert evidence.find_row("visit.minute") is None


def override(folder: Path, evidence: Evidence, key: str, fields: str) -> Row:
    located = load(folder, f"{key}: {fields}\n")
    return read_override(key, located.data[key], evidence, located, (key,))


def test_an_override_keeps_what_it_leaves_out(tmp_path: Path, evidence: Evidence) -> None:
    """Label, unit and denominator stay; value and source are the project's, and the old range goes."""
    row = override(tmp_path, evidence, "beds.share", "{value: 0.6, source: ours, signed_by: [Dr A]}")
    assert (row.label, row.unit, row.per, row.value, row.source) == ("x", "share", "bed", 0.6, "ours")
    assert (row.low, row.high, row.signed_by, row.is_verified) == (None, None, ("Dr A",), True)


def test_an_override_in_another_unit_is_converted(tmp_path: Path, evidence: Evidence) -> None:
    """A value in hours replaces one in minutes as so many minutes, range and all."""
    row = override(
        tmp_path, evidence, "visit.minutes", "{value: 1, low: 0.5, high: 2, unit: hour, source: ours}"
    )
    assert (row.value, row.low, row.high, row.unit) == (60, 30, 120, "min")


@pytest.mark.parametrize(
    ("key", "fields", "code"),
    [
        ("visit.minutes", "{value: 1, unit: m2, source: ours}", "UNI-002"),
        ("price.desk", "{value: 1, unit: EUR, source: ours}", "UNI-002"),
        ("visit.minutes", "{value: 1}", "EVI-003"),
        ("visit.minutes", "{source: ours}", "EVI-003"),
        ("visit.minutes", "3", "EVI-003"),
        ("beds.share", "{value: 1.5, source: ours}", "EVI-003"),
        ("beds.share", "{value: 0.5, source: ours, singed_by: [x]}", "EVI-003"),
        ("beds.shares", "{value: 0.5, source: ours}", "EVI-001"),
    ],
)
def test_overrides_that_do_not_fit_are_refused(
    tmp_path: Path, evidence: Evidence, key: str, fields: str, code: str
) -> None:
    """Another kind of unit, a missing value or source, a share above 1 and an unknown key are refused."""
    with pytest.raises(OncopolisError) as caught:
        override(tmp_path, evidence, key, fields)
    assert caught.value.code == code
    assert caught.value.where.startswith("rows.yaml:1")


def test_overrides_are_on_record(evidence: Evidence) -> None:
    """A replaced row is kept beside the new one; replacing it by itself leaves no trace."""
    before = evidence.rows["visit.minutes"]
    after = before.model_copy(update={"value": 45.0})
    changed = evidence.with_override("visit.minutes", after, "centre.yaml:9")
    assert changed.get_row("visit.minutes").value == 45
    assert [(entry.key, entry.before, entry.after, entry.where) for entry in changed.overrides] == [
        ("visit.minutes", before, after, "centre.yaml:9")
    ]
    assert evidence.with_override("visit.minutes", before, "centre.yaml:9") is evidence
    assert evidence.rows["visit.minutes"] is before


def test_a_value_set_by_hand_is_an_unverified_exact_assumption(evidence: Evidence) -> None:
    """A value of the command line loses the range, the source and the mark of having been opened."""
    row = evidence.with_value("beds.share", 0.5, "--set").get_row("beds.share")
    assert (row.value, row.low, row.high, row.unit, row.per) == (0.5, None, None, "share", "bed")
    assert (row.source, row.status, row.opened, row.is_verified) == ("project", "assumption", False, False)


@pytest.mark.parametrize("value", [1.5, -0.1, float("nan"), float("inf")])
def test_a_share_set_by_hand_lies_in_0_to_1(evidence: Evidence, value: float) -> None:
    """A value that breaks the rules of its row is refused, and the option is named."""
    with pytest.raises(InputError) as caught:
        evidence.with_value("beds.share", value, "--set")
    assert (caught.value.code, caught.value.where) == ("EVI-004", "--set beds.share")


def test_a_key_set_by_hand_must_exist(evidence: Evidence) -> None:
    """Nothing can be set that is not in evidence."""
    with pytest.raises(EvidenceError, match=r"beds\.share"):
        evidence.with_value("beds.shares", 0.5, "--set")


def test_a_row_without_place_is_read_from_fields(tmp_path: Path) -> None:
    """One row can be read by itself, with its faults gathered."""
    faults = Collector()
    located = load(tmp_path, "a: {label: x, value: 1, unit: min}\n")
    assert read_row("a", located.data["a"], located, ("a",), faults) is None
    assert {fault.where for fault in faults.errors} == {
        "rows.yaml:1: a.source",
        "rows.yaml:1: a.status",
        "rows.yaml:1: a.opened",
    }
