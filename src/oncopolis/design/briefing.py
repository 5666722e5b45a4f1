"""What a brief has to say about itself: findings, and its figures as plain data."""

from collections.abc import Iterator
from typing import Any

from oncopolis.design.layout import Layout
from oncopolis.foundation import Finding

SCHEMA = "oncopolis.brief/1"
"""Name and version of the summary."""


def check_brief(layout: Layout) -> Iterator[Finding]:
    """Yield what somebody should know before a brief goes out."""
    programme = layout.programme
    for room in programme.rooms:
        if not room.is_known:
            yield Finding(
                rule="room-without-sheet",
                severity="warning",
                where=f"rooms.{room.id}",
                message="No data sheet is known for this room; only what every room needs is asked of it",
                actual=room.area_m2.key,
                expected="an area row of the package, space.area.<kind>, which names the kind of room",
                fix="point `area` at the row of the kind, and set your own area by an override of that row",
            )
    for item in programme.equipment:
        if item.way is not None and not item.room:
            yield Finding(
                rule="heavy-equipment-without-room",
                severity="note",
                where=f"equipment.{item.id}",
                message="Heavy equipment stands in no room, so that neither floor nor way in is asked for",
                actual=f"{item.weight_kg.value:.0f} kg" if item.weight_kg else "",
                expected="a room of the space programme",
                fix="name its `room`, unless it stands outdoors or on the roof",
            )
    known = {block.id for block in programme.blocks}
    for one in sorted(known):
        for other in sorted(known):
            if one < other and (one, other) not in programme.walks:
                yield Finding(
                    rule="walk-unknown",
                    severity="note",
                    where=f"campus.walks {one}, {other}",
                    message="The walk between two buildings is not stated; the score counts it as too far",
                    expected="minutes from door to door",
                    fix="add the walk to `campus.walks`",
                )


def to_summary(layout: Layout) -> dict[str, Any]:
    """Return the figures of a brief as plain data."""
    programme = layout.programme
    return {
        "schema": SCHEMA,
        "project": programme.project,
        "year": programme.year,
        "room_types": len(programme.rooms),
        "rooms": sum(room.n for room in programme.rooms),
        "equipment_lines": len(programme.equipment),
        "heavy_items": sum(item.n for item in programme.equipment if item.way is not None),
        "net_m2": programme.net_m2,
        "department_gross_m2": programme.gross_m2,
        "building_gross_m2": programme.building_m2,
        "drawn_department_m2": layout.drawn_m2,
        "layout_score_percent": layout.score.percent,
        "storeys": [
            {
                "building": storey.building,
                "level": storey.level,
                "elevation_m": storey.elevation_m,
                "height_m": storey.height_m,
                "departments": [part.department for part in storey.parts],
            }
            for storey in layout.storeys
        ],
        "links": [
            {
                "between": list(way.link.between),
                "grade": way.link.grade,
                "way_m": way.way_m,
                "closeness": way.closeness,
                "source": way.link.source,
            }
            for way in layout.score.ways
        ],
        "findings": [finding.model_dump(mode="json") for finding in check_brief(layout)],
    }
