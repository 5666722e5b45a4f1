"""What tutorials and how-to guides tell a reader to type works, page by page, from the top to the bottom.

In a ``console`` block the lines after ``$`` are commands; those of ``oncopolis`` are run. A ``yaml`` or
``csv`` block with a file name after the language is that file, written before the commands below it run.
"""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from oncopolis.cli.entry import run

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(page for folder in ("tutorials", "how-to") for page in (ROOT / "docs" / folder).glob("*.md"))
_BLOCK = re.compile(r"^( *)```(\w+)(?: (\S+))?\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_DRAWS = re.compile(r" --draws \d+")
FEW = " --draws 0"
"""Plans without intervals: how draws work is tested elsewhere."""
_INVENTORY = re.compile(r" --specimens \d{5,}")
SMALL = " --specimens 12000"
"""An inventory with something in every tank."""


class Block(NamedTuple):
    """A fenced block of a page."""

    language: str
    file: str
    text: str

    @property
    def commands(self) -> list[list[str]]:
        """Arguments of each command of ours."""
        lines = [line.removeprefix("$ ") for line in self.text.splitlines() if line.startswith("$ ")]
        return [shlex.split(_quicken(line))[1:] for line in lines if line.startswith("oncopolis ")]


def _quicken(line: str) -> str:
    line = _INVENTORY.sub(SMALL, line)
    return _DRAWS.sub("", line) + FEW if line.startswith("oncopolis plan ") else line


def list_blocks(page: Path) -> Iterator[Block]:
    for indent, language, file, text in _BLOCK.findall(page.read_text("utf-8")):
        yield Block(language, file, re.sub(rf"^{indent}", "", text, flags=re.MULTILINE))


def has_commands(page: Path) -> bool:
    return any(block.language == "console" and block.commands for block in list_blocks(page))


@pytest.mark.parametrize("page", [page for page in PAGES if has_commands(page)], ids=lambda page: page.stem)
def test_commands_run(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "src" / "oncopolis" / "centre" / "examples")
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    monkeypatch.chdir(tmp_path)
    for block in list_blocks(page):
        if block.file:
            path = tmp_path / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, "utf-8")
        for arguments in block.commands if block.language == "console" else ():
            code = run(arguments)
            assert code == 0, f"oncopolis {' '.join(arguments)}\n{capsys.readouterr().err}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_yaml_can_be_read(page: Path) -> None:
    for block in list_blocks(page):
        if block.language == "yaml":
            assert yaml.safe_load(block.text) is not None


def test_pages_were_found_and_have_commands() -> None:
    assert sum(map(has_commands, PAGES)) > 1
