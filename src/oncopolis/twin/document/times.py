"""Times by row: how many, mean, median, the one in ten, the longest."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from oncopolis.foundation.units import MS_PER_HOUR
from oncopolis.twin.document.estimates import estimate
from oncopolis.twin.kernels.bins import list_edges
from oncopolis.twin.result import Result, Spread

MEDIAN = 0.5  # structure: what a median is
NINETY = 0.9  # structure: what P90 is

Groups = Mapping[str, tuple[str, list[int]]]
"""Key -> label and rows."""


def merge(spread: Spread, groups: Groups) -> Spread:
    """Return a spread whose rows are sums of rows."""
    rows = [rows for _, rows in groups.values()]
    return Spread(
        names=tuple(groups),
        n=np.array([spread.n[row].sum() for row in rows], dtype=np.int64),
        sum=np.array([spread.sum[row].sum() for row in rows], dtype=np.float64),
        squares=np.array([spread.squares[row].sum() for row in rows], dtype=np.float64),
        most=np.array([spread.most[row].max(initial=0) for row in rows], dtype=np.int64),
        histogram=np.array([spread.histogram[row].sum(axis=0) for row in rows], dtype=np.int64).reshape(
            len(rows), -1
        ),
        within=np.array([spread.within[row].sum() for row in rows], dtype=np.int64),
    )


def write_times(
    results: Sequence[Result],
    pick: Callable[[Result], Spread],
    *,
    ticks: float,
    groups: Groups | None = None,
    label: Callable[[str], str] | None = None,
) -> list[dict[str, Any]]:
    """Return a line for every row of which anything was observed.

    Parameters
    ----------
    results
        Replications of one run.
    pick
        The spread of a result.
    ticks
        Ticks of the unit the line is in.
    groups
        Rows to be put together; each for itself if left out.
    label
        Label of a row; the groups' own if left out.
    """
    spreads = [merge(pick(result), groups) if groups is not None else pick(result) for result in results]
    names = spreads[0].names
    means = np.array([spread.mean for spread in spreads]) / ticks
    medians = np.floor([spread.compute_quantile(MEDIAN) for spread in spreads]) / ticks
    nineties = np.floor([spread.compute_quantile(NINETY) for spread in spreads]) / ticks
    counts = np.array([spread.n for spread in spreads], dtype=np.float64)
    most = np.max([spread.most for spread in spreads], axis=0) / ticks
    totals = np.mean([spread.sum for spread in spreads], axis=0) / MS_PER_HOUR
    return [
        {
            "id": name,
            "label": groups[name][0] if groups is not None and label is None else (label or str)(name),
            "n": float(counts[:, row].mean()),
            "mean": estimate(means[:, row]),
            "median": estimate(medians[:, row]),
            "p90": estimate(nineties[:, row]),
            "longest": float(most[row]),
            "total_hours": float(totals[row]),
        }
        for row, name in enumerate(names)
        if counts[:, row].any()
    ]


def compute_shares_by_day(histogram: Any, days: Any, ticks: float) -> Any:
    """Return the share of times that are at most so many days, read off a histogram.

    Parameters
    ----------
    histogram
        Counts by bin; shape (bins,).
    days
        Days asked for; shape (days,).
    ticks
        Ticks of a day.

    Returns
    -------
    array
        Shares, 0 to 1, straight within a bin; shape (days,).
    """
    below = np.concatenate([[0.0], np.cumsum(histogram)])
    return np.interp(np.asarray(days) * ticks, list_edges(), below / below[-1])
