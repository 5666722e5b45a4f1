"""The document of a run: everything summed up once, and nothing of the machine in it."""

import json
import math
from dataclasses import replace
from functools import cache
from itertools import pairwise
from statistics import mean, stdev
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator
from scipy.stats import t
from tests import runs

from oncopolis.foundation import InputError
from oncopolis.twin import Result
from oncopolis.twin.document import to_document, to_twin_schema

N = 4


@cache
def list_results() -> tuple[Result, ...]:
    return tuple(runs.build_result(runs.read_clinic(), i) for i in range(N))


@cache
def build() -> dict[str, Any]:
    return to_document(list_results(), runs.build_about(runs.read_clinic()))


@cache
def build_single() -> dict[str, Any]:
    return to_document(list_results()[:1], runs.build_about(runs.read_clinic()))


def find(lines: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(line for line in lines if line["id"] == name)


def list_rules(document: dict[str, Any], severity: str) -> set[str]:
    return {found["rule"] for found in document["findings"] if found["severity"] == severity}


@pytest.mark.parametrize("make", [build, build_single])
def test_keeps_to_its_schema(make: Any) -> None:
    schema = to_twin_schema()
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(json.dumps(make(), allow_nan=False)))


def test_is_the_same_each_time_and_names_no_folder() -> None:
    again = to_document(list_results(), runs.build_about(runs.read_clinic()))
    assert json.dumps(again) == json.dumps(build())
    assert str(runs.read_clinic().folder) not in json.dumps(again)


def test_intervals_are_those_of_student() -> None:
    came = [int(result.arrivals.sum()) for result in list_results()]
    half = t.ppf(0.975, N - 1) * stdev(came) / math.sqrt(N)
    figure = build()["figures"]["arrivals"]
    assert figure["value"] == pytest.approx(mean(came))
    assert (figure["low"], figure["high"]) == pytest.approx((mean(came) - half, mean(came) + half))
    assert build()["run"]["level"] == 0.95


def test_no_interval_reaches_below_nought() -> None:
    few = [replace(result, arrivals=result.arrivals * (i == 0)) for i, result in enumerate(list_results())]
    document = to_document(few, runs.build_about(runs.read_clinic()))
    assert document["figures"]["arrivals"]["low"] == 0
    assert document["figures"]["arrivals"]["high"] > document["figures"]["arrivals"]["value"]


def test_one_replication_has_no_interval_and_says_so() -> None:
    assert build_single()["run"]["level"] is None
    assert {figure["low"] for figure in build_single()["figures"].values()} == {None}
    assert "one-replication" in list_rules(build_single(), "note")
    assert "one-replication" not in list_rules(build(), "note")


def test_waits_are_those_of_the_result_in_minutes() -> None:
    result = list_results()[0]
    row = result.waiting.names.index("consult")
    line = find(build_single()["waits"]["activities"], "consult")
    assert line["n"] == result.waiting.n[row]
    assert line["mean"]["value"] == pytest.approx(result.waiting.mean[row] / 60_000)
    assert line["median"]["value"] < line["p90"]["value"] <= line["longest"]
    assert line["department"] == "outpatient"


def test_pathways_gather_their_steps() -> None:
    waits = build_single()["waits"]
    for pathway in waits["pathways"]:
        steps = [step for step in waits["steps"] if step["pathway"] == pathway["id"]]
        assert pathway["n"] == sum(step["n"] for step in steps)
        assert pathway["total_hours"] == pytest.approx(sum(step["total_hours"] for step in steps))
        assert pathway["longest"] == max(step["longest"] for step in steps)


def test_cohorts_gather_their_stages_and_curves_rise() -> None:
    lines = build()["treatment"]["lines"]
    ids = [line["id"] for line in lines]
    assert ids[0] == "all"
    assert "cohort.breast" in ids
    assert find(lines, "all")["n"] == pytest.approx(sum(line["n"] for line in lines[1:]))
    for line in lines:
        assert all(before <= after for before, after in pairwise(line["curve"]))
        assert line["curve"][-1] >= 0.99
        assert line["curve"][31] == pytest.approx(line["within"]["value"], abs=0.05)


def test_bottlenecks_are_ranked_and_share_all_waiting() -> None:
    resources = {line["id"]: line for line in build()["resources"]}
    waited = [resources[name]["waited_hours"]["value"] for name in build()["bottlenecks"]]
    assert waited == sorted(waited, reverse=True)
    assert sum(line["share_of_waiting"]["value"] for line in resources.values()) == pytest.approx(1)


def test_census_is_of_beds_only() -> None:
    wards = build()["census"]["wards"]
    assert [ward["id"] for ward in wards] == ["bed"]
    assert len(wards[0]["mean"]) == len(wards[0]["p95"]) == len(wards[0]["offered"]) == 364
    assert build_single()["census"]["wards"][0]["p95"] is None


