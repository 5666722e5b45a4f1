"""Rows of an old inventory become specimens: each is checked against the books and all rows before it.

Nothing is written here. A row whose parent has not come yet waits for it: old inventories are in any order.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from oncopolis.biobank.storage.geometry import name_place, read_place
from oncopolis.biobank.storage.placing import PARAFFIN_STORE, refuse_paraffin
from oncopolis.foundation import InputError, OncopolisError
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.places import Container, Inventory
from oncopolis.record.biobank.specimens import PARAFFIN, Donor, Review, Specimen, Unit

USED_UP = "used up"
"""Why a specimen is gone of which nothing is left."""


class Incoming(NamedTuple):
    """A row of an old inventory.

    Parameters
    ----------
    row
        Its number in the file.
    donor, parent
        Pseudonym, and the barcode of what it was made of (in any row, or known; empty for a tissue).
    box, position
        Where it is; both empty for what is not stored.
    amount
        What is left, in whole ``unit``.
    initial
        What there was; 0 for as much as is left.
    made_ms
        When it became what it is; None for when it was collected.
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
    initial: int = 0
    made_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row.

    Parameters
    ----------
    position
        Box and position, as far as the row tells them.
    """

    row: int
    barcode: str
    position: str
    error: OncopolisError


Tell = Callable[[Problem], None]


class _Kin(NamedTuple):
    """What is asked of a parent."""

    id: int
    donor: int
    root: int
    collected_ms: int
    made_ms: int


class Admission:
    """Checks rows piece by piece.

    Parameters
    ----------
    at_ms
        Now, milliseconds since 1970 (UTC).
    who
        In whose hands is what has no position.
    tell
        Told every problem: BIO-090: barcode seen before, or none. BIO-091: no such box. BIO-003: no such
        position. BIO-092: a position that is taken. BIO-093: unknown parent, or another donor's. BIO-094:
        older than its parent. BIO-095: another inventory's box. BIO-096: no amount. BIO-160: a donor of
        another sex or year of birth. BIO-161: a time that is still to come.
    """

    def __init__(self, books: Books, at_ms: int, who: str, tell: Tell) -> None:
        self.books, self.at_ms, self.who, self._tell = books, at_ms, who, tell
        self.n_problems = 0
        self._ids = books.make_numbers(Specimen)
        self._donor_ids = books.make_numbers(Donor)
        self._known: dict[str, _Kin] = {}
        self._donors: dict[str, Donor] = {}
        self._boxes: dict[str, Container | None] = {}
        self._taken: dict[int, dict[int, str]] = {}
        stores = [one.id for one in books.list_kind(PARAFFIN_STORE)]
        self._stores = {one.id for store in stores for one in books.list_within(store)}
        self._labels: dict[tuple[str, int, int], dict[str, int]] = defaultdict(dict)
        self._waiting: dict[str, list[Incoming]] = defaultdict(list)

    def admit(self, rows: Sequence[Incoming]) -> tuple[list[Specimen], list[Donor]]:
        """Check a piece; the specimens that nothing is wrong with, parents first, and donors who are new."""
        self._look_up(rows)
        made: list[Specimen] = []
        new: list[Donor] = []
        for first in rows:
            ready = [first]
            while ready:
                row = ready.pop()
                if row.parent and row.parent not in self._known and row.parent != row.barcode:
                    self._waiting[row.parent].append(row)
                    continue
                try:
                    made.append(self._make(row, new))
                except InputError as error:
                    self._report(row, error)
                    continue
                if self._waiting and row.barcode in self._waiting:
                    ready += reversed(self._waiting.pop(row.barcode))
        return made, new

    def finish(self) -> None:
        """Tell of the rows whose parent never came."""
        for row in [one for rows in self._waiting.values() for one in rows]:
            self._report(row, self._refuse_parent(row))
        self._waiting.clear()

    def _report(self, row: Incoming, error: OncopolisError) -> None:
        self.n_problems += 1
        self._tell(Problem(row.row, row.barcode, f"{row.box} {row.position}".strip(), error))

    def _look_up(self, rows: Sequence[Incoming]) -> None:
        """Read from the books what the rows of a piece name."""
        barcodes = {one.barcode for one in rows} | {one.parent for one in rows if one.parent}
        for name, one in self.books.find_barcodes(barcodes - self._known.keys()).items():
            self._known[name] = _Kin(one.id, one.donor, one.root, one.collected_ms, one.made_ms)
        self._donors |= self.books.find_donors({one.donor for one in rows} - self._donors.keys())
        names = {one.box for one in rows if one.box} - self._boxes.keys()
        self._boxes |= dict.fromkeys(names)
        self._boxes |= {one.name: one for one in self.books.list_named(names)}
        boxes = [box.id for name in names if (box := self._boxes[name]) is not None]
        self._taken |= {box: {} for box in boxes}
        for id_, place in self.books.list_taken(boxes):
            self._taken[id_][place] = "another specimen"
        for hold in self.books.list_holds(boxes, self.at_ms):
            self._taken[hold.box][hold.place] = f"a position that is {hold.kind}"

    def _make(self, row: Incoming, new: list[Donor]) -> Specimen:
        """Return the specimen of a row; `InputError` for whatever is wrong with it."""
        if row.barcode in self._known or not row.barcode:
            raise InputError(
                code="BIO-090", where=_name(row),
                got="a barcode seen before" if row.barcode else "no barcode",
                expected="one of its own", fix="correct the row, or leave it out if it was imported before",
            )  # fmt: skip
        is_gone = row.amount == 0 and row.initial > 0 and not row.box
        if not is_gone and not 0 < row.amount <= (row.initial or row.amount):
            raise InputError(
                code="BIO-096", where=_name(row), got=f"{row.amount} {row.unit} left of {row.initial}",
                expected="more than nothing, and not more than there was",
                fix="correct the amounts; what is used up has no position",
            )  # fmt: skip
        donor = self._donors.get(row.donor)
        if donor is not None:
            self._check_donor(row, donor)
        parent = self._known[row.parent] if row.parent and row.parent != row.barcode else None
        if row.parent and (parent is None or donor is None or parent.donor != donor.id):
            raise self._refuse_parent(row)
        made_ms = row.collected_ms if row.made_ms is None else row.made_ms
        self._check_times(row, parent, made_ms)
        box = self._find_box(row)
        place = None if box is None else self._take_place(row, box)
        if donor is None:
            donor = Donor(next(self._donor_ids), row.donor, None, row.sex, row.birth_year)
            self._donors[row.donor] = donor
            new.append(donor)
        id_ = next(self._ids)
        root = id_ if parent is None else parent.root
        self._known[row.barcode] = _Kin(id_, donor.id, root, row.collected_ms, made_ms)
        nowhere = ("gone", USED_UP, None, None) if is_gone else ("out", self.who, None, None)
        state = nowhere if box is None else ("stored", "", box.id, place)
        return Specimen(
            id_, row.barcode, donor.id, None if parent is None else parent.id, root, row.collection, row.kind,
            row.site, row.diagnosis, row.inventory, row.collected_ms, made_ms, row.frozen_ms,
            row.initial or row.amount, row.amount, row.unit, row.n_thaws, row.warm_s, row.cold_s, row.sprec,
            row.quality, row.review, *state,
        )  # fmt: skip

    def _check_donor(self, row: Incoming, donor: Donor) -> None:
        is_other_sex = "unknown" not in (row.sex, donor.sex) and row.sex != donor.sex
        is_other_year = None not in (row.birth_year, donor.birth_year) and row.birth_year != donor.birth_year
        if is_other_sex or is_other_year:
            raise InputError(
                code="BIO-160", where=_name(row), got=f"donor {row.donor}, {row.sex}, {row.birth_year}",
                expected=f"{donor.sex}, {donor.birth_year}, as told before",
                fix="find out which is right; it may be another person's pseudonym",
            )  # fmt: skip

    def _refuse_parent(self, row: Incoming) -> InputError:
        return InputError(
            code="BIO-093", where=_name(row), got=f"parent {row.parent}",
            expected=f"a specimen of donor {row.donor} that is known, or in another row",
            fix="correct the parent, or the row of the parent first",
        )  # fmt: skip

    def _check_times(self, row: Incoming, parent: _Kin | None, made_ms: int) -> None:
        if parent is not None and (row.collected_ms < parent.collected_ms or made_ms < parent.made_ms):
            raise InputError(
                code="BIO-094", where=_name(row), got=f"a specimen older than its parent {row.parent}",
                expected="one collected with it or made after", fix="correct its times",
            )  # fmt: skip
        if max(row.collected_ms, made_ms, row.frozen_ms or 0) > self.at_ms or made_ms < row.collected_ms:
            raise InputError(
                code="BIO-161", where=_name(row), got="a time to come, or made before it was collected",
                expected="times that have passed, in their order", fix="correct its times",
            )  # fmt: skip

    def _find_box(self, row: Incoming) -> Container | None:
        if not row.box:
            return None
        box = self._boxes[row.box]
        if box is None or box.holds != "specimens":
            raise InputError(
                code="BIO-091", where=_name(row), got=f"box {row.box}", expected="a box that is known",
                fix="add the storage first",
            )  # fmt: skip
        if box.inventory != row.inventory:
            raise InputError(
                code="BIO-095", where=_name(row), got=f"{row.inventory} material in {box.inventory} storage",
                expected="storage of its own inventory: they are never mixed", fix="correct the box",
            )  # fmt: skip
        is_store = box.id in self._stores
        if (row.kind == PARAFFIN) != is_store:
            raise refuse_paraffin(_name(row), is_store=is_store)
        return box

    def _take_place(self, row: Incoming, box: Container) -> int:
        labels = self._labels[box.layout, box.n_rows, box.n_columns]
        if row.position not in labels:
            labels[row.position] = read_place(box, row.position, _name(row))
        place, taken = labels[row.position], self._taken[box.id]
        if place in taken:
            raise InputError(
                code="BIO-092", where=_name(row),
                got=f"{row.box} {name_place(box, place)}, which has {taken[place]}",
                expected="a free position", fix="look into the box, and correct the row",
            )  # fmt: skip
        taken[place] = row.barcode
        return place


def _name(row: Incoming) -> str:
    return f"row {row.row}, specimen {row.barcode}, {row.box} {row.position}".rstrip(", ")


def admit_all(
    admission: Admission, pieces: Iterable[Sequence[Incoming]]
) -> Iterator[tuple[list[Specimen], list[Donor]]]:
    """Yield what comes of each piece, and tell at the end of what waited in vain."""
    for piece in pieces:
        yield admission.admit(piece)
    admission.finish()
