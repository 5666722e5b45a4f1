"""Theatres and wards: whom to admit when, where they lie and are operated on, who looks after them."""

from oncopolis.scheduling.theatres.checking import check
from oncopolis.scheduling.theatres.explaining import Explanation, explain
from oncopolis.scheduling.theatres.fairness import Group, PassedOver, list_groups, list_passed_over
from oncopolis.scheduling.theatres.faults import check_problem
from oncopolis.scheduling.theatres.form import (
    check_files,
    is_instance,
    list_passed_over_of_files,
    read_problem,
    read_solution,
    to_json,
)
from oncopolis.scheduling.theatres.problem import Patient, Priority, Problem
from oncopolis.scheduling.theatres.replanning import Replanned, replan
from oncopolis.scheduling.theatres.sequencing import Means, TheatreList, sequence
from oncopolis.scheduling.theatres.solution import Admission, Solution
from oncopolis.scheduling.theatres.solving import solve
from oncopolis.scheduling.theatres.writing import to_instance_json

__all__ = [
    "Admission",
    "Explanation",
    "Group",
    "Means",
    "PassedOver",
    "Patient",
    "Priority",
    "Problem",
    "Replanned",
    "Solution",
    "TheatreList",
    "check",
    "check_files",
    "check_problem",
    "explain",
    "is_instance",
    "list_groups",
    "list_passed_over",
    "list_passed_over_of_files",
    "read_problem",
    "read_solution",
    "replan",
    "sequence",
    "solve",
    "to_instance_json",
    "to_json",
]
