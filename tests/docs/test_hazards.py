"""Every hazard of the log has a control, and tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOG = ROOT / "docs" / "explanation" / "hazard_log.md"
_TEST = re.compile(r"`(tests/[a-z_/]+\.py)::(test_[a-z0-9_]+)`")
_SEVERITIES = ("catastrophic", "serious", "minor")


def list_hazards() -> list[list[str]]:
    rows = [line for line in LOG.read_text("utf-8").splitlines() if line.startswith("| H-")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


def test_hazards_are_numbered_and_have_a_severity_and_a_control() -> None:
    hazards = list_hazards()
    assert [row[0] for row in hazards] == [f"H-{n:02}" for n in range(1, len(hazards) + 1)]
    assert all(row[3] in _SEVERITIES and all(row) for row in hazards)


def test_tests_that_controls_name_exist() -> None:
    for row in list_hazards():
        named = _TEST.findall(row[-1])
        assert named, row[0]
        for path, name in named:
            assert f"def {name}(" in (ROOT / path).read_text("utf-8"), (row[0], path, name)
