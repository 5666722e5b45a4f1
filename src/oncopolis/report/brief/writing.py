"""`write_brief`: the files of a brief, all or none."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oncopolis.report.canonical import round_numbers, to_bytes
from oncopolis.report.folder import Advance, check_folder, write_files
from oncopolis.report.language import find_language

if TYPE_CHECKING:
    from oncopolis.design.layout import Layout

BRIEF_FILES = ("brief.json", "brief.xlsx", "brief.pdf", "requirements.ids", "concept.ifc")
"""Files of a brief; the plan of each storey comes on top, as ``plan_<building>_<storey>.svg``."""


def label_in(language: str, label: str) -> str:
    """Return a label of a plan in a language."""
    return find_language(language).label(label)


def write_brief(
    layout: "Layout", out: Path, *, language: str, on_progress: Advance | None = None
) -> tuple[list[Path], dict[str, Any]]:
    """Write a brief; same layout, same bytes. A failure leaves nothing half-written.

    Parameters
    ----------
    layout
        Programme and concept.
    out
        Folder; made if missing.
    language
        ``en``, ``ko``, ``ru`` or ``uz``.
    on_progress
        Told what is being written, with the share done.

    Returns
    -------
    tuple
        The files, and what ``brief.json`` says.

    Raises
    ------
    InputError
        REP-001 if `out` cannot be written to, REP-003 if no font shows the language.
    NotFoundError
        REP-002 if there is no such language.
    """
    from oncopolis.design.briefing import to_summary
    from oncopolis.design.concept import to_bytes as to_ifc
    from oncopolis.design.requirements import write_ids
    from oncopolis.report.brief.document import DocumentWriter
    from oncopolis.report.brief.fonts import find_fonts
    from oncopolis.report.brief.plans import PlanDrawer, name_files, to_svg
    from oncopolis.report.brief.tables import BriefTables
    from oncopolis.report.brief.workbook import write_workbook

    check_folder(out, BRIEF_FILES)
    tables = BriefTables(layout, find_language(language))
    fonts = find_fonts(language)
    plans = list(PlanDrawer(layout, tables).list_plans())
    summary = to_summary(layout)
    summary["findings"] += [finding.model_dump(mode="json") for finding in fonts.findings]
    summary = round_numbers(summary)
    writers: Mapping[str, Callable[[], bytes]] = {
        "brief.json": lambda: to_bytes(summary),
        "brief.xlsx": lambda: write_workbook(tables),
        "brief.pdf": lambda: DocumentWriter(layout, tables, plans, fonts).to_bytes(),
        "requirements.ids": lambda: write_ids(layout.programme, language),
        "concept.ifc": lambda: to_ifc(layout),
        **{
            name: lambda plan=plan: to_svg(plan).encode()  # type: ignore[misc]
            for name, plan in name_files(plans).items()
        },
    }
    return write_files(out, writers, on_progress), summary
