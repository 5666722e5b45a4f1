"""People waiting by day, the warm-up that MSER-5 would leave out, and operations that were not done."""

from dataclasses import replace

import numpy as np
import pytest
from tests import runs

from oncopolis.twin import Result
from oncopolis.twin.document.names import Names
from oncopolis.twin.document.queues import write_queues
from oncopolis.twin.document.turnout import write_turnout

DAYS = 200


@pytest.fixture(scope="module")
def names() -> Names:
    return Names(runs.build_about(runs.read_clinic()))


def build(n_first: int) -> Result:
    """A run in which nobody waits and no bed is taken on the first days."""
    result = runs.build_result(runs.read_clinic(), days=DAYS)
    day = np.arange(DAYS)[:, None]
    series = np.where(day >= n_first, 5 + 0.1 * (-1.0) ** day, 0.0) * np.ones(len(result.resources.names))
    return replace(result, resources=replace(result.resources, daily_waiting=series, daily_held=series))


def test_people_waiting_are_those_of_all_resources(names: Names) -> None:
    result = build(0)
    queues = write_queues([result], names)
    assert queues["mean"] == pytest.approx(result.resources.daily_waiting.sum(axis=1), rel=0.01)
    assert queues["p95"] is None
    assert len(write_queues([result, result], names)["p95"]) == DAYS


@pytest.mark.parametrize("n_first", [0, 30])
def test_a_start_that_is_empty_is_found(names: Names, n_first: int) -> None:
    warming = write_queues([build(n_first)], names)["warming"]
    assert warming["people_waiting"] == warming["beds"] == {"days": n_first, "has_settled": True}


def test_a_run_that_fills_up_late_has_not_settled(names: Names) -> None:
    assert not write_queues([build(150)], names)["warming"]["people_waiting"]["has_settled"]


def test_a_short_run_is_not_judged(names: Names) -> None:
    result = build(0)
    use = replace(
        result.resources,
        daily_waiting=result.resources.daily_waiting[:49],
        daily_held=result.resources.daily_held[:49],
    )
    warming = write_queues([replace(result, resources=use)], names)["warming"]
    assert warming == {"people_waiting": None, "beds": None}


def test_operations_that_were_not_done_then_are_counted(names: Names) -> None:
    result = runs.build_result(runs.read_clinic())
    activities = names.centre.activities
    operating = [
        row for row, name in enumerate(result.activities.names) if "operations" in activities[name].counts
    ]
    assert operating
    turnout = result.activities
    off = sum(
        int(counts[operating].sum())
        for counts in (turnout.gave_up, turnout.no_show, turnout.cancelled, turnout.sent_home)
    )
    assert write_turnout([result], names)["operations_off"]["value"] == off > 0
