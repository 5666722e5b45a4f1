"""The application over a store on each kind of database."""

from collections.abc import Iterator

import pytest
from tests.databases import cluster, database_url
from tests.unit.web.calling import Client

from oncopolis.record.store import Store, open_store

__all__ = ["cluster", "database_url"]


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with open_store(database_url) as opened:
        yield opened


@pytest.fixture
def client(store: Store) -> Client:
    return Client(store)
