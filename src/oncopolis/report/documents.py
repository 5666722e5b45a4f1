"""Files made of one document: its JSON, its page and its tables, all or none."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from oncopolis.foundation.collecting import uncollected
from oncopolis.report.canonical import Plan, round_numbers, to_bytes
from oncopolis.report.folder import Advance, check_folder, write_files
from oncopolis.report.language import Language, find_language

Writer = Callable[[Plan, Language], bytes]
"""Makes the bytes of one file."""


def write_json(document: Plan, language: Language) -> bytes:  # noqa: ARG001 (the shape of all writers)
    """Write a document as it is."""
    return to_bytes(document)


@uncollected()
def write_document(
    document: Plan, writers: Mapping[str, Writer], out: Path, language: str, on_progress: Advance | None
) -> list[Path]:
    """Write all files of a document; same document, same bytes. A failure leaves nothing half-written.

    Parameters
    ----------
    document
        What the files are made of.
    writers
        File -> what writes it.
    out
        Folder; made if missing.
    language
        ``en``, ``ko``, ``ru`` or ``uz``.
    on_progress
        Told what is being written, with the share done.

    Returns
    -------
    list of Path
        The files, in the order of `writers`.

    Raises
    ------
    InputError
        REP-001 if `out` cannot be written to; found before anything is made.
    NotFoundError
        REP-002 if there is no such language.
    """
    chosen = find_language(language)
    check_folder(out, writers)
    rounded = round_numbers(document)
    return write_files(
        out, {name: partial(write, rounded, chosen) for name, write in writers.items()}, on_progress
    )
