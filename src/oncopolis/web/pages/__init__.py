"""What all pages are made of: layout, style, languages, local time, scripts, and what a page may load."""

from oncopolis.web.pages.assets import find_address, make_asset_routes, read_asset
from oncopolis.web.pages.codes import draw_code
from oncopolis.web.pages.languages import CODES, NAMES, choose, find_words
from oncopolis.web.pages.moments import Moments
from oncopolis.web.pages.showing import Frame, Link, fill, go, show, show_refusal

__all__ = [
    "CODES",
    "NAMES",
    "Frame",
    "Link",
    "Moments",
    "choose",
    "draw_code",
    "fill",
    "find_address",
    "find_words",
    "go",
    "make_asset_routes",
    "read_asset",
    "show",
    "show_refusal",
]
