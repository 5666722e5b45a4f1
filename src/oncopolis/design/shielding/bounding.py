"""Looking a figure up between the places of a table: never below the figures around it."""

from bisect import bisect_left
from dataclasses import dataclass

from oncopolis.evidence import Table


@dataclass(frozen=True)
class Bound:
    """A figure of a table, or the largest of the figures around a place it does not have."""

    value: float
    note: str = ""


def find_bound(table: Table, row: float, column: float, *, last_row_goes_on: bool = False) -> Bound | None:
    """Return a figure that is not below the table's at a place, or None outside of the table.

    The sources give no rule for places in between. The largest of the figures around the place is on the
    safe side, as each table rises or falls along its axes.

    Parameters
    ----------
    table
        Grid whose rows are numbers.
    row, column
        Place asked for.
    last_row_goes_on
        Whether the last row may stand for what lies beyond it, because figures fall along the rows.
    """
    rows = {float(name): name for name in table.rows}
    nearest = _list_around(sorted(rows), row, last_row_goes_on)
    columns = _list_around(table.columns, column, goes_on=False)
    figures = [
        figure for one in nearest for other in columns if (figure := table.find(rows[one], other)) is not None
    ]
    if not figures:
        return None
    exact = nearest == [row] and columns == [column]
    around = f"{table.row_axis} {_write(nearest)}, {table.column_axis} {_write(columns)}"
    note = (
        ""
        if exact
        else f"no figure at {row:g} {table.row_axis} and {column:g} {table.column_axis}: largest of {around}"
    )
    return Bound(max(figures), note)


def _list_around(places: list[float] | tuple[float, ...], place: float, goes_on: bool) -> list[float]:
    if place in places:
        return [place]
    after = bisect_left(places, place)
    if after == 0:
        return []
    if after == len(places):
        return [places[-1]] if goes_on else []
    return [places[after - 1], places[after]]


def _write(places: list[float]) -> str:
    return " and ".join(f"{place:g}" for place in places)
