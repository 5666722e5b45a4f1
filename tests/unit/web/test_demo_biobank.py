"""The tanks of a demonstration: filled with what is invented, and never more than once."""

import time
from pathlib import Path

from tests.clinic import build, count, write

from oncopolis.biobank import Bank
from oncopolis.biobank.inventory.checking import verify
from oncopolis.biobank.storage.building import SIDE
from oncopolis.biobank.storage.filling import compute_fills
from oncopolis.centre import Project, read_project
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.holdings import Fill
from oncopolis.record.biobank.inspecting import count_rows
from oncopolis.record.biobank.places import Container
from oncopolis.record.store import Store, open_store
from oncopolis.web.demo.storing import FULL, MOST, Storing, draw_counts

A_TANK = 1_300


def make_project(folder: Path) -> Project:
    """A clinic with three tanks of one rack, one of them kept empty."""
    data = build()
    data["biobank"] |= {"tanks": 3, "tank_vials": count(A_TANK)}
    return read_project(write(folder, data), {})


def look(store: Store) -> dict[str, Fill]:
    def find(books: Books) -> dict[str, Fill]:
        containers = books.list_all_containers()
        fills = compute_fills(books, containers, 0)
        return {one.name: fills[one.id] for one in containers if one.kind == "tank"}

    return Bank(store).ask(find)


def wait_for_consents(store: Store) -> None:
    """Wait for what comes last."""
    for _ in range(600):
        if Bank(store).ask(lambda books: count_rows(books.session, "bank_consent")):
            return
        time.sleep(0.1)
    raise AssertionError("not filled within a minute")


def test_tanks_are_filled_but_for_the_one_that_is_kept_empty(tmp_path: Path) -> None:
    project, said = make_project(tmp_path / "clinic"), list[str]()
    with open_store(f"sqlite:///{tmp_path / 'demo.db'}?synchronous=OFF") as store:
        with Storing(store, project, said.append):
            wait_for_consents(store)
        fills = look(store)
        for name in ("T01", "T02"):
            assert FULL[0] < fills[name].n_stored / fills[name].n_places < FULL[1]
        assert (fills["T03"].n_stored, fills["T03"].n_places) == (0, 0)
        assert sum(one.n_held for one in fills.values()) > 0
        assert not store.ask(verify).findings
        family = Bank(store).ask(lambda books: books.list_tree(1))
        assert [one.parent for one in family] == [None, 1, 1, 1]
        with Storing(store, project, said.append):
            pass
        assert look(store) == fills
        assert len(said) == 1


def test_a_demonstration_that_ends_early_leaves_whole_transactions(tmp_path: Path) -> None:
    project = make_project(tmp_path / "clinic")
    with open_store(f"sqlite:///{tmp_path / 'demo.db'}?synchronous=OFF") as store:
        with Storing(store, project, lambda _: None):
            pass
        assert not store.ask(verify).findings


def test_a_centre_without_a_biobank_gets_none(tmp_path: Path) -> None:
    data = build()
    del data["biobank"]
    project = read_project(write(tmp_path / "clinic", data), {})
    with open_store(f"sqlite:///{tmp_path / 'demo.db'}") as store:
        with Storing(store, project, lambda _: None):
            pass
        assert Bank(store).ask(lambda books: count_rows(books.session, "bank_container")) == 0


def test_a_large_biobank_takes_no_more_than_is_bounded() -> None:
    boxes = [
        Container(n, f"T{n // 130}-B{n}", "box", None, None, "grid", SIDE, SIDE, "specimens")
        for n in range(10_000)
    ]
    assert sum(draw_counts(boxes)) == MOST
