"""Names of places: ``A1`` in boxes and plates, ``7`` on canes, in racks and tanks."""

import re

from oncopolis.foundation import InputError
from oncopolis.record.biobank.places import Container

LAYOUTS = ("grid", "list")
"""``grid``: boxes, plates with wells. ``list``: canes, visotubes, racks, tanks, rooms."""
_GRID = re.compile(r"([A-Za-z]{1,2})\s*0*([1-9]\d{0,3})")
_LIST = re.compile(r"0*([1-9]\d{0,5})")
_LETTERS = 26  # structure: of the alphabet
_A = ord("A")


def name_place(container: Container, place: int) -> str:
    """What people call a place of a container (which counts from 0)."""
    if container.layout == "list":
        return str(place + 1)
    row, column = divmod(place, container.n_columns)
    return f"{_name_row(row)}{column + 1}"


def _name_row(row: int) -> str:
    high, low = divmod(row, _LETTERS)
    return (chr(_A + high - 1) if high else "") + chr(_A + low)


def read_place(container: Container, text: str, where: str = "") -> int:
    """The place that people call so, counted from 0.

    Raises
    ------
    InputError
        The container has no such place (BIO-003).
    """
    found = _read(container, text.strip())
    if found is None:
        raise InputError(
            code="BIO-003", where=where or container.name, got=f"position {text!r:.40}",
            expected=f"a position of {container.name}, {describe(container)}",
            fix="look at the label of the box, and whether the scanner has its geometry",
        )  # fmt: skip
    return found


def _read(container: Container, text: str) -> int | None:
    if container.layout == "list":
        match = _LIST.fullmatch(text)
        place = int(match[1]) - 1 if match else -1
        return place if 0 <= place < container.n_places else None
    match = _GRID.fullmatch(text)
    if match is None:
        return None
    row, column = _read_row(match[1].upper()), int(match[2]) - 1
    return (
        row * container.n_columns + column
        if row < container.n_rows and column < container.n_columns
        else None
    )


def _read_row(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + ord(letter) - _A + 1
    return number - 1


def describe(container: Container) -> str:
    """Which places there are."""
    return f"{name_place(container, 0)} to {name_place(container, container.n_places - 1)}"
