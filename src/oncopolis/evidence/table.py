"""`Table`: figures over two axes that stand together in one place of one source."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError, model_validator

from oncopolis.evidence.row import Status
from oncopolis.foundation import Collector, EvidenceError, Frozen, load_yaml
from oncopolis.foundation.faults import to_errors
from oncopolis.foundation.units import UNITS


class Table(Frozen):
    """A grid of one source; what it does not hold is None."""

    label: str
    """What the figures are."""
    unit: str
    """Unit of the figures, out of the closed list."""
    scale: float = 1.0
    """What the figures are multiplied by, where the source leaves a power of ten to the heading."""
    column_axis: str
    """What the columns are, with its unit."""
    row_axis: str
    """What the rows are, with its unit if they are numbers."""
    columns: tuple[float, ...]
    """Places of the columns, rising."""
    rows: dict[str, tuple[float | None, ...]]
    """Row -> figures, one a column."""
    source: str
    """Bibliography id."""
    locator: str
    """Table or section within the source."""
    status: Status
    """As of a row of the evidence."""
    opened: bool
    """Whether somebody opened the source and saw the figures."""
    note: str | None = None
    """Caveat."""

    @model_validator(mode="after")
    def _is_a_grid(self) -> "Table":
        if self.unit not in UNITS:
            raise ValueError("a unit of the closed list in docs/reference/units.md")
        if list(self.columns) != sorted(set(self.columns)):
            raise ValueError("columns that rise")
        if any(len(figures) != len(self.columns) for figures in self.rows.values()):
            raise ValueError(f"{len(self.columns)} figures in each row, one a column")
        return self

    def find(self, row: str, column: float) -> float | None:
        """Return the figure at a row and column the table has, or None."""
        figures = self.rows.get(row)
        if figures is None or column not in self.columns:
            return None
        figure = figures[self.columns.index(column)]
        return None if figure is None else figure * self.scale


@cache
def load_tables(name: str) -> dict[str, Table]:
    """Return the tables of one file of the package, by key.

    Raises
    ------
    InputErrors
        With every table that is no grid.
    """
    path = Path(str(files("oncopolis.evidence").joinpath("tables", f"{name}.yaml")))
    located = load_yaml(path, f"evidence/tables/{path.name}")
    faults = Collector()
    tables: dict[str, Table] = {}
    for key, fields in located.data.items():
        try:
            tables[key] = Table.model_validate(fields)
        except ValidationError as error:
            for fault in to_errors(error, located, (key,), code="EVI-002", model=Table):
                faults.add(fault)
    faults.raise_if_any()
    return tables


def get_table(name: str, key: str) -> Table:
    """Return one table.

    Raises
    ------
    EvidenceError
        If the file has no table of that key.
    """
    tables = load_tables(name)
    if key not in tables:
        raise EvidenceError(
            code="EVI-006",
            where=f"evidence/tables/{name}.yaml",
            got=f"the table {key!r}",
            expected=f"one of {', '.join(tables)}",
            fix="add the table, or ask for one that is there",
        )
    return tables[key]
