"""Loads of nurses: a strip a shift, a dot a nurse, and the line that none should be above."""

from collections.abc import Sequence
from dataclasses import dataclass

from oncopolis.report.pictures import style
from oncopolis.report.pictures.canvas import Canvas

_LEFT, _TOP, _HEIGHT, _FOOT, _DOT = 44, 16, 150, 34, 2.6
_TICKS = (0.0, 0.5, 1.0)
_BINS = 30  # structure: how finely loads are told apart


@dataclass(frozen=True)
class Strip:
    """A shift: the loads of its nurses as shares of the most, and what each dot tells."""

    label: str
    day: str
    loads: Sequence[tuple[float, str]]


def draw_loads(strips: Sequence[Strip], *, most: str, title: str) -> str:
    """Draw the strips side by side; shifts of one day stand together."""
    canvas = Canvas(_TOP + _HEIGHT + _FOOT)
    highest = max([1.0, *(load for strip in strips for load, _ in strip.loads)]) * 1.08
    each = (style.WIDTH - _LEFT) / len(strips)

    def y(load: float) -> float:
        return _TOP + _HEIGHT * (1 - load / highest)

    for tick in _TICKS:
        is_most = tick == _TICKS[-1]
        canvas.line((_LEFT, y(tick)), (style.WIDTH, y(tick)), style.ROSE if is_most else style.GRID)
        canvas.text((_LEFT - 6, y(tick) + 4), f"{tick:.0%}", anchor="end", size=style.SMALL)
    canvas.text((style.WIDTH, y(1) - 4), most, anchor="end", size=style.SMALL, fill=style.ROSE)
    for number, strip in enumerate(strips):
        middle = _LEFT + (number + 0.5) * each
        for load, shift, tip in _spread(strip.loads, each):
            colour = style.ROSE if load > 1 else style.BLUE
            canvas.dot((middle + shift, y(load)), _DOT, colour, tip)
        canvas.text((middle, _TOP + _HEIGHT + 14), strip.label, anchor="middle", size=9)
        if number == 0 or strips[number - 1].day != strip.day:
            n = sum(other.day == strip.day for other in strips)
            at = _LEFT + (number + n / 2) * each
            canvas.text((at, _TOP + _HEIGHT + 29), strip.day, anchor="middle", size=style.SMALL)
            if number:
                canvas.line((_LEFT + number * each, _TOP), (_LEFT + number * each, _TOP + _HEIGHT + 18))
    return canvas.to_svg(
        title, "; ".join(f"{strip.day} {strip.label}: {len(strip.loads)}" for strip in strips)
    )


def _spread(loads: Sequence[tuple[float, str]], width: float) -> list[tuple[float, float, str]]:
    """Return each dot with how far it is moved aside, so that equal ones do not hide each other."""
    taken: dict[int, int] = {}
    widest = max(1, int(width / (2 * _DOT)) - 1)
    spread = []
    for load, tip in sorted(loads):
        level = round(load * _BINS)
        n = taken.get(level, 0)
        taken[level] = n + 1
        place = n % widest
        side = (place + 1) // 2 * (1 if place % 2 else -1)
        spread.append((load, side * 2 * _DOT, tip))
    return spread
