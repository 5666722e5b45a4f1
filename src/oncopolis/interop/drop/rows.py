"""The rows of a file, one after the other, in constant memory; a row that cannot be read spoils no other."""

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import chain, islice
from pathlib import Path
from typing import Final, TextIO

from oncopolis.foundation.errors import InputError
from oncopolis.interop.drop.forms import FORMS
from oncopolis.interop.drop.mappings import IGNORED, Mapping_
from oncopolis.interop.hl7.charsets import find_codec

__all__ = ["Bad", "Row", "read_rows"]

_MOST_LINES: Final = 20  # structure: lines that a quoted text may have
_LONGEST_LINE: Final = 65_536  # structure: characters of a line at most
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED: Final = re.compile(r"sep=([^\r\n])\s*", re.IGNORECASE)
_SHOWN: Final = 60  # structure: characters of a value that are repeated


@dataclass(frozen=True, slots=True)
class Bad:
    """Why a row is not taken; line 0 is the file itself."""

    line: int
    column: str
    value: str
    expected: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row; ``values`` by the names of the form, with the columns' own names for errors."""

    line: int
    values: dict[str, str]


def read_rows(path: Path, mapping: Mapping_) -> Iterator[Row | Bad]:
    """Yield the rows of a file.

    Raises
    ------
    InputError
        The header is missing, or is not that of the form.
    """
    with path.open("rb") as raw:
        head = raw.read(4)  # structure: longest byte order mark
        raw.seek(0)
        codec = next((name for mark, name in _MARKS if head.startswith(mark)), find_codec(mapping.charset))
        text = TextIOWrapper(raw, codec, errors="surrogateescape", newline="")
        yield from _read_text(text, mapping, path.name)


def _read_text(text: TextIO, mapping: Mapping_, name: str) -> Iterator[Row | Bad]:
    lines = _number_lines(text)
    first = next(lines, None)
    separator = mapping.separator
    declared = _DECLARED.fullmatch(first[1]) if first is not None else None
    if declared:
        separator = declared[1]
        first = next(lines, None)
    if first is None:
        raise _refuse(name, "an empty file", "a line with the names of the columns")
    header = _parse(first[1], separator)
    names = _name_columns(header or [], mapping, name, separator)
    yield from _read_body(lines, separator, names)


def _number_lines(text: TextIO) -> Iterator[tuple[int, str]]:
    """Yield number and text of each line; one without end is cut, which makes it bad."""
    number = 0
    while line := text.readline(_LONGEST_LINE):
        number += 1
        if len(line) == _LONGEST_LINE and not line.endswith("\n"):
            while (rest := text.readline(_LONGEST_LINE)) and not rest.endswith("\n"):
                pass
            line = '"'
        yield number, line


def _name_columns(header: list[str], mapping: Mapping_, name: str, separator: str) -> list[str]:
    form = FORMS[mapping.form]
    named = [mapping.columns.get(one.strip(), one.strip()) for one in header]
    unknown = [one for one in named if one not in form.columns and one != IGNORED]
    if unknown:
        raise _refuse(
            f"{name}:1", f"columns {', '.join(map(repr, unknown))} (separated by {separator!r})",
            f"columns of {mapping.form} ({', '.join(form.columns)}), or `{IGNORED}` for them in the mapping",
        )  # fmt: skip
    missing = [
        key
        for key, column in form.columns.items()
        if column.is_required and key not in named and key not in mapping.constants
    ]
    twice = [one for one in set(named) if named.count(one) > 1 and one != IGNORED]
    if missing or twice:
        raise _refuse(f"{name}:1", f"{', '.join(named)}", f"{', '.join(missing) or ', '.join(twice)}, once")
    return named


def _read_body(lines: Iterator[tuple[int, str]], separator: str, names: list[str]) -> Iterator[Row | Bad]:
    waiting: list[tuple[int, str]] = []
    while True:
        number, line = waiting.pop(0) if waiting else next(lines, (0, ""))
        if not number:
            return
        if not line.strip():
            continue
        cells = _parse(line, separator)
        if cells is None:
            cells, waiting = _join(line, separator, [*waiting, *islice(lines, _MOST_LINES - len(waiting))])
        yield _make_row(number, cells, names, line)


def _join(
    line: str, separator: str, following: list[tuple[int, str]]
) -> tuple[list[str] | None, list[tuple[int, str]]]:
    """Return the cells of a row whose quoted text goes on in the next lines, and the lines after it."""
    whole = line
    for n, (_, more) in enumerate(following, 1):
        whole += more
        cells = _parse(whole, separator)
        if cells is not None:
            return cells, following[n:]
    return None, following


def _parse(line: str, separator: str) -> list[str] | None:
    """Return the cells of a line, None if a quote is not closed."""
    try:
        parsed = list(csv.reader(line.splitlines(keepends=True), delimiter=separator, strict=True))
    except csv.Error:
        return None
    return list(chain.from_iterable(parsed)) if len(parsed) == 1 else None


def _make_row(number: int, cells: list[str] | None, names: list[str], line: str) -> Row | Bad:
    if cells is None:
        return Bad(number, "", _show(line), "quotes that are closed on their line or soon after")
    if len(cells) != len(names):
        return Bad(number, "", f"{len(cells)} columns", f"{len(names)} columns, as in the first line")
    values = {}
    for name, cell in zip(names, cells, strict=True):
        if any("\ud800" <= one <= "\udfff" for one in cell) if not cell.isascii() else False:
            return Bad(number, name, _show(cell), "characters of the charset that the mapping names")
        value = cell.strip()
        if value and name != IGNORED:
            values[name] = value
    return Row(number, values)


def _show(text: str) -> str:
    return ascii(text.strip()[:_SHOWN])[1:-1] if not text.isprintable() else text[:_SHOWN]


def _refuse(where: str, got: str, expected: str) -> InputError:
    return InputError(
        code="INT-042", where=where, got=got, expected=expected, fix="correct the file or its mapping"
    )
