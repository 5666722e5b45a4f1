"""Files of rack scanners, and a box that is filled from one in one act."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from io import StringIO

from oncopolis.biobank.deciding import Act, Decision, Moment
from oncopolis.biobank.specimens.amounts import read_amount
from oncopolis.biobank.specimens.asking import Accession
from oncopolis.biobank.specimens.changing import change
from oncopolis.biobank.specimens.collecting import check_in_hand
from oncopolis.biobank.specimens.dividing import Part, make_parts, tell_parts
from oncopolis.biobank.storage.finding import check_present, get_box
from oncopolis.biobank.storage.geometry import name_place, read_place
from oncopolis.biobank.storage.placing import check_inventory, check_open, check_paraffin, put, tell_place
from oncopolis.foundation import InputError, OncopolisError
from oncopolis.foundation.errors import Collector
from oncopolis.record.biobank.books import Books
from oncopolis.record.biobank.custody import Event
from oncopolis.record.biobank.places import Container
from oncopolis.record.biobank.specimens import Specimen

_EMPTY = frozenset({"", "EMPTY", "NO TUBE", "NOTUBE", "NULL", "-"})
"""What scanners write where no vial stands."""
_UNREAD = frozenset({"NO READ", "NOREAD", "NO CODE", "ERROR", "FAIL"})
"""What they write where a vial stands whose code they could not read."""
_HEADINGS = ("position", "barcode", "parent", "amount")
_ROWS = 5_000  # structure: more than any box has positions


@dataclass(frozen=True, slots=True)
class Scanned:
    """A vial of a file; ``row`` counts from 1 with the heading."""

    row: int
    place: int
    barcode: str
    parent: str
    amount: str


def read_scan(text: str, box: Container) -> list[Scanned]:
    """Read a scanner's file.

    Raises
    ------
    InputErrors
        All that is wrong, with row, position and barcode: no such position (BIO-003), a vial that was not
        read (BIO-041), a position or a barcode that comes twice (BIO-042), no CSV (BIO-043).
    """
    rows = _read_rows(text, box)
    headings = [cell.strip().lower() for cell in rows[0]]
    if "position" in headings and "barcode" in headings:
        order, first = {name: headings.index(name) for name in _HEADINGS if name in headings}, 2
    else:
        order, first = {name: n for n, name in enumerate(_HEADINGS)}, 1
    faults, found = Collector(), list[Scanned]()
    for number, cells in enumerate(rows[first - 1 :], first):
        if not any(cell.strip() for cell in cells):
            continue
        said = {name: cells[n].strip() if n < len(cells) else "" for name, n in order.items()}
        try:
            scanned = _read_row(number, said, box, found)
        except OncopolisError as error:
            faults.add(error)
        else:
            found += [scanned] if scanned is not None else []
    faults.raise_if_any()
    return found


def _read_rows(text: str, box: Container) -> list[list[str]]:
    plain = text.removeprefix("\ufeff")
    try:
        rows = list(csv.reader(StringIO(plain), delimiter=_find_delimiter(plain)))
    except csv.Error as error:
        rows, reason = [], str(error)
    else:
        reason = f"{len(rows)} rows"
    if not 0 < len(rows) <= _ROWS:
        raise InputError(
            code="BIO-043", where=f"scan of {box.name}", got=reason,
            expected=f"position,barcode in each of 1 to {_ROWS} rows", fix="export the scan as CSV",
        )  # fmt: skip
    return rows


def _find_delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _read_row(number: int, said: Mapping[str, str], box: Container, before: list[Scanned]) -> Scanned | None:
    where = f"row {number} of the scan of {box.name}"
    place = read_place(box, said.get("position", ""), where)
    barcode = said.get("barcode", "")
    if barcode.upper() in _EMPTY:
        return None
    if barcode.upper() in _UNREAD:
        raise InputError(
            code="BIO-041", where=where,
            got=f"a vial at {name_place(box, place)} that was not read ({barcode})",
            expected="its barcode", fix="wipe the frost off its bottom and scan the box again",
        )  # fmt: skip
    for other in before:
        if other.place == place or other.barcode == barcode:
            raise InputError(
                code="BIO-042", where=where, got=f"{barcode} at {name_place(box, place)}",
                expected=f"each position and barcode once: row {other.row} has {other.barcode} at "
                f"{name_place(box, other.place)}",
                fix="scan the box again",
            )  # fmt: skip
    return Scanned(number, place, barcode, said.get("parent", ""), said.get("amount", ""))


def accession(books: Books, asked: Accession, moment: Moment) -> Decision:
    """Fill a box: known vials come to their positions, new ones are made of their parents; all, or none."""
    box = get_box(books, asked.box)
    scanned = read_scan(asked.scan, box)
    check_open(books, box, [one.place for one in scanned], moment.at_ms)
    known = books.find_barcodes(one.barcode for one in scanned)
    parents = books.find_barcodes({one.parent or asked.parent or "" for one in scanned})
    there = {one.place: one for one in books.list_in_box(box.id)}
    faults = Collector()
    new: dict[str, list[tuple[Scanned, Part]]] = defaultdict(list)
    for one in scanned:
        try:
            _check_spot(one, box, there, known)
            if one.barcode not in known:
                parent = _get_parent(one, asked, parents, box)
                new[parent.barcode].append((one, _make_part(one, asked, parent, moment)))
            else:
                check_present(known[one.barcode])
                check_inventory(known[one.barcode], box)
        except OncopolisError as error:
            faults.add(error)
    changed: list[Specimen] = []
    events: list[Event] = []
    numbers = books.make_numbers(Specimen)
    for barcode, both in new.items():
        parts = [part for _, part in both]
        try:
            left, made = make_parts(parents[barcode], parts, moment.name, numbers)
            check_inventory(left, box)
        except OncopolisError as error:
            faults.add(error)
            continue
        events += tell_parts(left, made, parts)
        changed.append(left)
        for (one, _), specimen in zip(both, made, strict=True):
            events.append(tell_place(specimen, box, one.place))
            changed.append(put(specimen, box, one.place))
    faults.raise_if_any()
    check_paraffin(books, [*(one for one in changed if one.box == box.id), *known.values()], box)
    for one in scanned:
        if one.barcode in known:
            events.append(tell_place(known[one.barcode], box, one.place))
            changed.append(put(known[one.barcode], box, one.place))
    answer = {"new": sum(map(len, new.values())), "moved": len(known)}
    return change(books, moment, changed, events, answer=answer)


def _check_spot(
    one: Scanned, box: Container, there: Mapping[int | None, Specimen], known: Mapping[str, Specimen]
) -> None:
    """Refuse a position with something that the scan does not show somewhere else in the box."""
    other = there.get(one.place)
    if other is not None and other.barcode not in known:
        raise InputError(
            code="BIO-044", where=f"row {one.row} of the scan of {box.name}",
            got=f"{one.barcode} at {name_place(box, one.place)}",
            expected=f"{other.barcode}, which is stored there",
            fix="look into the box: the books and the box differ",
        )  # fmt: skip


def _get_parent(one: Scanned, asked: Accession, parents: Mapping[str, Specimen], box: Container) -> Specimen:
    barcode = one.parent or asked.parent or ""
    found = parents.get(barcode)
    if found is None:
        raise InputError(
            code="BIO-045", where=f"row {one.row} of the scan of {box.name}",
            got=f"{one.barcode} at {name_place(box, one.place)}, of {barcode or 'no parent'}",
            expected="a known barcode, or the barcode of what it was made of",
            fix="name the parent in the file or for the whole box; collect the tissue first",
        )  # fmt: skip
    check_present(found)
    check_in_hand(found)
    return found


def _make_part(one: Scanned, asked: Accession, parent: Specimen, moment: Moment) -> Part:
    where = f"row {one.row}, specimen {one.barcode}"
    try:
        said = Decimal(one.amount) if one.amount else asked.amount
    except InvalidOperation:
        said = None
    if said is None or not said.is_finite():
        raise InputError(
            code="BIO-046", where=where, got=f"amount {one.amount!r:.40}", expected="a number",
            fix="give it in the file, or for the whole box",
        )  # fmt: skip
    amount, unit = read_amount(said, asked.unit, where)
    return Part(one.barcode, amount, unit, amount, unit, asked.kind or parent.kind, moment.at_ms)


ACTS = (Act("bank_accession", Accession, accession),)
