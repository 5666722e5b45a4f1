"""Shielding: what comes through the walls and the door of a treatment room, against the limits.

`judge` is pure: layers, a distance and beams in, dose and needed thickness out. `find_wall` and `measure`
give the distance and the slant of a place from coordinates. `check_bunker` does the same for a whole file.
`compute_area_load_kg_m2` and its like tell what barriers weigh on the slab below.
"""

from oncopolis.design.shielding.barriers import Judged, judge
from oncopolis.design.shielding.beams import Beam, Contribution, compute_leakage_gy
from oncopolis.design.shielding.checking import Checked, check_bunker
from oncopolis.design.shielding.document import to_document
from oncopolis.design.shielding.findings import NEEDS_EXPERT, list_findings
from oncopolis.design.shielding.geometry import find_wall, measure
from oncopolis.design.shielding.layers import Layer
from oncopolis.design.shielding.parts import Task
from oncopolis.design.shielding.reading import ReadBunker, read_bunker
from oncopolis.design.shielding.weights import (
    compute_area_load_kg_m2,
    compute_footing_load_kg_m2,
    compute_line_load_kg_m,
    get_density_kg_m3,
)

__all__ = [
    "NEEDS_EXPERT",
    "Beam",
    "Checked",
    "Contribution",
    "Judged",
    "Layer",
    "ReadBunker",
    "Task",
    "check_bunker",
    "compute_area_load_kg_m2",
    "compute_footing_load_kg_m2",
    "compute_leakage_gy",
    "compute_line_load_kg_m",
    "find_wall",
    "get_density_kg_m3",
    "judge",
    "list_findings",
    "measure",
    "read_bunker",
    "to_document",
]
