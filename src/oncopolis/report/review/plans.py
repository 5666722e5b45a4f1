"""Plans of the storeys with what was found marked on them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from oncopolis.report.language import mark
from oncopolis.report.markup import fill
from oncopolis.report.pictures import style
from oncopolis.report.pictures.canvas import Canvas, measure_text, shorten
from oncopolis.report.sheet import Section, Sheet

ERROR, WARNING, UNKNOWN, FINE, PASSAGE = "#d9a1ac", style.PALE_AMBER, "#dfe3e8", "#e4efec", "#f5f7f9"
_RANKS = {"error": 3, "warning": 2, "unknown": 1, "": 0}  # structure: what hides what
_FILLS = {"error": ERROR, "warning": WARNING, "unknown": UNKNOWN, "": FINE}
LEGEND = (
    (ERROR, mark("error")),
    (WARNING, mark("warning")),
    (UNKNOWN, mark("not checkable")),
    (FINE, mark("nothing found")),
    (PASSAGE, mark("passage")),
)
_MARGIN = 8  # structure: paper around the plan
_SMALL = 9  # structure: size of a room's number
_LEAST_ROOM = 14  # structure: rooms drawn narrower than this get no number
_MOST_HEIGHT = 900.0  # structure: a taller picture is drawn narrower
_N_TOLD = 4  # structure: findings told when a room is pointed at
_CORNERS = 3  # structure: corners of the smallest room

Space = Mapping[str, Any]


def write_plans(sheet: Sheet, document: dict[str, Any]) -> Section | None:
    """Write a plan of each storey; None for models without outlines."""
    by_storey: dict[str, list[Space]] = defaultdict(list)
    for space in document["spaces"]:
        if len(space["outline"]) >= _CORNERS:
            by_storey[space["storey"]].append(space)
    if not by_storey:
        return None
    worst, told = _find_worst(sheet, document)
    storeys = {storey["id"]: storey for storey in document["building"]["storeys"]}
    order = sorted(by_storey, key=lambda key: (storeys.get(key, {}).get("elevation_m") or 0.0, key))
    text = sheet.text
    blocks = [_write_legend(sheet)]
    for key in order:
        name = storeys.get(key, {}).get("name") or text("no storey")
        marked = sum(worst.get(space["id"], "") in {"error", "warning"} for space in by_storey[key])
        caption = text(
            "{storey}: {spaces} spaces, {marked} with findings",
            storey=name,
            spaces=len(by_storey[key]),
            marked=marked,
        )
        blocks.append(sheet.picture(_draw(by_storey[key], worst, told, name), caption))
    lead = text("Point at a room to read what was found there. Outlines are those of the model.")
    return Section("plans", text("Plans"), lead, tuple(blocks))


def _find_worst(sheet: Sheet, document: dict[str, Any]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the gravest mark of each space and what to tell of it."""
    worst: dict[str, str] = {}
    told: dict[str, list[str]] = defaultdict(list)
    for group in document["groups"]:
        if group["state"] not in {"failed", "unknown"} or (group["state"], group["severity"]) == (
            "failed",
            "note",
        ):
            continue
        mark_ = group["severity"] if group["state"] == "failed" else "unknown"
        for outcome in group["outcomes"]:
            for thing in outcome["things"]:
                if thing["kind"] != "space":
                    continue
                if _RANKS[mark_] > _RANKS[worst.get(thing["id"], "")]:
                    worst[thing["id"]] = mark_
                if mark_ != "unknown":
                    told[thing["id"]].append(
                        f"{sheet.label(group['message'])}: {sheet.label(outcome['actual'])}"
                    )
    return worst, told


def _write_legend(sheet: Sheet) -> Markup:
    parts = Markup().join(
        fill('<span class="swatch" style="background:{}"></span>{} ', colour, sheet.text(words))
        for colour, words in LEGEND
    )
    return fill('<p class="legend plan-legend">{}</p>', parts)


def _draw(
    spaces: Sequence[Space], worst: Mapping[str, str], told: Mapping[str, list[str]], title: str
) -> str:
    xs = [point[0] for space in spaces for point in space["outline"]]
    ys = [point[1] for space in spaces for point in space["outline"]]
    across, along = max(max(xs) - min(xs), 1.0), max(max(ys) - min(ys), 1.0)
    scale = min((style.WIDTH - 2 * _MARGIN) / across, _MOST_HEIGHT / along)
    left, top = min(xs), max(ys)
    canvas = Canvas(along * scale + 2 * _MARGIN)

    def place(point: Sequence[float]) -> tuple[float, float]:
        return (point[0] - left) * scale + _MARGIN, (top - point[1]) * scale + _MARGIN

    numbers = []
    for space in sorted(spaces, key=lambda one: -_measure(one["outline"])):
        found = worst.get(space["id"], "")
        fill_ = PASSAGE if not found and space["role"] else _FILLS[found]
        points = [place(point) for point in space["outline"]]
        tip = "\n".join([space["words"], *told.get(space["id"], ())[:_N_TOLD]])
        canvas.area(points, fill_, tip=tip)
        canvas.path([*points, points[0]], style.FAINT, 0.6)  # structure: thickness of a line
        numbers.append((space["number"], points, found))
    for number, points, found in numbers:
        _write_number(canvas, number, points, is_bold=found == "error")
    return canvas.to_svg(title, title)


def _write_number(
    canvas: Canvas, number: str, points: Sequence[tuple[float, float]], *, is_bold: bool
) -> None:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    if width < _LEAST_ROOM or height < _SMALL + 2 or not _is_inside(points):
        return
    words = number if measure_text(number, _SMALL) <= width else shorten(number, width, _SMALL)
    middle = (
        (max(xs) + min(xs)) / 2,
        (max(ys) + min(ys)) / 2 + _SMALL / 3,
    )  # structure: a third down is the middle
    canvas.text(middle, words, anchor="middle", size=_SMALL, fill=style.INK, bold=is_bold)


def _is_inside(points: Sequence[tuple[float, float]]) -> bool:
    """Whether the middle of the box around an outline lies within it; bent corridors get no number else."""
    x = (min(point[0] for point in points) + max(point[0] for point in points)) / 2
    y = (min(point[1] for point in points) + max(point[1] for point in points)) / 2
    inside = False
    for (x1, y1), (x2, y2) in zip(points, [*points[1:], points[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def _measure(outline: Sequence[Sequence[float]]) -> float:
    pairs = zip(outline, [*outline[1:], outline[0]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2
