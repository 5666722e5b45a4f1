"""Many specimens come in at once, from an old inventory: all of them, or none.

Everything is checked in the transaction that writes it, piece by piece; if anything is wrong at the end, all
of it is told and nothing stays. FHIR records are not written meanwhile (`publishing` does that after).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from oncopolis.biobank.storage.geometry import name_place, read_place
from oncopolis.foundation import InputError
from oncopolis.foundation.errors import Collector
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import Event, append, find_end
from oncopolis.record.biobank.places import Container, Inventory
from oncopolis.record.biobank.rows import add
from oncopolis.record.biobank.specimens import Donor, Review, Specimen, Unit
from oncopolis.record.store import Transaction

_PIECE = 10_000  # structure: rows that are checked and written together
_MOST_FAULTS = 1_000  # structure: faults after which reading ends


class Incoming(NamedTuple):
    """A row of an old inventory.

    Parameters
    ----------
    row
        Its number in the file.
    donor, parent
        Pseudonym, and the barcode of what it was made of (a row before, or known; empty for a tissue).
    box, position
        Where it is; both empty for what is not stored.
    amount
        What is left, in whole ``unit``.
    """

    row: int
    barcode: str
    donor: str
    parent: str
    box: str
    position: str
    kind: str
    site: str
    diagnosis: str
    collected_ms: int
    frozen_ms: int | None
    amount: int
    unit: Unit
    collection: str = ""
    inventory: Inventory = "research"
    review: Review = "awaited"
    n_thaws: int = 0
    warm_s: int | None = None
    cold_s: int | None = None
    sprec: str = ""
    quality: float | None = None
    sex: str = "unknown"
    birth_year: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What came in."""

    n_specimens: int
    n_donors: int


def take_in(transaction: Transaction, rows: Iterable[Incoming], at_ms: int, who: str) -> Taken:
    """Take rows in within a transaction.

    Raises
    ------
    InputErrors
        Every row that is wrong, with its barcode and position; the first thousand of them. BIO-090: barcode
        seen before. BIO-091: no such box. BIO-003: no such position. BIO-092: a position that is taken.
        BIO-093: unknown parent, or another donor's. BIO-094: older than its parent. BIO-095: another
        inventory's box. BIO-096: no amount.
    """
    taker = _Taker(Books(transaction.session), at_ms, who)
    remaining = iter(rows)
    while piece := list(islice(remaining, _PIECE)):
        taker.take(piece)
        if len(taker.faults.errors) > _MOST_FAULTS:
            break
    taker.faults.raise_if_any()
    return Taken(taker.n_specimens, taker.n_donors)


