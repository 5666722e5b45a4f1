"""A workload on a store whose disk remembers, and what must hold after the power went at any of its steps."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from tests.blackout import Answer, RememberingDisk, Tape, list_ways, play

from oncopolis.foundation import ConflictError
from oncopolis.record import Act, Who
from oncopolis.record.store.store import Store, open_store
from oncopolis.record.store.transaction import Transaction

ACT = Act("U", "workload", Who("Device", "test"), "r")
N_SHARED = 3
"""Records that everybody writes."""
N_PLACES = 4
"""Places that everybody wants."""


@dataclass(frozen=True)
class Told:
    """What somebody was answered: a version that is there, and a place that is taken for it if any."""

    type: str
    id: str
    version: int
    body: bytes | None
    place: str | None = None


@contextmanager
def remember(folder: Path, tape: Tape, synchronous: str = "FULL") -> Iterator[Store]:
    """Open a store whose disk writes down what it does."""
    name = f"remembering-{uuid4()}"
    disk = RememberingDisk(name, tape)
    store = open_store(f"sqlite:///{folder / 'record.db'}?vfs={name}&synchronous={synchronous}")
    try:
        yield store
    finally:
        store.close()
        disk.unregister()


def work(store: Store, tape: Tape, *, n_threads: int, n_commands: int, seed: int) -> None:
    """Let several clients write, each telling the tape what it was answered."""

    def live(number: int) -> None:
        dice = random.Random(f"{seed}/{number}")
        for i in range(n_commands):
            kind, place, text = dice.randrange(4), f"{dice.randrange(N_PLACES)}", f"{number}/{i}"

            def command(
                transaction: Transaction, kind: int = kind, place: str = place, text: str = text
            ) -> Told:
                if kind == 0:
                    made = transaction.put(_make_task(f"shared-{int(place) % N_SHARED}", text))
                    return Told(made.type, made.id, made.version, made.body)
                made = transaction.put(_make_task(f"own-{text.replace('/', '-')}", text))
                if kind == 1:
                    transaction.claim("place", place, f"Task/{made.id}")
                    return Told(made.type, made.id, made.version, made.body, place)
                transaction.send("hello", {"text": text}, key=text)
                return Told(made.type, made.id, made.version, made.body)

            try:
                told = store.submit(command, ACT).result(timeout=60)
            except ConflictError:
                continue
            tape.add(Answer(told))

    threads = [threading.Thread(target=live, args=(n,)) for n in range(n_threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _make_task(id_: str, text: str) -> dict[str, object]:
    return {
        "resourceType": "Task",
        "id": id_,
        "identifier": [{"system": "urn:test", "value": text}],
        "status": "requested",
        "intent": "order",
        "description": text * 20,
    }


def check(folder: Path, answers: list[Told]) -> list[str]:
    """Open a store after the power came back; return what was lost or is half there."""
    faults = []
    with open_store(f"sqlite:///{folder / 'record.db'}") as store:
        for told in answers:
            found = store.read_version(told.type, told.id, told.version)
            if found is None or found.body != told.body:
                faults.append(f"lost: {told.type}/{told.id} version {told.version}")
        faults += list_halves(store)
    return faults


def list_halves(store: Store) -> list[str]:
    """Return what is half there."""
    from oncopolis.record.store.verifying import verify

    return [str(finding.message) for finding in verify(store)]


def cut_power(tape: Tape, ends: list[int], folder: Path, seed: int) -> list[str]:
    """Play a power cut after each of some steps, in every way; return what went wrong."""
    faults = []
    for end in ends:
        steps = tape.steps[:end]
        for i, (way, keep) in enumerate(list_ways(steps, seed)):
            at = folder / f"{end}-{i}"
            play(steps, at, keep)
            if not (at / "record.db").exists():
                continue
            faults += [f"cut at {end}, kept {way}: {fault}" for fault in check(at, tape.list_answers(end))]
    return faults
