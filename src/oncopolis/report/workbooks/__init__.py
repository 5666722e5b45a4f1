"""Workbooks that a planner hands on: equipment, staff, rooms."""

from oncopolis.report.workbooks.equipment import write_equipment
from oncopolis.report.workbooks.space_programme import write_space_programme
from oncopolis.report.workbooks.staffing import write_staffing

__all__ = ["write_equipment", "write_space_programme", "write_staffing"]
