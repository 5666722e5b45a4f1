"""The mapping file: which space is which room of the programme, as people have settled it."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from oncopolis.foundation import Collector, InputError, load_yaml, read_text

COLUMNS = ("space", "number", "name", "room", "score", "reason")
NONE = "-"
"""Stands for a room when a space is none of the programme's."""


def read_mapping(path: Path, rooms: Mapping[str, object]) -> dict[str, str]:
    """Read which space is which room.

    Parameters
    ----------
    path
        CSV with the columns ``space`` and ``room`` (others are for people), or YAML ``space: room``. A space
        is named by its GlobalId or its number; the room ``-`` says that it is none.
    rooms
        Room types of the programme.

    Returns
    -------
    dict
        GlobalId or number -> id of a room type, or `NONE`. Lines without a room are left out.

    Raises
    ------
    InputError
        DES-047 for missing columns, or rooms that are not in the programme (all of them are told).
    """
    faults, settled = Collector(), {}
    for line, space, room in _list_lines(path):
        if not space or not room:
            continue
        if room != NONE and room not in rooms:
            faults.add(
                InputError(
                    code="DES-047",
                    where=f"{path}:{line}",
                    got=f"the room {room!r}",
                    expected=f"a room of the programme, or {NONE} for none",
                    fix="take the id of a room from brief.xlsx or mapping.csv",
                )
            )
        settled[space] = room
    faults.raise_if_any()
    return settled


def _list_lines(path: Path) -> list[tuple[int, str, str]]:
    if path.suffix.lower() in {".yaml", ".yml"}:
        located = load_yaml(path)
        if not isinstance(located.data, dict):
            raise _refuse_form(path)
        return [
            (located.find_place((space,)).line, space, str(room or "").strip())
            for space, room in located.data.items()
        ]
    rows = csv.DictReader(io.StringIO(read_text(path)))
    if not {"space", "room"} <= set(rows.fieldnames or ()):
        raise _refuse_form(path)
    return [(rows.line_num, (row["space"] or "").strip(), (row["room"] or "").strip()) for row in rows]


def _refuse_form(path: Path) -> InputError:
    return InputError(
        code="DES-048",
        where=str(path),
        got="no columns space and room",
        expected="CSV with the columns space and room, or YAML of space: room",
        fix="begin with the mapping.csv that a review writes",
    )
