"""A sealed store on each kind of database, and what takes messages into it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.databases import cluster, database_url
from tests.hl7 import make_settings
from tests.records import make_keys

from oncopolis.interop.messages.taking import Taker
from oncopolis.record.store import Store, open_store

__all__ = ["cluster", "database_url"]


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    with open_store(database_url, keys=make_keys(tmp_path)) as opened:
        yield opened


@pytest.fixture
def taker(store: Store) -> Taker:
    return Taker(store, make_settings(), lambda _line: None)
