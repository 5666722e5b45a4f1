"""What must hold of a run whatever the numbers are."""

from copy import deepcopy
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.queues import (
    START,
    Data,
    activity,
    exponential,
    find,
    flow,
    pathway,
    queue_project,
    row,
    server,
    share,
    time,
)

from oncopolis.centre import Project
from oncopolis.studies import equip, make_intake
from oncopolis.twin import ResourceUse, Result, Spread, Turnout, compile_model, simulate

FEW = settings(max_examples=15)

MORNING = [1.0, 0.0, 0.0, 0.0]
"""Arrivals in the first quarter of the day, so that all are served when it ends."""


def live(project: Project, *, days: int = 1, seed: int = 5) -> Result:
    model = compile_model(equip(project), make_intake(project), start=START, days=days)
    return simulate(model, seed=seed, days=days)


@st.composite
def durations(draw: st.DrawFn, mean: float = 1.0) -> Data:
    """A time of any family with a mean."""
    family = draw(st.sampled_from([None, "exponential", "lognormal", "gamma", "weibull", "uniform"]))
    if family in (None, "exponential"):
        return time(mean, family)
    return time(mean, family, cv=draw(st.sampled_from([0.2, 0.5])))


@st.composite
def queues(draw: st.DrawFn) -> dict[str, Any]:
    """Sections of a first come, first served G/G/c, at any load."""
    load = draw(st.floats(0.5, 3.0))
    return {
        "flows": {"people": flow("way", volume=row(600 * load, "patient/day", per="day"), day=MORNING)},
        "resources": {"server": server(draw(st.integers(1, 4)))},
        "activities": {"serve": activity((draw(durations(6.0)), {"server": 1}))},
        "pathways": {"way": pathway({"id": "serve", "do": ["serve"]})},
    }


@FEW
@given(queues(), st.integers(1, 3))
def test_more_servers_never_lengthen_waits(sections: dict[str, Any], more: int) -> None:
    few = live(queue_project(**deepcopy(sections)))
    sections["resources"]["server"]["n"] += more
    many = live(queue_project(**sections))
    assert few.waiting.n.tolist() == many.waiting.n.tolist()
    assert many.waiting.sum[0] <= few.waiting.sum[0]
    assert many.waiting.most[0] <= few.waiting.most[0]
    assert many.waiting_area <= few.waiting_area
    assert many.resources.held[0] == few.resources.held[0]


