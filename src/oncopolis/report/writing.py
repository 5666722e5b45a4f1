"""`write_plan`: the files of a plan, all or none."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from oncopolis.report.canonical import Plan, round_numbers, to_bytes
from oncopolis.report.folder import Advance, check_folder, write_files
from oncopolis.report.language import Language, find_language

_Writer = Callable[[Plan, Language], bytes]


def _write_json(plan: Plan, language: Language) -> bytes:  # noqa: ARG001 (the shape of all writers)
    return to_bytes(plan)


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


WRITERS: dict[str, _Writer] = {
    "plan.json": _write_json,
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
    """Write plan.json, report.html and the three workbooks; same plan, same bytes.

    A failure leaves nothing half-written.

    Parameters
    ----------
    plan_document
        Plan document.
    out
        Folder; made if missing.
    language
        ``en``, ``ko``, ``ru`` or ``uz``.
    on_progress
        Told what is being written, with the share done.

    Returns
    -------
    list of Path
        The files, in the order of `WRITERS`.

    Raises
    ------
    InputError
        REP-001 if `out` cannot be written to; found before anything is made.
    NotFoundError
        REP-002 if there is no such language.
    """
    chosen = find_language(language)
    check_folder(out, PLAN_FILES)
    plan = round_numbers(plan_document)
    return write_files(
        out, {name: partial(write, plan, chosen) for name, write in WRITERS.items()}, on_progress
    )
