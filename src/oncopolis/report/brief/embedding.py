"""`EmbeddedFont`: an OpenType font in a PDF, with the glyphs the document uses and no others."""

from typing import Any

from reportlab.lib.rl_accel import escapePDF
from reportlab.lib.utils import asBytes
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFObject, PDFStream, PDFString

from oncopolis.report.brief.opentype import OpenTypeFont

EM = 1000
_SYMBOLIC = 4
_LINES = 100
"""Entries a block of a character map may have."""


class Late(PDFObject):
    """An object of a document that is made when the document is written, and all its text is known."""

    __RefOnly__ = 1

    def __init__(self, make: Any) -> None:
        self.make = make

    def format(self, document: Any) -> bytes:
        """Make the object and write it."""
        return bytes(self.make().format(document))


class EmbeddedFont(pdfmetrics.Font):
    """A font of many letters, written by the numbers of its glyphs.

    One document at a time: the glyphs that count as used are those since `addObjects`.
    """

    _multiByte = 1  # noqa: N815 (reportlab)

    def __init__(self, name: str, font: OpenTypeFont) -> None:
        self.fontName = self.name = name
        self.font, self.used = font, dict[int, str]()
        ascent, descent = font.heights
        self.face = pdfmetrics.TypeFace(name)
        self.face.ascent, self.face.descent = ascent * EM // font.units, descent * EM // font.units
        self.encName, self.encodingName, self.isVertical = "Identity-H", "Identity-H", False
        self.substitutionFonts: list[Any] = []

    def stringWidth(self, text: str | bytes, size: float, encoding: str = "utf8") -> float:  # noqa: N802
        """Return the width of a text in points."""
        text = text if isinstance(text, str) else text.decode(encoding)
        return sum(self._get_width(self.font.glyphs.get(ord(letter), 0)) for letter in text) * size / EM

    def formatForPdf(self, text: str) -> str:  # noqa: N802 (reportlab)
        """Write a text as the numbers of its glyphs, and keep which were used."""
        glyphs = [(self.font.glyphs.get(ord(letter), 0), letter) for letter in text]
        self.used.update(glyphs)
        return str(escapePDF(b"".join(glyph.to_bytes(2, "big") for glyph, _ in glyphs)))

    def addObjects(self, doc: Any) -> None:  # noqa: N802 (reportlab)
        """Add the font to a document."""
        self.used = {0: ""}
        internal = f"F{len(doc.fontMapping) + 1}"
        program = doc.Reference(Late(self._make_program), f"program:{self.name}")
        descriptor = doc.Reference(PDFDictionary(self._describe(program)), f"descriptor:{self.name}")
        system = PDFDictionary(
            {"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity"), "Supplement": 0}
        )
        inner = PDFDictionary(
            {
                "Type": PDFName("Font"),
                "Subtype": PDFName("CIDFontType0"),
                "BaseFont": PDFName(self._base),
                "CIDSystemInfo": system,
                "FontDescriptor": descriptor,
                "DW": EM,
                "W": doc.Reference(Late(self._list_widths), f"widths:{self.name}"),
            }
        )
        outer = PDFDictionary(
            {
                "Type": PDFName("Font"),
                "Subtype": PDFName("Type0"),
                "BaseFont": PDFName(self._base),
                "Encoding": PDFName("Identity-H"),
                "DescendantFonts": PDFArray([doc.Reference(inner, f"glyphs:{self.name}")]),
                "ToUnicode": doc.Reference(Late(self._map_letters), f"letters:{self.name}"),
            }
        )
        doc.idToObject["BasicFonts"].dict[internal] = doc.Reference(outer, internal)
        doc.fontMapping[self.name] = f"/{internal}"

    @property
    def _base(self) -> str:
        return f"ONCOPO+{self.name}"

    def _get_width(self, glyph: int) -> float:
        widths = self.font.widths
        return widths[min(glyph, len(widths) - 1)] * EM / self.font.units

    def _describe(self, program: Any) -> dict[str, Any]:
        return {
            "Type": PDFName("FontDescriptor"),
            "FontName": PDFName(self._base),
            "Flags": _SYMBOLIC,
            "FontBBox": PDFArray([side * EM / self.font.units for side in self.font.box]),
            "ItalicAngle": 0,
            "Ascent": self.face.ascent,
            "Descent": self.face.descent,
            "CapHeight": self.face.ascent,
            "StemV": 80,
            "FontFile3": program,
        }

    def _make_program(self) -> PDFStream:
        outlines = self.font.empty_others(self.used)
        return _make_stream(outlines, PDFDictionary({"Subtype": PDFName("CIDFontType0C")}))

    def _list_widths(self) -> PDFArray:
        parts: list[Any] = []
        for glyph in sorted(self.used):
            parts += [glyph, PDFArray([self._get_width(glyph)])]
        return PDFArray(parts)

    def _map_letters(self) -> PDFStream:
        entries = [
            f"<{glyph:04X}> <{letter.encode('utf-16-be').hex().upper()}>"
            for glyph, letter in sorted(self.used.items())
            if letter
        ]
        blocks = [entries[i : i + _LINES] for i in range(0, len(entries), _LINES)]
        body = "\n".join("\n".join((f"{len(block)} beginbfchar", *block, "endbfchar")) for block in blocks)
        text = (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
            "/CMapType 2 def /CMapName /Letters def\n"
            "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
            f"{body}\nendcmap CMapName currentdict /CMap defineresource pop end end\n"
        )
        return _make_stream(asBytes(text), PDFDictionary())


def _make_stream(content: bytes, dictionary: PDFDictionary) -> PDFStream:
    from reportlab.pdfbase.pdfdoc import PDFZCompress

    return PDFStream(dictionary, content, filters=[PDFZCompress])
