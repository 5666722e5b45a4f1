"""Tables of all models are of few types, so that the kernels are compiled a few times for all of them."""

import pickle
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numba
import numpy as np
import pytest
from tests.queues import activity, exponential, flow, pathway, queue_project, row, server, station, time

from oncopolis.centre import Project
from oncopolis.studies import equip, make_intake
from oncopolis.twin import compile_model
from oncopolis.twin.kernels.tables import AMBULATORY, QUEUES
from oncopolis.twin.model import Model
from oncopolis.twin.simulating import simulate
from oncopolis.twin.states import key_tables, make_state

find_type: Callable[[Any], object] = numba.typeof


def compile_project(project: Project) -> Model:
    return compile_model(equip(project), make_intake(project), start=date(2026, 3, 30), days=5)


def large() -> Project:
    office: dict[str, Any] = {"label": "Office", "days": ["mon", "tue", "wed"], "holidays": "closed"}
    steps: list[dict[str, Any]] = [
        {"id": name, "do": ["one", "two"], "setting": "outpatient"} for name in ("a", "b", "c")
    ]
    steps[1] |= {"after": {"earliest_days": 1}, "repeat": {"n": row(3, "count", per="patient")}}
    first = pathway(*steps)
    first["episodes"] = [{"id": "on", "start": "second", "when": "time", "mean": row(2, "day")}]
    counted = activity((row(5, "min"), {"room": 1}), (exponential(9), {"desk": 1, "room": 1}))
    return queue_project(
        flows={"many": flow("first", between=exponential(60)), "few": flow("second", between=row(99, "min"))},
        resources={
            "room": server(2, kind="room", calendar="office", booking={"horizon_days": 20}),
            "desk": server(3, overflow="room"),
        },
        activities={
            "one": counted | {"counts": {"images": 2}},
            "two": activity((row(3, "min"), {"desk": 1})),
        },
        pathways={"first": first, "second": pathway({"id": "z", "do": ["two"]})},
        calendars={"office": office | {"opens": "08:00", "closes": "16:00"}},
        measures={"images": {"label": "Images"}},
    )


def make_general(model: Model) -> Model:
    """Have a model run by the kernels that take nothing for granted."""
    return replace(model, tables=model.tables.replace(history=np.ones(1, dtype=np.int64)))


def ambulatory() -> Project:
    """Appointments and opening hours, but nothing of what a disease brings."""
    office: dict[str, Any] = {"label": "Office", "opens": "08:00", "closes": "16:00"}
    steps: list[dict[str, Any]] = [{"id": name, "do": [name], "setting": "outpatient"} for name in ("a", "b")]
    steps[1] |= {"after": {"earliest_days": 1}, "repeat": {"n": row(2, "count", per="patient")}}
    return queue_project(
        flows={"many": flow("way", between=exponential(60), calendar="office")},
        resources={
            "room": server(2, kind="room", calendar="office", booking={"horizon_days": 20}),
            "desk": server(1),
        },
        activities={
            "a": activity((exponential(55), {"desk": 1})),
            "b": activity((exponential(99), {"room": 1}), (time(50), {"room": 1, "desk": 1})),
        },
        pathways={"way": pathway(*steps)},
        calendars={"office": office},
    )


@pytest.mark.parametrize(
    ("make", "known"),
    [
        (lambda: station(between=exponential(100), service=exponential(80), n=1), QUEUES),
        (ambulatory, AMBULATORY),
        (large, {}),
    ],
)
def test_what_is_taken_for_granted_changes_nothing(
    make: Callable[[], Project], known: dict[str, float]
) -> None:
    model = compile_project(make())
    assert model.tables.find_variant() == known
    general = make_general(model)
    assert general.tables.find_variant() == {}
    first, second = [simulate(each, seed=1, days=5) for each in (model, general)]
    assert first.events > 500
    assert first.waits > 0
    assert first.digest == second.digest


def test_tables_and_states_of_all_models_are_of_one_type() -> None:
    small = compile_project(station(between=exponential(100), service=exponential(80), n=1))
    other = compile_project(large())
    assert len(small.tables.re_alt) == len(small.tables.st_route) == 1
    assert len(small.tables.sb_bk) == 0
    assert len(other.tables.sb_bk) > 1
    small = make_general(small)
    assert find_type(small.tables) == find_type(other.tables)
    assert find_type(key_tables(small.tables, 1, 0)) == find_type(key_tables(other.tables, 1, 0))
    assert find_type(make_state(small, 1)) == find_type(make_state(other, 9))


def test_a_pickled_model_is_of_the_same_type_and_runs_the_same() -> None:
    for project in (station(between=exponential(100), service=exponential(80), n=1), large()):
        model = compile_project(project)
        tables = pickle.loads(pickle.dumps(model.tables))
        assert find_type(tables) == find_type(model.tables)
        assert tables.list_fields().keys() == model.tables.list_fields().keys()
        for name, array in model.tables.list_fields().items():
            assert (array == getattr(tables, name)).all(), name
            assert not len(array) or array.ndim > 1 or array.strides == getattr(tables, name).strides, name
        results = [simulate(one, seed=1, days=5) for one in (model, replace(model, tables=tables))]
        assert results[0].events == results[1].events > 0
        assert (results[0].arrivals == results[1].arrivals).all()
