"""Tables as people save them: read line by line, with the place of everything that is wrong.

Commas, semicolons or tabs; with or without a byte order mark; lines starting with ``#`` are notes. Nothing
is kept but the row at hand, so that size costs time and not memory, and a file above the limits is refused
before it costs either.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from oncopolis.foundation import Collector, InputError, OncopolisError, check_size, make_too_large

MAX_FILE_BYTES = (
    1 << 30
)  # structure: 1 GiB; the UN's largest table (single ages, 1950-2100) is about half of it
MAX_LINE_BYTES = (
    1 << 16
)  # structure: 64 KiB; a table's line is far shorter, a file without line ends is not a table
MAX_ROWS = 5_000_000  # structure: twice the UN's largest table; about a minute of reading
MAX_FAULTS = 50  # structure: enough to mend a file by; the rest is likely the same again

_CUT = "cut the table down to the countries and years needed"
_DELIMITERS = (",", ";", "\t")
_GROUPED = re.compile(r"^-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$")
_POINTS = re.compile(r"^-?[0-9]{1,3}(\.[0-9]{3}){2,}$")
_POINTS_COMMA = re.compile(r"^-?[0-9]{1,3}(\.[0-9]{3})+,[0-9]+$")
_DECIMAL_COMMA = re.compile(r"^-?[0-9]+,[0-9]+$")
_PLAIN = re.compile(r"^-?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?$")
_SPACES = re.compile(r"(?<=[0-9])[ \u00a0\u2009\u202f'](?=[0-9]{3})")
_MISSING = frozenset({"", "-", "na", "n/a", "nan", "null", "none", ".", "..", "…"})

Aliases = Mapping[str, Sequence[str]]


@dataclass(slots=True)
class Row:
    """One line of a table, its cells under our names."""

    file: str
    line: int
    cells: Mapping[str, str]
    headers: Mapping[str, str]
    """Our name -> the header as the file writes it."""
    comma_splits: bool
    """Whether a comma separates columns here (then it cannot be a decimal mark outside quotes)."""

    def where(self, column: str) -> str:
        """``file:line: column`` for messages."""
        return f"{self.file}:{self.line}: {self.headers.get(column, column)}"

    def get(self, column: str) -> str:
        """Return the cell without surrounding blanks; empty if the column is absent."""
        return self.cells.get(column, "").strip()

    def found(self, column: str, got: str | None = None) -> dict[str, str]:
        """Return `where` and `got` of a cell, for the error about it."""
        return {"where": self.where(column), "got": got or repr(self.get(column))}

    def read_number(self, column: str) -> float:
        """Read a number of 0 or more; thousands separators and decimal commas are understood where clear.

        Raises
        ------
        InputError
            If it is missing, negative, no number, or could be read in two ways.
        """
        text = self.get(column)
        if text.isascii() and text.isdigit():
            return float(text)
        text = _SPACES.sub("", text.replace("\u2212", "-"))
        if text.casefold() in _MISSING:
            raise InputError(
                code="IMP-010",
                expected="a number",
                fix="fill the cell, or delete the line",
                **self.found(column, "nothing"),
            )
        value = self._to_float(column, text)
        if value < 0:
            raise InputError(
                code="IMP-011", expected="0 or more", fix="correct the sign", **self.found(column)
            )
        return value

    def read_count(self, column: str) -> int:
        """Read a whole number of 0 or more.

        Raises
        ------
        InputError
            As `read_number`, and for a fraction.
        """
        value = self.read_number(column)
        if not value.is_integer():
            raise InputError(
                code="IMP-012",
                expected="a whole number",
                fix="write it without separators; a point here is a decimal mark",
                **self.found(column),
            )
        return int(value)

    def _to_float(self, column: str, text: str) -> float:
        if _PLAIN.match(text):
            return float(text)
        if _GROUPED.match(text):
            if not self.comma_splits and text.count(",") == 1 and "." not in text:
                raise InputError(
                    code="IMP-013",
                    expected="a number that can be read in one way",
                    fix="write thousands without a comma (1234) and decimals with a point (1.234)",
                    **self.found(column),
                )
            return float(text.replace(",", ""))
        if _POINTS.match(text):
            return float(text.replace(".", ""))
        if _POINTS_COMMA.match(text):
            return float(text.replace(".", "").replace(",", "."))
        if _DECIMAL_COMMA.match(text):
            return float(text.replace(",", "."))
        raise InputError(
            code="IMP-014",
            expected="a number",
            fix="write it in digits, as 1234 or 12.5",
            **self.found(column),
        )


class Faults(Collector):
    """Gathers faults, and gives up on a file that has more than `MAX_FAULTS`."""

    def add(self, error: OncopolisError) -> None:
        """Keep one fault; raise them all when there are too many to be worth reading on."""
        super().add(error)
        if len(self.errors) >= MAX_FAULTS:
            self.raise_if_any()


def read_rows(path: Path, aliases: Aliases, required: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of a table, one at a time.

    Parameters
    ----------
    path
        A UTF-8 text file with one line of headers.
    aliases
        Our column name -> headers it may have; case, blanks and punctuation do not count.
    required
        Our names of the columns that must be there.

    Raises
    ------
    InputError
        If the file is unreadable, too large, not UTF-8 (names line and byte) or empty, lacks a column
        or has it twice, or has a line with more or fewer cells than headers.
    """
    check_size(path, MAX_FILE_BYTES, _CUT)
    counter = _Lines(path)
    lines = iter(counter)
    header = next(lines, None)
    if header is None:
        raise InputError(
            code="IMP-004",
            where=str(path),
            got="an empty file",
            expected="a line of headers and at least one row",
            fix="check that this is the right file",
        )
    delimiter = max(_DELIMITERS, key=header.count)
    names = next(csv.reader([header], delimiter=delimiter))
    columns = _match_headers(path, counter.line, names, aliases, required)
    headers = {ours: names[i] for ours, i in columns.items()}
    reader = csv.reader(lines, delimiter=delimiter)
    for n_rows, cells in enumerate(_read_cells(path, counter, reader)):
        if n_rows >= MAX_ROWS:
            raise InputError(
                code="IMP-003",
                where=str(path),
                got=f"more than {MAX_ROWS} rows",
                expected="a table within the limit",
                fix="check that this is the right file",
            )
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(names):
            raise InputError(
                code="IMP-008",
                where=f"{path}:{counter.line}",
                got=f"{len(cells)} cells",
                expected=f"{len(names)}, as many as headers",
                fix="quote a cell that holds the separator",
            )
        found = {ours: cells[i] for ours, i in columns.items()}
        yield Row(str(path), counter.line, found, headers, delimiter == ",")


