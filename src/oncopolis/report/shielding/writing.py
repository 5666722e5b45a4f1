"""`write_shielding`: the files of a shielding check, all or none."""

from pathlib import Path

from oncopolis.report.canonical import Plan
from oncopolis.report.documents import Writer, write_document, write_json
from oncopolis.report.folder import Advance
from oncopolis.report.language import Language


def _write_page(document: Plan, language: Language) -> bytes:
    from oncopolis.report.shielding.html import write_page

    return write_page(document, language)


def _write_drawing(document: Plan, language: Language) -> bytes:
    from oncopolis.report.shielding.drawing import write_drawing

    return write_drawing(document, language)


WRITERS: dict[str, Writer] = {
    "shielding.json": write_json,
    "shielding.html": _write_page,
    "plan.svg": _write_drawing,
}
"""File -> what writes it."""

SHIELDING_FILES = tuple(WRITERS)
"""Files of a check, in the order they are written."""


def write_shielding(
    document: Plan, out: Path, *, language: str = "en", on_progress: Advance | None = None
) -> list[Path]:
    """Write shielding.json, shielding.html and plan.svg, as `write_document` does."""
    return write_document(document, WRITERS, out, language, on_progress)
