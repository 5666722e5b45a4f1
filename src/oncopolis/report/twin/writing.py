"""`write_twin`: the files of a run, all or none."""

from pathlib import Path

from oncopolis.report.canonical import Plan
from oncopolis.report.documents import Writer, write_document, write_json
from oncopolis.report.folder import Advance
from oncopolis.report.language import Language
from oncopolis.report.twin.tables import write_pathways, write_resources, write_waits


def _write_page(document: Plan, language: Language) -> bytes:
    from oncopolis.report.twin.html import write_page

    return write_page(document, language)


WRITERS: dict[str, Writer] = {
    "twin.json": write_json,
    "twin.html": _write_page,
    "waits.csv": write_waits,
    "resources.csv": write_resources,
    "pathways.csv": write_pathways,
}
"""File -> what writes it."""

TWIN_FILES = tuple(WRITERS)
"""Files of a run, in the order they are written."""


def write_twin(
    document: Plan, out: Path, language: str = "en", *, on_progress: Advance | None = None
) -> list[Path]:
    """Write twin.json, twin.html and the tables of a run, as `write_document` does."""
    return write_document(document, WRITERS, out, language, on_progress)
