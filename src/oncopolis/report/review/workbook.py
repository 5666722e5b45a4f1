"""A review as a workbook: findings by place, rules, rooms, matches."""

from typing import Any

from oncopolis.report.canonical import Plan
from oncopolis.report.language import Language
from oncopolis.report.workbooks.book import Book, Field


def write_workbook(document: Plan, language: Language) -> bytes:
    """Write review.xlsx."""
    text, label = language.text, language.label
    book = Book(document, language, text("Review"))
    book.add_sheet(text("Findings"), _list_fields(text), _list_places(document, language))
    book.add_sheet(
        text("Rules"),
        (
            Field(text("Rule")),
            Field(text("Finding"), is_long=True),
            Field(text("Severity")),
            Field(text("Passed"), "count"),
            Field(text("Failed"), "count"),
            Field(text("Not checkable"), "count"),
            Field(text("Let pass"), "count"),
            Field(text("Source")),
            Field(text("Clause"), is_long=True),
            Field(text("Date")),
        ),
        [
            (
                rule["id"],
                label(rule["message"]),
                text(rule["severity"]),
                rule["n_passed"],
                rule["n_failed"],
                rule["n_unknown"],
                rule["n_waived"] + rule["n_known"],
                rule["source"],
                rule["clause"],
                rule["dated"],
            )
            for rule in document["rules"]
        ],
    )
    if document["programme"]:
        book.add_sheet(
            text("Programme"),
            (
                Field(text("Department")),
                Field(text("Room"), is_long=True),
                Field(text("Rooms wanted"), "count", is_summed=True),
                Field(text("Rooms found"), "count", is_summed=True),
                Field(text("Each, m²"), "tenths"),
                Field(text("Area found, m²"), "tenths", is_summed=True),
            ),
            [
                (
                    line["department"],
                    label(line["label"]),
                    line["n"],
                    line["n_found"],
                    line["area_m2"],
                    line["found_m2"],
                )
                for line in document["programme"]
            ],
        )
    book.add_sheet(text("Spaces"), _list_space_fields(text), _list_spaces(document, language))
    return book.to_bytes()


def _list_fields(text: Any) -> tuple[Field, ...]:
    return (
        Field(text("Severity")),
        Field(text("Finding"), is_long=True),
        Field(text("Where")),
        Field(text("Storey")),
        Field(text("Found"), is_long=True),
        Field(text("Expected"), is_long=True),
        Field(text("What to do"), is_long=True),
        Field(text("Rule")),
        Field(text("GlobalId")),
        Field(text("Why it passes")),
    )


def _list_places(document: dict[str, Any], language: Language) -> list[tuple[Any, ...]]:
    text, label = language.text, language.label
    rows = []
    for group in document["groups"]:
        state = {
            "failed": text(group["severity"]),
            "unknown": text("Not checkable"),
            "waived": text("Let pass"),
            "known": text("Let pass"),
        }[group["state"]]
        waiver = group["waiver"] or {}
        why = f"{waiver['reason']} ({waiver['owner']})" if waiver else ""
        for outcome in group["outcomes"]:
            thing = outcome["things"][0] if outcome["things"] else {"words": "", "storey": "", "id": ""}
            rows.append(
                (
                    state, label(group["message"]), thing["words"], thing["storey"], label(outcome["actual"]),
                    label(outcome["expected"]), label(group["fix"]), group["rule"], thing["id"], why,
                )
            )  # fmt: skip
    return rows


def _list_space_fields(text: Any) -> tuple[Field, ...]:
    return (
        Field(text("GlobalId")),
        Field(text("Number")),
        Field(text("Name"), is_long=True),
        Field("m²", "hundredths"),
        Field(text("Area taken from")),
        Field(text("Room")),
        Field(text("Score"), "count"),
        Field(text("Reason"), is_long=True),
    )


def _list_spaces(document: dict[str, Any], language: Language) -> list[tuple[Any, ...]]:
    matched = {match["space"]: match for match in document["matches"]}
    rows = []
    for space in document["spaces"]:
        match = matched.get(space["id"], {"room": "", "score": None, "reason": space["role"]})
        rows.append(
            (
                space["id"], space["number"], space["name"], space["area_m2"], space["area_from"],
                match["room"], match["score"], language.label(match["reason"]),
            )
        )  # fmt: skip
    return rows
