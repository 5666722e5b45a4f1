"""Which department is open in which year."""

from collections.abc import Mapping

import numpy as np

from oncopolis.centre import Centre
from oncopolis.centre.facility import Opening
from oncopolis.planning.coefficients import Array


def list_departments(centre: Centre, opening: Opening) -> tuple[str, ...]:
    """Return the departments a phase opens: those it names, or all that no other phase names."""
    if opening.departments is not None:
        return opening.departments
    named = {department for other in centre.openings for department in other.departments or ()}
    return tuple(department for department in centre.departments if department not in named)


def find_opening_years(centre: Centre) -> dict[str, int]:
    """Return department -> first year of service; departments that never open are left out."""
    years: dict[str, int] = {}
    for opening in centre.openings:
        for department in list_departments(centre, opening):
            years[department] = min(opening.year, years.get(department, opening.year))
    return years


def compute_open(centre: Centre, years: tuple[int, ...]) -> Mapping[str, Array]:
    """Return department -> 1 in the years it is open, else 0; shape (1, years)."""
    first = find_opening_years(centre)
    return {
        department: np.array([[float(department in first and year >= first[department]) for year in years]])
        for department in centre.departments
    }
