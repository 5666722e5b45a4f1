"""A desk over each kind of database, with a clock that tests turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.databases import cluster, database_url
from tests.doors import Clock, cheap_hashes, make_desk
from tests.records import make_keys

from oncopolis.record.accounts import Desk
from oncopolis.record.store import Store, open_store

__all__ = ["cluster", "database_url"]


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    with open_store(database_url, keys=make_keys(tmp_path)) as opened:
        yield opened


@pytest.fixture
def desk_and_clock(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Desk, Clock]]:
    with cheap_hashes(monkeypatch):
        yield make_desk(store, make_keys(tmp_path))


@pytest.fixture
def desk(desk_and_clock: tuple[Desk, Clock]) -> Desk:
    return desk_and_clock[0]


@pytest.fixture
def clock(desk_and_clock: tuple[Desk, Clock]) -> Clock:
    return desk_and_clock[1]
