"""Need beside what is planned, each resource on its own scale: planned is 100 %."""

from collections.abc import Sequence
from dataclasses import dataclass

from oncopolis.report.pictures import style
from oncopolis.report.pictures.canvas import Canvas, measure_text, shorten
from oncopolis.report.pictures.scales import Scale, Write, draw_length_axis


@dataclass(frozen=True)
class Need:
    """A resource: what is planned, what is needed, what other rules ask for."""

    label: str
    n: float
    need: float
    low: float | None = None
    high: float | None = None
    norms: tuple[tuple[str, float], ...] = ()
    href: str = ""


_TOP, _BOTTOM, _ROW, _NAMES, _NUMBERS = 36, 34, 24, 232, 20
_WIDEST = 200


def draw_need(
    needs: Sequence[Need],
    *,
    write: Write,
    write_share: Write,
    words: tuple[str, str, str],
    title: str,
    unit: str,
) -> str:
    """Draw one row for each resource; `words` name what is planned, needed and asked for by norms."""
    height = _TOP + len(needs) * _ROW + _BOTTOM
    canvas = Canvas(height)
    bottom = height - _BOTTOM
    x = Scale(0, _WIDEST, _NAMES, style.WIDTH - _NUMBERS)
    draw_length_axis(canvas, x, range(0, _WIDEST + 1, 50), (_TOP - 6, bottom), write_share)
    for i, need in enumerate(needs):
        _draw_row(canvas, need, x, _TOP + i * _ROW, write)
    _draw_legend(canvas, words)
    canvas.text((_NAMES, height - 4), unit, size=style.SMALL)
    return canvas.to_svg(
        title,
        "; ".join(
            f"{need.label}: {words[0]} {write(need.n)}, {words[1]} {write(need.need)}" for need in needs
        ),
    )


def _draw_row(canvas: Canvas, need: Need, x: Scale, top: float, write: Write) -> None:
    middle = top + _ROW / 2 - 3
    planned = write(need.n)
    canvas.text((_NAMES - 8, middle + 4), planned, anchor="end", fill=style.INK, bold=True)
    room = _NAMES - 54
    canvas.text(
        (_NAMES - 50, middle + 4), shorten(need.label, room), anchor="end", fill=style.INK, href=need.href
    )
    if not need.n:
        return

    def place(value: float) -> float:
        return x(min(value / need.n * 100, _WIDEST))

    canvas.box((x(0), middle - 7), place(need.n) - x(0), 14, style.PALE_BLUE)
    for label, value in need.norms:
        canvas.diamond((place(value), middle), 4.5, style.ROSE, f"{label}: {write(value)}")
    if need.low is not None and need.high is not None:
        canvas.line((place(need.low), middle), (place(need.high), middle), style.INK, 1.4)
    canvas.dot((place(need.need), middle), 4.5, style.BLUE, write(need.need))


def _draw_legend(canvas: Canvas, words: tuple[str, str, str]) -> None:
    left = float(_NAMES)
    for i, word in enumerate(words):
        if i == 0:
            canvas.box((left, 4), 10, 10, style.PALE_BLUE)
        elif i == 1:
            canvas.line((left - 2, 9), (left + 12, 9), style.INK, 1.4)
            canvas.dot((left + 5, 9), 4.5, style.BLUE)
        else:
            canvas.diamond((left + 5, 9), 4.5, style.ROSE)
        canvas.text((left + 15, 13), word, size=style.SMALL)
        left += 15 + measure_text(word, style.SMALL) + 16
