"""The lists of a day as bars on a time axis: a row a theatre."""

from collections.abc import Sequence
from dataclasses import dataclass

from oncopolis.foundation.units import MINUTES_PER_HOUR
from oncopolis.report.pictures import style
from oncopolis.report.pictures.canvas import Canvas, measure_text, shorten

_NAMES, _CHANCES, _ROW, _TOP, _FOOT, _BAR = 52, 96, 26, 44, 20, 20
_COLOURS = {1: style.ROSE, 2: style.BLUE}
_OTHER = style.TEAL
_RISKY = 0.3  # structure: share of overruns from which it is written in bold


@dataclass(frozen=True)
class Block:
    """An operation, in minutes since midnight."""

    label: str
    tip: str
    from_min: float
    until_min: float
    clinical_class: int | None


@dataclass(frozen=True)
class Row:
    """The list of a theatre.

    Parameters
    ----------
    closes_min
        When the theatre closes; None for one without a list.
    share_overrun
        How often it ends later.
    """

    label: str
    blocks: Sequence[Block]
    opens_min: float
    closes_min: float
    share_overrun: float | None
    remark: str


def draw_lists(rows: Sequence[Row], *, legend: Sequence[tuple[int, str]], overrun: str, title: str) -> str:
    """Draw the lists of a day.

    Parameters
    ----------
    legend
        Clinical classes with their names.
    overrun
        Heading of the column with the chances.
    """
    canvas = Canvas(_TOP + len(rows) * _ROW + _FOOT)
    first = min(row.opens_min for row in rows) // MINUTES_PER_HOUR * MINUTES_PER_HOUR
    last = max([*(row.closes_min for row in rows), *(one.until_min for row in rows for one in row.blocks)])
    last = -(-last // MINUTES_PER_HOUR) * MINUTES_PER_HOUR
    scale = (style.WIDTH - _NAMES - _CHANCES) / (last - first)

    def x(minute: float) -> float:
        return _NAMES + (minute - first) * scale

    bottom = _TOP + len(rows) * _ROW
    for hour in range(int(first) // MINUTES_PER_HOUR, int(last) // MINUTES_PER_HOUR + 1):
        at = x(hour * MINUTES_PER_HOUR)
        canvas.line((at, _TOP - 6), (at, bottom))
        canvas.text((at, bottom + 14), f"{hour:02d}", anchor="middle", size=style.SMALL)
    _draw_legend(canvas, legend)
    canvas.text((style.WIDTH, _TOP - 10), overrun, anchor="end", size=style.SMALL)
    for number, row in enumerate(rows):
        top = _TOP + number * _ROW
        canvas.text((_NAMES - 8, top + 15), row.label, anchor="end", fill=style.INK)
        canvas.box((x(row.opens_min), top), x(row.closes_min) - x(row.opens_min), _BAR, "#f1f4f7")
        for one in row.blocks:
            width = x(one.until_min) - x(one.from_min)
            colour = _COLOURS.get(one.clinical_class or 0, _OTHER)
            canvas.box((x(one.from_min), top), width - 1, _BAR, colour, one.tip, 2)
            words = shorten(one.label, width - 6, style.SMALL)
            if len(words) > 2 or words == one.label:
                canvas.text((x(one.from_min) + 4, top + 14), words, fill=style.PAPER, size=style.SMALL)
        canvas.line((x(row.closes_min), top - 2), (x(row.closes_min), top + _BAR + 2), style.INK, 1.2)
        is_risky = (row.share_overrun or 0) >= _RISKY
        canvas.text(
            (style.WIDTH, top + 15), row.remark, anchor="end", bold=is_risky,
            fill=style.ROSE if is_risky else style.MUTED, size=style.SMALL,
        )  # fmt: skip
    said = "; ".join(f"{row.label}: {', '.join(one.label for one in row.blocks)}" for row in rows)
    return canvas.to_svg(title, said)


def _draw_legend(canvas: Canvas, legend: Sequence[tuple[int, str]]) -> None:
    left = float(_NAMES)
    for clinical_class, words in legend:
        canvas.box((left, 4), 10, 10, _COLOURS.get(clinical_class, _OTHER))
        canvas.text((left + 14, 13), words, size=style.SMALL)
        left += 14 + measure_text(words, style.SMALL) + 16
