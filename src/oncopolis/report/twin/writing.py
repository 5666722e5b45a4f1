"""`write_twin`: the files of a run, all or none."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from oncopolis.report.canonical import Plan, round_numbers, to_bytes
from oncopolis.report.folder import Advance, check_folder, write_files
from oncopolis.report.language import Language, find_language
from oncopolis.report.twin.tables import write_pathways, write_resources, write_waits

_Writer = Callable[[Plan, Language], bytes]


def _write_json(document: Plan, language: Language) -> bytes:  # noqa: ARG001 (the shape of all writers)
    return to_bytes(document)


def _write_page(document: Plan, language: Language) -> bytes:
    from oncopolis.report.twin.html import write_page

    return write_page(document, language)


WRITERS: dict[str, _Writer] = {
    "twin.json": _write_json,
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
    """Write twin.json, twin.html and the tables; same run, same bytes. A failure leaves nothing half-written.

    Parameters
    ----------
    document
        Document of a run, as `oncopolis.twin.document.to_document` makes it.
    out
        Folder; made if missing.
    language
        ``en``, ``ko``, ``ru`` or ``uz``.
    on_progress
        Told what is being written, with the share done.

    Returns
    -------
    list of Path
        The files, in the order of `TWIN_FILES`.

    Raises
    ------
    InputError
        REP-001 if `out` cannot be written to; found before anything is made.
    NotFoundError
        REP-002 if there is no such language.
    """
    chosen = find_language(language)
    check_folder(out, TWIN_FILES)
    rounded = round_numbers(document)
    return write_files(
        out, {name: partial(write, rounded, chosen) for name, write in WRITERS.items()}, on_progress
    )
