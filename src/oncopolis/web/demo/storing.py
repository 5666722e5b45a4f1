"""`Storing`: the tanks of a demonstration, filled with invented specimens while the server runs already.

The storage is the one of the definition. The specimens come in small transactions with rests in between, so
that the start takes no longer and whoever uses the pages waits for none of it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from random import Random
from threading import Event, Thread
from typing import Final, Self

from oncopolis.biobank import Bank
from oncopolis.biobank.inventory.admitting import Incoming
from oncopolis.biobank.inventory.loading import agree, build, fill, make_rows
from oncopolis.biobank.storage.building import find_size
from oncopolis.biobank.storage.geometry import name_place
from oncopolis.centre import Project
from oncopolis.record import Act, Who
from oncopolis.record.biobank.places import Container
from oncopolis.record.store import Store

FULL: Final = (0.60, 0.75)  # structure: what is invented
"""Between which shares tanks are filled."""
MOST: Final = 250_000  # structure: specimens, which take about 10 s of a processor and 0.1 GB
TOGETHER: Final = 2_000  # structure: specimens of a transaction, less than 0.1 s
REST_S: Final = 0.1  # structure: between two transactions
_APART: Final = 0.04  # structure: by which the boxes of a tank differ, a share
_HELD: Final = (("reserved", 40), ("blocked", 110))  # structure: one box in so many has such a position
_SEED: Final = 26  # structure: of a demonstration


class Storing:
    """Fills the biobank while it is entered; one that has storage stays as it is.

    Parameters
    ----------
    say
        Told what is done.
    """

    def __init__(self, store: Store, project: Project, say: Callable[[str], None]) -> None:
        self._store, self._say = store, say
        self._project = project
        self._audited = Act(
            "C", "fill the demonstration", Who("system", "demonstration", "demonstration"), "demo"
        )
        self._stopping = Event()
        self._thread: Thread | None = None

    def __enter__(self) -> Self:
        has_storage = Bank(self._store).ask(lambda books: books.make_number(Container.TABLE) > 1)
        if self._project.centre.biobank is not None and not has_storage:
            containers = build(self._store, find_size(self._project), self._audited)
            boxes = [one for one in containers if one.holds == "specimens"]
            n_places = sum(one.n_places for one in boxes)
            self._say(f"demonstration: the {n_places} positions of the biobank are being filled")
            self._thread = Thread(target=self._fill, args=(boxes,), name="demonstration biobank")
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def _fill(self, boxes: Sequence[Container]) -> None:
        counts = list(draw_counts(boxes))
        self._hold(boxes, counts)
        for _ in fill(self._store, relate(make_rows(boxes, counts, _SEED)), TOGETHER, self._audited):
            if self._stopping.wait(REST_S):
                return
        agree(self._store, _SEED, self._audited)

    def _hold(self, boxes: Sequence[Container], counts: Sequence[int]) -> None:
        """Reserve or block the last position of some boxes."""
        bank = Bank(self._store)
        for kind, every in _HELD:
            for box, n in list(zip(boxes, counts, strict=True))[every // 2 :: every]:
                if n < box.n_places and not self._stopping.is_set():
                    last = name_place(box, box.n_places - 1)
                    said = {"box": box.name, "positions": [last], "kind": kind, "reason": "demonstration"}
                    bank.perform("bank_hold", said, self._audited).result()


def relate(rows: Iterable[Incoming]) -> Iterator[Incoming]:
    """Let the first vial of a tissue be what the others of its kind were divided from."""
    first: Incoming | None = None
    for row in rows:
        if first is not None and _name_draw(row) == _name_draw(first):
            yield row._replace(parent=first.barcode)
        else:
            first = row
            yield row


def _name_draw(row: Incoming) -> tuple[str, int, str]:
    """What the vials of one kind from one tissue have in common."""
    return row.donor, row.collected_ms, row.kind


def draw_counts(boxes: Sequence[Container]) -> Iterator[int]:
    """Yield how many specimens each box gets: tanks differ, and boxes a little; all together have a bound."""
    draw, low_high = Random(_SEED), (FULL[0] + _APART, FULL[1] - _APART)  # noqa: S311 - made up
    shares: dict[str, float] = {}
    left = MOST
    for box in boxes:
        tank = box.name.partition("-")[0]
        share = shares.setdefault(tank, draw.uniform(*low_high)) + draw.uniform(-_APART, _APART)
        n = min(left, round(share * box.n_places))
        left -= n
        yield n
