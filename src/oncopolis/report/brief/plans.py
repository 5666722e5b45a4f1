"""Block plans: each storey as shapes that both SVG and PDF can draw."""

from collections.abc import Iterator, Mapping, Sequence
from colorsys import hls_to_rgb
from dataclasses import dataclass
from textwrap import wrap

from oncopolis.design.layout import DrawnStorey, Layout
from oncopolis.design.layout.drawn import DrawnSpace, Rect
from oncopolis.report.brief.tables import BriefTables
from oncopolis.report.language import mark

GOLDEN = 0.618033988749895
WAY, WALL, DOOR, INK, QUIET = "#FBF3DC", "#3A4652", "#C2410C", "#1B2733", "#54616E"
LETTER, SYLLABLE = 0.58, 0.95
"""Width of a letter, and of a Korean syllable, as a share of its size."""
LINE = 1.15
LEAST_SIZE, LARGEST_SIZE, TITLE_SIZE, LEGEND_SIZE = 0.26, 0.9, 2.4, 1.5
STEPS, PADDING, SLACK = 11, 0.2, 1e-6
MARGIN, LEGEND_WIDTH, HEAD = 3.0, 34.0, 6.0
LEAST_DEPTH = 26.0

WAYS = {"corridor": mark("Corridor"), "street": mark("Main corridor"), "lobby": mark("Lifts")}


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; y runs downwards, m."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    stroke: str
    line: float
    title: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A line of text; x is its start or its middle, y its baseline, m."""

    x: float
    y: float
    text: str
    size: float
    colour: str
    is_centred: bool
    is_bold: bool = False


@dataclass(frozen=True)
class Plan:
    """The drawing of a storey."""

    name: str
    title: str
    width: float
    height: float
    shapes: tuple[Box | Label, ...]


class PlanDrawer:
    """Draws the storeys of a layout in one language."""

    def __init__(self, layout: Layout, tables: BriefTables) -> None:
        self.layout, self.tables, self.text = layout, tables, tables.text
        self.letter = SYLLABLE if tables.language.code == "ko" else LETTER
        self.colours = {part.id: _pick_colour(i) for i, part in enumerate(layout.programme.departments)}

    def list_plans(self) -> Iterator[Plan]:
        """Yield the plan of every storey."""
        labels = {block.id: self.tables.name(block.labels) for block in self.layout.programme.blocks}
        for storey in self.layout.storeys:
            level = self.tables.language.numeral(storey.level, 0)
            title = self.text("{building}, storey {level}", building=labels[storey.building], level=level)
            yield self._draw(storey, title)

    def _draw(self, storey: DrawnStorey, title: str) -> Plan:
        outline = storey.outline
        dx, dy = MARGIN - outline.x0, HEAD + outline.y1
        shapes: list[Box | Label] = [Label(MARGIN, HEAD - 2.6, title, TITLE_SIZE, INK, False, True)]
        shapes.extend(_box(part.outline, dx, dy, "#F3F5F7", "#B8C2CC", 0.12) for part in storey.parts)
        for space in storey.drawing.spaces:
            shapes.extend(self._draw_space(space, dx, dy))
        shields = (wall.rect for wall in storey.drawing.walls if wall.shields)
        shapes.extend(_box(rect, dx, dy, WALL, WALL, 0.0) for rect in shields)
        shapes.extend(_box(door.rect, dx, dy, DOOR, DOOR, 0.0) for door in storey.drawing.doors)
        x = MARGIN + outline.width + MARGIN
        shapes.extend(self._draw_legend(storey, x))
        height = max(HEAD + outline.depth + MARGIN, LEAST_DEPTH, HEAD + 4.4 * (len(storey.parts) + 4))
        return Plan(storey.key, title, x + LEGEND_WIDTH, height, tuple(shapes))

    def _draw_space(self, space: DrawnSpace, dx: float, dy: float) -> Iterator[Box | Label]:
        room = self.layout.programme.room_types.get(space.room_type)
        fill = self.colours[space.department] if room else WAY
        name = self.tables.name(room.labels) if room else self.text(WAYS[space.kind])
        area = f"{self.tables.language.numeral(space.area_m2, 1)} m²"
        for rect in space.rects:
            line = 0.08 if room else 0.0
            yield _box(rect, dx, dy, fill, "#7A8794" if room else WAY, line, f"{name}, {area} ({space.key})")
        rect = space.rects[0]
        if room:
            yield from _fit(name, area, rect, dx, dy, self.letter)
        elif space.kind == "lobby":
            yield from _fit(name, "", rect, dx, dy, self.letter)

    def _draw_legend(self, storey: DrawnStorey, x: float) -> Iterator[Box | Label]:
        tables, y = self.tables, HEAD
        for part in storey.parts:
            yield Box(x, y, 2.2, 2.2, self.colours[part.department], "#7A8794", 0.08)
            for i, line in enumerate(wrap(tables.departments[part.department], 34)[:2]):
                yield Label(x + 3, y + 1.3 + i * 1.7, line, LEGEND_SIZE, INK, False, True)
            area = tables.language.numeral(part.outline.area, 0)
            lines = len(wrap(tables.departments[part.department], 34)[:2])
            drawn = self.text("{area} m² with its corridors", area=area)
            yield Label(x + 3, y + 1.3 + lines * 1.7, drawn, 1.2, QUIET, False)
            y += 4.4 + (lines - 1) * 1.7
        yield Box(x, y, 2.2, 0.6, DOOR, DOOR, 0.0)
        yield Label(x + 3, y + 0.9, self.text("Door"), 1.2, QUIET, False)
        yield Box(x + 12, y - 0.3, 2.2, 1.2, WAY, "#B8C2CC", 0.08)
        yield Label(x + 15, y + 0.9, self.text("Corridor"), 1.2, QUIET, False)
        yield Box(x, y + 2, 2.2, 1.2, WALL, WALL, 0.0)
        yield Label(x + 3, y + 3.1, self.text("Shielding wall, before it is computed"), 1.2, QUIET, False)
        yield Box(x, y + 5.4, 10, 0.3, INK, INK, 0.0)
        yield Label(x, y + 7.3, "10 m", 1.2, QUIET, False)


def _box(rect: Rect, dx: float, dy: float, fill: str, stroke: str, line: float, title: str = "") -> Box:
    return Box(rect.x0 + dx, dy - rect.y1, rect.width, rect.depth, fill, stroke, line, title)


def _fit(name: str, area: str, rect: Rect, dx: float, dy: float, letter: float) -> Iterator[Label]:
    """Write a name into a room as large as it fits, with its area if both fit; else the tooltip has them."""
    for shown in dict.fromkeys((area, "")):
        for step in range(STEPS):
            size = LARGEST_SIZE - step * (LARGEST_SIZE - LEAST_SIZE) / (STEPS - 1)
            lines = _break(name, shown, rect, size, letter)
            if lines:
                yield from _place(lines, bool(shown), rect, dx, dy, size)
                return


def _break(name: str, area: str, rect: Rect, size: float, letter: float) -> list[str]:
    """Break a name into lines that fit a room at a size; none if it does not fit."""
    letters = int((rect.width - PADDING) / (size * letter) + SLACK)
    lines = wrap(name, letters, break_long_words=False) if letters > 0 else []
    n_area = len(area) * LETTER / letter
    lines = [*lines, area] if area else lines
    is_high = len(lines) * size * LINE > rect.depth - PADDING
    is_wide = n_area > letters or any(len(line) > letters for line in lines if line != area)
    return [] if is_high or is_wide else lines


def _place(
    lines: Sequence[str], has_area: bool, rect: Rect, dx: float, dy: float, size: float
) -> Iterator[Label]:
    x, middle = rect.middle
    top = dy - middle - len(lines) * size * LINE / 2
    for i, line in enumerate(lines):
        colour = QUIET if has_area and i == len(lines) - 1 else INK
        yield Label(x + dx, top + (i + 0.8) * size * LINE, line, size, colour, True)


def _pick_colour(i: int) -> str:
    red, green, blue = hls_to_rgb((i * GOLDEN) % 1, 0.86 - 0.05 * (i % 3), 0.55)
    return f"#{round(red * 255):02X}{round(green * 255):02X}{round(blue * 255):02X}"


def to_svg(plan: Plan) -> str:
    """Return a plan as an SVG image in metres."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {plan.width:.2f} {plan.height:.2f}" '
        f'width="{plan.width * 8:.0f}" height="{plan.height * 8:.0f}" role="img" '
        f"font-family=\"Inter, 'Noto Sans', 'Noto Sans CJK KR', 'DejaVu Sans', sans-serif\">"
        f"<title>{_escape(plan.title)}</title>"
        f'<rect width="100%" height="100%" fill="#FFFFFF"/>'
    )
    return "\n".join((head, *(_write_svg(shape) for shape in plan.shapes), "</svg>\n"))


def _write_svg(shape: Box | Label) -> str:
    if isinstance(shape, Box):
        stroke = f' stroke="{shape.stroke}" stroke-width="{shape.line}"' if shape.line else ""
        start = (
            f'<rect x="{shape.x:.2f}" y="{shape.y:.2f}" width="{shape.width:.2f}" '
            f'height="{shape.height:.2f}" fill="{shape.fill}"{stroke}'
        )
        return f"{start}><title>{_escape(shape.title)}</title></rect>" if shape.title else f"{start}/>"
    anchor = ' text-anchor="middle"' if shape.is_centred else ""
    weight = ' font-weight="600"' if shape.is_bold else ""
    return (
        f'<text x="{shape.x:.2f}" y="{shape.y:.2f}" font-size="{shape.size:.2f}" '
        f'fill="{shape.colour}"{anchor}{weight}>{_escape(shape.text)}</text>'
    )


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def name_files(plans: Sequence[Plan]) -> Mapping[str, Plan]:
    """Return plans by the name of their files."""
    return {f"plan_{plan.name.replace('.', '_').replace('-', 'minus')}.svg": plan for plan in plans}
