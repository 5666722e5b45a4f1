"""Vector pictures, drawn directly as SVG: crisp in print, small, linked to explanations, the same each time.

A plotting library would take longer to import than the whole plan may take to write.
"""

from oncopolis.report.pictures.areas import Layer, draw_areas
from oncopolis.report.pictures.bars import Bar, Piece, draw_bars
from oncopolis.report.pictures.columns import draw_columns
from oncopolis.report.pictures.need import Need, draw_need
from oncopolis.report.pictures.panels import Panel, draw_panels
from oncopolis.report.pictures.pyramid import draw_pyramid
from oncopolis.report.pictures.tornado import Swing, draw_tornado

__all__ = [
    "Bar",
    "Layer",
    "Need",
    "Panel",
    "Piece",
    "Swing",
    "draw_areas",
    "draw_bars",
    "draw_columns",
    "draw_need",
    "draw_panels",
    "draw_pyramid",
    "draw_tornado",
]
