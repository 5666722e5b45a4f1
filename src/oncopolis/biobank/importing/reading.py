"""Rows of a file become rows of an inventory, and every cell that cannot is told."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from oncopolis.biobank.importing.columns import COLUMNS, Type
from oncopolis.biobank.importing.files import ROUNDED, opened, refuse
from oncopolis.biobank.importing.mapping import IGNORED, FileMapping
from oncopolis.biobank.inventory.admitting import Incoming, Problem, Tell
from oncopolis.biobank.specimens.amounts import read_amount
from oncopolis.foundation import InputError

_CODE: Final = re.compile(r"[A-Za-z0-9.\-]{0,16}", re.ASCII)
_LABEL, _LINE, _SHOWN = 64, 300, 60  # structure: characters of a label, of a line, of what is shown
_MOST_TOLD = 500  # structure: characters of what is wrong with a heading
_MS, _SECONDS = 1000, 60  # structure: milliseconds of a second, seconds of a minute
_BEST, _MOST = 10.0, 100_000  # structure: bounds of quality, and of counts and minutes
_FIRST_MS: Final = 0
_REMEMBERED: Final = 5_000  # structure: cells of a column that are not read again
_REQUIRED: Final = {name: one for name, one in COLUMNS.items() if one.is_required}


@dataclass(slots=True)
class Read:
    """How much was read of a file: its rows, and those that do not count by ``only``."""

    n_rows: int = 0
    n_skipped: int = 0


class _Fault(ValueError):  # noqa: N818 - what is wrong with a cell
    """What would have been right, in one cell."""


def read_rows(source: Path | bytes, mapping: FileMapping, tell: Tell, read: Read) -> Iterator[Incoming]:
    """Yield the rows of a file that can be read, and tell what is wrong with the others (BIO-165).

    Raises
    ------
    InputError
        The file as a whole cannot be read: no table (BIO-162), or not its columns (BIO-166).
    """
    with opened(source, mapping.charset, mapping.separator) as rows:
        heads = [one.strip() for one in next(rows, ())]
        name = source.name if isinstance(source, Path) else "file"
        if not any(heads):
            raise refuse(name, "an empty file")
        reader = _Reader(heads, mapping, name)
        for number, cells in enumerate(rows, 2):
            if not any(cells):
                continue
            read.n_rows += 1
            if not reader.counts(cells):
                read.n_skipped += 1
                continue
            one = reader.read(number, cells, tell)
            if one is not None:
                yield one


@dataclass(slots=True)
class _Reader:
    """Reads the rows of one file."""

    heads: Sequence[str]
    mapping: FileMapping
    file: str
    _order: dict[str, int] = field(default_factory=dict)
    _joined: dict[str, list[int]] = field(default_factory=dict)
    _only: list[tuple[int, frozenset[str]]] = field(default_factory=list)
    _words: dict[str, Mapping[str, str]] = field(default_factory=dict)
    _known: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        mapping = self.mapping
        parts = {one for names in mapping.joined.values() for one in names}
        unknown, seen = [], list[str]()
        for n, head in enumerate(self.heads):
            name = mapping.columns.get(head, head)
            if name in COLUMNS:
                seen.append(name)
                self._order[name] = n
            elif not (name == IGNORED or not head or head in mapping.only or head in parts):
                unknown.append(head)
        for name, names in mapping.joined.items():
            if all(one in self.heads for one in names) and name not in self._order:
                self._joined[name] = [self.heads.index(one) for one in names]
        known = self._order.keys() | self._joined.keys() | mapping.constants.keys()
        missing = [name for name, one in COLUMNS.items() if one.is_required and name not in known]
        missing = [name for name in missing if name != "left" or "initial" not in known]
        twice = sorted({name for name in seen if seen.count(name) > 1})
        if missing or twice or (unknown and not mapping.ignores_others):
            told = [
                *([f"nothing for {', '.join(missing)}"] if missing else []),
                *([f"{', '.join(twice)} twice"] if twice else []),
                *([f"unknown {', '.join(unknown)}"] if unknown and not mapping.ignores_others else []),
            ]
            raise InputError(
                code="BIO-166", where=f"{self.file}, first row", got="; ".join(told)[:_MOST_TOLD],
                expected=f"columns {', '.join(COLUMNS)}",
                fix="rename them, or name them in a mapping (`ignore` for those of no interest)",
            )  # fmt: skip
        self._only = [
            (self.heads.index(head), frozenset(one.lower() for one in words) | {""})
            for head, words in mapping.only.items()
            if head in self.heads
        ]
        for name, words in mapping.words.items():
            self._words[name] = {theirs.lower(): ours for theirs, ours in words.items()}
        self._known = {name: {} for name in COLUMNS}

    def counts(self, cells: Sequence[str]) -> bool:
        """Whether a row counts."""
        return all(n >= len(cells) or cells[n].strip().lower() in words for n, words in self._only)

    def read(self, number: int, cells: Sequence[str], tell: Tell) -> Incoming | None:
        """Return a row, or None and tell every cell that is wrong."""
        said = {name: cells[n].strip() for name, n in self._order.items() if n < len(cells)}
        for name, places in self._joined.items():
            said[name] = _join([cells[n].strip() for n in places if n < len(cells)])
        for name, text in self.mapping.constants.items():
            said[name] = said.get(name) or text
        faults: list[tuple[str, str, str]] = []
        if len(cells) > len(self.heads) and any(cells[len(self.heads) :]):
            faults.append(("row", f"{len(cells)} cells", f"{len(self.heads)}, as in the first row"))
        found = self._read_cells(said, faults)
        for name, column in _REQUIRED.items():
            if not said.get(name) and not (name == "left" and said.get("initial")):
                faults.append((name, "nothing", column.meaning))
        if bool(said.get("box")) != bool(said.get("position")):
            faults.append(
                ("position", f"{said.get('box', '')} {said.get('position', '')}", "both or neither")
            )
        if not faults:
            try:
                return _make(number, found)
            except InputError as error:
                faults.append(
                    ("left", f"{said.get('left') or said.get('initial')} {said.get('unit')}", error.expected)
                )
        barcode = said.get("barcode", "")[:_LABEL]
        position = f"{said.get('box', '')} {said.get('position', '')}".strip()[:_LINE]
        for column_name, got, expected in faults:
            where = f"row {number}, specimen {_show(barcode)}, {_show(position)}".rstrip(", ")
            tell(Problem(number, _show(barcode), _show(position), InputError(
                code="BIO-165", where=where, got=f"{column_name} {_show(got)}".rstrip(), expected=expected,
                fix="correct the cell, or name its words in a mapping",
            )))  # fmt: skip
        return None

    def _read_cells(self, said: Mapping[str, str], faults: list[tuple[str, str, str]]) -> dict[str, Any]:
        """Return what the cells say; add what is wrong with others to ``faults``."""
        found = {}
        for name, text in said.items():
            known = self._known[name]
            if text in known:
                found[name] = known[text]
                continue
            try:
                found[name] = self._read_cell(name, text)
            except _Fault as fault:
                faults.append((name, text, str(fault)))
                continue
            if len(known) >= _REMEMBERED:
                known.clear()
            known[text] = found[name]
        return found

    def _read_cell(self, name: str, text: str) -> Any:
        column = COLUMNS[name]
        words = self._words.get(name)
        if words is not None and text:
            text = words.get(text.lower(), text)
        if not text:
            return None
        if not text.isascii() and (text == ROUNDED or any("\ud800" <= one <= "\udfff" for one in text)):
            raise _Fault(
                "text: a spreadsheet has rounded this number"
                if text == ROUNDED
                else "text in the file's charset"
            )
        if column.words is not None:
            if text.lower() not in column.words:
                raise _Fault(f"one of {', '.join(column.words)}")
            return column.words[text.lower()]
        if column.type in ("label", "line"):
            if len(text) > (_LABEL if column.type == "label" else _LINE) or not text.isprintable():
                raise _Fault(f"at most {_LABEL if column.type == 'label' else _LINE} printable characters")
            return text
        if column.type == "code":
            if not _CODE.fullmatch(text):
                raise _Fault("at most 16 letters, digits, points and dashes")
            return text
        return self._read_value(column.type, text)

    def _read_value(self, kind: Type, text: str) -> Any:
        if kind == "time":
            return _read_time(text, self.mapping.times, ZoneInfo(self.mapping.zone))
        return _READ[kind](text)


def _read_time(text: str, pattern: str, zone: ZoneInfo) -> int:
    try:
        moment = datetime.strptime(text, pattern) if pattern else datetime.fromisoformat(text)  # noqa: DTZ007
        moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
        at_ms = round(moment.astimezone(UTC).timestamp() * _MS)
    except (ValueError, OverflowError):
        raise _Fault(f"a moment as {pattern or '2026-01-31 or 2026-01-31T09:30'}") from None
    if at_ms < _FIRST_MS:
        raise _Fault("a moment since 1970")
    return at_ms


def _read_decimal(text: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise _Fault("a number") from None
    if not value.is_finite() or not 0 <= value <= 10**9:  # structure: a bound, in any unit
        raise _Fault("a number from 0 to a billion")
    return value


def _read_count(text: str) -> int:
    value = _read_decimal(text)
    if value != int(value) or value > _MOST:
        raise _Fault(f"a whole number up to {_MOST}")
    return int(value)


def _read_minutes(text: str) -> int:
    value = _read_decimal(text)
    if value > _MOST:
        raise _Fault(f"minutes, up to {_MOST}")
    return round(value * _SECONDS)


def _read_quality(text: str) -> float:
    value = float(_read_decimal(text))
    if value > _BEST:
        raise _Fault("a number from 0 to 10")
    return value


_READ: Final[Mapping[Type, Callable[[str], Any]]] = {
    "amount": _read_decimal,
    "count": _read_count,
    "minutes": _read_minutes,
    "number": _read_quality,
}


def _join(parts: Sequence[str]) -> str:
    """Return a position of its row and column; rows that are numbered become letters."""
    if len(parts) > 1 and parts[0].isascii() and parts[0].isdigit() and 0 < int(parts[0]) <= len(_LETTERS):
        return _LETTERS[int(parts[0]) - 1] + "".join(parts[1:])
    return "".join(parts)


_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _make(number: int, found: Mapping[str, Any]) -> Incoming:
    unit = found["unit"]
    left: Any = found.get("left")
    initial: Any = found.get("initial")
    amount, base, first = 0, None, 0
    if left is None or left > 0:
        amount, base = read_amount(left or initial, unit, "")
    if initial is not None and initial > 0:
        first, base = read_amount(initial, unit, "")
    if base is None:
        raise InputError(
            code="BIO-165", where="left", got="nothing left", expected="how much there was, as `initial`",
            fix="add it",
        )  # fmt: skip
    return Incoming(
        number, found["barcode"], found["donor"], found.get("parent") or "", found.get("box") or "",
        found.get("position") or "", found["kind"], found.get("site") or "", found.get("diagnosis") or "",
        found["collected"], found.get("frozen"), amount, base, found.get("collection") or "",
        found.get("inventory") or "research", found.get("review") or "awaited", found.get("thaws") or 0,
        found.get("warm_min"), found.get("cold_min"), found.get("sprec") or "", found.get("quality"),
        found.get("sex") or "unknown", found.get("birth_year"), first, found.get("made"),
    )  # fmt: skip


def _show(text: str) -> str:
    shown = text.replace(ROUNDED, "a rounded number")[:_SHOWN]
    return shown if shown.isprintable() else ascii(shown)[1:-1]
