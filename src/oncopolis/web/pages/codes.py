"""QR codes as pictures that stand in a page."""

import io
from functools import lru_cache

from markupsafe import Markup

_KEPT = 2_000  # structure: pictures that are remembered


@lru_cache(_KEPT)
def draw_code(text: str) -> Markup:
    """Draw a text as a QR code (ISO/IEC 18004, correction M), an SVG without size: the style gives it one."""
    import segno

    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, svgns=True, omitsize=True, light="#fff", nl=False
    )
    return Markup(drawn.getvalue().decode("utf-8"))  # noqa: S704 - paths of our own drawing, no text of others
