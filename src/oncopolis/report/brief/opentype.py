"""`OpenTypeFont`: a CID-keyed OpenType font (the usual form of fonts for Korean) read as far as a PDF needs.

Glyphs that a document does not use are emptied where they stand, so that no offset in the font changes; what
is left over becomes zeros, which compress to nothing.
"""

import struct
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from oncopolis.foundation import InputError

_EMPTY = b"\x0e"
"""The charstring that draws nothing: endchar."""
_CHARSET, _CHARSTRINGS, _ROS, _ESCAPE = 15, 17, (12, 30), 12
_LAST_OPERATOR, _SHORT, _LONG, _REAL = 21, 28, 29, 30


@dataclass(frozen=True)
class OpenTypeFont:
    """A font file."""

    path: Path

    @cached_property
    def _data(self) -> bytes:
        return self.path.read_bytes()

    @cached_property
    def _tables(self) -> Mapping[str, tuple[int, int]]:
        data, start = self._data, 0
        if data[:4] == b"ttcf":
            (start,) = struct.unpack(">I", data[12:16])
        (n_tables,) = struct.unpack(">H", data[start + 4 : start + 6])
        entries = (
            struct.unpack(">4sIII", data[start + 12 + 16 * i : start + 28 + 16 * i]) for i in range(n_tables)
        )
        return {tag.decode("latin-1"): (offset, length) for tag, _, offset, length in entries}

    def _get_table(self, tag: str) -> bytes:
        offset, length = self._tables[tag]
        return self._data[offset : offset + length]

    @cached_property
    def units(self) -> int:
        """Units of an em."""
        return int(struct.unpack(">H", self._get_table("head")[18:20])[0])

    @cached_property
    def box(self) -> tuple[int, ...]:
        """Corners of the box that holds every glyph."""
        return struct.unpack(">4h", self._get_table("head")[36:44])

    @cached_property
    def heights(self) -> tuple[int, int]:
        """Ascent and descent."""
        ascent, descent = struct.unpack(">hh", self._get_table("hhea")[4:8])
        return ascent, descent

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """Advance widths by glyph; the last is that of all further ones."""
        (n_widths,) = struct.unpack(">H", self._get_table("hhea")[34:36])
        return struct.unpack(">" + "Hh" * n_widths, self._get_table("hmtx")[: 4 * n_widths])[::2]

    @cached_property
    def glyphs(self) -> Mapping[int, int]:
        """Letter -> glyph."""
        table = self._get_table("cmap")
        (n_tables,) = struct.unpack(">H", table[2:4])
        for i in range(n_tables):
            _, _, offset = struct.unpack(">HHI", table[4 + 8 * i : 12 + 8 * i])
            if struct.unpack(">H", table[offset : offset + 2])[0] == 12:
                return self._read_groups(table, offset)
        return {}

    @staticmethod
    def _read_groups(table: bytes, offset: int) -> Mapping[int, int]:
        (n_groups,) = struct.unpack(">I", table[offset + 12 : offset + 16])
        glyphs: dict[int, int] = {}
        for i in range(n_groups):
            first, last, glyph = struct.unpack(">III", table[offset + 16 + 12 * i : offset + 28 + 12 * i])
            glyphs.update((letter, glyph + letter - first) for letter in range(first, last + 1))
        return glyphs

    @cached_property
    def outlines(self) -> bytes:
        """The compact font, whole."""
        return self._get_table("CFF ")

    @cached_property
    def _top(self) -> Mapping[int | tuple[int, int], list[int]]:
        _, end = _read_index(self.outlines, self.outlines[2])
        (top, *_), _ = _read_index(self.outlines, end)
        return _read_dictionary(self.outlines[slice(*top)])

    @property
    def is_usable(self) -> bool:
        """Whether its glyphs are numbered as a PDF numbers them."""
        if "CFF " not in self._tables or _ROS not in self._top or not self.glyphs:
            return False
        charset = self._top[_CHARSET][0]
        pieces, _ = _read_index(self.outlines, self._top[_CHARSTRINGS][0])
        whole = b"\x02\x00\x01" + struct.pack(">H", len(pieces) - 2)
        return self.outlines[charset : charset + len(whole)] == whole

    def empty_others(self, used: Collection[int]) -> bytes:
        """Return the compact font with every glyph that is not used emptied."""
        data, start = self.outlines, self._top[_CHARSTRINGS][0]
        pieces, end = _read_index(data, start)
        size = data[start + 2]
        kept = [data[a:b] if i in used or i == 0 else _EMPTY for i, (a, b) in enumerate(pieces)]
        offsets, at = bytearray((1).to_bytes(size, "big")), 1
        for piece in kept:
            at += len(piece)
            offsets += at.to_bytes(size, "big")
        index = data[start : start + 3] + bytes(offsets) + b"".join(kept)
        return data[:start] + index + bytes(end - start - len(index)) + data[end:]


def find_usable(path: Path) -> OpenTypeFont | None:
    """Return a font whose glyphs can be embedded, None for any other file."""
    font = OpenTypeFont(path)
    try:
        return font if font.is_usable else None
    except (OSError, struct.error, KeyError, IndexError, ValueError, InputError):
        return None


def _read_index(data: bytes, start: int) -> tuple[list[tuple[int, int]], int]:
    """Return where the entries of an index lie, and where it ends."""
    (count,) = struct.unpack(">H", data[start : start + 2])
    if count == 0:
        return [], start + 2
    size = data[start + 2]
    table = data[start + 3 : start + 3 + (count + 1) * size]
    base = start + 2 + (count + 1) * size
    ends = [base + int.from_bytes(table[i * size : (i + 1) * size], "big") for i in range(count + 1)]
    return list(pairwise(ends)), ends[-1]


def _read_dictionary(data: bytes) -> dict[int | tuple[int, int], list[int]]:
    """Return operators with their operands; real numbers, of which none is needed, are noughts."""
    found: dict[int | tuple[int, int], list[int]] = {}
    operands: list[int] = []
    i = 0
    while i < len(data):
        byte = data[i]
        if byte <= _LAST_OPERATOR:
            escaped = byte == _ESCAPE
            found[(byte, data[i + 1]) if escaped else byte] = operands
            operands = []
            i += 2 if escaped else 1
            continue
        value, taken = _read_operand(data, i)
        operands.append(value)
        i += taken
    return found


def _read_operand(data: bytes, i: int) -> tuple[int, int]:
    byte = data[i]
    if byte == _SHORT:
        return struct.unpack(">h", data[i + 1 : i + 3])[0], 3
    if byte == _LONG:
        return struct.unpack(">i", data[i + 1 : i + 5])[0], 5
    if byte == _REAL:
        taken = next(k for k, pair in enumerate(data[i + 1 :]) if 15 in (pair >> 4, pair & 15))
        return 0, taken + 2
    if byte <= 246:
        return byte - 139, 1
    if byte <= 250:
        return (byte - 247) * 256 + data[i + 1] + 108, 2
    return -(byte - 251) * 256 - data[i + 1] - 108, 2
