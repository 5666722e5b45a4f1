"""A distribution states its spread in one way, and the mean of its row is one that it can have."""

from typing import Any

import pytest
from pydantic import ValidationError

from oncopolis.centre.merging import merge
from oncopolis.evidence import Distribution, Evidence, Row
from oncopolis.evidence.distribution import Family
from oncopolis.evidence.registry import read_override
from oncopolis.foundation import Located


def make(value: float = 6.0, **distribution: Any) -> Row:
    return Row.model_validate(
        {
            "label": "Minutes of something",
            "value": value,
            "unit": "min",
            "source": "test",
            "status": "published",
            "opened": True,
            "distribution": distribution,
        }
    )


@pytest.mark.parametrize("family", ["lognormal", "gamma", "weibull", "normal", "triangular", "uniform"])
@pytest.mark.parametrize("spread", [{"sd": 2.0}, {"sd": 0}, {"cv": 0.3}])
def test_every_family_with_a_spread_takes_either_way_to_state_it(family: Family, spread: Any) -> None:
    assert make(family=family, **spread).distribution == Distribution(family=family, **spread)


@pytest.mark.parametrize("family", ["fixed", "exponential"])
def test_the_mean_says_all_of_the_others(family: Family) -> None:
    assert make(family=family).distribution == Distribution(family=family)


@pytest.mark.parametrize(
    ("value", "distribution"),
    [
        (6, {"family": "triangular", "low": 2, "high": 9}),
        (5, {"family": "triangular", "low": 2, "high": 11}),  # mode at the low end
        (8, {"family": "triangular", "low": 2, "high": 11}),  # mode at the high end
        (6, {"family": "uniform", "low": 2, "high": 10}),
        (0.2, {"family": "uniform", "low": 0.1, "high": 0.3}),
        (-3, {"family": "normal", "sd": 5}),
        (0, {"family": "normal", "sd": 5}),
    ],
)
def test_means_that_fit_are_taken(value: float, distribution: dict[str, Any]) -> None:
    """Any mean between the corners of a triangle, the middle of a uniform, and early for a lateness."""
    assert make(value, **distribution).value == value


@pytest.mark.parametrize(
    ("value", "distribution", "expected"),
    [
        (6, {"family": "lognormal"}, "either `sd` or `cv` for `lognormal`"),
        (6, {"family": "gamma", "sd": 2, "cv": 0.3}, "either `sd` or `cv`"),
        (6, {"family": "weibull", "low": 2, "high": 9}, "either `sd` or `cv`"),
        (6, {"family": "exponential", "sd": 6}, "no `sd` for `exponential`"),
        (6, {"family": "fixed", "cv": 0}, "no `cv` for `fixed`"),
        (6, {"family": "uniform"}, "`low` and `high` for `uniform`"),
        (6, {"family": "uniform", "low": 2}, "`low` and `high` for `uniform`"),
        (6, {"family": "triangular", "low": 2, "high": 9, "sd": 1}, "`low` and `high` for `triangular`"),
        (6, {"family": "uniform", "low": 9, "high": 2}, "low < high"),
        (6, {"family": "uniform", "low": 2, "high": 11}, "as mean: 6.5"),
        (4.9, {"family": "triangular", "low": 2, "high": 11}, "a mean from 5 to 8"),
        (8.1, {"family": "triangular", "low": 2, "high": 11}, "a mean from 5 to 8"),
        (-1, {"family": "exponential"}, "a mean of 0 or more"),
        (-1, {"family": "gamma", "sd": 1}, "a mean of 0 or more"),
        (0, {"family": "normal", "cv": 0.3}, "`sd` in place of `cv`"),
        (6, {"family": "weibull", "cv": -0.3}, "greater than or equal"),
    ],
)
def test_distributions_that_contradict_their_row_are_refused(
    value: float, distribution: dict[str, Any], expected: str
) -> None:
    with pytest.raises(ValidationError, match=expected):
        make(value, **distribution)


@pytest.mark.parametrize(("mean", "mode"), [(6, 7), (5, 2), (8, 11)])
def test_the_mode_of_a_triangle_gives_its_mean(mean: float, mode: float) -> None:
    """The mean of a triangle is that of its three corners."""
    ends = (2, 9) if mean == 6 else (2, 11)
    distribution = Distribution(family="triangular", low=ends[0], high=ends[1])
    assert distribution.compute_mode(mean) == pytest.approx(mode)
    assert (sum(ends) + mode) / 3 == pytest.approx(mean)


def test_a_triangle_without_ends_has_its_mode_in_the_middle() -> None:
    assert Distribution(family="triangular", sd=2).compute_mode(6) == 6


@pytest.mark.slow
def test_a_spread_follows_the_unit_of_the_row_it_replaces() -> None:
    """Hours laid over minutes are carried over with their standard deviation and ends; a share of the mean
    stays."""
    evidence = Evidence({"some.time": make(family="gamma", sd=2)})
    own = {"value": 0.1, "unit": "hour", "source": "project"}
    located = merge([Located({"evidence": {}}, "centre.yaml", {})])

    def lay(**distribution: Any) -> Distribution | None:
        fields = {**own, "distribution": distribution}
        return read_override("some.time", fields, evidence, located, ("evidence", "some.time")).distribution

    by_sd, by_ends = lay(family="gamma", sd=0.05), lay(family="uniform", low=0.05, high=0.15)
    assert by_sd is not None
    assert by_sd.sd == pytest.approx(3)
    assert by_ends is not None
    assert by_ends.low == pytest.approx(3)
    assert by_ends.high == pytest.approx(9)
    assert lay(family="gamma", cv=0.5) == Distribution(family="gamma", cv=0.5)
