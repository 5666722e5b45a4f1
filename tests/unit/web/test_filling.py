"""What was left for later at a start is on the floor after a while, also after a floor was begun anew."""

import time

import pytest
from tests.booked import get_booked_house
from tests.databases import cluster, database_url
from tests.live import open_live
from tests.unit.operations.booking.test_later import KINDS, QUESTIONS, fill
from tests.unit.record.store.conftest import OpenStore, keys, open_another, store

from oncopolis.operations import Live, performing
from oncopolis.record.store import Store
from oncopolis.web.filling import Filler

__all__ = ["cluster", "database_url", "keys", "open_another", "store"]


def wait_until_whole(live: Live) -> None:
    end = time.monotonic() + 60
    while live.ask(lambda floor: floor.later) is not None:
        assert time.monotonic() < end, "it is never whole"
        time.sleep(0.05)


def test_the_rest_is_read_while_others_are_answered(
    store: Store, open_another: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    whole = open_live(open_another(), KINDS, get_booked_house())
    everything = whole.ask(QUESTIONS["everything"])
    monkeypatch.setattr(performing, "_MOST_AT_ONCE", 0)
    live = open_live(store, KINDS, get_booked_house())
    with Filler(live):
        for _ in range(2):
            wait_until_whole(live)
            assert live.ask(QUESTIONS["everything"]) == everything
            live._forget()
