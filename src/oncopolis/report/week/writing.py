"""`write_week`: the files of a scheduled week, all or none."""

import json
from pathlib import Path

from oncopolis.report.canonical import Plan
from oncopolis.report.documents import Writer, write_document, write_json
from oncopolis.report.folder import Advance
from oncopolis.report.language import Language


def _write_page(document: Plan, language: Language) -> bytes:
    from oncopolis.report.week.html import write_page

    return write_page(document, language)


def _write_instance(document: Plan, language: Language) -> bytes:  # noqa: ARG001 (the shape of all writers)
    return _dump((document["theatres"] or {}).get("instance"))


def _write_schedule(document: Plan, language: Language) -> bytes:  # noqa: ARG001 (the shape of all writers)
    return _dump((document["theatres"] or {}).get("solution"))


def _dump(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False) + "\n").encode("utf-8")


WRITERS: dict[str, Writer] = {
    "week.html": _write_page,
    "week.json": write_json,
    "ward.json": _write_instance,
    "schedule.json": _write_schedule,
}
"""File -> what writes it; the last two are what `oncopolis schedule check`, `explain` and `replan` take."""

WEEK_FILES = tuple(WRITERS)
"""Files of a week, in the order they are written."""


def write_week(
    document: Plan, out: Path, *, language: str = "en", on_progress: Advance | None = None
) -> list[Path]:
    """Write week.html, week.json, ward.json and schedule.json, as `write_document` does."""
    return write_document(document, WRITERS, out, language, on_progress)
