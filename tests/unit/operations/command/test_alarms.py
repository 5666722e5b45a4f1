"""An alarm has one owner and a clock; it is over by itself, and not a moment after it has begun again."""

from dataclasses import replace
from typing import Any

import pytest
from tests.live import MONDAY_MS
from tests.waiting import ACTS as OF_QUEUES
from tests.waiting import MINUTE_MS, Day, make_day

from oncopolis.foundation import ConflictError, NotFoundError
from oncopolis.operations import Act, Decision
from oncopolis.operations.command import ACTS, Taken, list_alarms, read_overview
from oncopolis.record import Who

ALL: dict[str, Act[Any]] = {**OF_QUEUES, **{act.name: act for act in ACTS}}
KEY = "queue-wait:outpatient"
KIM, LEE = Who("Practitioner", "kim", "Dr Kim"), Who("Practitioner", "lee", "Dr Lee")


def do(day: Day, who: Who, name: str, **said: str) -> Decision:
    moment = replace(day.moment, who=who)
    decision: Decision = ALL[name].decide(day.floor, ALL[name].asked.model_validate(said), moment)
    day.floor.put(*decision.puts)
    return decision


@pytest.fixture
def day() -> Day:
    made = make_day()
    made.check_in("p1")
    made.wait(61)
    return made


def get_taken(day: Day) -> Taken | None:
    (alarm,) = [one for one in list_alarms(day.floor, day.at_ms) if one.cause.key == KEY]
    return alarm.taken


def test_it_has_an_owner_from_when_somebody_takes_it(day: Day) -> None:
    assert get_taken(day) is None
    decision = do(day, KIM, "take_alarm", alarm=KEY)
    taken = get_taken(day)
    assert taken is not None
    assert (taken.owner, taken.name, taken.taken_ms) == ("Practitioner/kim", "Dr Kim", day.at_ms)
    assert list(taken.list_claims()) == [("alarm", KEY)]
    assert [line.step for line in decision.lines] == ["queue_wait_taken"]
    assert not do(day, KIM, "take_alarm", alarm=KEY).puts


def test_somebody_else_takes_over(day: Day) -> None:
    do(day, KIM, "take_alarm", alarm=KEY)
    first = get_taken(day)
    day.wait(5)
    do(day, LEE, "take_alarm", alarm=KEY)
    second = get_taken(day)
    assert first is not None
    assert second is not None
    assert (second.id, second.name, second.taken_ms) == (first.id, "Dr Lee", day.at_ms)


def test_it_survives_its_record(day: Day) -> None:
    do(day, KIM, "take_alarm", alarm=KEY)
    taken = get_taken(day)
    assert taken is not None
    assert Taken.from_record(taken.to_record()) == taken
    ended = replace(taken, state="closed", reason="known", ended_ms=day.at_ms)
    assert Taken.from_record(ended.to_record()) == ended


def test_what_is_not_on_cannot_be_taken(day: Day) -> None:
    for key in ("queue-wait:surgery", "nothing:outpatient", "outpatient"):
        with pytest.raises(NotFoundError, match="OPS-400"):
            do(day, KIM, "take_alarm", alarm=key)


def test_it_is_closed_with_a_reason_by_whoever_took_it(day: Day) -> None:
    with pytest.raises(ConflictError, match="OPS-401"):
        do(day, KIM, "close_alarm", alarm=KEY, reason="known")
    do(day, KIM, "take_alarm", alarm=KEY)
    do(day, KIM, "close_alarm", alarm=KEY, reason="known")
    assert get_taken(day) is None


def test_it_is_over_once_its_cause_has_gone_and_not_when_that_wavers(day: Day) -> None:
    do(day, KIM, "take_alarm", alarm=KEY)
    at_ms = day.at_ms
    day.at_ms = MONDAY_MS + 50 * MINUTE_MS
    assert do(day, KIM, "clear_alarms").answer["closed"] == 0
    day.at_ms = MONDAY_MS + 47 * MINUTE_MS
    assert do(day, KIM, "clear_alarms").answer["closed"] == 1
    day.at_ms = at_ms
    assert get_taken(day) is None


def test_everybody_is_counted() -> None:
    day = make_day()
    day.check_in("p1")
    day.check_in("p2")
    seen = read_overview(day.floor, day.at_ms)
    assert (seen.n_inside, seen.n_waiting) == (2, 2)
    assert seen.inside == {"clinic": 2}
    assert seen.queues[0].area == "outpatient"
