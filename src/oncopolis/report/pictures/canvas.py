"""`Canvas`: SVG elements with their attributes in a fixed order."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from oncopolis.report.pictures import style

Point = tuple[float, float]


def write_number(value: float) -> str:
    """Write a coordinate with one decimal, shortest form."""
    text = f"{value:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"


class Canvas:
    """A picture in the making; `to_svg` ends it.

    Parameters
    ----------
    height
        Height in the units of the picture.
    width
        Width in the units of the picture.
    """

    def __init__(self, height: float, width: float = style.WIDTH) -> None:
        self.height, self.width = height, width
        self._parts: list[str] = []

    def line(
        self,
        start: Point,
        end: Point,
        stroke: str = style.GRID,
        width: float = 1,
        dash: str = "",
        kind: str = "",
    ) -> None:
        """Draw a straight line."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        (x1, y1), (x2, y2) = start, end
        ends = (
            f'x1="{write_number(x1)}" y1="{write_number(y1)}" x2="{write_number(x2)}" y2="{write_number(y2)}"'
        )
        named = f'class="{kind}" ' if kind else ""
        self._parts.append(f'<line {named}{ends} stroke="{stroke}" stroke-width="{width}"{dashes}/>')

    def box(
        self, corner: Point, width: float, height: float, fill: str, tip: str = "", radius: float = 0
    ) -> None:
        """Draw a filled rectangle from its upper left corner; `tip` shows when it is pointed at."""
        x, y = corner
        rounded = f' rx="{write_number(radius)}"' if radius else ""
        head = (
            f'<rect x="{write_number(x)}" y="{write_number(y)}" width="{write_number(max(width, 0))}"'
            f' height="{write_number(max(height, 0))}" fill="{fill}"{rounded}'
        )
        self._close(head, "rect", tip)

    def area(self, points: Sequence[Point], fill: str, opacity: float = 1, tip: str = "") -> None:
        """Draw a filled outline."""
        faded = f' fill-opacity="{opacity:g}"' if opacity < 1 else ""
        self._close(f'<path d="M{_join(points)}Z" fill="{fill}"{faded}', "path", tip)

    def path(self, points: Sequence[Point], stroke: str, width: float = 2, dash: str = "") -> None:
        """Draw an open line through points."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._parts.append(
            f'<path d="M{_join(points)}" fill="none" stroke="{stroke}" stroke-width="{width:g}"'
            f' stroke-linejoin="round"{dashes}/>'
        )

    def dot(self, centre: Point, radius: float, fill: str, tip: str = "", stroke: str = style.PAPER) -> None:
        """Draw a dot with a thin outline."""
        x, y = centre
        place = f'cx="{write_number(x)}" cy="{write_number(y)}" r="{write_number(radius)}"'
        head = f'<circle {place} fill="{fill}" stroke="{stroke}"'
        self._close(head, "circle", tip)

    def diamond(self, centre: Point, radius: float, stroke: str, tip: str = "") -> None:
        """Draw a hollow diamond."""
        x, y = centre
        points = ((x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y))
        self._close(
            f'<path d="M{_join(points)}Z" fill="{style.PAPER}" stroke="{stroke}" stroke-width="1.5"',
            "path",
            tip,
        )

    def cells(self, corners: Sequence[Point], width: float, height: float, fill: str) -> None:
        """Draw many rectangles of one size and colour as one element."""
        if corners:
            size = f"h{write_number(width)}v{write_number(height)}h{write_number(-width)}z"
            outline = "".join(f"M{write_number(x)} {write_number(y)}{size}" for x, y in corners)
            self._parts.append(f'<path d="{outline}" fill="{fill}"/>')

    def circle(self, centre: Point, radius: float, kind: str) -> None:
        """Draw a circle whose look the page's styles decide by its kind."""
        x, y = centre
        place = f'cx="{write_number(x)}" cy="{write_number(y)}" r="{write_number(radius)}"'
        self._parts.append(f'<circle class="{kind}" {place}/>')

    def open_group(self, kind: str, tip: str = "") -> None:
        """Begin a group of a kind that scripts and styles can find; `close_group` ends it."""
        told = f"<title>{escape(tip)}</title>" if tip else ""
        self._parts.append(f'<g class="{kind}">{told}')

    def close_group(self) -> None:
        """End the group begun last."""
        self._parts.append("</g>")

    def text(
        self,
        place: Point,
        words: str,
        *,
        anchor: str = "start",
        fill: str = style.MUTED,
        size: float = style.TEXT,
        bold: bool = False,
        href: str = "",
        kind: str = "",
    ) -> None:
        """Write a line of text; `place` is its baseline at the anchor (start, middle or end)."""
        x, y = place
        weight = ' font-weight="600"' if bold else ""
        aligned = f' text-anchor="{anchor}"' if anchor != "start" else ""
        named = f'class="{kind}" ' if kind else ""
        at = f'{named}x="{write_number(x)}" y="{write_number(y)}"'
        look = f'fill="{fill}" font-size="{size:g}"{aligned}{weight}'
        element = f"<text {at} {look}>{escape(words)}</text>"
        self._parts.append(f"<a href={quoteattr(href)}>{element}</a>" if href else element)

    def to_svg(self, title: str, description: str) -> str:
        """Return the picture as inline SVG that says what it shows."""
        view = f"0 0 {write_number(self.width)} {write_number(self.height)}"
        return (
            f'<svg viewBox="{view}" role="img" aria-label={quoteattr(title)}><title>{escape(title)}</title>'
            f"<desc>{escape(description)}</desc>{''.join(self._parts)}</svg>"
        )

    def _close(self, head: str, name: str, tip: str) -> None:
        self._parts.append(f"{head}><title>{escape(tip)}</title></{name}>" if tip else f"{head}/>")


def _join(points: Sequence[Point]) -> str:
    return "L".join(f"{write_number(x)} {write_number(y)}" for x, y in points)


def measure_text(words: str, size: float = style.TEXT) -> float:
    """Estimate the width of a text: good enough to leave room for it."""
    wide = sum(letter >= style.WIDE_LETTERS_FROM and letter.isalpha() for letter in words)
    return size * (wide * style.WIDE_LETTER_WIDTH + (len(words) - wide) * style.LETTER_WIDTH)


def shorten(words: str, width: float, size: float = style.TEXT) -> str:
    """Cut a text to a width, with an ellipsis where something is gone."""
    if measure_text(words, size) <= width:
        return words
    while words and measure_text(words + "…", size) > width:
        words = words[:-1]
    return words.rstrip(" ,") + "…"
