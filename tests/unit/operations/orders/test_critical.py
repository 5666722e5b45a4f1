"""A critical result has a clock, and is passed on step by step while nobody has seen it."""

import pytest
from tests.courses import Walk

from oncopolis.foundation import InputError
from oncopolis.foundation.units import MS_PER_MINUTE
from oncopolis.operations.orders import Order
from oncopolis.operations.orders.critical import (
    find_late_ms,
    get_audience,
    get_time_ms,
    list_critical,
    list_overdue,
)

STEP_MIN = 30
"""Our own row `result.critical.seen`."""


def get_result(walk: Walk, critical: str = "haemoglobin 58 g/l") -> Order:
    made = walk.do("order", patient="p1", activity="report").answer["order"]
    walk.do("result", order=made, critical=critical)
    return walk.floor.get(Order, made)


def test_what_cannot_wait_is_listed_until_it_was_seen() -> None:
    walk = Walk()
    made = get_result(walk)
    usual = get_result(walk, critical="")
    assert list_critical(walk.floor) == [made]
    assert (
        get_time_ms(made, walk.floor.house) == STEP_MIN * MS_PER_MINUTE < get_time_ms(usual, walk.floor.house)
    )
    walk.do("acknowledge", order=made.id, read_back="58")
    assert not list_critical(walk.floor)


def test_it_survives_its_record() -> None:
    made = get_result(Walk())
    assert Order.from_record(made.to_record()) == made


def test_it_is_passed_on_at_each_step_and_not_before() -> None:
    walk = Walk()
    made = get_result(walk)
    came_ms = made.resulted_ms or 0
    seen: list[tuple[int, str]] = []
    for minute in range(4 * STEP_MIN + 1):
        walk.at_ms = came_ms + minute * MS_PER_MINUTE
        if list(list_overdue(walk.floor, walk.at_ms)):
            decision = walk.do("raise_results")
            assert decision.answer["raised"] == [made.id]
            assert [line.step for line in decision.lines] == [f"critical_result_raised_{len(seen) + 1}"]
            seen.append((minute, get_audience(walk.floor.get(Order, made.id))))
    assert seen == [(STEP_MIN, "department"), (2 * STEP_MIN, "command")]
    assert walk.do("raise_results").answer["closed"] == 0


def test_a_usual_result_is_not_passed_on() -> None:
    walk = Walk()
    made = get_result(walk, critical="")
    late_ms = (made.resulted_ms or 0) + 1_000 * 3_600_000
    assert not list(list_overdue(walk.floor, late_ms))
    assert (find_late_ms(made, walk.floor.house, late_ms) or 0) > 0


def test_how_late_it_was_seen_stays() -> None:
    walk = Walk()
    made = get_result(walk)
    walk.at_ms = (made.resulted_ms or 0) + (STEP_MIN + 12) * MS_PER_MINUTE
    decision = walk.do("acknowledge", order=made.id, read_back="58")
    (after,) = decision.puts
    assert isinstance(after, Order)
    assert find_late_ms(after, walk.floor.house, walk.at_ms + 10**9) == 12 * MS_PER_MINUTE
    assert after.seen_by == "Practitioner/somebody"
    (line,) = decision.lines
    assert (line.end_ms - (line.planned_ms or 0)) == 12 * MS_PER_MINUTE


@pytest.mark.parametrize(
    ("critical", "said", "code"),
    [
        ("haemoglobin 58 g/l", "58", None),
        ("potassium 6.9 mmol/l", "K 6,90", None),
        ("Neutrophils 0.3 x 10^9/l, fever", "0.3", None),
        ("Neutrophils 0.3 x 10^9/l, fever", "9", "OPS-483"),
        ("haemoglobin 58 g/l", "85", "OPS-483"),
        ("haemoglobin 58 g/l", "58 or 85", "OPS-483"),
        ("haemoglobin 58 g/l", "seen", "OPS-482"),
        ("haemoglobin 58 g/l", " ", "OPS-482"),
        ("bleeds", "", "OPS-482"),
        ("bleeds", "it bleeds", None),
    ],
)
def test_the_value_of_a_critical_result_is_repeated(critical: str, said: str, code: str | None) -> None:
    walk = Walk()
    made = get_result(walk, critical)
    if code is None:
        walk.do("acknowledge", order=made.id, read_back=said)
        assert not list_critical(walk.floor)
        return
    with pytest.raises(InputError, match=code):
        walk.do("acknowledge", order=made.id, read_back=said)
    assert list_critical(walk.floor) == [made]
