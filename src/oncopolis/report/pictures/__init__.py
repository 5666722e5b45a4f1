"""Vector pictures, drawn directly as SVG: crisp in print, small, linked to explanations, the same each time.

A plotting library would take longer to import than the whole plan may take to write.
"""

from oncopolis.report.pictures.areas import Layer, draw_areas
from oncopolis.report.pictures.bars import NAME_WIDTH, Bar, Piece, draw_bars
from oncopolis.report.pictures.bunker import Person, Slab, draw_bunker
from oncopolis.report.pictures.campus import Block, Place, choose_each, draw_campus, find_strip
from oncopolis.report.pictures.census import Ward, draw_census
from oncopolis.report.pictures.columns import draw_columns
from oncopolis.report.pictures.curves import Curve, draw_curves
from oncopolis.report.pictures.heat import Heat, draw_heat_hours, draw_heat_weeks
from oncopolis.report.pictures.need import Need, draw_need
from oncopolis.report.pictures.panels import Panel, draw_panels
from oncopolis.report.pictures.process import Arrow, Step, draw_process, list_drawn
from oncopolis.report.pictures.pyramid import draw_pyramid
from oncopolis.report.pictures.tornado import Swing, draw_tornado

__all__ = [
    "NAME_WIDTH",
    "Arrow",
    "Bar",
    "Block",
    "Curve",
    "Heat",
    "Layer",
    "Need",
    "Panel",
    "Person",
    "Piece",
    "Place",
    "Slab",
    "Step",
    "Swing",
    "Ward",
    "choose_each",
    "draw_areas",
    "draw_bars",
    "draw_bunker",
    "draw_campus",
    "draw_census",
    "draw_columns",
    "draw_curves",
    "draw_heat_hours",
    "draw_heat_weeks",
    "draw_need",
    "draw_panels",
    "draw_process",
    "draw_pyramid",
    "draw_tornado",
    "find_strip",
    "list_drawn",
]
