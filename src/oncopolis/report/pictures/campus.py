"""A plan of the campus, drawn as a scheme: buildings with their departments, people as dots."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from oncopolis.report.pictures import style
from oncopolis.report.pictures.canvas import Canvas, Point, measure_text, shorten
from oncopolis.report.pictures.scales import Scale

Series = Sequence[float]


@dataclass(frozen=True)
class Place:
    """A department: how many people are there by quarter of an hour, and how many of them wait."""

    label: str
    present: Series
    waiting: Series


@dataclass(frozen=True)
class Block:
    """A building; without a name the departments stand alone."""

    label: str
    places: Sequence[Place]


_CELL, _HEAD, _PITCH, _DOT, _PAD, _GAP, _TITLE, _LEGEND = 114, 20, 9.0, 3.4, 8, 18, 22, 26
_COUNT = 34
"""Room for the number before the dots."""
_STRIP, _STRIP_LEFT, _MOST_DOTS, _MOST_STRETCH = 86, 40, 48, 2.2
_EACH = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_HOURS = (0, 6, 12, 18, 24)

WAITING, SERVED, FREE = "w", "s", "o"
"""Kinds of dots: somebody who waits, somebody who is served, a place that is empty now."""


def choose_each(blocks: Sequence[Block]) -> int:
    """Return how many people a dot stands for."""
    most = max((max(place.present, default=0) for block in blocks for place in block.places), default=0)
    return next((each for each in _EACH if most / each <= _MOST_DOTS), _EACH[-1])


def draw_campus(
    blocks: Sequence[Block], quarter: int, *, words: tuple[str, str, str], title: str, description: str
) -> str:
    """Draw the campus at one quarter of an hour, with the whole day as a strip below.

    Parameters
    ----------
    blocks
        Buildings, in order.
    quarter
        The quarter of an hour shown, 0 to 95.
    words
        Names of those who wait, of those who are served, and of what a dot is.
    title, description
        What the picture shows.
    """
    each = choose_each(blocks)
    shelves = _fill_shelves(blocks)
    heights = [max(_measure_height(block, each) for block in shelf) for shelf in shelves]
    height = _LEGEND + sum(heights) + _GAP * len(shelves) + _STRIP
    canvas = Canvas(height)
    _draw_legend(canvas, words)
    top = float(_LEGEND)
    for shelf, high in zip(shelves, heights, strict=True):
        natural = sum(_measure_width(block) for block in shelf)
        stretch = min((style.WIDTH - _GAP * (len(shelf) - 1)) / natural, _MOST_STRETCH)
        left = 0.0
        for block in shelf:
            width = _measure_width(block) * stretch
            _draw_block(canvas, block, (left, top), (width, high), quarter, each)
            left += width + _GAP
        top += high + _GAP
    _draw_strip(canvas, [place for block in blocks for place in block.places], quarter, top)
    return canvas.to_svg(title, description)


def _count_columns(block: Block) -> int:
    return min(len(block.places), 3) if block.label else min(len(block.places), 6)


def _measure_width(block: Block) -> float:
    return _count_columns(block) * _CELL + 2 * _PAD


def _count_rows(block: Block) -> int:
    return -(-len(block.places) // _count_columns(block))


def _measure_cell(block: Block, each: int) -> float:
    most = max(max(place.present, default=0) for place in block.places)
    per_row = int((_CELL - _COUNT - 4) // _PITCH)
    return _HEAD + max(-(-math.ceil(most / each) // per_row), 1) * _PITCH + 8


def _measure_height(block: Block, each: int) -> float:
    title = _TITLE if block.label else 0
    return title + _count_rows(block) * (_measure_cell(block, each) + 4) + _PAD


def _fill_shelves(blocks: Sequence[Block]) -> list[list[Block]]:
    """Put buildings side by side for as long as they fit, in their order."""
    shelves: list[list[Block]] = []
    room = 0.0
    for block in blocks:
        width = _measure_width(block)
        if not shelves or width > room:
            shelves.append([])
            room = float(style.WIDTH)
        shelves[-1].append(block)
        room -= width + _GAP
    return shelves


def _draw_block(
    canvas: Canvas, block: Block, corner: Point, size: tuple[float, float], quarter: int, each: int
) -> None:
    (left, top), (width, high) = corner, size
    canvas.box(corner, width, high, style.HEAT[0], radius=6)
    if block.label:
        canvas.text((left + _PAD, top + 16), shorten(block.label, width - 16), fill=style.INK, bold=True)
    across = _count_columns(block)
    cell = (width - 2 * _PAD + 4) / across
    tall = (high - (_TITLE if block.label else 0) - _PAD) / _count_rows(block)
    for i, place in enumerate(block.places):
        x = left + _PAD + i % across * cell
        y = top + (_TITLE if block.label else _PAD / 2) + i // across * tall
        _draw_place(canvas, place, (x, y), (cell - 4, tall - 4), quarter, each)


def _draw_place(
    canvas: Canvas, place: Place, corner: Point, size: tuple[float, float], quarter: int, each: int
) -> None:
    (x, y), (width, height) = corner, size
    present, waiting = place.present[quarter], place.waiting[quarter]
    canvas.open_group("place", place.label)
    canvas.box(corner, width, height, style.PAPER, radius=3)
    canvas.text((x + 6, y + 14), shorten(place.label, width - 16, style.SMALL), size=style.SMALL)
    canvas.text(
        (x + _COUNT - 6, y + _HEAD + 9),
        str(round(present)),
        anchor="end",
        size=style.SMALL,
        fill=style.INK,
        bold=True,
        kind="n",
    )
    shown, amber = count_dots(present, waiting, each)
    per_row = int((width - _COUNT - 4) // _PITCH)
    for i in range(math.ceil(max(place.present, default=0) / each)):
        kind = WAITING if i < amber else SERVED if i < shown else FREE
        at = (x + _COUNT + 4 + i % per_row * _PITCH, y + _HEAD + 5 + i // per_row * _PITCH)
        canvas.circle(at, _DOT, kind)
    canvas.close_group()


def count_dots(present: float, waiting: float, each: int) -> tuple[int, int]:
    """Return the dots of those who are there, and how many of them are of those who wait."""
    shown = math.floor(present / each + 0.5)
    return shown, min(math.floor(waiting / each + 0.5), shown)


def _draw_legend(canvas: Canvas, words: tuple[str, str, str]) -> None:
    left = 4.0
    for kind, word in zip((WAITING, SERVED), words[:2], strict=True):
        canvas.circle((left, 8), _DOT + 0.8, kind)
        canvas.text((left + 9, 12), word, size=style.SMALL)
        left += 9 + measure_text(word, style.SMALL) + 18
    canvas.text((left, 12), words[2], size=style.SMALL)


def _draw_strip(canvas: Canvas, places: Sequence[Place], quarter: int, top: float) -> None:
    """Draw everybody on campus over the day, with a cursor at the quarter shown."""
    n = len(places[0].present)
    total = [sum(place.present[i] for place in places) for i in range(n)]
    wait = [sum(place.waiting[i] for place in places) for i in range(n)]
    bottom = top + _STRIP - 22
    x = Scale(0, n, _STRIP_LEFT, style.WIDTH - 4)
    y = Scale(0, max(*total, 1), bottom, top + 6)
    ends = [(x(n), bottom), (x(0), bottom)]
    canvas.area([*((x(i + 0.5), y(value)) for i, value in enumerate(total)), *ends], style.PALE_BLUE)
    canvas.area([*((x(i + 0.5), y(value)) for i, value in enumerate(wait)), *ends], style.AMBER)
    canvas.text((_STRIP_LEFT - 6, top + 12), str(round(max(total))), anchor="end", size=style.SMALL)
    for hour in _HOURS:
        at = x(hour * n / 24)
        anchor = "start" if hour == 0 else "end" if hour == 24 else "middle"
        canvas.text((at, bottom + 15), f"{hour:02d}:00", anchor=anchor, size=style.SMALL)
        canvas.line((at, bottom), (at, bottom + 4), style.FAINT)
    at = x(quarter + 0.5)
    canvas.line((at, top), (at, bottom), style.INK, 1.6, kind="cursor")


def find_strip(n: int) -> tuple[float, float]:
    """Return the left end of the strip and the width of one of its `n` parts."""
    x = Scale(0, n, _STRIP_LEFT, style.WIDTH - 4)
    return x(0.5), x(1) - x(0)
