"""One live centre for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.doors import cheap_hashes
from tests.staff import Centre, open_centre


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Centre]:
    with cheap_hashes(monkeypatch), open_centre(tmp_path) as opened:
        yield opened
