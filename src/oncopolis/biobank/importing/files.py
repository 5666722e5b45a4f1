"""Rows of CSV and XLSX files as text, the first of them the names of the columns."""

import csv
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import IO, Any, Final
from zipfile import BadZipFile

from oncopolis.foundation import InputError

_ZIP: Final = b"PK\x03\x04"
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_EXACT: Final = 10**15  # structure: above this a spreadsheet has rounded a number
_CELL: Final = 10_000  # structure: characters of a cell
_PEEK: Final = 8_192  # structure: characters in which a separator is looked for
ROUNDED: Final = "\ufffdrounded"
"""Stands for a number that a spreadsheet has rounded."""
MOST_SHEET: Final = 1_048_575  # structure: rows of a sheet after its heading


@contextmanager
def opened(source: Path | bytes, charset: str, separator: str) -> Iterator[Iterator[Sequence[str]]]:
    """Open a file, or what was sent of one, and give its rows.

    Raises
    ------
    InputError
        It is no table (BIO-162).
    """
    name = source.name if isinstance(source, Path) else "file"
    try:
        with source.open("rb") if isinstance(source, Path) else BytesIO(source) as raw:
            start = raw.read(len(_ZIP))
            raw.seek(0)
            is_book = start == _ZIP
            table = _read_sheet(raw, name) if is_book else _read_csv(raw, name, charset, separator)
            with closing(table) as rows:
                yield rows
    except OSError as error:
        raise refuse(name, str(error)) from error


def refuse(name: str, got: str) -> InputError:
    """Say that a file is no table."""
    return InputError(
        code="BIO-162", where=name, got=f"{got:.200}",
        expected="a CSV or XLSX file with the names of its columns first", fix="export it again",
    )  # fmt: skip


def _read_csv(
    raw: IO[bytes], name: str, charset: str, separator: str
) -> Generator[Sequence[str], None, None]:
    start = raw.read(_PEEK)
    raw.seek(0)
    codec = next((codec for mark, codec in _MARKS if start.startswith(mark)), charset)
    with TextIOWrapper(raw, codec, errors="surrogateescape", newline="") as text:
        try:
            peeked = text.read(_PEEK).partition("\n")[0]
            text.seek(0)
            yield from csv.reader(text, delimiter=separator or max(",;\t", key=peeked.count), strict=True)
        except (csv.Error, UnicodeError) as error:
            raise refuse(name, str(error)) from error


def _read_sheet(raw: IO[bytes], name: str) -> Generator[Sequence[str], None, None]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(raw, read_only=True, data_only=True)
        if not book.worksheets:
            raise refuse(name, "a workbook without a sheet")
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield [_write_cell(one) for one in row]
    except (BadZipFile, KeyError, ValueError, TypeError, AttributeError, EOFError, SyntaxError) as error:
        raise refuse(name, f"a workbook that cannot be read ({type(error).__name__})") from error


def _write_cell(value: Any) -> str:
    """Return a cell as text; numbers without what a spreadsheet adds to them."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float | int) and not isinstance(value, bool):
        if abs(value) >= _EXACT:
            return ROUNDED
        return str(int(value)) if value == int(value) else repr(value)
    return str(value)[:_CELL]


def write_lines(source: bytes, charset: str, separator: str) -> str:
    """Return what was sent as CSV text in UTF-8 with commas."""
    out = StringIO()
    with opened(source, charset, separator) as rows:
        csv.writer(out).writerows(rows)
    return out.getvalue()


def write_table(path: Path, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write a table as its name says: .csv or .xlsx; how many rows.

    Raises
    ------
    InputError
        More rows than a sheet has (BIO-163).
    """
    n = 0
    with listing(path, heads) as add:
        for row in rows:
            add(row)
            n += 1
    return n


@contextmanager
def listing(path: Path | None, heads: Sequence[str]) -> Iterator[Callable[[Sequence[Any]], None]]:
    """Write rows as they come, to a file as its name says; to nothing if there is none."""
    if path is None:
        yield lambda _row: None
    elif path.suffix.lower() == ".xlsx":
        with _sheet(path, heads) as add:
            yield add
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(heads)
            yield writer.writerow


@contextmanager
def _sheet(path: Path, heads: Sequence[str]) -> Iterator[Callable[[Sequence[Any]], None]]:
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # ships no types

    how = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(path, how) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(heads) - 1, 18)  # structure: width of columns
        sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
        n = 0

        def add(row: Sequence[Any]) -> None:
            nonlocal n
            n += 1
            if n > MOST_SHEET:
                raise InputError(
                    code="BIO-163", where=path.name, got=f"more than {MOST_SHEET} rows",
                    expected="what a sheet holds", fix="write a .csv",
                )  # fmt: skip
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(n, column, value)
                elif value is not None:
                    sheet.write(n, column, value)

        yield add
