"""The plan as plain data: complete, closed in itself, and free of times and paths."""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema
import pytest
from tests.clinic import Data, build, build_island, read, row, share

from oncopolis.planning import SCHEMA, to_document
from oncopolis.planning.document import to_plan_schema
from oncopolis.planning.plan import make_plan

PARTS = {"demand", "workload", "equipment", "staff", "rooms", "money", "biobank", "uncertainty", "findings"}
PARTS |= {"overrides", "evidence_used", "figures", "headlines", "sources"}


def write(data: Data, n_draws: int = 30) -> dict[str, Any]:
    return to_document(make_plan(read(data), n_draws=n_draws, seed=1), {"some.key": "1"})


@cache
def write_island() -> dict[str, Any]:
    data = build_island()
    data["evidence"] = {"survival.other_cause": {"value": 0.03, "source": "test", "signed_by": ["Somebody"]}}
    data["catchment"]["uptake"] = {
        "radiotherapy": {"start": share(0.5), "full": share(0.9), "full_year": 2035}
    }
    data["catchment"]["populations"]["island"]["registered"] = {"cases": row(1400, "case/year")}
    return write(data)


def walk(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from walk(item, f"{path}/{key}")
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from walk(item, f"{path}/{i}")


def test_it_has_every_part() -> None:
    document = write_island()
    assert document["schema"] == SCHEMA
    assert set(document) >= PARTS
    assert document["settings"] == {"draws": 30, "seed": 1, "set": {"some.key": "1"}}


@pytest.mark.parametrize("make", [write_island, lambda: write(build(), 0)], ids=["island", "flows"])
def test_it_fits_its_schema_and_survives_json(make: Any) -> None:
    document = make()
    text = json.dumps(document, allow_nan=False)
    assert json.loads(text) == document
    jsonschema.validate(document, to_plan_schema())


def test_it_names_no_place_and_no_time() -> None:
    text = json.dumps(write_island())
    assert not re.search(r"/(tmp|home|work|root)/", text)
    assert not re.search(r"\d\d:\d\d:\d\d|20\d\d-\d\d-\d\d", text)


def test_every_figure_named_exists() -> None:
    document = write_island()
    named = [value for path, value in walk(document) if path.endswith("/figure")]
    assert len(named) > 50
    assert set(named) <= set(document["figures"])
    assert set(document["headlines"]) <= set(document["figures"])
    assert set(document["biobank"]["figures"]) <= set(document["figures"])


def test_every_input_is_a_figure_or_a_row() -> None:
    document = write_island()
    rows = set(document["evidence_used"])
    known = set(document["figures"]) | rows
    for key, figure in document["figures"].items():
        assert set(figure["inputs"]) <= known, key
        assert all(
            set(detail["evidence"]) <= set(document["evidence_used"]) for detail in figure["details"]
        ), key


def test_every_row_used_has_its_source() -> None:
    document = write_island()
    cited = {fields["source"] for fields in document["evidence_used"].values()}
    assert cited - set(document["sources"]) <= {"test", "oncopolis"}


def test_tables_agree_with_their_figures() -> None:
    document = write_island()
    figures = document["figures"]
    for resource in document["equipment"]["resources"]:
        if resource["figure"] in figures:
            assert resource["n"] == pytest.approx(figures[resource["figure"]]["value"])
    for role in document["staff"]:
        assert role["fte"] == pytest.approx(figures[role["figure"]]["value"])
    for room in document["rooms"]["rooms"]:
        assert room["n"] == pytest.approx(figures[room["figure"]]["value"])
    for line in [*document["money"]["capital"], *document["money"]["running"], *document["money"]["income"]]:
        assert line["usd"] == pytest.approx(figures[line["figure"]]["value"])
    for measure in document["workload"]["measures"]:
        assert measure["values"] == pytest.approx(figures[measure["figure"]]["series"])


def test_series_follow_the_years() -> None:
    document = write_island()
    n_years = len(document["years"])
    assert all(
        figure["series"] is None or len(figure["series"]) == n_years
        for figure in document["figures"].values()
    )
    column = document["years"].index(document["reference_year"])
    for figure in document["figures"].values():
        if figure["series"] is not None:
            assert len(figure["series"]) == len(document["years"])
            assert figure["series"][column] == figure["value"]


def test_ages_stages_and_sites_are_the_same_cases() -> None:
    document = write_island()
    demand = document["demand"]
    column = document["years"].index(document["reference_year"])
    by_age = sum(demand["age"]["female"]) + sum(demand["age"]["male"])
    by_site = sum(site["new_cases"][column] for site in demand["sites"])
    assert sum(stage["cases"][column] for stage in demand["stages"]) == pytest.approx(by_site)
    assert by_age == pytest.approx(by_site + 300) or by_age == pytest.approx(by_site)  # with or without skin


def test_intervals_hold_the_central_value_of_what_is_not_rounded() -> None:
    document = write_island()
    for key in ("measure.fractions", "staff.doctor", "money.running", "demand.cases"):
        figure = document["figures"][key]
        assert figure["low"] < figure["value"] < figure["high"], key


def test_without_draws_there_are_no_intervals() -> None:
    document = write(build(), 0)
    assert document["uncertainty"]["interval"] is None
    assert all(figure["low"] is None and figure["high"] is None for figure in document["figures"].values())


def test_overrides_are_listed_with_who_signed() -> None:
    (override,) = write_island()["overrides"]
    assert override["key"] == "survival.other_cause"
    assert (override["before"], override["after"]) == (0.02, 0.03)
    assert override["signed_by"] == ["Somebody"]
    assert override["where"].startswith("centre.yaml")


def test_a_figure_on_an_unopened_source_is_marked() -> None:
    figures = write_island()["figures"]
    assert figures["resource.linac"]["unverified"]
    assert not figures["offer.linac"]["unverified"]


def test_parts_that_are_not_there_are_null() -> None:
    data = build()
    del data["finance"], data["biobank"]
    data["resources"].pop("cleaner")
    document = write(data, 0)
    assert document["money"] is None
    assert document["biobank"] is None
    jsonschema.validate(document, to_plan_schema())


def test_details_add_up_to_their_figure() -> None:
    figures = write_island()["figures"]
    for key in (
        "measure.fractions",
        "hours.linac",
        "workload.contacts",
        "activity.consult",
        "cost.surgery.medicines",
    ):
        figure = figures[key]
        assert sum(detail["value"] for detail in figure["details"]) == pytest.approx(figure["value"]), key
