"""Curves over days, each named at its right end, with an optional upright line."""

from collections.abc import Sequence
from dataclasses import dataclass

from oncopolis.report.pictures import style
from oncopolis.report.pictures.canvas import Canvas, shorten
from oncopolis.report.pictures.scales import (
    Scale,
    Write,
    draw_length_axis,
    draw_value_axis,
    list_ticks,
    spread_labels,
)


@dataclass(frozen=True)
class Curve:
    """One curve: its values on day 0, 1, 2 … and a remark behind its name."""

    label: str
    remark: str
    values: Sequence[float]
    is_strong: bool = False


_TOP, _BOTTOM, _LEFT, _HEIGHT, _LABELS = 24, 44, 46, 330, 216
_PARTS = (0.0, 0.25, 0.5, 0.75, 1.0)


def draw_curves(
    curves: Sequence[Curve],
    *,
    write: Write,
    write_share: Write,
    title: str,
    unit: str,
    limits: Sequence[float],
) -> str:
    """Draw shares that rise from 0 to 1; a curve that has ended stays where it is.

    Parameters
    ----------
    curves
        Curves; the strong ones are drawn last.
    write, write_share
        Write a day and a share.
    title
        What the picture shows.
    unit
        What is on the level axis.
    limits
        Days at which an upright line stands.
    """
    canvas = Canvas(_HEIGHT)
    right = style.WIDTH - _LABELS
    last = max([*(len(curve.values) - 1 for curve in curves), *limits, 1])
    ticks = [tick for tick in list_ticks(0, last, 6) if tick <= last]
    x = Scale(0, last, _LEFT, right)
    y = Scale(0, 1, _HEIGHT - _BOTTOM, _TOP)
    draw_value_axis(canvas, y, _PARTS, (_LEFT, right), write_share)
    draw_length_axis(canvas, x, ticks, (_TOP, _HEIGHT - _BOTTOM), write)
    canvas.text((_LEFT, _HEIGHT - 8), unit, size=style.SMALL)
    for limit in limits:
        canvas.line((x(limit), _TOP - 8), (x(limit), _HEIGHT - _BOTTOM), style.ROSE, 1.4, "4 3")
        canvas.text((x(limit) + 4, _TOP - 8), write(limit), size=style.SMALL, fill=style.ROSE)
    order = sorted(
        range(len(curves)), key=lambda i: curves[i].values[len(curves[i].values) // 2], reverse=True
    )
    colours = {}
    for k, i in enumerate(sorted(order, key=lambda i: curves[i].is_strong)):
        curve = curves[i]
        colours[i] = style.INK if curve.is_strong else style.SERIES[k % len(style.SERIES)]
        points = [(x(day), y(value)) for day, value in enumerate(curve.values) if day <= last]
        canvas.path([*points, (right, points[-1][1])], colours[i], 2.6 if curve.is_strong else 1.6)
    places = spread_labels([_TOP + 8 + k * style.LINE for k in range(len(order))], style.LINE, _TOP, _HEIGHT)
    for place, i in zip(places, order, strict=True):
        canvas.box((right + 14, place - 4), 10, 4 if curves[i].is_strong else 3, colours[i])
        words = f"{curves[i].label} {curves[i].remark}"
        canvas.text(
            (right + 29, place + 3),
            shorten(words, _LABELS - 29, style.SMALL),
            size=style.SMALL,
            fill=style.INK if curves[i].is_strong else style.MUTED,
            bold=curves[i].is_strong,
        )
    return canvas.to_svg(title, "; ".join(f"{curve.label} {curve.remark}" for curve in curves))
