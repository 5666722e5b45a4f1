"""People waiting from day to day, and how much of the beginning still shows the state a run started from."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oncopolis.twin.document.estimates import to_numbers
from oncopolis.twin.document.names import Names
from oncopolis.twin.document.resources import NINETY_FIVE
from oncopolis.twin.experiments.warming import LEAST, find_warming
from oncopolis.twin.result import Result

Floats = NDArray[np.float64]


def write_queues(results: Sequence[Result], names: Names) -> dict[str, Any]:
    """Return the people waiting for anything by day, and the warm-up that MSER-5 would leave out.

    Parameters
    ----------
    results
        Replications of one run; days that not all of them have are left out.
    names
        Of the definition, which says what is a bed.
    """
    uses = [result.resources for result in results]
    days = min(len(use.daily_waiting) for use in uses)
    resources = names.centre.resources
    beds = [
        row for row, name in enumerate(uses[0].names) if name in resources and resources[name].kind == "bed"
    ]
    waiting = np.array([use.daily_waiting[:days].sum(axis=1) for use in uses])
    taken = np.array([use.daily_held[:days][:, beds].sum(axis=1) for use in uses])
    return {
        "unit": "count",
        "mean": to_numbers(waiting.mean(axis=0)),
        "p95": to_numbers(np.percentile(waiting, NINETY_FIVE, axis=0)) if len(uses) > 1 else None,
        "warming": {
            "people_waiting": _find_warming(waiting),
            "beds": _find_warming(taken) if beds else None,
        },
    }


def _find_warming(series: Floats) -> dict[str, Any] | None:
    """Return the days to leave out; None where there are too few to judge by."""
    if series.shape[1] < LEAST:
        return None
    found = find_warming(series)
    return {"days": found.truncation, "has_settled": found.has_settled}
