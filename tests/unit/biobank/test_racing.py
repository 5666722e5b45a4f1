"""Acts of several servers at once, on both databases; and an evacuation that is killed in the middle."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.banks import ANNA, BEK, KIM, act, keep, make_donor, make_room, make_tissue
from tests.databases import cluster, database_url

from oncopolis.biobank.inventory.checking import inspect, verify
from oncopolis.biobank.performing import Bank
from oncopolis.foundation import OncopolisError
from oncopolis.record.biobank.places import Container
from oncopolis.record.store import open_store

__all__ = ["cluster", "database_url"]


@pytest.fixture
def both(database_url: str) -> Iterator[tuple[Bank, Bank]]:
    """The biobank as two servers have it."""
    with open_store(database_url) as one, open_store(database_url) as other:
        keep(one, [*make_room(), make_donor()])
        keep(one, [make_tissue(n) for n in range(1, 13)])
        yield Bank(one), Bank(other)


def test_two_servers_fill_one_box(both: tuple[Bank, Bank]) -> None:
    """Twelve specimens for six positions: six are placed, six are told why not."""

    def fill(bank: Bank, first: int) -> list[str]:
        told = []
        for n in range(6):
            said = {"barcode": f"S{first + n:05d}", "box": "T1-B1", "position": f"{'AB'[n // 3]}{n % 3 + 1}"}
            try:
                bank.perform("bank_place", said, act()).result()
                told.append("placed")
            except OncopolisError as error:
                told.append(error.code)
        return told

    with ThreadPoolExecutor(2) as pool:
        told = [one for some in pool.map(fill, both, (1, 7)) for one in some]
    assert told.count("placed") == 6
    assert set(told) - {"placed"} <= {"BIO-011", "BIO-002"}
    assert both[0].store.ask(verify).findings == ()


def test_withdrawal_and_release_at_once(both: tuple[Bank, Bank]) -> None:
    """Whichever comes first: nothing leaves after the withdrawal, and what left before is told."""
    one, other = both
    for name, said in (
        ("bank_form", {"name": "f", "version": 1, "scopes": ["research"], "digest": "0" * 64, "from_ms": 0}),
        ("bank_consent", {"pseudonym": "D0001", "form": "f", "version": 1, "scopes": ["research"]}),
        ("bank_place", {"barcode": "S00001", "box": "T1-B1", "position": "A1"}),
        (
            "bank_request",
            {
                "title": "t",
                "applicant": "a",
                "organisation": "o",
                "scopes": ["research"],
                "criteria": {},
                "n_wanted": 1,
            },
        ),
    ):
        one.perform(name, said, act(ANNA)).result()
    verdict = {"request": 1, "verdict": "approved", "reason": "r", "mta": "m"}
    one.perform("bank_decide_request", verdict, act(KIM)).result()
    one.perform("bank_select", {"request": 1}, act(ANNA)).result()
    one.perform("bank_pick", {"request": 1, "barcode": "S00001"}, act(ANNA)).result()
    one.perform("bank_sign_release", {"request": 1}, act(ANNA)).result()
    release = one.perform("bank_sign_release", {"request": 1}, act(BEK))
    withdrawal = other.perform("bank_withdraw", {"pseudonym": "D0001"}, act(ANNA))
    released = withdrawal.result()["released"]
    state = one.ask(lambda books: books.get_specimens([1])[1].state)
    assert (release.exception() is None) == (state == "away") == bool(released)
    assert one.store.ask(verify).findings == ()


REQUEST = {
    "title": "t", "applicant": "a", "organisation": "o", "scopes": ["research"], "criteria": {},
    "n_wanted": 1,
}  # fmt: skip

CARRY = """
import sys
from tests.banks import act
from oncopolis.biobank.performing import Bank
from oncopolis.record.store import open_store

with open_store(sys.argv[1]) as store:
    bank = Bank(store)
    (tank,) = bank.ask(lambda books: books.list_kind("tank"))[:1]
    evacuation = bank.ask(lambda books: books.find_evacuation(tank.id))
    for step in bank.ask(lambda books: books.list_steps(evacuation.id)):
        if step.done_ms is None:
            bank.perform("bank_carry", {"tank": tank.name, "n": step.n}, act()).result()
            print(step.n, flush=True)
"""


@pytest.mark.slow
def test_an_evacuation_is_killed_again_and_again_and_ends(tmp_path: Path) -> None:
    """Every line that was acknowledged is done, each specimen is in one place, and the rest goes on."""
    url, n_boxes, n_lines = f"sqlite:///{tmp_path / 'bank.db'}", 12, 5
    with open_store(url) as store:
        # The other tank has no place for a rack, so that boxes go one by one.
        room = [one for one in make_room(2, n_boxes) if not one.name.startswith("T2-B")]
        stopper = Container(900, "stopper", "rack", 200, 1, "list", 1, 1, "containers")
        boxes = [one.id for one in room if one.holds == "specimens"]
        specimens = [make_tissue(n + 1, boxes[n // 6], n % 6) for n in range(6 * n_boxes)]
        keep(store, [*room, stopper, make_donor(), *specimens])
        Bank(store).perform("bank_begin_evacuation", {"tank": "T1"}, act()).result()
    acknowledged: set[int] = set()
    n_killed = 0
    while len(acknowledged) < n_boxes:
        acknowledged |= carry(url, n_lines)
        n_killed += 1
        assert inspect(url).findings == ()
        with open_store(url) as store:
            steps = Bank(store).ask(lambda books: books.list_steps(1))
        done = {one.n for one in steps if one.done_ms is not None}
        assert acknowledged <= done
        acknowledged = done
    assert n_killed > 2
    with open_store(url) as store:
        ask = Bank(store).ask
        assert ask(lambda books: len(books.list_specimens_within(100))) == 0
        assert ask(lambda books: len(books.list_specimens_within(200))) == 6 * n_boxes
        assert ask(lambda books: books.find_evacuation(100)) is None


def carry(url: str, n_lines: int) -> set[int]:
    """Carry in another process, which is killed once so many lines were acknowledged; those that were."""
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    arguments = [sys.executable, "-c", CARRY, url]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        seen = [line for line in (process.stdout.readline() for _ in range(n_lines)) if line]
        process.kill()
        return {int(line) for line in [*seen, *process.stdout] if line.endswith("\n")}
