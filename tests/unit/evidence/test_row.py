"""A row says what it measures, per what, how surely and where from; each rule refuses what breaks it."""

from typing import Any

import pytest
from pydantic import ValidationError

from oncopolis.evidence import Row

FIELDS: dict[str, Any] = {
    "label": "Share of something",
    "value": 0.5,
    "unit": "share",
    "per": "case",
    "source": "test",
    "status": "published",
    "opened": True,
}


def make(**changes: Any) -> Row:
    return Row.model_validate({**FIELDS, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"low": 0.5, "high": 0.5},
        {"low": 0.0, "high": 1.0},
        {"value": 0.0},
        {"value": 1.0},
        {"value": 7, "unit": "count", "per": "bed"},
        {"value": -3, "unit": "ratio", "per": None},
        {"value": 3, "unit": "hour/week", "per": None},
        {"status": "assumption", "note": "why"},
        {"status": "derived", "note": "how"},
        {"status": "expert"},
        {"distribution": {"family": "lognormal", "sd": 0.1}},
        {"distribution": {"family": "exponential"}},
    ],
)
def test_rows_that_keep_the_rules_are_taken(changes: dict[str, Any]) -> None:
    """Exact rows, ranges that hold the value, and units without a denominator of their own are fine."""
    row = make(**changes)
    assert row.lowest <= row.value <= row.highest


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"low": 0.4}, "together"),
        ({"high": 0.6}, "together"),
        ({"low": 0.6, "high": 0.7}, "low <= value <= high"),
        ({"low": 0.1, "high": 0.4}, "low <= value <= high"),
        ({"low": 0.7, "high": 0.1}, "low <= value <= high"),
        ({"value": 1.2}, "from 0 to 1"),
        ({"value": -0.1}, "from 0 to 1"),
        ({"low": -0.1, "high": 0.6}, "from 0 to 1"),
        ({"low": 0.4, "high": 1.1}, "from 0 to 1"),
        ({"per": None}, "denominator"),
        ({"unit": "count", "per": None}, "denominator"),
        ({"per": "cases"}, "such as 'case'"),
        ({"unit": "shares"}, "such as 'share'"),
        ({"unit": "%"}, "closed list"),
        ({"status": "assumption"}, "reason"),
        ({"status": "derived"}, "reason"),
        ({"status": "guess"}, "published"),
        ({"value": float("nan")}, "finite"),
        ({"value": float("inf")}, "finite"),
        ({"value": "many"}, "number"),
        ({"label": ""}, "at least 1"),
        ({"distribution": {"family": "cauchy"}}, "lognormal"),
        ({"distribution": {"family": "gamma", "sd": -1}}, "greater than or equal"),
        ({"vlaue": 3}, "not permitted"),
    ],
)
def test_rows_that_break_a_rule_are_refused(changes: dict[str, Any], expected: str) -> None:
    """Each rule has a case that it refuses, and says what it expects."""
    with pytest.raises(ValidationError, match=expected):
        make(**changes)


@pytest.mark.parametrize("required", ["label", "value", "unit", "source", "status", "opened"])
def test_what_a_row_cannot_do_without(required: str) -> None:
    """A row without label, value, unit, source, status or the mark of having been opened is refused."""
    with pytest.raises(ValidationError, match="required"):
        Row.model_validate({name: value for name, value in FIELDS.items() if name != required})


def test_an_exact_row_has_no_range() -> None:
    """A row without low and high is certain; equal ends are as certain."""
    assert not make().is_ranged
    assert not make(low=0.5, high=0.5).is_ranged
    assert make(low=0.4, high=0.5).is_ranged


@pytest.mark.parametrize(
    ("opened", "signed_by", "verified"),
    [(True, (), True), (False, (), False), (False, ("Dr A",), True)],
)
def test_what_was_opened_or_signed_for_is_verified(
    opened: bool, signed_by: tuple[str], verified: bool
) -> None:
    """A source that somebody opened, or a signature, verifies a row."""
    assert make(opened=opened, signed_by=signed_by).is_verified is verified
