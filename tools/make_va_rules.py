"""Write packs of area minima from the Space Planning Criteria of the US Department of Veterans Affairs.

``make_va_rules.py FILE`` reads the text of PG-18-9 (a work of the US federal government, public domain) and
rewrites ``design/rules/packs/va-<chapter>.yaml``: one rule for each room line that states net square feet,
with its chapter, section, room code and the date printed on its pages. Lines whose two areas (square feet and
square metres) do not agree are left out and told.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

PACKS = Path(__file__).resolve().parent.parent / "src" / "oncopolis" / "design" / "rules" / "packs"
CHAPTERS = {
    "100": "wards",
    "102": "intensive care",
    "240": "pathology and laboratory",
    "263": "community clinics",
    "268": "pharmacy",
    "277": "radiation oncology",
    "285": "sterile processing",
    "286": "surgery",
    "295": "imaging",
}
KINDS = {
    "100": """
        IMS21 ward_bedroom IMS23 ward_isolation IMS24 ward_anteroom IMS25 transplant_room IMS31 ward_day_room
        SB737 clean_utility SB743 soiled_utility SC471 clean_linen
    """,
    "102": "IIC21 icu_room SV583 icu_medication",
    "240": """
        CL101 blood_collection CL201 laboratory_chemistry CL231 laboratory_haematology
        CL241 laboratory_coagulation CL271 laboratory_microbiology CL276 laboratory_biosafety
        CL401 pathology_histology CL411 frozen_section CL421 pathology_cytology CL601 autopsy_room
        CL621 mortuary_cold
    """,
    "277": """
        CRO11 radiotherapy_exam CRO12 radiotherapy_procedure CRO16 ct_simulator CRO17 ct_simulator_control
        CRO18 ct_simulator_components CRO43 treatment_planning CRO49 linac_control CRO61 linac_device_store
        CRO64 brachytherapy_preparation CRO68 brachytherapy_control CRO78 medical_physics
    """,
}
"""Room code -> kind of room of the house, where a room of ours is the same as one of theirs."""

M2_PER_SQUARE_FOOT = 0.09290304
ROUNDED_M2 = 0.12
"""The text rounds to tenths of a square metre; twice that is no rounding any more."""

_CHAPTER = re.compile(r"CHAPTER (\d+):")
_DATE = re.compile(r"PG-18-9\s.*CRITERIA\s+(\w+ \d+, \d{4})")
_AREA = re.compile(r"^(.*?)\(([A-Z]{2,3}\d{2,3})\)[ .]*([\d,]+) NSF \(([\d.,]+) NSM\)")
_NUMBERED = re.compile(r"^(\d+)\. +(.*)$")
_SECTION = re.compile(r"^([A-Z])\. (?:FA \d+: |FUNCTIONAL AREA \d+: )?([A-Z][A-Z /&,()-]{5,})$")


class Line(NamedTuple):
    """A room of a chapter."""

    chapter: str
    section: str
    number: str
    name: str
    code: str
    square_feet: int
    square_metres: float


def list_lines(text: str) -> Iterator[tuple[Line, date]]:
    """Yield rooms with an area above 0, with the date of their chapter."""
    chapter, section, number, before = "", "", "", ""
    dated = date.min
    for raw in text.splitlines():
        line = raw.strip()
        if found := _CHAPTER.match(line):
            chapter, section = found[1], ""
        elif found := _DATE.match(line):
            dated = datetime.strptime(found[1], "%B %d, %Y").date()  # noqa: DTZ007 - a date without a time
        elif found := _SECTION.match(line):
            section = f"{found[1]}. {found[2].strip().title()}"
        if found := _NUMBERED.match(line):
            number, before = found[1], ""
            line = found[2]
        if found := _AREA.match(line):
            area = int(found[3].replace(",", ""))
            name = re.sub(r"\s+", " ", f"{before} {found[1]}").strip(" ,")
            if chapter in CHAPTERS and area:
                metres = float(found[4].replace(",", ""))
                yield (
                    Line(chapter, section, number, name.rpartition(",")[0] or name, found[2], area, metres),
                    dated,
                )
            before = ""
        else:
            before = line if len(line) < len("a line of a paragraph that is no part of a room's name") else ""


def write_pack(chapter: str, lines: Sequence[Line], dated: date) -> str:
    """Write the pack of a chapter; where a room is listed twice the smaller area counts."""
    least: dict[str, Line] = {}
    for line in lines:
        if line.name not in least or line.square_feet < least[line.name].square_feet:
            least[line.name] = line
    rows = [
        f"# Written by tools/make_va_rules.py: area minima of PG-18-9, chapter {chapter} ({dated:%d %B %Y}).",
        "# A work of the US federal government, in the public domain; square feet are changed to m2.",
        f"id: va-{chapter}",
        f"label: American area minima, {CHAPTERS[chapter]} (PG-18-9, chapter {chapter})",
        "rules:",
    ]
    words = KINDS.get(chapter, "").split()
    kinds = dict(zip(words[::2], words[1::2], strict=True))
    seen: dict[str, int] = {}
    for line in least.values():
        seen[line.code] = seen.get(line.code, 0) + 1
        key = line.code if seen[line.code] == 1 else f"{line.code}-{seen[line.code]}"
        kind = kinds.get(line.code, "") if seen[line.code] == 1 else ""
        place = f"chapter {chapter}, {line.section or 'section 5'}, {line.number} ({line.code})"
        clause = f"{place}, {line.square_feet:,} net square feet"
        chosen = f"names: [{_quote(line.name)}]" + (f", kinds: [{kind}]" if kind else "")
        rows.append(
            f"  - {{id: va-{chapter}.{key}, check: least_area, severity: warning, "
            f"source: PG-18-9 chapter {chapter}, "
            f"clause: {_quote(clause)}, dated: {dated.isoformat()}, standing: seen, "
            f"least: {line.square_feet * M2_PER_SQUARE_FOOT:.2f}, unit: m2, chosen: {{{chosen}}}, "
            "message: A room is smaller than the American criteria ask for, "
            "fix: enlarge the room or say why less is enough}"
        )
    return "\n".join(rows) + "\n"


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "").replace('"', "'") + '"'


def main(arguments: Sequence[str]) -> int:
    """Rewrite the packs."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    by_chapter: dict[str, list[Line]] = {}
    dates: dict[str, date] = {}
    n_left_out = 0
    for line, dated in list_lines(Path(arguments[0]).read_text("utf-8")):
        if abs(line.square_feet * M2_PER_SQUARE_FOOT - line.square_metres) > ROUNDED_M2:
            print(f"left out: {line}", file=sys.stderr)
            n_left_out += 1
            continue
        by_chapter.setdefault(line.chapter, []).append(line)
        dates[line.chapter] = dated
    for chapter, lines in by_chapter.items():
        (PACKS / f"va-{chapter}.yaml").write_text(write_pack(chapter, lines, dates[chapter]), "utf-8")
        print(f"va-{chapter}: {len(lines)} rooms, {dates[chapter]}")
    print(f"{n_left_out} left out, whose two areas differ")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
