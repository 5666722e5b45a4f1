"""A font for the document: embedded where the machine has one that shows the language.

Fonts with TrueType outlines are embedded by reportlab, the CJK fonts that most systems bring by
`EmbeddedFont`. Where neither is found, Korean is written with a font that readers of PDF substitute, and a
finding says so.
"""

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from oncopolis.foundation import Finding, InputError

FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
)
PROBES = {"en": "A", "uz": "Aʻ", "ru": "Яя", "ko": "한글"}
"""Letters a font must have to be taken for a language."""
FAMILIES = {
    "ko": (
        "nanumgothic",
        "nanumbarungothic",
        "undotum",
        "dotum",
        "malgun",
        "notosanskr-regular",
        "applegothic",
    ),
    "": ("dejavusans", "notosans-regular", "liberationsans-regular", "opensans-regular", "arial"),
}
"""Names of files to look for, best first."""
COMPACT = ("notosanscjk-regular", "notosanscjkkr-regular", "sourcehansans-regular", "notoserifcjk-regular")
"""Names of CID-keyed fonts for Korean."""
SUBSTITUTED = "HYGothic-Medium"


@dataclass(frozen=True)
class Fonts:
    """Names of the fonts of a document."""

    plain: str
    bold: str
    findings: tuple[Finding, ...] = ()


def find_fonts(language: str) -> Fonts:
    """Register fonts that show a language.

    Raises
    ------
    InputError
        REP-003 if the machine has none.
    """
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    if path := _find_file(language):
        bold = path.with_name(_bolden(path.name))
        return Fonts(_register(path), _register(bold if bold.exists() else path))
    if language != "ko":
        raise InputError(
            code="REP-003",
            where=f"--language {language}",
            got="no font that shows it",
            expected=f"a TrueType font with the letters {PROBES[language]} in a folder of fonts",
            fix="install one, such as DejaVu Sans (Debian: fonts-dejavu-core)",
        )
    if name := _embed_compact():
        return Fonts(name, name)
    pdfmetrics.registerFont(UnicodeCIDFont(SUBSTITUTED))
    finding = Finding(
        rule="font-not-embedded",
        severity="warning",
        where="brief.pdf",
        message="No Korean font that can be embedded was found; the reader of the document must bring one",
        actual=SUBSTITUTED,
        expected="an embedded font",
        fix="install one, such as NanumGothic (Debian: fonts-nanum), and make the brief again",
    )
    return Fonts(SUBSTITUTED, SUBSTITUTED, (finding,))


@cache
def _register(path: Path) -> str:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    pdfmetrics.registerFont(TTFont(path.stem, str(path)))
    return path.stem


@cache
def _embed_compact() -> str:
    """Register the first CID-keyed font with Hangul and return its name; empty if there is none."""
    from reportlab.pdfbase import pdfmetrics

    from oncopolis.report.brief.embedding import EmbeddedFont
    from oncopolis.report.brief.opentype import find_usable

    known = _list_files()
    for name in COMPACT:
        font = find_usable(known[name]) if name in known else None
        if font is not None and all(ord(letter) in font.glyphs for letter in PROBES["ko"]):
            pdfmetrics.registerFont(EmbeddedFont(font.path.stem, font))
            return font.path.stem
    return ""


@cache
def _find_file(language: str) -> Path | None:
    known = _list_files()
    for family in FAMILIES["ko"] if language == "ko" else FAMILIES[""]:
        path = known.get(family)
        if path is not None and path.suffix.lower() == ".ttf" and _shows(path, PROBES[language]):
            return path
    return None


@cache
def _list_files() -> dict[str, Path]:
    """Return the fonts of the machine by the names of their files, in a fixed order."""
    found: dict[str, Path] = {}
    for folder in FOLDERS:
        for place, folders, names in os.walk(Path(folder).expanduser()):
            folders.sort()
            for name in sorted(names):
                if name.lower().endswith((".ttf", ".ttc", ".otf")):
                    found.setdefault(name[:-4].lower(), Path(place) / name)
    return found


def _shows(path: Path, letters: str) -> bool:
    from reportlab.pdfbase.ttfonts import TTFError, TTFontFile

    try:
        glyphs = TTFontFile(str(path)).charToGlyph
    except (TTFError, OSError):
        return False
    return all(ord(letter) in glyphs for letter in letters)


def _bolden(name: str) -> str:
    stem = name[:-4]
    return f"{stem.replace('-Regular', '')}-Bold.ttf"
