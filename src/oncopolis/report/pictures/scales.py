"""Scales with round ticks, and axes drawn along them."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from oncopolis.report.pictures import style
from oncopolis.report.pictures.canvas import Canvas

Write = Callable[[float], str]
"""Writes a tick's value."""

_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Scale:
    """A straight map from values to places."""

    first: float
    last: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the place of a value."""
        span = self.last - self.first or 1
        return self.start + (value - self.first) / span * (self.end - self.start)


def list_ticks(low: float, high: float, n: int = 5) -> list[float]:
    """List about `n` round values that cover low to high."""
    if high <= low:
        high = low + 1
    rough = (high - low) / n
    power = 10 ** math.floor(math.log10(rough))
    step = next((factor * power for factor in _STEPS if factor * power >= rough * 0.999), 10 * power)
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return [i * step for i in range(first, last + 1)]


def list_year_ticks(years: Sequence[int], n: int = 6) -> list[int]:
    """List years at a round distance, the first and the last among them."""
    span = years[-1] - years[0]
    step = next((step for step in (1, 2, 5, 10, 20) if span / step <= n), 20)
    inner = [
        year
        for year in range(years[0], years[-1])
        if year % step == 0 and min(year - years[0], years[-1] - year) >= step * 0.6
    ]
    return list(dict.fromkeys([years[0], *inner, years[-1]]))


def draw_value_axis(
    canvas: Canvas, scale: Scale, ticks: Sequence[float], span: tuple[float, float], write: Write
) -> None:
    """Draw horizontal grid lines from left to right with their values at the left."""
    left, right = span
    for tick in ticks:
        y = scale(tick)
        canvas.line((left, y), (right, y), style.FAINT if tick == 0 else style.GRID)
        canvas.text((left - 6, y + 4), write(tick), anchor="end", size=style.SMALL)


def draw_length_axis(
    canvas: Canvas, scale: Scale, ticks: Sequence[float], span: tuple[float, float], write: Write
) -> None:
    """Draw vertical grid lines from top to bottom with their values below."""
    top, bottom = span
    for tick in ticks:
        x = scale(tick)
        canvas.line((x, top), (x, bottom), style.FAINT if tick == 0 else style.GRID)
        canvas.text((x, bottom + 15), write(tick), anchor="middle", size=style.SMALL)


def draw_year_axis(canvas: Canvas, scale: Scale, years: Sequence[int], bottom: float, n: int = 6) -> None:
    """Write years below the picture."""
    for year in list_year_ticks(years, n):
        canvas.line((scale(year), bottom), (scale(year), bottom + 4), style.FAINT)
        canvas.text((scale(year), bottom + 17), str(year), anchor="middle", size=style.SMALL)


def spread_labels(places: Sequence[float], distance: float, low: float, high: float) -> list[float]:
    """Move labels apart until none overlaps, keeping their order and staying within low to high.

    Parameters
    ----------
    places
        Wished places, in rising order.
    distance
        Least distance between neighbours.
    low, high
        Ends of the space there is.
    """
    moved = list(places)
    for i in range(1, len(moved)):
        moved[i] = max(moved[i], moved[i - 1] + distance)
    if moved:
        moved[-1] = min(moved[-1], high)
    for i in range(len(moved) - 2, -1, -1):
        moved[i] = max(min(moved[i], moved[i + 1] - distance), low)
    return moved
