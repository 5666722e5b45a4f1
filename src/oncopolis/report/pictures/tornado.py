"""How far a headline moves when one input goes to either end of its range."""

from collections.abc import Sequence
from dataclasses import dataclass

from oncopolis.report.pictures import style
from oncopolis.report.pictures.canvas import Canvas, measure_text, shorten
from oncopolis.report.pictures.scales import Scale, Write, draw_length_axis, list_ticks


@dataclass(frozen=True)
class Swing:
    """An input: the headline at its low and at its high end."""

    label: str
    at_low: float
    at_high: float
    ends: str
    """The input's range in words."""
    href: str = ""


_TOP, _BOTTOM, _ROW, _NAMES, _RIGHT = 36, 34, 26, 330, 16


def draw_tornado(
    value: float, swings: Sequence[Swing], *, write: Write, words: tuple[str, str], title: str, unit: str
) -> str:
    """Draw one bar for each input around the headline's `value`; `words` name the low and the high end."""
    height = _TOP + len(swings) * _ROW + _BOTTOM
    canvas = Canvas(height)
    bottom = height - _BOTTOM
    ends = [value, *(swing.at_low for swing in swings), *(swing.at_high for swing in swings)]
    ticks = list_ticks(min(ends), max(ends))
    x = Scale(ticks[0], ticks[-1], _NAMES, style.WIDTH - _RIGHT)
    draw_length_axis(canvas, x, ticks, (_TOP - 6, bottom), write)
    for i, swing in enumerate(swings):
        middle = _TOP + i * _ROW + _ROW / 2 - 3
        canvas.text(
            (_NAMES - 8, middle - 1),
            shorten(swing.label, _NAMES - 8),
            anchor="end",
            fill=style.INK,
            href=swing.href,
        )
        canvas.text((_NAMES - 8, middle + 10), shorten(swing.ends, _NAMES - 8, 9), anchor="end", size=9)
        for end, colour, word in (
            (swing.at_low, style.AMBER, words[0]),
            (swing.at_high, style.BLUE, words[1]),
        ):
            start = min(x(end), x(value))
            canvas.box((start, middle - 7), abs(x(end) - x(value)), 14, colour, f"{word}: {write(end)}")
    canvas.line((x(value), _TOP - 8), (x(value), bottom), style.INK, 1.4)
    canvas.text((x(value), _TOP - 12), write(value), anchor="middle", fill=style.INK, bold=True)
    left = 0.0
    for word, colour in zip(words, (style.AMBER, style.BLUE), strict=True):
        canvas.box((left, 4), 10, 10, colour)
        canvas.text((left + 14, 13), word, size=style.SMALL)
        left += 14 + measure_text(word, style.SMALL) + 14
    canvas.text((_NAMES, height - 4), unit, size=style.SMALL)
    return canvas.to_svg(
        title, "; ".join(f"{swing.label}: {write(swing.at_low)} … {write(swing.at_high)}" for swing in swings)
    )
