"""`write_plan`: the files of a plan, all or none."""

from pathlib import Path

from oncopolis.report.canonical import Plan
from oncopolis.report.documents import Writer, write_document, write_json
from oncopolis.report.folder import Advance
from oncopolis.report.language import Language


def _write_page(plan: Plan, language: Language) -> bytes:
    from oncopolis.report.html import write_page

    return write_page(plan, language)


def _write_equipment(plan: Plan, language: Language) -> bytes:
    from oncopolis.report.workbooks import write_equipment

    return write_equipment(plan, language)


def _write_staffing(plan: Plan, language: Language) -> bytes:
    from oncopolis.report.workbooks import write_staffing

    return write_staffing(plan, language)


def _write_space(plan: Plan, language: Language) -> bytes:
    from oncopolis.report.workbooks import write_space_programme

    return write_space_programme(plan, language)


WRITERS: dict[str, Writer] = {
    "plan.json": write_json,
    "report.html": _write_page,
    "equipment.xlsx": _write_equipment,
    "staffing.xlsx": _write_staffing,
    "space_programme.xlsx": _write_space,
}
"""File -> what writes it."""

PLAN_FILES = tuple(WRITERS)
"""Files of a plan, in the order they are written."""


def write_plan(
    plan_document: Plan, out: Path, *, language: str, on_progress: Advance | None = None
) -> list[Path]:
    """Write plan.json, report.html and the three workbooks, as `write_document` does."""
    return write_document(plan_document, WRITERS, out, language, on_progress)
