"""A biobank on each kind of database, and one on SQLite for rules that do not depend on it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.banks import ANNA, NOON_MS, act, keep, make_donor, make_room
from tests.databases import cluster, database_url

from oncopolis.biobank.performing import Bank
from oncopolis.record import Who
from oncopolis.record.store import open_store

__all__ = ["cluster", "database_url"]

Do = Callable[..., dict[str, Any]]


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Bank]:
    """Two tanks of a rack with two boxes of 2 x 3; one donor."""
    with open_store(f"sqlite:///{tmp_path / 'bank.db'}?synchronous=OFF") as store:
        keep(store, [*make_room(), make_donor()])
        yield Bank(store)


@pytest.fixture
def do(bank: Bank) -> Do:
    """Do an act at noon, or some time after."""

    def perform(act_name: str, /, who: Who = ANNA, after_s: int = 0, **said: Any) -> dict[str, Any]:
        return bank.perform(act_name, said, act(who), at_ms=NOON_MS + after_s * 1000).result()

    return perform
