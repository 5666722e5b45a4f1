"""Each rule of the command centre with a floor on which it speaks, and one on which it does not."""

from collections.abc import Callable
from typing import get_args

import pytest
from tests.courses import Walk
from tests.live import MONDAY_MS
from tests.units import BAY, CHAIR, THEATRE, book_theatre, get_unit_house
from tests.waiting import BEDS, LINAC, MINUTE_MS, ROOMS, list_beds, make_day

from oncopolis.operations import Floor
from oncopolis.operations.booking.units import Down, Machine
from oncopolis.operations.command.causes import RULES, Cause, Rule, list_causes
from oncopolis.operations.infusion import Bag
from oncopolis.operations.wards.views import Bed

Case = Callable[[int], tuple[Floor, int]]


def wait(minutes: int) -> tuple[Floor, int]:
    day = make_day()
    day.check_in("p1")
    day.wait(minutes)
    return day.floor, day.at_ms


def call(minutes: int) -> tuple[Floor, int]:
    day = make_day()
    contact = day.check_in("p1")
    day.do("call", area=contact.area, room=ROOMS[0])
    day.wait(minutes)
    return day.floor, day.at_ms


def fill_beds(n_free: int) -> tuple[Floor, int]:
    beds = [Bed(one, "bed", room=None, state="cleaning") for one in BEDS[n_free:]]
    free = [Bed(one, "bed", room=None) for one in BEDS[:n_free]]
    return make_day(*beds, *free, *(one for one in list_beds() if one.ward != "bed")).floor, MONDAY_MS


def break_down(minutes: int) -> tuple[Floor, int]:
    down = Down("r1", MONDAY_MS, MONDAY_MS + 10**8, "failed")
    return make_day(Machine(LINAC, down)).floor, MONDAY_MS + minutes * MINUTE_MS


def be_late(minutes: int) -> tuple[Floor, int]:
    floor = Floor(get_unit_house())
    floor.put(book_theatre("b1", "p1", 0))
    return floor, MONDAY_MS + minutes * MINUTE_MS


def infuse(minutes: int) -> tuple[Floor, int]:
    bag = Bag(
        "bag", "t1", "p1", "m1", "C1", "a medicine", "1", "mg", 60, "batch", MONDAY_MS, MONDAY_MS + 10**9,
        "who", state="running", started_ms=MONDAY_MS - 60 * MINUTE_MS,
    )  # fmt: skip
    floor = Floor(get_unit_house())
    floor.put(bag)
    return floor, MONDAY_MS + minutes * MINUTE_MS


def pass_on(n_times: int) -> tuple[Floor, int]:
    walk = Walk()
    order = walk.do("order", patient="p1", activity="report").answer["order"]
    walk.do("result", order=order, critical="haemoglobin 58 g/l")
    for _ in range(n_times):
        walk.at_ms += 30 * MINUTE_MS
        walk.do("raise_results")
    return walk.floor, walk.at_ms


CASES: dict[Rule, tuple[Case, int, int, str, int]] = {
    "queue-wait": (wait, 60, 59, "outpatient", 60),
    "called-away": (call, 15, 14, "outpatient", 1),
    "ward-full": (fill_beds, 0, 1, "bed", 4),
    "unit-down": (break_down, 7, -1, LINAC, 7),
    "theatre-late": (be_late, 30, 29, THEATRE, 30),
    "infusion-over": (infuse, 15, 14, "t1", 15),
    "critical-unseen": (pass_on, 2, 1, "", 60),
}
"""Rule -> how its floor is made, with what it speaks and with what not, about what, and its number."""


def find(rule: Rule, floor: Floor, at_ms: int) -> list[Cause]:
    return [cause for cause in list_causes(floor, at_ms) if cause.rule == rule]


def test_every_rule_has_its_case() -> None:
    assert set(CASES) == set(RULES) == set(get_args(Rule))


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_speaks_at_its_limit_and_not_before(rule: Rule) -> None:
    make, wrong, right, subject, n = CASES[rule]
    (cause,) = find(rule, *make(wrong))
    assert cause.n == n
    assert subject in ("", cause.subject)
    assert not find(rule, *make(right))


@pytest.mark.parametrize("rule", [rule for rule in CASES if rule not in ("ward-full", "theatre-late")])
def test_since_when_is_told_where_it_is_known(rule: Rule) -> None:
    make, wrong, _, _, _ = CASES[rule]
    floor, at_ms = make(wrong)
    (cause,) = find(rule, floor, at_ms)
    assert cause.since_ms is not None
    assert cause.since_ms <= at_ms


def test_nothing_is_wrong_on_an_empty_floor() -> None:
    assert not list_causes(Floor(get_unit_house()), MONDAY_MS)
    assert {BAY, CHAIR} <= set(get_unit_house().units)
