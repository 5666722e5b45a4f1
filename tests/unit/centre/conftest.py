"""The small clinic of `tests/projects`, to be read as it is or with something changed in it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from oncopolis.centre import Project, read_project

CLINIC = Path(__file__).parents[2] / "projects" / "clinic"

Change = tuple[str, str]
Reader = Callable[..., Project]


@pytest.fixture(scope="session")
def clinic() -> Project:
    """The small clinic, unchanged."""
    return read_project(CLINIC)


@pytest.fixture
def read_changed(tmp_path: Path) -> Reader:
    """Read the small clinic with texts replaced in its file: each must stand there once."""

    def read(*changes: Change, settings: dict[str, str] | None = None) -> Project:
        text = (CLINIC / "centre.yaml").read_text(encoding="utf-8")
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        (tmp_path / "centre.yaml").write_text(text, encoding="utf-8")
        return read_project(tmp_path, settings)

    return read
