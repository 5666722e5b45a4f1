"""What was wanted and found, which rules were applied, and how the model was read."""

from collections import defaultdict
from typing import Any

from markupsafe import Markup, escape

from oncopolis.report.language import mark
from oncopolis.report.markup import fill
from oncopolis.report.sheet import Section, Sheet
from oncopolis.report.tables import Column, fold, write_table

STANDINGS = {
    "seen": mark("read in its source"),
    "recalled": mark("remembered, to be confirmed"),
    "own": mark("our own"),
}
_FULL = 100.0  # structure: a score of a hundred is certainty


def write_programme(sheet: Sheet, document: dict[str, Any]) -> Section | None:
    """Write rooms wanted and found by department; None without a programme."""
    lines = document["programme"]
    if not lines:
        return None
    text = sheet.text
    by_department: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in lines:
        by_department[line["department"]].append(line)
    columns = (
        Column(text("Department"), is_number=False),
        Column(text("Rooms wanted")),
        Column(text("Rooms found")),
        Column(text("Area wanted, m²")),
        Column(text("Area found, m²")),
    )
    rows = [(_name(sheet, key), *_sum(sheet, found)) for key, found in by_department.items()]
    blocks = [
        write_table(columns, rows, caption=text("Departments"), total=(text("Total"), *_sum(sheet, lines)))
    ]
    blocks.append(sheet.heading(text("Rooms by department")))
    blocks += [_list_rooms(sheet, key, found) for key, found in by_department.items()]
    lead = text("What the plan asks for beside what the model has.")
    return Section("programme", text("Programme"), lead, tuple(blocks))


def _name(sheet: Sheet, department: str) -> str:
    return sheet.title(department.replace("_", " "))


def _sum(sheet: Sheet, lines: list[dict[str, Any]]) -> tuple[str, str, str, str]:
    return (
        sheet.number(sum(line["n"] for line in lines)),
        sheet.number(sum(line["n_found"] for line in lines)),
        sheet.number(round(sum(line["n"] * line["area_m2"] for line in lines))),
        sheet.number(round(sum(line["found_m2"] for line in lines))),
    )


def _list_rooms(sheet: Sheet, department: str, lines: list[dict[str, Any]]) -> Markup:
    text = sheet.text
    columns = (
        Column(text("Room"), is_number=False),
        Column(text("Rooms wanted")),
        Column(text("Rooms found")),
        Column(text("Each, m²")),
        Column(text("Found, m² each")),
    )
    rows = [
        (
            sheet.title(line["label"]),
            sheet.number(line["n"]),
            sheet.number(line["n_found"]),
            sheet.number(round(line["area_m2"], 1)),
            sheet.number(round(line["found_m2"] / line["n_found"], 1)) if line["n_found"] else "–",
        )
        for line in lines
    ]
    name = _name(sheet, department)
    return fold(write_table(columns, rows, caption=name), f"{name} ({len(lines)})")


def write_rules(sheet: Sheet, document: dict[str, Any]) -> Section:
    """Write every rule with how often it passed, failed or could not be decided, and its source."""
    text = sheet.text
    columns = (
        Column(text("Rule"), is_number=False),
        Column(text("Passed")),
        Column(text("Failed")),
        Column(text("Not checkable")),
        Column(text("Let pass")),
        Column(text("Source"), is_number=False),
    )
    packs: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for rule in document["rules"]:
        packs[rule["pack"]].append(rule)
    blocks = []
    for pack, rules in packs.items():
        rows = [
            (
                fill(
                    '<span id="r-{}"><code>{}</code> {}</span>',
                    rule["id"],
                    rule["id"],
                    sheet.title(rule["message"]),
                ),
                sheet.number(rule["n_passed"]),
                sheet.number(rule["n_failed"]),
                sheet.number(rule["n_unknown"]),
                sheet.number(rule["n_waived"] + rule["n_known"]),
                _cite(sheet, rule),
            )
            for rule in rules
        ]
        table = write_table(columns, rows, caption=pack)
        blocks.append(fold(table, f"{pack} ({len(rules)})"))
    lead = text("Each rule says where it comes from. A rule that had nothing to check shows noughts.")
    return Section("rules", text("Rules"), lead, tuple(blocks))


def _cite(sheet: Sheet, rule: dict[str, Any]) -> Markup:
    parts = [rule["source"], rule["clause"], rule["dated"] or "", sheet.text(STANDINGS[rule["standing"]])]
    return escape(", ".join(part for part in parts if part))


def write_reading(sheet: Sheet, document: dict[str, Any]) -> Section:
    """Write which files were read, in which units, and where areas and matches come from."""
    text, building = sheet.text, document["building"]
    files = write_table(
        tuple(
            Column(name, is_number=False)
            for name in (text("File"), text("Format"), text("Made by"), text("Units"), text("Project"))
        ),
        [
            (
                file["name"],
                file["format"],
                file["made_by"],
                "; ".join(file["units"]),
                fill("<code>{}</code>", file["project"]),
            )
            for file in building["files"]
        ],
        caption=text("Files"),
    )
    areas = write_table(
        (Column(text("Area taken from"), is_number=False), Column(text("Spaces"))),
        [(sheet.label(place), sheet.number(n)) for place, n in building["area_places"].items()],
        caption=text("Areas"),
    )
    doors = write_table(
        (Column(text("Spaces on both sides known from"), is_number=False), Column(text("Doors"))),
        [(sheet.label(place), sheet.number(n)) for place, n in building["joined_by"].items()],
        caption=text("Doors"),
    )
    blocks = [files, areas, doors]
    if document["matches"]:
        blocks.append(_list_matches(sheet, document))
    lead = text("Where the numbers come from, so that they can be followed back into the model.")
    return Section("reading", text("How the model was read"), lead, tuple(blocks))


def _list_matches(sheet: Sheet, document: dict[str, Any]) -> Markup:
    text = sheet.text
    words = {space["id"]: space["words"] for space in document["spaces"]}
    unsure = [match for match in document["matches"] if match["score"] < _FULL]
    n = len(document["matches"])
    head = sheet.paragraph(
        text(
            "Spaces matched to rooms of the programme: {n}; {unsure} of them by name. Correct mapping.csv "
            "where one is wrong and give it back with --mapping.",
            n=sheet.number(n),
            unsure=sheet.number(len(unsure)),
        )
    )
    columns = (
        Column(text("Space"), is_number=False),
        Column(text("Room"), is_number=False),
        Column(text("Score")),
        Column(text("Reason"), is_number=False),
    )
    rows = [
        (
            words.get(match["space"], match["space"]),
            match["room"],
            sheet.number(round(match["score"])),
            sheet.label(match["reason"]),
        )
        for match in sorted(unsure, key=lambda one: (one["score"], one["space"]))
    ]
    if not rows:
        return head
    return head + fold(write_table(columns, rows, caption=""), text("Matched by name ({n})", n=len(rows)))
