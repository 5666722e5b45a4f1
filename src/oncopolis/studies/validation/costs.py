"""Cost of a course of radiotherapy in a department of two linacs."""

from collections.abc import Iterator
from pathlib import Path

from oncopolis.centre import read_project
from oncopolis.planning.calculation import calculate
from oncopolis.planning.coefficients import Coefficients
from oncopolis.studies.validation.check import Check, Published

SETTINGS = {"high_income": "kor_university", "low_income": "uzb_public"}
"""Published setting -> practice set whose salaries, prices and hours stand for it."""

CAUSES = {
    "high_income": (
        "salary.radiation_therapist.kor",
        "salary.radiation_oncologist.kor",
        "money.overhead",
        "money.discount",
    ),
    "low_income": (
        "equipment.price.linac",
        "money.service_share",
        "money.discount",
        "money.building_cost.uzb",
    ),
}
"""Rows that weigh most in each setting."""

WHY = {
    "high_income": (
        "salaries are Korea's and the overhead is a share; "
        "the staff and overhead of the published model were not opened"
    ),
    "low_income": (
        "machines, service contracts and interest are at world prices; "
        "Uzbekistan stands in for a low-income country"
    ),
}

UNIT_COST = "Radiotherapy course"


def compute_course_cost(folder: Path, practice: str) -> float:
    """Return the cost of a course in dollars of 2017, capital included.

    Parameters
    ----------
    folder
        Project of the department.
    practice
        Practice set.
    """
    project = read_project(folder, {"practice": practice})
    money = calculate(project, Coefficients(project.evidence)).money
    assert money is not None
    return float(money.unit_costs[UNIT_COST].central[0])


def list_cost_checks(published: Published, folder: Path) -> Iterator[Check]:
    """Yield the cost of a course in both settings."""
    for setting, practice in SETTINGS.items():
        yield published.compare(
            f"vandyk2017.{setting}",
            f"validation.vandyk.course_cost_{setting}",
            compute_course_cost(folder, practice),
            tolerance="validation.tolerance.cost",
            label=f"Cost of a course, {setting.replace('_', ' ')}: practice set {practice}",
            cause=CAUSES[setting],
            why=WHY[setting],
        )
