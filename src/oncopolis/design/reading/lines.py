"""`Lines`: properties, quantities and their sets as they stand in the text of a file, one a line.

Asked of the parser one by one, the properties of a large model cost more than everything else in it. Only
lines without any doubt are taken: whole statements of letters and numbers. The parser reads the rest.
"""

import mmap
import re
from collections.abc import Iterator
from pathlib import Path

from oncopolis.design.model import Value
from oncopolis.design.reading.units import KIND_OF_MEASURE, Units

QUANTITY_MEASURE = {
    "IfcQuantityLength": "IfcLengthMeasure",
    "IfcQuantityArea": "IfcAreaMeasure",
    "IfcQuantityVolume": "IfcVolumeMeasure",
    "IfcQuantityWeight": "IfcMassMeasure",
    "IfcQuantityCount": "",
    "IfcQuantityTime": "",
    "IfcQuantityNumber": "",
}
"""Quantity -> measure that says its unit."""

Part = tuple[str, Value | None]
"""Name and value of a property or quantity, in SI units."""

_NUMBERS = (*KIND_OF_MEASURE, "IfcReal", "IfcRatioMeasure", "IfcPositiveRatioMeasure")
_REAL = {kind.upper().encode(): kind for kind in _NUMBERS}
_WHOLE = {b"IFCINTEGER": "IfcInteger", b"IFCCOUNTMEASURE": "IfcCountMeasure"}
_WORDS = {b"IFCLABEL", b"IFCTEXT", b"IFCIDENTIFIER"}
_TRUTHS = {b"IFCBOOLEAN", b"IFCLOGICAL"}
_QUANTITIES = {
    kind.removeprefix("IfcQuantity").upper().encode(): measure for kind, measure in QUANTITY_MEASURE.items()
}

_ASCII = rb"[ -&(-\[\]-~]*"
_WIDE = rb"(?:[0-9A-CEF][0-9A-F]|D[0-7])[0-9A-F]{2}"  # one letter, not half of one
_PLAIN = _ASCII + rb"(?:(?:''|\\X2\\(?:" + _WIDE + rb")+\\X0\\)" + _ASCII + rb")*"
_LETTERS = re.compile(rb"\\X2\\((?:" + _WIDE + rb")+)\\X0\\")
_MAYBE = rb"(?:\$|'" + _PLAIN + rb"')"
_NUMBER = rb"[+-]?\d{1,15}\.\d*(?:E[+-]?\d{1,2})?"
_PROPERTY = re.compile(
    rb"IFCPROPERTYSINGLEVALUE\('(" + _PLAIN + rb")'," + _MAYBE + rb",(?:\$|(IFC[A-Z]+)\("
    rb"(?:'(" + _PLAIN + rb")'|(" + _NUMBER + rb")|([+-]?\d{1,15})|\.([TF])\.)\)),\$\);"
)
_QUANTITY = re.compile(
    rb"IFCQUANTITY([A-Z]+)\('("
    + _PLAIN
    + rb")',"
    + _MAYBE
    + rb",\$,("
    + _NUMBER
    + rb")(?:,"
    + _MAYBE
    + rb")?\);"
)
_SETS = tuple(
    re.compile(
        word
        + rb"\("
        + _MAYBE
        + rb",(?:\$|#\d+),(?:\$|'("
        + _PLAIN
        + rb")'),"
        + _MAYBE
        + method
        + rb",\((#\d+(?:,#\d+)*)\)\);"
    )
    for word, method in ((b"IFCPROPERTYSET", b""), (b"IFCELEMENTQUANTITY", b"," + _MAYBE))
)
_FURTHEST = 24  # structure: letters of a number of a line, its sign of equality and blanks
_NEW_LINE = b"\n#"


class Lines:
    """Lines of one file.

    Parameters
    ----------
    path
        File that a parser has found to be sound.
    units
        Its units.
    """

    def __init__(self, path: Path, units: Units) -> None:
        self._units = units
        self._texts: dict[bytes, str] = {}
        self._parts: dict[int, Part] = {}
        self._sets: dict[int, tuple[str, bytes]] = {}
        with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as text:
            if text.find(b"/*") < 0:  # a remark may hold lines that do not count
                self._read(text)

    def find_set(self, line: int) -> dict[str, Value] | None:
        """Return the values of a set by ``set.property``; None if the parser has to be asked."""
        found = self._sets.get(line)
        if found is None:
            return None
        name, lines = found
        try:
            parts = [self._parts[int(one)] for one in lines[1:].split(b",#")]
        except KeyError:
            return None
        return {f"{name}.{part}": value for part, value in parts if value is not None}

    def _read(self, text: mmap.mmap) -> None:
        for line, found in _list_statements(text, _PROPERTY):
            value = self._read_value(found)
            if value is not None or found[2] is None:
                self._parts[line] = self._decode(found[1]), value
        for line, found in _list_statements(text, _QUANTITY):
            measure = _QUANTITIES.get(found[1])
            if measure is not None:
                self._parts[line] = self._decode(found[2]), self._units.to_si(float(found[3]), measure)
        for pattern in _SETS:
            for line, found in _list_statements(text, pattern):
                self._sets[line] = self._decode(found[1] or b""), found[2]

    def _decode(self, raw: bytes) -> str:
        """Return the text of letters as ISO 10303-21 writes them; equal texts are one."""
        if raw not in self._texts:
            pieces = _LETTERS.split(raw.replace(b"''", b"'"))
            pieces[1::2] = (
                bytes.fromhex(wide.decode()).decode("utf-16-be").encode() for wide in pieces[1::2]
            )
            self._texts[raw] = b"".join(pieces).decode()
        return self._texts[raw]

    def _read_value(self, found: re.Match[bytes]) -> Value | None:
        """Return the value of a property; None if there is none, or if its kind is left to the parser."""
        _, kind, words, real, whole, truth = found.groups()
        if words is not None:
            return self._decode(words) if kind in _WORDS else None
        if real is not None:
            return self._units.to_si(float(real), _REAL[kind]) if kind in _REAL else None
        if whole is not None:
            return float(whole) if kind in _WHOLE else None
        return truth == b"T" if kind in _TRUTHS else None


def _list_statements(text: mmap.mmap, pattern: re.Pattern[bytes]) -> Iterator[tuple[int, re.Match[bytes]]]:
    """Yield the statements of a pattern that begin a line, with the numbers they are referred to by."""
    for found in pattern.finditer(text):
        at = found.start()
        start = text.rfind(_NEW_LINE, at - _FURTHEST, at)
        number = text[start + len(_NEW_LINE) : at].rstrip(b"= ")
        if start >= 0 and number.isdigit():
            yield int(number), found
