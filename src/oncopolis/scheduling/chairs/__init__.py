"""Chemotherapy in a day clinic: on which days, and when each patient sits in a chair."""

from oncopolis.scheduling.chairs.checking import check
from oncopolis.scheduling.chairs.explaining import explain
from oncopolis.scheduling.chairs.form import check_files, is_instance, read_problem, read_solution, to_json
from oncopolis.scheduling.chairs.problem import Patient, Problem, Session, check_problem
from oncopolis.scheduling.chairs.replanning import replan
from oncopolis.scheduling.chairs.solution import Solution, Visit
from oncopolis.scheduling.chairs.solving import make_ready, solve

__all__ = [
    "Patient",
    "Problem",
    "Session",
    "Solution",
    "Visit",
    "check",
    "check_files",
    "check_problem",
    "explain",
    "is_instance",
    "make_ready",
    "read_problem",
    "read_solution",
    "replan",
    "solve",
    "to_json",
]
