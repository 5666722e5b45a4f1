"""A server with a login.

What it asks of the database is tested on both kinds in `tests/unit/record/accounts`; here a test has SQLite
unless it says otherwise.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.databases import add_file, cluster
from tests.doors import Browser, Door, cheap_hashes, open_door
from tests.records import make_keys

from oncopolis.record.store import Store, open_store

__all__ = ["cluster"]


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if getattr(request, "param", "sqlite") == "sqlite":
        return add_file(tmp_path)
    return str(request.getfixturevalue("cluster").add_schema())


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    with open_store(database_url, keys=make_keys(tmp_path)) as opened:
        yield opened


@pytest.fixture
def door(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    with cheap_hashes(monkeypatch), open_door(store, keys=make_keys(tmp_path)) as opened:
        yield opened


@pytest.fixture
def browser(door: Door) -> Browser:
    return door.open_browser()
