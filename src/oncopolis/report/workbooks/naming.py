"""Names of departments and openings that the workbooks share."""

from typing import Any

from oncopolis.report.canonical import Plan
from oncopolis.report.language import Language
from oncopolis.report.workbooks.book import Field, Kind


def name_departments(plan: Plan, language: Language) -> dict[str, str]:
    """Return the names of departments by id."""
    named = [*plan["rooms"]["departments"], *plan["workload"]["departments"]]
    return {entry["id"]: language.label(entry["label"]) for entry in named}


def list_opening_fields(plan: Plan, language: Language, kind: Kind) -> list[Field]:
    """Return a column for each opening."""
    return [
        Field(f"{language.label(opening['label'])} ({opening['year']})", kind)
        for opening in plan["project"].get("openings") or ()
    ]


def list_opening_values(plan: Plan, entry: dict[str, Any]) -> list[float | None]:
    """Return the numbers of an entry for each opening."""
    by_opening = entry.get("by_opening") or {}
    return [by_opening.get(opening["id"]) for opening in plan["project"].get("openings") or ()]
