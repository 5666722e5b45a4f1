"""Places in counters: where each kind of times begins, which limits hold there, and all sizes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from oncopolis.centre.intake import Intake
from oncopolis.centre.resource import Resource
from oncopolis.twin.compiling.values import Values
from oncopolis.twin.compiling.ways import Ways
from oncopolis.twin.kernels import tables as k


def find_limits(values: Values, ways: Ways) -> tuple[NDArray[np.int64], dict[str, int]]:
    """Return the limit of each row of times, and the row of each target that has one."""
    names = ways.names
    offsets = _find_offsets(ways)
    limits = np.full(offsets[-1], -1, dtype=np.int64)
    targets: dict[str, int] = {}
    for key, target in values.project.centre.targets.items():
        if target.within is None:
            continue
        ticks = int(values.get_ticks(values.resolve(target.within, "targets", key, "within")))
        if target.of == "treatment":
            rows = [offsets[4] + i for i, name in enumerate(names.cohorts) if target.name in ("", name)]
        elif target.place == "activity":
            rows = [i for i, name in enumerate(names.activities) if name == target.name]
        elif target.place == "pathway":
            rows = [offsets[1] + i for i, name in enumerate(names.steps) if name.split("/")[0] == target.name]
        else:
            rows = []
        for row in rows:
            if limits[row] in (-1, ticks):
                limits[row] = ticks
                targets.setdefault(key, row)
    return limits, targets


def _find_offsets(ways: Ways) -> list[int]:
    """Return where each kind of times begins, and how many rows there are."""
    names = ways.names
    counts = (names.activities, names.steps, names.paths, names.departments, names.cohorts)
    return [0, *np.cumsum([len(part) for part in counts]).tolist()]


def find_sizes(ways: Ways, resources: Sequence[Resource], intake: Intake, n_days: int) -> NDArray[np.int64]:
    """Return how many there are of everything, and where each kind of times begins."""
    offsets = _find_offsets(ways)
    sizes = np.zeros(32, dtype=np.int64)  # structure: room for all places
    sizes[k.N_RES], sizes[k.N_SOURCES] = len(resources), len(intake.inflows)
    sizes[k.N_DAYS] = n_days
    sizes[k.R_ACTIVITY], sizes[k.R_STEP], sizes[k.R_PATH], sizes[k.R_VISIT], sizes[k.R_TREATMENT] = offsets[
        :-1
    ]
    sizes[k.T_ACTIVITY], sizes[k.T_STEP] = 0, len(ways.names.activities)
    sizes[k.N_DEPTS] = len(ways.names.departments)
    return sizes
