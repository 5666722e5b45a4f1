"""Where a file and the books differ: after a migration, or while an old inventory is kept beside."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from oncopolis.biobank.importing.mapping import FileMapping
from oncopolis.biobank.importing.reading import Read, read_rows
from oncopolis.biobank.inventory.admitting import Incoming, Problem
from oncopolis.biobank.inventory.taking import cut
from oncopolis.biobank.specimens.amounts import show_amount
from oncopolis.biobank.storage.geometry import name_place
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.places import Container
from oncopolis.record.biobank.specimens import Specimen

HEADS: Final = ("row", "barcode", "what", "in the file", "in the books")


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that the file and the books say differently.

    Parameters
    ----------
    row
        Number of the row; None for what the file does not have.
    what
        ``unreadable``, ``missing here``, ``missing there``, ``place``, ``donor``, ``type``, ``amount``.
    """

    row: int | None
    barcode: str
    what: str
    theirs: str
    ours: str


@dataclass(slots=True)
class Compared:
    """What a comparison found.

    Parameters
    ----------
    counts
        Kind of difference -> how many.
    n_other
        Specimens in boxes that the file does not name.
    """

    n_rows: int = 0
    n_same: int = 0
    n_other: int = 0
    counts: dict[str, int] = field(default_factory=dict)


def compare(
    books: Books, source: Path | bytes, mapping: FileMapping, tell: Callable[[Difference], None]
) -> Compared:
    """Compare a file with the books, specimen by specimen, and box by box for the boxes it names.

    Raises
    ------
    InputError
        The file as a whole cannot be read.
    """
    found = Compared()

    def note(one: Difference) -> None:
        found.counts[one.what] = found.counts.get(one.what, 0) + 1
        tell(one)

    def note_problem(one: Problem) -> None:
        note(Difference(one.row, one.barcode, "unreadable", one.error.got, one.error.expected))

    containers = {one.id: one for one in books.list_all_containers() if one.holds == "specimens"}
    by_name = {one.name: one for one in containers.values()}
    seen: set[str] = set()
    boxes: set[int] = set()
    for piece in cut(read_rows(source, mapping, note_problem, Read())):
        known = books.find_barcodes({one.barcode for one in piece})
        donors = {one.id: one.pseudonym for one in books.get_donors({one.donor for one in known.values()})}
        boxes |= {by_name[one.box].id for one in piece if one.box in by_name}
        for row in piece:
            found.n_rows += 1
            seen.add(row.barcode)
            own = known.get(row.barcode)
            differences = list(_compare(row, own, containers, donors))
            found.n_same += not differences
            for one in differences:
                note(one)
    for own in books.walk_specimens():
        if own.state != "stored" or own.barcode in seen:
            continue
        if own.box in boxes:
            note(Difference(None, own.barcode, "missing there", "", _tell_place(own, containers)))
        else:
            found.n_other += 1
    return found


def _compare(
    row: Incoming, own: Specimen | None, boxes: dict[int, Container], donors: dict[int, str]
) -> Iterator[Difference]:
    theirs = f"{row.box} {row.position}".strip()
    if own is None:
        yield Difference(row.row, row.barcode, "missing here", theirs, "")
        return
    ours = _tell_place(own, boxes)
    is_same_place = (
        own.state == "stored"
        and boxes[own.box or 0].name == row.box
        and (_is_place(boxes[own.box or 0], own.place or 0, row.position))
    )
    is_elsewhere = not is_same_place if row.box else own.state == "stored"
    if is_elsewhere:
        yield Difference(row.row, row.barcode, "place", theirs, ours)
    if donors[own.donor] != row.donor:
        yield Difference(row.row, row.barcode, "donor", row.donor, donors[own.donor])
    if own.kind != row.kind:
        yield Difference(row.row, row.barcode, "type", row.kind, own.kind)
    if (own.remaining, own.unit) != (row.amount, row.unit):
        told = (show_amount(row.amount, row.unit), show_amount(own.remaining, own.unit))
        yield Difference(row.row, row.barcode, "amount", *told)


def _is_place(box: Container, place: int, text: str) -> bool:
    name = name_place(box, place)
    return text.upper() == name or _strip(text.upper()) == name


def _strip(text: str) -> str:
    """Return a position without zeros in front of its number: A01 is A1."""
    letters = text.rstrip("0123456789")
    return letters + text[len(letters) :].lstrip("0")


def _tell_place(one: Specimen, boxes: dict[int, Container]) -> str:
    if one.box is None or one.place is None:
        return f"{one.state} ({one.holder})"
    return f"{boxes[one.box].name} {name_place(boxes[one.box], one.place)}"


def to_cells(one: Difference) -> tuple[object, ...]:
    """A difference as a row of `HEADS`."""
    return (one.row, one.barcode, one.what, one.theirs, one.ours)