@FEW
@given(
    st.integers(1, 5),
    st.integers(1, 4),
    st.integers(1, 20),
    st.lists(st.integers(1, 40), min_size=0, max_size=3),
)
def test_without_any_spread_the_answer_is_that_of_arithmetic(
    batch: int, c: int, service: int, later: list[int]
) -> None:
    """So many come together every hour; the k-th is served in round k over c; what follows is unlimited."""
    steps = [{"id": "serve", "do": ["serve"]}]
    activities = {"serve": activity((time(service), {"server": 1}))}
    for k, length in enumerate(later):
        activities[f"after{k}"] = activity((time(length), {"plenty": 1}))
        steps.append({"id": f"after{k}", "do": [f"after{k}"]})
    project = queue_project(
        flows={"people": flow("way", between=time(600, "fixed"), batch=batch)},
        resources={"server": server(c), "plenty": server(100)},
        activities=activities,
        pathways={"way": pathway(*steps)},
    )
    result = live(project, days=2)
    waits = [k // c * service for k in range(batch)]
    row_of = find(result.waiting.names, "serve")
    assert result.waiting.n[row_of] % batch == 0
    assert result.waiting.mean[row_of] == pytest.approx(6000 * float(np.mean(waits)), abs=1e-6)
    assert result.waiting.most[row_of] == 6000 * max(waits)
    assert result.in_system.mean[0] == pytest.approx(
        6000 * (float(np.mean(waits)) + service + sum(later)), rel=1e-12
    )


@FEW
@given(durations(2.0), durations(3.0), st.sampled_from([2, 5]))
def test_another_unit_of_time_changes_nothing_but_the_scale(
    between: Data, service: Data, factor: int
) -> None:
    def make(scale: int) -> Result:
        project = queue_project(
            flows={"people": flow("way", between=_stretch(between, scale))},
            resources={"server": server(2)},
            activities={"serve": activity((_stretch(service, scale), {"server": 1}))},
            pathways={"way": pathway({"id": "serve", "do": ["serve"]})},
        )
        return live(project, days=scale)

    one, many = make(1), make(factor)
    assert abs(int(one.arrivals.sum()) - int(many.arrivals.sum())) <= 1
    assert many.waiting.sum[0] == pytest.approx(factor * one.waiting.sum[0], rel=2e-3, abs=6000 * factor)
    assert many.resources.utilisation[0] == pytest.approx(one.resources.utilisation[0], rel=2e-3)


def _stretch(length: Data, factor: int) -> Data:
    longer = deepcopy(length)
    longer["value"] *= factor
    for name in ("sd", "low", "high"):
        if name in longer.get("distribution", {}):
            longer["distribution"][name] *= factor
    return longer


def two_stations() -> dict[str, Any]:
    """Two stations that have nothing to do with each other."""
    return {
        "flows": {name: flow(name, between=exponential(2)) for name in ("left", "right")},
        "resources": {name: server(1) for name in ("left", "right")},
        "activities": {
            name: activity((time(1.5, "lognormal", cv=1.0), {name: 1})) for name in ("left", "right")
        },
        "pathways": {
            name: pathway(
                {"id": "serve", "do": [name]},
                {"id": "again", "do": [name], "when": {"share": share(0.1)}},
                {
                    "id": "next_day",
                    "do": [name],
                    "after": {"earliest_days": 1},
                    "when": {"share": share(0.05)},
                },
            )
            for name in ("left", "right")
        },
    }


def pick(result: Result, name: str) -> dict[str, Any]:
    """Every figure of a result in the rows of one station, and nothing else."""
    rows: dict[str, Any] = {"arrivals": result.arrivals[_find(result.sources, name)].tolist()}
    for field in ("waiting", "step_waiting", "in_system", "activities", "steps", "resources"):
        table: Spread | Turnout | ResourceUse = getattr(result, field)
        for column, values in vars(table).items():
            for i in _find(table.names, name):
                if column != "names":
                    wide = column.startswith("daily")
                    rows[f"{field}.{column}.{table.names[i]}"] = (
                        values[:, i] if wide else values[i]
                    ).tolist()
    return rows


def _find(names: tuple[str, ...], name: str) -> list[int]:
    return [i for i, given in enumerate(names) if name in given.replace(".", "/").split("/")]


@FEW
@given(st.integers(0, 2**31 - 1))
def test_a_pathway_nobody_enters_changes_nothing(seed: int) -> None:
    plain = live(queue_project(**two_stations()), days=3, seed=seed)
    more = two_stations()
    more["resources"] = {"first": server(3)} | more["resources"]
    more["activities"] = {"first": activity((time(4), {"first": 1}))} | more["activities"]
    more["pathways"] = {"first": pathway({"id": "serve", "do": ["first", "left"]})} | more["pathways"]
    changed = live(queue_project(**more), days=3, seed=seed)
    for name in ("left", "right"):
        assert pick(changed, name) == pick(plain, name)
    assert changed.events == plain.events


@FEW
@given(st.integers(0, 2**31 - 1))
def test_one_more_server_leaves_the_draws_of_others_alone(seed: int) -> None:
    plain = live(queue_project(**two_stations()), days=3, seed=seed)
    more = two_stations()
    more["resources"]["left"]["n"] = 2
    changed = live(queue_project(**more), days=3, seed=seed)
    assert pick(changed, "right") == pick(plain, "right")
    assert pick(changed, "left")["arrivals"] == pick(plain, "left")["arrivals"]
    assert pick(changed, "left") != pick(plain, "left")


@FEW
@given(st.integers(0, 2**31 - 1))
def test_one_more_source_moves_no_other(seed: int) -> None:
    plain = live(queue_project(**two_stations()), days=3, seed=seed)
    more = two_stations()
    more["flows"] = {"early": flow("elsewhere", between=exponential(3))} | more["flows"]
    more["resources"] = {"elsewhere": server(2)} | more["resources"]
    more["activities"] = {"elsewhere": activity((exponential(2), {"elsewhere": 1}))} | more["activities"]
    more["pathways"] = {"elsewhere": pathway({"id": "serve", "do": ["elsewhere"]})} | more["pathways"]
    changed = live(queue_project(**more), days=3, seed=seed)
    for name in ("left", "right"):
        assert pick(changed, name) == pick(plain, name)


@FEW
@given(st.integers(0, 2**31 - 1), st.integers(0, 5))
def test_the_same_seed_gives_the_same_and_another_another(seed: int, replication: int) -> None:
    project = queue_project(**two_stations())
    model = compile_model(equip(project), make_intake(project), start=START, days=1)
    one = simulate(model, seed=seed, replication=replication, days=1)
    again = simulate(model, seed=seed, replication=replication, days=1)
    other = simulate(model, seed=seed, replication=replication + 1, days=1)
    assert one.digest == again.digest
    assert one.definition == again.definition == other.definition
    assert one.digest != other.digest