class _Lines:
    """Lines of a UTF-8 file without its notes; knows the number of the last one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.line = 0

    def __iter__(self) -> Iterator[str]:
        n_bytes = 0
        with self.path.open("rb") as file:
            while raw := file.readline(MAX_LINE_BYTES + 1):
                self.line += 1
                n_bytes += len(raw)
                if len(raw) > MAX_LINE_BYTES:
                    raise InputError(
                        code="IMP-002",
                        where=str(self.path),
                        got=f"a line of more than {MAX_LINE_BYTES} bytes at line {self.line}",
                        expected="a table with line ends",
                        fix="check that this is the right file",
                    )
                if n_bytes > MAX_FILE_BYTES:
                    raise make_too_large(self.path, n_bytes, MAX_FILE_BYTES, _CUT)
                text = self._decode(raw)
                if text.strip() and not text.startswith("#"):
                    yield text

    def _decode(self, raw: bytes) -> str:
        try:
            text = raw.decode("utf-8-sig" if self.line == 1 else "utf-8")
        except UnicodeDecodeError as error:
            raise InputError(
                code="IMP-005",
                where=f"{self.path}:{self.line}: byte {error.start + 1}",
                got=f"0x{raw[error.start]:02x}, which is not UTF-8",
                expected="UTF-8 text",
                fix="save the file as UTF-8 (Excel: 'CSV UTF-8'; or: iconv -f CP1251 -t UTF-8)",
            ) from error
        if "\0" in text:
            raise InputError(
                code="IMP-005",
                where=f"{self.path}:{self.line}",
                got="a NUL character, as in UTF-16 or a binary file",
                expected="UTF-8 text",
                fix="save the file as UTF-8 (Excel: 'CSV UTF-8'; or: iconv -f UTF-16 -t UTF-8)",
            )
        return text


def _read_cells(path: Path, counter: _Lines, reader: Iterator[list[str]]) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as error:
        raise InputError(
            code="IMP-009",
            where=f"{path}:{counter.line}",
            got=f"a line that cannot be split ({error})",
            expected="cells in balanced quotes",
            fix="look for a quote that is never closed",
        ) from error


def _match_headers(
    path: Path, line: int, names: Sequence[str], aliases: Aliases, required: Sequence[str]
) -> Mapping[str, int]:
    wanted = {_plain(header): ours for ours, headers in aliases.items() for header in (ours, *headers)}
    columns: dict[str, int] = {}
    for i, name in enumerate(names):
        ours = wanted.get(_plain(name))
        if ours is None:
            continue
        if ours in columns:
            raise InputError(
                code="IMP-007",
                where=f"{path}:{line}: {name}",
                got=f"two columns for {ours} ({names[columns[ours]]!r} and {name!r})",
                expected="one",
                fix="delete or rename one of them",
            )
        columns[ours] = i
    missing = [ours for ours in required if ours not in columns]
    if missing:
        known = "; ".join(f"{ours}: {' or '.join(map(repr, (ours, *aliases[ours])))}" for ours in missing)
        raise InputError(
            code="IMP-006",
            where=f"{path}:{line}",
            got=f"headers {', '.join(map(repr, names))}",
            expected=f"a column for {known}",
            fix="rename the column, or check that this is the right file",
        )
    return columns


def _plain(header: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", header).split()).casefold()
