"""Files of rack scanners, and labels that were scanned one after the other."""

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import StringIO

from oncopolis.biobank.storage.geometry import name_place, read_place
from oncopolis.foundation import InputError, OncopolisError
from oncopolis.record.biobank.places import Container

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


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row of a scan; ``row`` counts from 1 with the heading."""

    row: int
    position: str
    barcode: str
    error: OncopolisError


Tell = Callable[[Fault], None]


def decode_scan(file: bytes) -> str:
    """A scanner's file as text; `InputError` BIO-191 if it is none."""
    try:
        return file.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            code="BIO-191", where=f"scan, byte {error.start}", got=file[error.start : error.start + 1].hex(),
            expected="text in UTF-8", fix="export the scan as CSV",
        ) from None  # fmt: skip


def write_scan(labels: Iterable[str], box: Container) -> str:
    """Labels that were scanned one after the other from the first position on, as a scanner's file."""
    out = StringIO()
    said = (one.strip() for one in labels)
    csv.writer(out).writerows((name_place(box, n), one) for n, one in enumerate(filter(None, said)))
    return out.getvalue()


def read_scan(text: str, box: Container, tell: Tell) -> list[Scanned]:
    """Read a scanner's file: the rows that are right; `InputError` BIO-043 if it is no CSV.

    Parameters
    ----------
    tell
        Told of each other row: no such position (BIO-003), a vial that was not read (BIO-041), a position or
        a barcode that comes twice (BIO-042).
    """
    rows = _read_rows(text, box)
    headings = [cell.strip().lower() for cell in rows[0]]
    if "position" in headings and "barcode" in headings:
        order, first = {name: headings.index(name) for name in _HEADINGS if name in headings}, 2
    else:
        order, first = {name: n for n, name in enumerate(_HEADINGS)}, 1
    found = list[Scanned]()
    for number, cells in enumerate(rows[first - 1 :], first):
        if not any(cell.strip() for cell in cells):
            continue
        said = {name: cells[n].strip() if n < len(cells) else "" for name, n in order.items()}
        try:
            scanned = _read_row(number, said, box, found)
        except OncopolisError as error:
            tell(Fault(number, said.get("position", ""), said.get("barcode", ""), error))
        else:
            found += [scanned] if scanned is not None else []
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
