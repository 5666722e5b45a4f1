"""Stores to be searched, on each kind of database."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from tests.databases import DATABASES, cluster, database_url
from tests.records import ACT

from oncopolis.record.access import EVERYTHING, Allowed
from oncopolis.record.search import Found, read_question, search
from oncopolis.record.store import Store, open_store

__all__ = ["cluster", "database_url"]

Ask = Callable[..., Found]


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with open_store(database_url) as opened:
        yield opened


@pytest.fixture(scope="module", params=DATABASES)
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store for a whole module, whose records are told apart by their tags (`tag`)."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('shared') / 'record.db'}"
    else:
        url = request.getfixturevalue("cluster").add_schema()
    with open_store(url) as opened:
        yield opened


def tag(name: str, resources: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Records that belong to one test, with ids of their own."""
    return [{**one, "id": f"{name}.{one['id']}", "meta": {"tag": [{"code": name}]}} for one in resources]


def find(store: Store, name: str, types: str, *pairs: tuple[str, str], **options: Any) -> list[str]:
    """Ids of what is found of one test, without its name."""
    found = ask(store, types, ("_tag", name), *pairs, **options)
    return [one.id.removeprefix(f"{name}.") for one in found.matches]


def put_all(store: Store, resources: Iterable[dict[str, Any]]) -> None:
    """Store records in one command."""
    store.submit(lambda tx: [tx.put(one) for one in resources] and None, ACT).result()


def ask(
    store: Store, types: str, *pairs: tuple[str, str], allowed: Allowed = EVERYTHING, **options: Any
) -> Found:
    """Search one type, or several with a space between them."""
    question = read_question(tuple(types.split()), pairs, **options)
    return store.ask(lambda reading: search(reading, question), allowed)


def get_ids(found: Found) -> list[str]:
    return [one.id for one in found.matches]
