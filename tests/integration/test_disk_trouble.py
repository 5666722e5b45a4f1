"""A full, broken or read-only disk, a clock that goes back: refused, nothing half, and on again after."""

from pathlib import Path

import apsw
import pytest
from tests.blackout import Tape
from tests.power import ACT, Told, list_halves, remember, work

from oncopolis.foundation import ExternalError
from oncopolis.record import Version
from oncopolis.record.store.store import Store, open_store


def write(store: Store, text: str) -> Version:
    task = {
        "resourceType": "Task",
        "id": "one",
        "status": "requested",
        "intent": "order",
        "description": text,
    }
    return store.submit(lambda transaction: transaction.put(task), ACT).result(timeout=60)


TROUBLES = [
    apsw.FullError("no room on the disk"),
    apsw.IOError("the disk does not answer"),
    apsw.ReadOnlyError("the disk has become read-only"),
]


@pytest.mark.parametrize("trouble", TROUBLES, ids=["full", "broken", "read-only"])
def test_a_disk_in_trouble(tmp_path: Path, trouble: apsw.Error) -> None:
    tape = Tape()
    with remember(tmp_path, tape) as store:
        work(store, tape, n_threads=2, n_commands=5, seed=1)
        first = write(store, "before")
        tape.trouble = trouble
        with pytest.raises(ExternalError) as raised:
            write(store, "meanwhile")
        assert raised.value.code == "REC-067"
        found = store.read("Task", "one")
        assert found is not None
        assert found.version == first.version
        tape.trouble = None
        after = write(store, "after")
        assert after.version == first.version + 1
        assert list_halves(store) == []
        for told in tape.list_answers(len(tape.steps)):
            assert isinstance(told, Told)
            kept = store.read_version(told.type, told.id, told.version)
            assert kept is not None
            assert kept.body == told.body


def test_a_clock_that_goes_back_does_not_put_versions_out_of_order(tmp_path: Path) -> None:
    times = iter([5_000, 4_000, 6_000])
    with open_store(f"sqlite:///{tmp_path / 'record.db'}", clock_ms=lambda: next(times)) as store:
        made = [write(store, text).at_ms for text in ("first", "second", "third")]
    assert made == sorted(made)
    assert made[-1] == 6_000
