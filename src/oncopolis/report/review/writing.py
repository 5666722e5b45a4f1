"""`write_review`: the files of a review, all or none."""

import csv
import io
from pathlib import Path
from typing import Any

from oncopolis.report.canonical import Plan, to_bytes
from oncopolis.report.documents import Writer
from oncopolis.report.folder import Advance, check_folder, write_files
from oncopolis.report.language import Language, find_language
from oncopolis.report.review.exchange import write_bcf_2, write_bcf_3

_MAPPING = ("space", "number", "name", "room", "score", "reason")
_SCORE_DIGITS = 0


def _write_json(document: Plan, language: Language) -> bytes:  # noqa: ARG001 (the shape of all writers)
    return to_bytes(document)


def _write_page(document: Plan, language: Language) -> bytes:
    from oncopolis.report.review.html import write_page

    return write_page(document, language)


def _write_workbook(document: Plan, language: Language) -> bytes:
    from oncopolis.report.review.workbook import write_workbook

    return write_workbook(document, language)


def _write_mapping(document: Plan, language: Language) -> bytes:
    """Write which space was taken for which room, to be corrected and given back with ``--mapping``."""
    stream = io.StringIO(newline="")
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerow(_MAPPING)
    matched = {match["space"]: match for match in document["matches"]}
    for space in document["spaces"]:
        if space["role"] and space["id"] not in matched:
            continue
        found = matched.get(space["id"])
        near = document["near"].get(space["id"], ())
        reasons = [found["reason"]] if found else [f"near {one['room']}: {one['reason']}" for one in near]
        score = f"{found['score']:.{_SCORE_DIGITS}f}" if found else ""
        rows.writerow(
            (
                space["id"],
                _guard(space["number"]),
                _guard(space["name"]),
                found["room"] if found else "",
                score,
                "; ".join(map(language.label, reasons)),
            )
        )
    return stream.getvalue().encode("utf-8-sig")


def _guard(text: str) -> str:
    """Keep a spreadsheet from taking a name for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "@"} else text


WRITERS: dict[str, Writer] = {
    "review.json": _write_json,
    "review.html": _write_page,
    "review.xlsx": _write_workbook,
    "review_3.0.bcf": write_bcf_3,
    "review_2.1.bcf": write_bcf_2,
    "mapping.csv": _write_mapping,
}
"""File -> what writes it."""

REVIEW_FILES = tuple(WRITERS)
"""Files of a review, in the order they are written."""


def write_review(
    document: dict[str, Any], out: Path, *, language: str, on_progress: Advance | None = None
) -> list[Path]:
    """Write the files of a review; same review, same bytes. A failure leaves nothing half-written.

    Raises
    ------
    InputError
        REP-001 if `out` cannot be written to.
    NotFoundError
        REP-002 if there is no such language.
    """
    from functools import partial

    chosen = find_language(language)
    check_folder(out, WRITERS)
    return write_files(
        out, {name: partial(write, document, chosen) for name, write in WRITERS.items()}, on_progress
    )