class _Taker:
    """Checks and writes piece by piece."""

    def __init__(self, books: Books, at_ms: int, who: str) -> None:
        self.books, self.at_ms, self.who = books, at_ms, who
        self.faults = Collector()
        self.n_specimens = self.n_donors = 0
        self._specimens = books.make_numbers(Specimen)
        self._donors = books.make_numbers(Donor)
        self._end = find_end(books.session)
        self._boxes: dict[str, Container | None] = {}
        self._places: dict[tuple[str, int, int], dict[str, int]] = defaultdict(dict)

    def take(self, rows: Sequence[Incoming]) -> None:
        """Check a piece, and write it if nothing was wrong so far."""
        barcodes = {one.barcode for one in rows} | {one.parent for one in rows if one.parent}
        known = self.books.find_barcodes(barcodes)
        donors = self.books.find_donors({one.donor for one in rows})
        self._find_boxes({one.box for one in rows if one.box} - self._boxes.keys())
        boxes = [box.id for name in {one.box for one in rows} if (box := self._boxes.get(name)) is not None]
        taken = dict.fromkeys(self.books.list_taken(boxes), "another specimen")
        taken |= {(one.box, one.place): one.kind for one in self.books.list_holds(boxes, self.at_ms)}
        made: list[Specimen] = []
        new: list[Donor] = []
        for row in rows:
            where = f"row {row.row}, specimen {row.barcode}, {row.box} {row.position}".rstrip()
            try:
                donor = donors.get(row.donor)
                if donor is None:
                    donor = Donor(next(self._donors), row.donor, None, row.sex, row.birth_year)
                    donors[row.donor] = donor
                    new.append(donor)
                one = self._make(row, donor, known, where)
                self._check_place(row, one, taken, where)
            except InputError as error:
                self.faults.add(error)
                continue
            known[row.barcode] = one
            made.append(one)
        if not self.faults.errors:
            self._write(made, new)

    def _find_boxes(self, names: Iterable[str]) -> None:
        wanted = list(names)
        self._boxes |= dict.fromkeys(wanted)
        self._boxes |= {one.name: one for one in self.books.list_named(wanted)}

    def _make(self, row: Incoming, donor: Donor, known: dict[str, Specimen], where: str) -> Specimen:
        if row.barcode in known or not row.barcode:
            raise InputError(
                code="BIO-090", where=where, got="a barcode seen before" if row.barcode else "no barcode",
                expected="one of its own", fix="correct the row, or leave it out if it was imported before",
            )  # fmt: skip
        if row.amount <= 0:
            raise InputError(
                code="BIO-096", where=where, got=f"{row.amount} {row.unit} left",
                expected="more than nothing", fix="leave out what is used up",
            )  # fmt: skip
        parent = known.get(row.parent) if row.parent else None
        if row.parent and (parent is None or parent.donor != donor.id):
            raise InputError(
                code="BIO-093", where=where, got=f"parent {row.parent}",
                expected=f"a specimen of donor {row.donor} that is known, or in a row before",
                fix="correct the parent; sort tissues before their aliquots",
            )  # fmt: skip
        if parent is not None and row.collected_ms < parent.collected_ms:
            raise InputError(
                code="BIO-094", where=where, got=f"a specimen older than its parent {row.parent}",
                expected="one collected with it or made after", fix="correct the time of collection",
            )  # fmt: skip
        box = self._boxes.get(row.box) if row.box else None
        if row.box and (box is None or box.holds != "specimens"):
            raise InputError(
                code="BIO-091", where=where, got=f"box {row.box}", expected="a box that is known",
                fix="add the storage first",
            )  # fmt: skip
        place = None if box is None else self._read_place(box, row.position, where)
        id_ = next(self._specimens)
        return Specimen(
            id_, row.barcode, donor.id, None if parent is None else parent.id,
            id_ if parent is None else parent.root, row.collection, row.kind, row.site, row.diagnosis,
            row.inventory, row.collected_ms, row.collected_ms, row.frozen_ms, row.amount, row.amount,
            row.unit, row.n_thaws, row.warm_s, row.cold_s, row.sprec, row.quality, row.review,
            *(("out", self.who, None, None) if box is None else ("stored", "", box.id, place)),
        )  # fmt: skip

    def _read_place(self, box: Container, position: str, where: str) -> int:
        labels = self._places[box.layout, box.n_rows, box.n_columns]
        if position not in labels:
            labels[position] = read_place(box, position, where)
        return labels[position]

    def _check_place(
        self, row: Incoming, one: Specimen, taken: dict[tuple[int, int], str], where: str
    ) -> None:
        if one.box is None or one.place is None:
            return
        box = self._boxes[row.box]
        assert box is not None
        if box.inventory != one.inventory:
            raise InputError(
                code="BIO-095", where=where, got=f"{one.inventory} material in {box.inventory} storage",
                expected="storage of its own inventory: they are never mixed", fix="correct the box",
            )  # fmt: skip
        other = taken.get((one.box, one.place))
        if other is not None:
            raise InputError(
                code="BIO-092", where=where, got=f"{row.box} {name_place(box, one.place)}, which has {other}",
                expected="a free position", fix="look into the box, and correct the row",
            )  # fmt: skip
        taken[one.box, one.place] = row.barcode

    def _write(self, made: Sequence[Specimen], new: Sequence[Donor]) -> None:
        turn = self._end[0] + 1
        add(self.books.session, new, turn)
        add(self.books.session, made, turn)
        events = [
            Event("imported", one.id, told=None if one.box is None else {"box": one.box, "place": one.place})
            for one in made
        ]
        self._end = append(self.books.session, events, self.at_ms, self.who, self._end)
        self.n_specimens += len(made)
        self.n_donors += len(new)