def test_week_has_an_hour_for_each_and_gaps_where_closed() -> None:
    week = build()["week"]
    assert {len(series[name]) for series in week.values() for name in series} == {168}
    assert week["linac"]["utilisation"][167] is None
    assert week["bed"]["utilisation"][167] is not None


def test_targets_are_compared_with_what_was_reached() -> None:
    targets = {line["id"]: line for line in build()["targets"]}
    result = list_results()[0]
    row = result.waiting.names.index("consult")
    single = find(build_single()["targets"], "seen")["reached"]["value"]
    assert single == pytest.approx(result.waiting.within[row] / result.waiting.n[row])
    assert targets["seen"]["held"] == (targets["seen"]["reached"]["value"] >= 0.9)
    assert targets["treated"]["held"] is False
    assert targets["linacs"]["held"] == (targets["linacs"]["reached"]["value"] < 0.95)
    assert targets["nobody"]["held"] is True
    missed = [key for key, line in targets.items() if not line["held"]]
    where = [found["where"] for found in build()["findings"] if found["rule"] == "target-missed"]
    assert where == [f"targets.{key}" for key in missed]


def test_target_where_nobody_came_is_not_called_held() -> None:
    result = list_results()[0]
    empty = replace(
        result,
        treatment=replace(result.treatment, n=np.zeros_like(result.treatment.n)),
    )
    document = to_document([empty], runs.build_about(runs.read_clinic()))
    assert find(document["targets"], "treated")["held"] is None
    assert "target-not-observed" in list_rules(document, "warning")


def test_checks_hold_and_a_lost_patient_is_an_error() -> None:
    assert all(check["held"] for check in build()["checks"])
    result = list_results()[0]
    lost = replace(result, flow=result.flow | {"completed": result.flow["completed"] - 1})
    document = to_document([lost], runs.build_about(runs.read_clinic()))
    assert "twin-does-not-add-up" in list_rules(document, "error")
    for factor, held in ((1.0, True), (1.01, False)):
        told = replace(result)
        object.__setattr__(told, "waits", result.waiting_area * factor)
        document = to_document([told], runs.build_about(runs.read_clinic()))
        assert find(document["checks"], "little")["held"] is held


def test_what_was_stopped_early_is_told_and_left_out() -> None:
    stopped = runs.build_result(runs.read_clinic(), 9, days=50, complete=False)
    document = to_document([*list_results(), stopped], runs.build_about(runs.read_clinic()))
    assert document["figures"] == build()["figures"]
    assert document["run"]["complete"] is False
    assert len(document["run"]["replications"]) == N + 1
    assert "twin-stopped-early" in list_rules(document, "warning")
    alone = to_document([stopped], runs.build_about(runs.read_clinic()))
    assert alone["run"]["days"] == 50


def test_full_resource_is_a_finding() -> None:
    result = list_results()[0]
    held = result.resources.held.copy()
    held[result.resources.names.index("linac")] = result.resources.offered.max() * 99
    full = replace(result, resources=replace(result.resources, held=held))
    document = to_document([full], runs.build_about(runs.read_clinic()))
    where = [found["where"] for found in document["findings"] if found["rule"] == "resource-always-full"]
    assert where == ["resources.linac"]


def test_checklist_is_complete_and_tells_versions_but_no_time() -> None:
    items = [item for section in build()["stress"] for item in section["items"]]
    assert [section["title"] for section in build()["stress"]] == [
        "Objectives",
        "Logic",
        "Data",
        "Experimentation",
        "Implementation",
        "Code access",
    ]
    numbers = {".".join(item["id"].split(".")[:2]) for item in items}
    assert len(numbers) == 20
    assert all(item["title"] and len(item["text"]) > 10 for item in items)
    software = find(items, "5.1")["text"]
    assert "numba" in software
    assert np.__version__ in software


def test_day_and_process_may_be_missing() -> None:
    about = replace(runs.build_about(runs.read_clinic()), day=None, processes=())
    document = to_document(list_results()[:1], about)
    assert document["day"] is None
    assert document["processes"] == []
    assert len(build()["day"]["present"][0]) == build()["day"]["quarter_hours"] == 96


def test_refuses_nothing_and_mixtures() -> None:
    about = runs.build_about(runs.read_clinic())
    with pytest.raises(InputError) as caught:
        to_document([], about)
    assert caught.value.code == "TWN-050"
    with pytest.raises(InputError) as caught:
        to_document([list_results()[0], replace(list_results()[1], definition="ff")], about)
    assert caught.value.code == "TWN-051"
