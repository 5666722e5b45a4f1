"""`write_plan`: the files of a plan, all or none."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from oncopolis.foundation import InputError
from oncopolis.report.canonical import Plan, round_numbers, to_bytes
from oncopolis.report.language import Language, find_language

Advance = Callable[[str, float], None]
"""Called with what is being done and the share of the work that is done, 0 to 1."""

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


def check_folder(out: Path) -> None:
    """Try whether files can be written to a folder; what had to be made for that is taken away again.

    Raises
    ------
    InputError
        If it cannot be made, is a file, or refuses files.
    """
    missing = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
        for name in WRITERS:
            if (out / name).is_dir():
                raise IsADirectoryError(0, f"a folder named {name}", str(out / name))
        for folder in missing:
            folder.rmdir()
    except OSError as error:
        raise InputError(
            code="REP-001",
            where=f"--out {out}",
            got=(error.strerror or str(error)).lower(),
            expected="a folder that files can be written to",
            fix="choose another folder, or allow writing to this one",
        ) from error


def write_plan(
    plan_document: Plan, out: Path, *, language: str, on_progress: Advance | None = None
) -> list[Path]:
    """Write plan.json, report.html and the three workbooks; same plan, same bytes.

    Everything is made in a hidden folder inside `out` and moved into place when complete, so that a
    failure leaves nothing half-written.

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
    check_folder(out)
    out.mkdir(parents=True, exist_ok=True)
    plan = round_numbers(plan_document)
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=out) as made:
        for i, (name, write) in enumerate(WRITERS.items()):
            if on_progress:
                on_progress(name, i / len(WRITERS))
            (Path(made) / name).write_bytes(write(plan, chosen))
        for name in WRITERS:
            (Path(made) / name).replace(out / name)
    if on_progress:
        on_progress("written", 1)
    return [out / name for name in WRITERS]
