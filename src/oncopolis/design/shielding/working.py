"""`Step`: a formula, its clause, and the numbers put in, so that a reader can redo it by hand."""

from dataclasses import dataclass

_DIGITS = 4  # structure: digits shown


@dataclass(frozen=True)
class Step:
    """One line of the shown working."""

    symbol: str
    formula: str
    """With symbols."""
    numbers: str
    """With the numbers put in."""
    value: float
    unit: str
    clause: str
    note: str = ""

    def to_plain(self) -> dict[str, str | float]:
        """Return it as plain data."""
        return dict(vars(self))


def show(value: float) -> str:
    """Write a number for a line of working."""
    return f"{value:.{_DIGITS}g}"


def times(*values: float) -> str:
    """Write a product of numbers."""
    return " x ".join(map(show, values))
