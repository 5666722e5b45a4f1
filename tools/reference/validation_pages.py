"""What others published beside what we compute: the checks of `oncopolis validate`."""

from collections.abc import Iterator, Sequence

from oncopolis.evidence import list_sources
from oncopolis.studies import validate
from oncopolis.studies.validation import Check
from oncopolis.studies.validation.result import STATES, write_band, write_number
from reference.markdown import to_code, to_page, to_table

_HEADER = ("check", "what", "published", "ours", "inside from ... to", "unit", "", "source")
_ABOUT = """
`oncopolis validate` recomputes what others published, through the evidence and pathways that plans use.
Tolerances are the published ranges or stated beforehand (`validation.tolerance` in the
[evidence](evidence/validation.md)). Nothing is fitted to these figures: a miss stays a miss, with its
reason and the rows behind it. The checks on the whole world need the table of all countries, which users
download from IARC's Cancer Today and give with `--incidence`; they are not computed on this page.
"""
_RETREATMENT = """
## How retreatment is compared

One cohort of new cases is followed for life through the pathways, with historical fractions and everybody
treated. Courses over patients irradiated for the first time, and all fractions over those of first
courses, are compared with what three centres saw in 18 years. In a steady population one year's workload
has the same ratios; where cases grow, a year's lie a little lower, since later courses belong to earlier,
smaller cohorts.
"""


def list_pages() -> Iterator[tuple[str, str]]:
    """Yield the page."""
    result = validate()
    rows = [_to_cells(check) for check in result.checks]
    missed = [check for check in result.checks if check.inside is False]
    skipped = [check for check in result.checks if check.inside is None]
    yield (
        "validation.md",
        to_page(
            "Validation",
            _ABOUT,
            f"{result.summary.capitalize()}.",
            to_table(_HEADER, rows),
            "## Outside",
            _to_reasons(missed),
            "## Not computed here",
            _to_reasons(skipped),
            _RETREATMENT,
        ),
    )


def _to_cells(check: Check) -> Sequence[object]:
    state = STATES[check.inside]
    return (
        to_code(check.id),
        check.label,
        write_number(check.published),
        write_number(check.ours),
        write_band(check),
        check.unit,
        f"**{state}**" if check.inside is False else state,
        _to_source(check.source_id),
    )


def _to_source(source: str) -> str:
    return f"[{source}](evidence/bibliography.md#{source})" if source in list_sources() else "derived"


def _to_reasons(checks: Sequence[Check]) -> str:
    lines = []
    for check in checks:
        causes = f" Rows: {', '.join(to_code(key) for key in check.cause)}." if check.cause else ""
        lines.append(f"- {to_code(check.id)}: {check.why}.{causes}")
    return "\n".join(lines)
