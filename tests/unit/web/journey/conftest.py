"""A centre that phones may open, on a Monday at eight."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.databases import add_file
from tests.doors import Clock, cheap_hashes
from tests.live import MONDAY_MS
from tests.phones import Centre, open_centre
from tests.records import make_keys

from oncopolis.record.store import open_store


@pytest.fixture
def centre(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Centre]:
    clock, keys = Clock(MONDAY_MS), make_keys(tmp_path)
    with (
        cheap_hashes(monkeypatch),
        open_store(add_file(tmp_path), keys=keys, clock_ms=clock) as store,
        open_centre(store, clock, keys) as opened,
    ):
        yield opened
