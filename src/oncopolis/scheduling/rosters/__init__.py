"""Rosters: who works which shift, with which skill."""

from oncopolis.scheduling.rosters.checking import check
from oncopolis.scheduling.rosters.explaining import explain
from oncopolis.scheduling.rosters.faults import check_problem
from oncopolis.scheduling.rosters.form import check_files, is_instance, read_problem, read_solution, to_json
from oncopolis.scheduling.rosters.problem import (
    Contract,
    History,
    Need,
    Nurse,
    Problem,
    ShiftType,
    Weights,
    Wish,
)
from oncopolis.scheduling.rosters.replanning import replan
from oncopolis.scheduling.rosters.solution import Assignment, Solution
from oncopolis.scheduling.rosters.solving import solve

__all__ = [
    "Assignment",
    "Contract",
    "History",
    "Need",
    "Nurse",
    "Problem",
    "ShiftType",
    "Solution",
    "Weights",
    "Wish",
    "check",
    "check_files",
    "check_problem",
    "explain",
    "is_instance",
    "read_problem",
    "read_solution",
    "replan",
    "solve",
    "to_json",
]
