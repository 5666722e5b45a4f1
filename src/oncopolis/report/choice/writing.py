"""`write_choice`: the files of a choice, all or none."""

from pathlib import Path

from oncopolis.report.canonical import Plan
from oncopolis.report.documents import Writer, write_document, write_json
from oncopolis.report.folder import Advance
from oncopolis.report.language import Language


def _write_page(document: Plan, language: Language) -> bytes:
    from oncopolis.report.choice.html import write_page

    return write_page(document, language)


WRITERS: dict[str, Writer] = {"choice.json": write_json, "choice.html": _write_page}
"""File -> what writes it."""

CHOICE_FILES = tuple(WRITERS)
"""Files of a choice, in the order they are written."""


def write_choice(
    document: Plan, out: Path, *, language: str = "en", on_progress: Advance | None = None
) -> list[Path]:
    """Write choice.json and choice.html, as `write_document` does."""
    return write_document(document, WRITERS, out, language, on_progress)
