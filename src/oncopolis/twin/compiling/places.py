"""Where things are: walks, check-ins, openings, and what is treated at other places."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from oncopolis.centre.equipped import Equipped
from oncopolis.centre.intake import Intake, find_nearest
from oncopolis.foundation.units import MS_PER_DAY, MS_PER_MINUTE
from oncopolis.twin.compiling.days import Days
from oncopolis.twin.compiling.values import Values
from oncopolis.twin.compiling.ways import Ways
from oncopolis.twin.kernels.tables import NEVER


def find_walks(equipped: Equipped, departments: Sequence[str]) -> NDArray[np.int64]:
    """Return walking times between departments, ticks; the shortest way over all buildings."""
    campus = equipped.project.centre.campus
    buildings = list(campus.buildings)
    far = np.full((len(buildings) + 1, len(buildings) + 1), np.inf)
    np.fill_diagonal(far, 0.0)
    for walk in campus.walks:
        a, b = (buildings.index(name) for name in walk.between)
        far[a, b] = far[b, a] = min(far[a, b], walk.minutes)
    for via in range(len(buildings)):
        far = np.minimum(far, far[:, via : via + 1] + far[via : via + 1, :])
    where = {dept: i for i, name in enumerate(buildings) for dept in campus.buildings[name].departments}
    at = np.array([where.get(dept, len(buildings)) for dept in departments])
    minutes = far[np.ix_(at, at)]
    minutes[~np.isfinite(minutes)] = 0.0
    ticks: NDArray[np.int64] = np.rint(minutes * MS_PER_MINUTE).astype(np.int64)
    return ticks


def find_check_ins(values: Values, departments: Sequence[str]) -> NDArray[np.int64]:
    """Return how long it takes to check in at each department, ticks."""
    found = values.project.centre.departments
    times = [values.resolve(found[key].check_in, "departments", key, "check_in") for key in departments]
    return np.array([int(values.get_ticks(time)) for time in times], dtype=np.int64)


def find_openings(equipped: Equipped, departments: Sequence[str], axis: Days) -> NDArray[np.int64]:
    """Return when each department opens, ticks; never for those that do not."""
    return np.array(
        [
            axis.find_first(equipped.opened[dept]) * MS_PER_DAY if dept in equipped.opened else NEVER
            for dept in departments
        ],
        dtype=np.int64,
    )


def find_factors(intake: Intake, ways: Ways, axis: Days) -> NDArray[np.float64]:
    """Return the share treated here, shape (site and modality, years)."""
    first, last = int(axis.year[0]), int(axis.year[-1])
    table = np.ones((max(len(ways.factors), 1), last - first + 1))
    for place, row in ways.factors.items():
        table[row] = [find_nearest(intake.here[place], year) for year in range(first, last + 1)]
    return table
