"""Age bands as bars to both sides: women to the left, men to the right."""

from collections.abc import Sequence

from oncopolis.report.pictures import style
from oncopolis.report.pictures.canvas import Canvas
from oncopolis.report.pictures.scales import Scale, Write, list_ticks

_TOP, _BOTTOM, _ROW, _MIDDLE = 30, 40, 15, 56


def draw_pyramid(
    bands: Sequence[str],
    left_values: Sequence[float],
    right_values: Sequence[float],
    *,
    sides: tuple[str, str],
    write: Write,
    title: str,
    unit: str,
) -> str:
    """Draw two rows of bars back to back, the first band at the bottom."""
    height = _TOP + len(bands) * _ROW + _BOTTOM
    canvas = Canvas(height)
    half = (style.WIDTH - _MIDDLE) / 2
    ticks = list_ticks(0, max(*left_values, *right_values), 4)
    bottom = height - _BOTTOM
    to_left = Scale(0, ticks[-1], half, 0)
    to_right = Scale(0, ticks[-1], half + _MIDDLE, style.WIDTH)
    for tick in ticks:
        for scale in (to_left, to_right):
            canvas.line((scale(tick), _TOP), (scale(tick), bottom), style.GRID)
            anchor = "middle" if 0 < scale(tick) < style.WIDTH else ("start" if scale(tick) == 0 else "end")
            canvas.text((scale(tick), bottom + 15), write(tick), anchor=anchor, size=style.SMALL)
    for i, band in enumerate(bands):
        y = bottom - (i + 1) * _ROW + 1.5
        canvas.text((style.WIDTH / 2, y + 10), band, anchor="middle", size=style.SMALL)
        x = to_left(left_values[i])
        canvas.box((x, y), half - x, _ROW - 3, style.AMBER, f"{sides[0]}, {band}: {write(left_values[i])}")
        canvas.box(
            (half + _MIDDLE, y),
            to_right(right_values[i]) - half - _MIDDLE,
            _ROW - 3,
            style.BLUE,
            f"{sides[1]}, {band}: {write(right_values[i])}",
        )
    canvas.text((half, 16), f"{sides[0]}  {write(sum(left_values))}", anchor="end", fill=style.INK, bold=True)
    canvas.text((half + _MIDDLE, 16), f"{sides[1]}  {write(sum(right_values))}", fill=style.INK, bold=True)
    canvas.text((style.WIDTH / 2, height - 6), unit, anchor="middle", size=style.SMALL)
    return canvas.to_svg(
        title, f"{sides[0]} {write(sum(left_values))}; {sides[1]} {write(sum(right_values))}"
    )
