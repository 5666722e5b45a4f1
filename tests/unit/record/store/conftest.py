"""A store on each kind of database."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.databases import cluster, database_url, empty_url, own_cluster
from tests.records import make_keys

from oncopolis.record.store import Store, open_store
from oncopolis.record.store.keys import Keys

__all__ = ["cluster", "database_url", "empty_url", "own_cluster"]

OpenStore = Callable[..., Store]


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return make_keys(tmp_path)


@pytest.fixture
def open_another(database_url: str, keys: Keys) -> Iterator[OpenStore]:
    """Opens the test's database (once more); all are closed in the end."""
    opened: list[Store] = []

    def open_one(**options: object) -> Store:
        opened.append(open_store(database_url, **{"keys": keys, **options}))  # type: ignore[arg-type]
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture
def store(open_another: OpenStore) -> Store:
    return open_another()
