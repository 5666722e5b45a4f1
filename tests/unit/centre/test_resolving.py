# ruff: noqa: E501 -- one case a line
"""Placeholders are filled, fallbacks are taken, parameters are bound, and units must fit."""

import pytest

from oncopolis.centre import Project, Resolver
from oncopolis.centre.context import fill, find_key, make_context
from oncopolis.centre.number import EvidenceRef, ParameterRef
from oncopolis.evidence import Row
from oncopolis.foundation import Collector

HOURS = ("activities", "operation", "phases", 0, "duration")


@pytest.fixture
def resolver(clinic: Project) -> Resolver:
    return Resolver(clinic.centre, clinic.evidence, clinic.located, Collector())


def test_placeholders_are_filled_with_what_is_known() -> None:
    """Known words are put in; unknown ones stay, so that a fault can name them."""
    words = {"site": "lung", "fractionation": "contemporary"}
    assert fill("a.{fractionation}.{site}", words) == "a.contemporary.lung"
    assert fill("a.{stage}.{site}", words) == "a.{stage}.lung"
    assert fill("a.b", words) == "a.b"


def test_the_context_holds_country_choices_site_and_stage(clinic: Project) -> None:
    """Country in lower case and the practice's choices hold for all; site and stage for those who have them."""
    assert make_context(clinic.centre) == {"country": "uzb", "fractionation": "contemporary"}
    assert make_context(clinic.centre, "breast", "i") == {
        "country": "uzb",
        "fractionation": "contemporary",
        "site": "breast",
        "stage": "i",
    }


@pytest.mark.parametrize(
    ("evidence", "otherwise", "key"),
    [
        ("a.{site}", None, "a.lung"),
        ("a.{site}", "b", "a.lung"),
        ("c.{site}", "b", "b"),
        ("c.{site}", "d.{site}", "d.lung"),
        ("c.{site}", "c", None),
        ("c.{site}", None, None),
        ("a.{stage}", None, None),
    ],
)
def test_the_second_key_is_taken_where_the_first_is_missing(
    evidence: str, otherwise: str | None, key: str | None
) -> None:
    """`otherwise` counts only where the filled key does not exist."""
    known = dict.fromkeys(("a.lung", "b", "d.lung"))
    assert find_key(EvidenceRef(evidence=evidence, otherwise=otherwise), {"site": "lung"}, known) == key


def test_whole_numbers_stand_for_themselves(resolver: Resolver) -> None:
    """A number of structure needs no evidence."""
    assert resolver.resolve(3, HOURS, {}) == 3


def test_a_parameter_is_what_it_is_bound_to(resolver: Resolver) -> None:
    """A parameter takes the value handed in, a key or a number."""
    assert resolver.resolve(ParameterRef(parameter="p"), HOURS, {}, {"p": "test.hours"}) == "test.hours"
    assert resolver.resolve(ParameterRef(parameter="p"), HOURS, {}, {"p": 2}) == 2
    assert not resolver.faults.errors


def test_a_parameter_nobody_declared_is_told_once(resolver: Resolver) -> None:
    """A parameter without a value is a fault, however many routes come past it."""
    for _ in range(3):
        resolver.resolve(ParameterRef(parameter="q"), HOURS, {}, {"p": 2})
    assert [(fault.code, fault.expected) for fault in resolver.faults.errors] == [
        ("CEN-020", "a declared one (p)")
    ]


def test_a_key_that_is_missing_is_told_once_per_filling(resolver: Resolver) -> None:
    """A missing key is told with its filled form and its line, once for each site."""
    for site in ("lung", "lung", "liver"):
        resolver.resolve(EvidenceRef(evidence="test.{site}"), HOURS, {"site": site})
    assert [fault.got for fault in resolver.faults.errors] == [
        "the evidence key 'test.lung'",
        "the evidence key 'test.liver'",
    ]
    assert {fault.where.split(": ")[1] for fault in resolver.faults.errors} == {
        "activities.operation.phases[0].duration"
    }


@pytest.mark.parametrize(
    ("key", "path", "unit", "code"),
    [
        ("test.hours", HOURS, None, None),
        ("test.area", HOURS, None, "CEN-021"),
        ("test.minutes", ("pathways", "care", "steps", 0, "do", 0, "with", "minutes"), "min", None),
        ("test.hours", ("pathways", "care", "steps", 0, "do", 0, "with", "minutes"), "min", None),
        ("test.area", ("pathways", "care", "steps", 0, "do", 0, "with", "minutes"), "min", "CEN-021"),
    ],
)
def test_units_must_fit_the_place(
    resolver: Resolver, key: str, path: tuple[str | int, ...], unit: str | None, code: str | None
) -> None:
    """A place takes units of its kind, a parameter those that measure the same as its declared one."""
    assert resolver.resolve(EvidenceRef(evidence=key), path, {}, unit=unit) == key
    assert [fault.code for fault in resolver.faults.errors] == ([code] if code else [])


def test_a_row_in_place_must_have_been_taken_out(resolver: Resolver, clinic: Project) -> None:
    """A row that was never registered is a fault of ours and not of the user."""
    row: Row = clinic.evidence.get_row("test.hours")
    with pytest.raises(TypeError, match="taken out"):
        resolver.resolve(row, HOURS, {})
