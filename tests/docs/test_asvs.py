"""The table of ASVS names tests that are there, and every requirement once."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = (ROOT / "docs" / "explanation" / "asvs.md").read_text("utf-8")
ROW = re.compile(r"^\| ([\d.]+) \| (.+?) \| (tested|design|n/a|\*\*open\*\*) \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


def list_tests(path: Path) -> set[str]:
    return {
        node.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
    }


def test_named_tests_are_there() -> None:
    named = TEST.findall(TABLE)
    assert len(named) > 100
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / "tests" / file).exists() or name not in list_tests(ROOT / "tests" / file)
    ]
    assert not missing


def test_every_row_is_one_requirement_with_its_reason() -> None:
    rows = ROW.findall(TABLE)
    ids = [row[0] for row in rows]
    assert len(ids) == len(set(ids)) == sum(line.startswith("| ") for line in TABLE.splitlines()) - 17
    for id_, _, state, why in rows:
        assert state != "tested" or TEST.search(why) or "tests of" in why, id_
    counted = re.search(r"(\d+) of (\d+) are; (\d+) are tested", TABLE)
    assert counted is not None
    states = [row[2] for row in rows]
    assert [int(part) for part in counted.groups()] == [
        states.count("**open**"), len(states), states.count("tested"),
    ]  # fmt: skip
