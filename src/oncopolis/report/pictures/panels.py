"""Small pictures side by side: one series each over years, with its band."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oncopolis.report.pictures import style
from oncopolis.report.pictures.canvas import Canvas, shorten
from oncopolis.report.pictures.scales import Scale, Write, draw_value_axis, draw_year_axis, list_ticks


@dataclass(frozen=True)
class Panel:
    """One small picture."""

    label: str
    unit: str
    values: Sequence[float]
    span: tuple[int, float, float] | None = None
    """An interval in one year: the year, its low and its high end."""
    limit: Sequence[float] | None = None
    """A dashed line: what there is room for."""
    href: str = ""


_ACROSS, _GAP, _HEIGHT, _TOP, _BOTTOM, _LEFT = 3, 26, 190, 40, 26, 52


def draw_panels(
    years: Sequence[int],
    panels: Sequence[Panel],
    *,
    write: Write,
    title: str,
    events: Mapping[int, str],
    across: int = _ACROSS,
) -> str:
    """Draw one panel for each series, `across` of them in a row; `events` are upright lines."""
    rows = -(-len(panels) // across)
    canvas = Canvas(rows * _HEIGHT)
    width = (style.WIDTH - _GAP * (across - 1)) / across
    for i, panel in enumerate(panels):
        _draw(
            canvas, years, panel, (i % across * (width + _GAP), i // across * _HEIGHT), width, write, events
        )
    described = (
        f"{panel.label}: {write(panel.values[0])} → {write(panel.values[-1])} {panel.unit}"
        for panel in panels
    )
    return canvas.to_svg(title, "; ".join(described))


def _draw(
    canvas: Canvas,
    years: Sequence[int],
    panel: Panel,
    corner: tuple[float, float],
    width: float,
    write: Write,
    events: Mapping[int, str],
) -> None:
    left, top = corner
    bottom = top + _HEIGHT - _BOTTOM
    ticks = list_ticks(
        0, max([*panel.values, *(panel.span[1:] if panel.span else ()), *(panel.limit or ())]), 4
    )
    x = Scale(years[0], years[-1], left + _LEFT, left + width - 14)
    y = Scale(0, ticks[-1], bottom, top + _TOP)
    canvas.text(
        (left, top + 12), shorten(panel.label, width * 0.92), fill=style.INK, bold=True, href=panel.href
    )
    canvas.text((left, top + 27), panel.unit, size=style.SMALL)
    draw_value_axis(canvas, y, ticks, (left + _LEFT, left + width - 14), write)
    for year in events:
        if years[0] <= year <= years[-1]:
            canvas.line((x(year), top + _TOP), (x(year), bottom), style.FAINT, 1, "3 3")
    if panel.limit:
        canvas.path(
            [(x(year), y(value)) for year, value in zip(years, panel.limit, strict=True)],
            style.AMBER,
            1.6,
            "5 3",
        )
    points = [(x(year), y(value)) for year, value in zip(years, panel.values, strict=True)]
    canvas.path(points, style.BLUE)
    canvas.dot(points[-1], 3, style.BLUE, f"{years[-1]}: {write(panel.values[-1])}")
    if panel.span and years[0] <= panel.span[0] <= years[-1]:
        year, low, high = panel.span
        canvas.line((x(year), y(low)), (x(year), y(high)), style.INK, 1.4)
        for end in (low, high):
            canvas.line((x(year) - 4, y(end)), (x(year) + 4, y(end)), style.INK, 1.4)
    draw_year_axis(canvas, x, years, bottom, 3)
