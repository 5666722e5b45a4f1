"""A plan of a treatment room, drawn to scale: walls with their layers, and people behind them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from oncopolis.report.pictures import style
from oncopolis.report.pictures.canvas import Canvas, Point, measure_text


@dataclass(frozen=True)
class Slab:
    """A wall: its name, whether the beam meets it, and for each layer material, words and corners in m."""

    label: str
    kind: str
    layers: Sequence[tuple[str, str, Sequence[Point]]]


@dataclass(frozen=True)
class Person:
    """Somebody behind a wall."""

    label: str
    at: Point
    is_safe: bool


_PAD_M, _MOST_HEIGHT, _CROSS, _DOT, _LEGEND = 2.0, 640.0, 8.0, 6.0, 52.0
_FILLS = {"concrete": "#d3d9df", "steel": "#8b97a3", "lead": "#54616e", "polyethylene": "#ecd0a0"}
_OTHER = "#a9c6de"
_SCALE_M = 2


def draw_bunker(
    slabs: Sequence[Slab],
    people: Sequence[Person],
    *,
    words: tuple[str, str, str],
    title: str,
    description: str,
) -> str:
    """Draw the plan with a bar of two metres.

    Parameters
    ----------
    slabs, people
        In m from the isocentre, y upwards.
    words
        Names of the isocentre, of places within and above their limit.
    title, description
        What the picture shows.
    """
    places = [corner for slab in slabs for _, _, corners in slab.layers for corner in corners]
    places += [person.at for person in people] + [(0.0, 0.0)]
    left, right = min(x for x, _ in places) - _PAD_M, max(x for x, _ in places) + _PAD_M
    low, high = min(y for _, y in places) - _PAD_M, max(y for _, y in places) + _PAD_M
    scale = min(style.WIDTH / (right - left), _MOST_HEIGHT / (high - low))
    shift = (style.WIDTH - (right - left) * scale) / 2
    canvas = Canvas((high - low) * scale + _LEGEND)

    def put(place: Point) -> Point:
        return shift + (place[0] - left) * scale, (high - place[1]) * scale

    for slab in slabs:
        _draw_slab(canvas, slab, put)
    x, y = put((0.0, 0.0))
    canvas.line((x - _CROSS, y), (x + _CROSS, y), style.ROSE, 2)
    canvas.line((x, y - _CROSS), (x, y + _CROSS), style.ROSE, 2)
    canvas.text((x + _CROSS + 4, y - 6), words[0], size=style.SMALL)
    for person in people:
        _draw_person(canvas, person, put(person.at))
    _draw_legend(canvas, words, scale)
    return canvas.to_svg(title, description)


def _draw_slab(canvas: Canvas, slab: Slab, put: Callable[[Point], Point]) -> None:
    drawn = [[put(corner) for corner in corners] for _, _, corners in slab.layers]
    for (material, words, _), corners in zip(slab.layers, drawn, strict=True):
        canvas.area(corners, _FILLS.get(material, _OTHER), tip=f"{slab.label}: {words}")
        canvas.path([*corners, corners[0]], style.MUTED, 1)
    if slab.kind == "primary":
        canvas.path(drawn[0][:2], style.AMBER, 4)
    corners = [corner for layer in drawn for corner in layer]
    middle_x = (min(x for x, _ in corners) + max(x for x, _ in corners)) / 2
    middle_y = (min(y for _, y in corners) + max(y for _, y in corners)) / 2
    lines = [slab.label, *(words for _, words, _ in slab.layers)]
    top = middle_y - (len(lines) - 1) * style.LINE / 2 + 4
    for i, words in enumerate(lines):
        width = measure_text(words, style.SMALL) + 8
        canvas.box(
            (middle_x - width / 2, top + i * style.LINE - 12), width, style.LINE, style.PAPER, radius=2
        )
        canvas.text(
            (middle_x, top + i * style.LINE),
            words,
            anchor="middle",
            fill=style.INK,
            size=style.SMALL,
            bold=i == 0,
        )


def _draw_person(canvas: Canvas, person: Person, place: Point) -> None:
    x, y = place
    if person.is_safe:
        canvas.dot(place, _DOT, style.TEAL, tip=person.label)
    else:
        canvas.diamond(place, _DOT + 3, style.ROSE, tip=person.label)
    outwards = person.at[0] < 0 and abs(person.at[0]) > abs(person.at[1])
    is_left = outwards or x + _DOT + 5 + measure_text(person.label, style.SMALL) > style.WIDTH
    canvas.text(
        (x - _DOT - 5 if is_left else x + _DOT + 5, y + 4),
        person.label,
        anchor="end" if is_left else "start",
        fill=style.INK if person.is_safe else style.ROSE,
        size=style.SMALL,
        bold=not person.is_safe,
    )


def _draw_legend(canvas: Canvas, words: tuple[str, str, str], scale: float) -> None:
    y = canvas.height - 16
    length = _SCALE_M * scale
    canvas.line((20, y), (20 + length, y), style.INK, 2)
    canvas.line((20, y - 5), (20, y + 5), style.INK, 2)
    canvas.line((20 + length, y - 5), (20 + length, y + 5), style.INK, 2)
    canvas.text((28 + length, y + 4), f"{_SCALE_M} m", size=style.SMALL)
    x = 70 + length
    canvas.dot((x, y), _DOT, style.TEAL)
    canvas.text((x + 12, y + 4), words[1], size=style.SMALL)
    x += 30 + measure_text(words[1], style.SMALL)
    canvas.diamond((x, y), _DOT + 2, style.ROSE)
    canvas.text((x + 14, y + 4), words[2], size=style.SMALL)
