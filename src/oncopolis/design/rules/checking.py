"""`CHECKS`: the ways in which rules are decided, by name."""

from oncopolis.design.rules.case import Check
from oncopolis.design.rules.checks import drawn, loads, machines, revised, sheet, wanted, ways

CHECKS: dict[str, Check] = {
    # Is the model itself to be believed?
    "repeated_ids": Check(drawn.check_repeated_ids),
    "repeated_numbers": Check(drawn.check_repeated_numbers),
    "names": Check(drawn.check_names),
    "areas": Check(drawn.check_areas),
    "floor": Check(drawn.check_floor),
    "copied_areas": Check(drawn.check_copied_areas, ("least",)),
    "gross_areas": Check(drawn.check_gross_areas),
    "heights": Check(drawn.check_heights),
    "length_units": Check(drawn.check_length_units),
    "drawn_areas": Check(drawn.check_drawn_areas, ("share",)),
    "storeys": Check(drawn.check_storeys),
    "doors": Check(drawn.check_doors),
    "rooms_have_doors": Check(drawn.check_rooms_have_doors),
    "overlaps": Check(drawn.check_overlaps, ("share",)),
    "least_height": Check(drawn.check_least_height, ("least",)),
    # Is what was planned there?
    "missing": Check(wanted.check_missing, needs_programme=True),
    "count": Check(wanted.check_count, needs_programme=True),
    "surplus": Check(wanted.check_surplus, needs_programme=True),
    "extra": Check(wanted.check_extra, needs_programme=True),
    "short": Check(wanted.check_short, needs_programme=True),
    "large": Check(wanted.check_large, needs_programme=True),
    "department_net": Check(wanted.check_department_net, ("share",), needs_programme=True),
    "department_gross": Check(wanted.check_department_gross, ("share",), needs_programme=True),
    "building_gross": Check(wanted.check_building_gross, ("share",), needs_programme=True),
    "least_area": Check(wanted.check_least_area, ("least",)),
    # Are rooms as their sheets ask?
    "sheet_height": Check(sheet.check_height, needs_programme=True),
    "sheet_door": Check(sheet.check_door, needs_programme=True),
    "sheet_number": Check(sheet.check_number, ("field", "places"), needs_programme=True),
    "sheet_word": Check(sheet.check_word, ("field", "places"), needs_programme=True),
    # How do they stand to each other, and how does one get there?
    "beside": Check(ways.check_beside, needs_programme=True),
    "reached": Check(ways.check_reached, ("may_pass", "other")),
    "passed": Check(ways.check_passed, ("chosen", "other")),
    "separate": Check(ways.check_separate, ("chosen", "other")),
    "own_door": Check(ways.check_own_door, ("chosen", "may_pass")),
    "way_width": Check(ways.check_way_width, ("chosen", "other", "least", "may_pass")),
    "equipment_way": Check(machines.check_equipment_way, needs_programme=True),
    "corridor_width": Check(ways.check_corridor_width, ("chosen", "least")),
    # What does the floor carry?
    "equipment_load": Check(loads.check_equipment_load, ("least", "places")),
    "wall_load": Check(loads.check_wall_load, ("least",)),
    # What changed?
    "removed": Check(revised.check_removed),
    "added": Check(revised.check_added),
    "shrunk": Check(revised.check_shrunk, ("share",)),
    "renamed": Check(revised.check_renamed),
}
"""Name of a check in a rule -> what decides it."""
