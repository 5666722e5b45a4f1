"""Nobody and no minute is lost: the flow of people and Little's law, to the tick."""

import numpy as np
from tests.queues import (
    SEED,
    START,
    TICKS,
    Log,
    activity,
    check_conservation,
    exponential,
    find,
    flow,
    pathway,
    queue_project,
    row,
    server,
    time,
)

from oncopolis.centre import Project
from oncopolis.studies import equip, make_intake
from oncopolis.twin import compile_model, simulate

DAY_TICKS = 14_400 * TICKS
DAYS = 40


def make_tandem() -> Project:
    """Two stations, the first of which not all wait for; people come in the first half of the day."""
    return queue_project(
        flows={"people": flow("way", volume=row(600, "patient/day", per="day"), day=[1, 0])},
        resources={"first": server(2), "second": server(1)},
        activities={
            "first": activity((time(22, "lognormal", cv=0.8), {"first": 1})),
            "second": activity((exponential(10), {"second": 1})),
        },
        pathways={
            "way": pathway(
                {"id": "first", "do": ["first"], "patience": exponential(60)},
                {"id": "second", "do": ["second"]},
            )
        },
    )


def test_everybody_and_every_wait_is_found_again() -> None:
    """Evenings are empty, so that of sums over people and areas over time nothing is cut off."""
    project, log = make_tandem(), Log()
    model = compile_model(equip(project), make_intake(project), start=START, days=DAYS)
    result = simulate(model, seed=SEED, days=DAYS, warmup_days=0, journal=log)
    check_conservation(result)
    people, use = result.flow, result.resources
    assert people["in_system_at_start"] == people["in_system_at_end"] == 0
    assert people["completed"] > people["left"] > 0
    assert people["left"] == result.activities.gave_up.sum()

    rows = log.read()
    _, _, of, _, _, asked, begun, ended, outcome = rows.T
    done = outcome == outcome.min()  # the first of the codes
    waits, lengths = np.where(done, begun, ended) - asked, np.where(done, ended - begun, 0)
    assert len(rows) == people["entered"] + people["completed"]
    assert (~done).sum() == people["left"]
    assert waits.min() == 0
    assert waits.sum() == result.waiting_area
    assert waits[done].sum() == result.waiting.sum.sum() == result.step_waiting.sum.sum()
    assert waits.sum() + lengths.sum() == result.in_system.sum.sum() + waits[~done].sum()
    for name in ("first", "second"):
        at, here = find(use.names, name), of == find(result.activities.names, name)
        assert round(use.daily_waiting[:, at].sum() * DAY_TICKS) == waits[here].sum() == use.waited[at]
        assert use.held[at] == lengths[here].sum()
