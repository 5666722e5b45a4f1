"""Named figures of a run made by hand."""

from datetime import date

import numpy as np
import pytest

from oncopolis.twin import ResourceUse, Result, Spread, Turnout
from oncopolis.twin.experiments.outputs import list_outputs
from oncopolis.twin.kernels.bins import N_BINS, list_edges

MINUTE = 60_000
DAY = 24 * 60 * MINUTE


def make_spread(**times: list[int]) -> Spread:
    """Times in ticks by row."""
    rows = list(times.values())
    histogram = np.zeros((len(rows), N_BINS), dtype=np.int64)
    for row, values in enumerate(rows):
        for value in values:
            histogram[row, int(np.searchsorted(list_edges(), value, side="right")) - 1] += 1
    return Spread(
        names=tuple(times),
        n=np.array([len(row) for row in rows], dtype=np.int64),
        sum=np.array([sum(row) for row in rows], dtype=np.float64),
        squares=np.array([sum(x * x for x in row) for row in rows], dtype=np.float64),
        most=np.array([max(row, default=0) for row in rows], dtype=np.int64),
        histogram=histogram,
        within=np.zeros(len(rows), dtype=np.int64),
    )


def make_turnout(*names: str) -> Turnout:
    counts = [np.full(len(names), i, dtype=np.int64) for i in range(8)]
    return Turnout(names, *counts)


def make_use() -> ResourceUse:
    """A linac held half of its open time, and a room that never opens."""
    two = np.array([1.0, 0.0])
    none, whole = np.zeros(2), np.zeros(2, dtype=np.int64)
    return ResourceUse(
        names=("linac", "room"),
        offered=np.array([20.0 * DAY, 0.0]),
        held=np.array([10.0 * DAY, 0.0]),
        overtime=two * 2 * 60 * MINUTE,
        blocked=none,
        waited=none,
        down=none,
        breakdowns=np.array([3, 0]),
        interrupted=whole,
        week_held=np.zeros((2, 168)),
        week_offered=np.zeros((2, 168)),
        week_waiting=np.zeros((2, 168)),
        daily_held=np.zeros((10, 2)),
        daily_offered=np.zeros((10, 2)),
        daily_waiting=np.tile([1.5, 0.0], (10, 1)),
        most_waiting=np.array([7, 0]),
    )


def make_result() -> Result:
    return Result(
        start=date(2030, 1, 1),
        days=10,
        warmup_days=0,
        seed=1,
        replication=0,
        definition="",
        digest="",
        complete=True,
        events=1000,
        events_before=0,
        contacts=700,
        visits=300,
        working_days=7,
        arrivals=np.array([5]),
        sources=("breast",),
        measures=("operations",),
        counted=np.array([4.0]),
        flow={"entered": 5, "completed": 3},
        waiting=make_spread(mri=[MINUTE, 3 * MINUTE], ct=[]),
        step_waiting=make_spread(**{"breast/mri": [2 * MINUTE]}),
        in_system=make_spread(breast=[2 * DAY, 4 * DAY]),
        visit=make_spread(imaging=[30 * MINUTE]),
        treatment=make_spread(breast=[28 * DAY] * 9),
        activities=make_turnout("mri", "ct"),
        steps=make_turnout("breast/mri"),
        resources=make_use(),
        hour_waits=np.zeros((1, 24)),
        hour_counts=np.zeros((1, 24), dtype=np.int64),
        departments=("imaging",),
        waiting_area=0.0,
        waits=0.0,
        not_modelled=(),
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("contacts", 700),
        ("contacts_per_working_day", 100),
        ("flow.entered", 5),
        ("counted.operations", 4),
        ("arrivals.breast", 5),
        ("waiting.activity.mri.mean_min", 2),
        ("waiting.activity.mri.most_min", 3),
        ("waiting.step.breast/mri.mean_min", 2),
        ("in_system.breast.mean_days", 3),
        ("visit.imaging.mean_min", 30),
        ("treatment.breast.mean_days", 28),
        ("activity.ct.done", 0),
        ("activity.mri.no_show", 2),
        ("step.breast/mri.gap_days", 7),
        ("resource.linac.utilisation", 0.5),
        ("resource.linac.held", 1.0),
        ("resource.linac.waiting", 1.5),
        ("resource.linac.most_waiting", 7),
        ("resource.linac.overtime_hours", 2),
        ("resource.linac.breakdowns", 3),
        ("resource.room.held", 0),
    ],
)
def test_a_figure_has_its_name_and_unit(name: str, value: float) -> None:
    assert list_outputs(make_result())[name] == pytest.approx(value)


def test_quantiles_are_as_fine_as_the_bins() -> None:
    outputs = list_outputs(make_result())
    assert outputs["treatment.breast.median_days"] == pytest.approx(28, rel=0.12)
    assert outputs["treatment.breast.p95_days"] <= 28


def test_what_did_not_happen_is_left_out() -> None:
    outputs = list_outputs(make_result())
    assert not [name for name in outputs if name.startswith("waiting.activity.ct.")]
    assert "resource.room.utilisation" not in outputs
    assert all(np.isfinite(value) for value in outputs.values())
