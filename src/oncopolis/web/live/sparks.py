"""Trends as small lines, drawn on the server: they show where something goes, and are no measuring device."""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup, escape

WIDTH: Final = 132  # structure: units of the drawing, about pixels
HEIGHT: Final = 34  # structure: likewise
_EDGE: Final = 3  # structure: room for the dot of the last value
_MOST: Final = 200  # structure: points of a line, more than it has pixels


def draw_trend(
    points: Sequence[tuple[int, float]], span: tuple[int, int], shown: tuple[float, float], words: str
) -> Markup:
    """Return a line as SVG, with a dot at its last value.

    Parameters
    ----------
    points
        (moment, value), the oldest first; moments are milliseconds since 1970 (UTC).
    span
        Moments at the left and the right edge.
    shown
        Values at the bottom and the top; what is beyond stands at the edge.
    words
        What it shows, for those who do not see it.
    """
    (from_ms, until_ms), (low, high) = span, shown

    def place(at_ms: int, value: float) -> tuple[float, float]:
        across = (at_ms - from_ms) / max(until_ms - from_ms, 1)
        up = (min(max(value, low), high) - low) / (high - low)
        return _EDGE + across * (WIDTH - 2 * _EDGE), HEIGHT - _EDGE - up * (HEIGHT - 2 * _EDGE)

    step = max(1, -(-len(points) // _MOST))
    kept = [*points[:-1:step], points[-1]]
    places = [place(at_ms, value) for at_ms, value in kept]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    x, y = places[-1]
    return Markup(  # noqa: S704 - numbers, and words that are escaped
        f'<svg class="trend" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(words)}">'
        f'<polyline points="{line}"/><circle cx="{x:.1f}" cy="{y:.1f}" r="2.5"/></svg>'
    )
