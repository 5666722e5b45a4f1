"""Arithmetic and form of the validation, without the engine."""

import json

import pytest

from oncopolis.evidence import Evidence, Row, load_evidence
from oncopolis.studies.validation import Check, Validation
from oncopolis.studies.validation.check import EXACT, Published
from oncopolis.studies.validation.mix import Mix
from oncopolis.studies.validation.tables import list_table_checks


def make_row(**fields: object) -> Row:
    own = {
        "label": "Machines",
        "value": 100.0,
        "unit": "count",
        "per": "year",
        "source": "zhu2024",
        "status": "published",
        "opened": True,
    }
    return Row.model_validate(own | fields)


@pytest.fixture
def published() -> Published:
    rows = {
        "exact": make_row(),
        "ranged": make_row(low=90.0, high=105.0),
        EXACT: make_row(value=0.001),
        "tenth": make_row(value=0.1),
    }
    return Published(Evidence(rows))


@pytest.mark.parametrize(
    ("key", "tolerance", "ours", "inside"),
    [
        ("exact", "", 100.05, True),
        ("exact", "", 100.2, False),
        ("ranged", "", 90.0, True),
        ("ranged", "", 105.1, False),
        ("ranged", "tenth", 109.0, True),
        ("exact", "tenth", 89.0, False),
    ],
)
def test_a_tolerance_is_stated_or_the_published_range_or_print(
    published: Published, key: str, tolerance: str, ours: float, inside: bool
) -> None:
    assert published.compare("x", key, ours, tolerance=tolerance).inside is inside


def test_reasons_are_kept_for_misses_only(published: Published) -> None:
    near = published.compare("x", "exact", 100, cause=["a.b"], why="because")
    far = published.compare("x", "exact", 200, cause=["a.b", "a.b"], why="because")
    assert (near.cause, near.why) == ((), "")
    assert (far.cause, far.why) == (("a.b",), "because")


def test_what_cannot_be_computed_is_neither_inside_nor_outside(published: Published) -> None:
    skipped = published.skip("x", "exact", "no file")
    assert skipped.inside is None
    assert Validation((skipped,)).all_inside
    assert not Validation((skipped, published.compare("y", "exact", 0))).all_inside


def test_json_has_the_stated_form(published: Published) -> None:
    result = Validation((published.compare("x", "ranged", 100), published.skip("y", "exact", "no file")))
    document = json.loads(result.to_json())
    assert list(document) == ["checks"]
    first, second = document["checks"]
    assert {"id", "published", "ours", "tolerance", "inside", "source"} <= first.keys()
    assert (first["tolerance"], first["inside"]) == ([90.0, 105.0], True)
    assert (second["ours"], second["inside"], second["why"]) == (None, None, "no file")


def test_text_names_misses_and_why(published: Published) -> None:
    missed = published.compare("far", "exact", 200, cause=["a.b"], why="because [of this]")
    text = Validation((missed, published.skip("gone", "exact", "no file"))).to_text()
    assert "OUTSIDE" in text
    assert "far: because [of this]. Rows: a.b." in text
    assert "gone: no file" in text
    assert text.endswith("0 inside, 1 outside, 1 not computed")


def test_tables_of_others_are_recomputed_exactly() -> None:
    checks = {check.id: check for check in list_table_checks(Published(load_evidence()))}
    assert all(check.inside for check in checks.values() if check.ours is not None)
    expected = {
        "zhu2024.mv_units_2050": 47022,
        "zhu2024.radiation_oncologists_2050": 84640,
        "zhu2024.radiation_therapists_2050": 141067,
        "countries_without_rt.afghanistan": 14261,
        "countries_without_rt.burundi": 4956,
        "wilson2019.physicians_2018": 65333,
        "oman.fractions_per_linac": 7936,
    }
    assert {name: round(checks[name].ours or 0) for name in expected} == expected
    assert sum(name.startswith("countries_without_rt.") for name in checks) == 7


def test_a_mix_weighs_sites_by_cases() -> None:
    mix = Mix({"lung": 30.0, "breast": 10.0})
    lifetimes = {"lung": {"a": 1.0, "b": 2.0}, "breast": {"a": 3.0}}
    assert mix.n_cases == 40
    assert mix.ratio(lifetimes, "a") == pytest.approx(60 / 40)
    assert mix.ratio(lifetimes, "b", "a") == pytest.approx(60 / 60)
    assert mix.list_largest(lifetimes, "a", 1) == ["lung"]


def test_a_check_is_inside_at_its_ends() -> None:
    check = Check("x", "X", "count", 1.0, 0.5, 1.5, "work", "id", ours=1.5)
    assert check.inside
