"""`Quantity`: a number of the plan that knows how it was made.

Values stand on two axes, draws (central first) and years; either may have length one. Arithmetic on
quantities records itself, so that the explanation of a figure is the calculation and not a description of
it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from oncopolis.centre import Coefficient
from oncopolis.evidence import Row
from oncopolis.foundation import NotFoundError
from oncopolis.planning.coefficients import CENTRAL, Array, Coefficients


@dataclass(eq=False)
class Quantity:
    """A number on the axes draws x years, with the operation and the quantities it came from."""

    values: Array
    """Shape (draws or 1, years or 1)."""
    op: str
    """Operation in words or as a sign."""
    parents: tuple["Quantity", ...] = ()
    """What it was made from."""
    key: str = ""
    """Name, once it is a figure of the plan."""
    label: str = ""
    """What it is called."""
    unit: str = ""
    """Unit, once named."""
    row: Row | None = None
    """Evidence row, for a coefficient."""
    details: Callable[[], Sequence["Detail"]] | None = field(default=None, repr=False)
    """Further lines of the explanation, made when asked for."""

    def __add__(self, other: "Quantity | int") -> "Quantity":
        return _combine("+", np.add, self, other)

    def __sub__(self, other: "Quantity | int") -> "Quantity":
        return _combine("-", np.subtract, self, other)

    def __rsub__(self, other: int) -> "Quantity":
        return _combine("-", np.subtract, other, self)

    def __mul__(self, other: "Quantity | int | float") -> "Quantity":
        return _combine("x", np.multiply, self, other)

    def __truediv__(self, other: "Quantity | int | float") -> "Quantity":
        return _combine("/", _divide, self, other)

    def __pow__(self, other: "Quantity | int") -> "Quantity":
        return _combine("^", np.power, self, other)

    def ceil(self) -> "Quantity":
        """Round up to whole numbers; a hair above a whole number is rounding noise and stays."""
        return Quantity(np.ceil(self.values - ROUNDING_NOISE), "round up", (self,))

    def at_most(self, other: "Quantity | int | float") -> "Quantity":
        """Return the smaller of the two."""
        return _combine("at most", np.minimum, self, other)

    def at_least(self, other: "Quantity | int | float") -> "Quantity":
        """Return the larger of the two."""
        return _combine("at least", np.maximum, self, other)

    def where_needed(self, other: "Quantity") -> "Quantity":
        """Return this where `other` is above zero, else zero."""
        return Quantity(np.where(other.values > 0, self.values, 0.0), "if there is any", (self, other))

    def at(self, year_index: int, year: int) -> "Quantity":
        """Return the value of one year, shape (draws, 1)."""
        if self.values.shape[1] == 1:
            return self
        return Quantity(self.values[:, year_index : year_index + 1], f"in {year}", (self,))

    @property
    def central(self) -> Array:
        """Central values by year."""
        values: Array = self.values[CENTRAL]
        return values


MOST_NEAR = 5  # structure: how many suggestions are shown
ROUNDING_NOISE = 1e-9  # structure: what floating point may add to a whole number


@dataclass(frozen=True)
class Detail:
    """A line of an explanation below the named quantities: a step of a pathway, say."""

    value: float
    unit: str
    evidence: tuple[str, ...]
    write: Callable[[], str]

    @property
    def text(self) -> str:
        """The line in words, written when somebody reads it."""
        return self.write()


def _divide(left: Array, right: Array) -> Array:
    return np.divide(
        left, right, out=np.zeros(np.broadcast_shapes(left.shape, right.shape)), where=right != 0
    )


def _combine(
    op: str,
    function: Callable[[Array, Array], Array],
    left: Quantity | int | float,
    right: Quantity | int | float,
) -> Quantity:
    a, b = to_quantity(left), to_quantity(right)
    return Quantity(function(a.values, b.values), op, (a, b))


def to_quantity(value: Quantity | int | float) -> Quantity:
    """Wrap a structural number."""
    if isinstance(value, Quantity):
        return value
    return Quantity(np.full((1, 1), float(value)), f"{value:g}")


def total(parts: Sequence[Quantity], op: str = "sum") -> Quantity:
    """Return the sum of quantities; of none, zero."""
    if not parts:
        return to_quantity(0)
    shape = np.broadcast_shapes(*(part.values.shape for part in parts))
    values = np.zeros(shape)
    for part in parts:
        values += part.values
    return Quantity(values, op, tuple(parts))


def largest(parts: Sequence[Quantity]) -> Quantity:
    """Return the largest of quantities, element by element."""
    result = parts[0]
    for part in parts[1:]:
        result = result.at_least(part)
    return result


class Ledger:
    """The figures of one plan by key, and the coefficients they rest on.

    Parameters
    ----------
    coefficients
        Source of draws.
    years
        Calendar years of the year axis.
    """

    def __init__(self, coefficients: Coefficients, years: Sequence[int]) -> None:
        self.coefficients = coefficients
        self.years = tuple(years)
        self.figures: dict[str, Quantity] = {}
        self._evidence: dict[tuple[str, str], Quantity] = {}

    def name(self, key: str, label: str, unit: str, quantity: Quantity) -> Quantity:
        """Make a quantity a figure of the plan.

        A quantity that already is one becomes the parent of the new figure, so that both keep their name.
        """
        if quantity.key or quantity.row is not None:
            quantity = Quantity(quantity.values, "=", (quantity,))
        quantity.key, quantity.label, quantity.unit = key, label, unit
        self.figures[key] = quantity
        return quantity

    def get(self, key: str) -> Quantity:
        """Return a figure.

        Raises
        ------
        NotFoundError
            If there is none of that key.
        """
        if key in self.figures:
            return self.figures[key]
        from difflib import get_close_matches

        near = [
            *get_close_matches(key, self.figures, n=MOST_NEAR),
            *(known for known in self.figures if key in known),
        ]
        near = list(dict.fromkeys(near))[:MOST_NEAR]
        raise NotFoundError(
            code="PLA-010",
            where="figure",
            got=repr(key),
            expected="a figure of the plan" + (f", such as {', '.join(near)}" if near else ""),
            fix="list them with `oncopolis explain PROJECT --list`",
        )

    def evidence(self, coefficient: Coefficient, unit: str = "") -> Quantity:
        """Return a coefficient as a quantity, shape (draws, 1), converted to `unit` if one is given."""
        if isinstance(coefficient, int):
            return to_quantity(coefficient)
        if (coefficient, unit) not in self._evidence:
            values = (
                self.coefficients.get_in(coefficient, unit) if unit else self.coefficients.get(coefficient)
            )
            row = self.coefficients.used[coefficient]
            self._evidence[coefficient, unit] = Quantity(
                values[:, None], "evidence", key=coefficient, label=row.label, unit=unit or row.unit, row=row
            )
        return self._evidence[coefficient, unit]

    def given(self, values: Array, label: str) -> Quantity:
        """Return an input that is no coefficient (a calendar, say), shape (1 or draws, years or 1)."""
        return Quantity(values, label)

    def find_year(self, year: int) -> int:
        """Return the index of a calendar year, or of the nearest year on the axis."""
        return min(range(len(self.years)), key=lambda i: abs(self.years[i] - year))

    def list_inputs(self, quantity: Quantity) -> Iterator[Quantity]:
        """Yield the figures and coefficients a quantity was directly made from, each once."""
        seen: set[int] = set()
        waiting = list(reversed(quantity.parents))
        while waiting:
            parent = waiting.pop()
            if id(parent) in seen:
                continue
            seen.add(id(parent))
            if parent.key:
                yield parent
            else:
                waiting.extend(reversed(parent.parents))


_BINDING = {
    "at most": 0,
    "at least": 0,
    "+": 1,
    "-": 1,
    "x": 2,
    "/": 2,
    "^": 3,
}  # structure: which binds tighter
_TIGHTEST = 4  # structure: a name, a number, or what stands in parentheses of its own
_RIGHT = {
    "-": 2,
    "/": 3,
    "^": 4,
    "at most": 1,
    "at least": 1,
}  # structure: what their right side must bind by
_THROUGH = ("=", "if there is any")
"""Operations that are not written."""
MOST_TERMS = 6  # structure: terms shown before "and more"


def write_formula(quantity: Quantity) -> str:
    """Write how a quantity was made, in terms of the figures and coefficients below it."""
    return _write(quantity)


def _write(quantity: Quantity) -> str:
    if not quantity.parents:
        return quantity.op
    if quantity.op in _THROUGH:
        return _name(quantity.parents[0])
    if quantity.op in _BINDING:
        return _write_sign(quantity)
    if quantity.op.startswith("in "):
        return f"{_enclose(quantity.parents[0], _TIGHTEST)} {quantity.op}"
    texts = [_name(parent) for parent in quantity.parents]
    n_left = len(texts) - MOST_TERMS
    shown = ", ".join(texts[:MOST_TERMS]) + (f" and {n_left} more" if n_left > 0 else "")
    return f"{quantity.op}({shown})"


def _write_sign(quantity: Quantity) -> str:
    op, (first, second) = quantity.op, quantity.parents
    left = _enclose(first, _TIGHTEST if op == "^" else _BINDING[op])
    right = _enclose(second, _RIGHT.get(op, _BINDING[op]))
    return f"{left}, {op} {right}" if op.startswith("at ") else f"{left} {op} {right}"


def _name(quantity: Quantity) -> str:
    """What a quantity is called, or how it was made if it has no name."""
    return (quantity.label or quantity.key) if quantity.key else _write(quantity)


def _enclose(quantity: Quantity, binding: int) -> str:
    """Name a quantity, in parentheses if it is held together by a weaker sign than `binding`."""
    text = _name(quantity)
    return f"({text})" if _find_binding(quantity) < binding else text


def _find_binding(quantity: Quantity) -> int:
    if quantity.key or not quantity.parents:
        return _TIGHTEST
    if quantity.op in _THROUGH:
        return _find_binding(quantity.parents[0])
    return _BINDING.get(quantity.op, _TIGHTEST)
