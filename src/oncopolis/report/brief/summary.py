"""A brief in a few lines of a terminal."""

from typing import Any

from oncopolis.report.language import find_language, mark

LINES = (
    (mark("Rooms"), "rooms", 0),
    (mark("Net area, m²"), "net_m2", 0),
    (mark("Department gross, m²"), "department_gross_m2", 0),
    (mark("Drawn in the concept, m²"), "drawn_department_m2", 0),
    (mark("Building gross, m²"), "building_gross_m2", 0),
    (mark("Layout score"), "layout_score_percent", 1),
)


def summarise_brief(summary: dict[str, Any], *, language: str) -> str:
    """Return the figures of a brief, and its warnings, as lines."""
    chosen = find_language(language)
    titles = [chosen.text(title) for title, _, _ in LINES]
    width = max(len(title) for title in titles) + 2
    lines = [summary["project"]]
    for title, (_, key, digits) in zip(titles, LINES, strict=True):
        lines.append(f"  {title:<{width}}{chosen.numeral(summary[key], digits):>12}")
    warnings = [
        f"  ! {finding['where']}: {chosen.text(finding['message'])}; {finding['fix']}"
        for finding in summary["findings"]
        if finding["severity"] != "note"
    ]
    return "\n".join([*lines, *warnings])
