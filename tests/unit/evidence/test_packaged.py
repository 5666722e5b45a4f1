"""The packaged evidence is whole: it loads, is sourced, and has every key the code asks for."""

import ast
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from oncopolis.evidence import Evidence, check_sources, list_sources, load_evidence
from oncopolis.evidence.checks import OWN_SOURCES
from oncopolis.foundation.units import convert

PACKAGE = Path(str(files("oncopolis")))
ASKING = {"get_row", "find_row", "EvidenceRef"}
"""Names of what is called with an evidence key."""


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return load_evidence()


def test_it_loads_and_is_kept(evidence: Evidence) -> None:
    """The packaged rows load without a fault, each with its place, and are read once a process."""
    assert len(evidence.rows) > 1000
    assert set(evidence.places) == set(evidence.rows)
    assert not evidence.overrides
    assert load_evidence() is evidence


def test_every_source_is_known_and_cited(evidence: Evidence) -> None:
    """No row cites an unknown work and no work of the bibliography is uncited."""
    assert [finding.message for finding in check_sources(evidence, list_sources())] == []


def test_published_rows_say_where(evidence: Evidence) -> None:
    """A published figure names a work and the place in it."""
    published = {key: row for key, row in evidence.rows.items() if row.status == "published"}
    assert published
    assert [key for key, row in published.items() if not row.locator or row.source in OWN_SOURCES] == []


def test_assumptions_give_their_reason_and_are_not_marked_as_seen(evidence: Evidence) -> None:
    """An assumption of ours has a note, and nobody claims to have opened its source."""
    ours = {
        key: row
        for key, row in evidence.rows.items()
        if row.status == "assumption" and row.source in OWN_SOURCES
    }
    assert ours
    assert [key for key, row in ours.items() if not row.note or row.opened] == []


def test_nothing_is_signed_for_in_advance(evidence: Evidence) -> None:
    """Only a project signs for a value."""
    assert [key for key, row in evidence.rows.items() if row.signed_by] == []


def test_every_unit_in_use_is_known_to_pint(evidence: Evidence) -> None:
    """Each row's value converts to its own unit unchanged."""
    for unit in sorted({row.unit for row in evidence.rows.values()}):
        assert convert(1.0, unit, unit, unit) == 1.0


def list_asked() -> Iterator[tuple[str, str]]:
    """Yield (place, pattern of the key) of every key that the code asks for by a literal."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                pattern = to_pattern(argument)
                if pattern and (name in ASKING or pattern.startswith(r"validation\.")):
                    yield f"{path.relative_to(PACKAGE)}:{argument.lineno}", pattern


def to_pattern(node: ast.expr) -> str:
    """Turn a literal with a dot in it into a pattern of keys; holes of f-strings stand for any word."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    text = "".join(
        re.escape(part.value)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
        else r"[a-z0-9_]+"
        for part in parts
    )
    text = re.sub(r"\\\{\w+\\\}", "[a-z0-9_]+", text)
    return text if r"\." in text and " " not in text else ""


@pytest.mark.slow
def test_every_key_the_code_asks_for_exists(evidence: Evidence) -> None:
    """A key written in the code is a row of the evidence, so that no run fails on a slip of the pen."""
    asked = list(list_asked())
    assert len(asked) > 5
    missing = [
        (where, key) for where, key in asked if not any(re.fullmatch(key, row) for row in evidence.rows)
    ]
    assert missing == []
