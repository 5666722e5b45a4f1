"""What cells of a workbook say, however people and programs fill them in."""

from math import isfinite
from typing import Any

_NOT_GIVEN = {"", "n/a", "na", "nan", "none", "-"}
_BLANKS = str.maketrans("", "", " \u00a0\u202f")


def to_text(cell: Any) -> str:
    """Return the text of a cell; nothing where it says that there is none. 1.0 is the name 1."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if cell is None else str(cell).strip()
    return "" if text.lower() in _NOT_GIVEN else text


def to_number(cell: Any) -> float | None:
    """Return the number of a cell, with a decimal comma or blanks too; None if it holds none."""
    if isinstance(cell, bool):
        return None
    try:
        number = float(to_text(cell).translate(_BLANKS).replace(",", "."))
    except ValueError:
        return None
    return number if isfinite(number) else None


def split_names(cell: Any) -> list[str]:
    """Return the names that a cell lists."""
    return [part.strip() for part in to_text(cell).split(",") if part.strip()]
