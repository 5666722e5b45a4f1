"""Bars in pieces, lying, with an optional interval and dots for other rules."""

from collections.abc import Sequence
from dataclasses import dataclass

from oncopolis.report.pictures import style
from oncopolis.report.pictures.canvas import Canvas, measure_text, shorten
from oncopolis.report.pictures.scales import Scale, Write, draw_length_axis, list_ticks


@dataclass(frozen=True)
class Piece:
    """A part of every bar."""

    label: str
    colour: str


@dataclass(frozen=True)
class Bar:
    """One bar."""

    label: str
    values: Sequence[float]
    low: float | None = None
    high: float | None = None
    dots: tuple[tuple[str, float], ...] = ()
    href: str = ""


_TOP, _BOTTOM, _ROW, _NAMES, _NUMBERS = 34, 34, 24, 210, 64

NAME_WIDTH = _NAMES - 8
"""Room for the name of a bar."""


def draw_bars(
    bars: Sequence[Bar], pieces: Sequence[Piece], *, write: Write, title: str, unit: str, dot_label: str = ""
) -> str:
    """Draw one lying bar for each entry, with the pieces in a legend above."""
    height = _TOP + len(bars) * _ROW + _BOTTOM
    canvas = Canvas(height)
    bottom = height - _BOTTOM
    longest = max(max(sum(bar.values), bar.high or 0, *(value for _, value in bar.dots), 0) for bar in bars)
    ticks = list_ticks(0, longest)
    x = Scale(0, ticks[-1], _NAMES, style.WIDTH - _NUMBERS)
    draw_length_axis(canvas, x, ticks, (_TOP - 6, bottom), write)
    _draw_legend(canvas, pieces, dot_label if any(bar.dots for bar in bars) else "")
    for i, bar in enumerate(bars):
        _draw_bar(canvas, bar, pieces, x, _TOP + i * _ROW, write)
    canvas.text((_NAMES, height - 4), unit, size=style.SMALL)
    return canvas.to_svg(title, "; ".join(f"{bar.label} {write(sum(bar.values))}" for bar in bars))


def _draw_bar(canvas: Canvas, bar: Bar, pieces: Sequence[Piece], x: Scale, top: float, write: Write) -> None:
    middle = top + _ROW / 2 - 3
    canvas.text(
        (_NAMES - 8, middle + 4), shorten(bar.label, NAME_WIDTH), anchor="end", fill=style.INK, href=bar.href
    )
    start = 0.0
    for piece, value in zip(pieces, bar.values, strict=True):
        if value:
            canvas.box(
                (x(start), middle - 7),
                x(start + value) - x(start),
                14,
                piece.colour,
                f"{bar.label}, {piece.label}: {write(value)}",
            )
        start += value
    if bar.low is not None and bar.high is not None and bar.high > bar.low:
        low = max(bar.low, 0.0)
        canvas.line((x(low), middle), (x(bar.high), middle), style.INK, 1.2)
        for end in (low, bar.high):
            canvas.line((x(end), middle - 4), (x(end), middle + 4), style.INK, 1.2)
    for label, value in bar.dots:
        canvas.diamond((x(value), middle), 4.5, style.ROSE, f"{label}: {write(value)}")
    canvas.text((style.WIDTH, middle + 4), write(sum(bar.values)), anchor="end", fill=style.INK)


def _draw_legend(canvas: Canvas, pieces: Sequence[Piece], dot_label: str) -> None:
    left = float(_NAMES)
    for piece in pieces:
        canvas.box((left, 4), 10, 10, piece.colour)
        canvas.text((left + 14, 13), piece.label, size=style.SMALL)
        left += 14 + measure_text(piece.label, style.SMALL) + 14
    if dot_label:
        canvas.diamond((left + 5, 9), 4.5, style.ROSE)
        canvas.text((left + 14, 13), dot_label, size=style.SMALL)
