"""People in the room of tanks, upkeep that is due, and nitrogen with a supplier who may not come."""

import pytest
from tests.banks import ANNA, BEK, NOON_MS, act
from tests.unit.biobank.watching.test_keeping import MIN, raise_one
from tests.unit.biobank.watching.test_watch import Room

from oncopolis.biobank import Bank
from oncopolis.biobank.watching.nitrogen import Supply, compute_stocks_l, find_empty_day, list_deliveries_l
from oncopolis.biobank.watching.rooms import find_alone
from oncopolis.foundation import ConflictError, ForbiddenError, NotFoundError
from oncopolis.record import Who
from oncopolis.record.biobank.watching import Inside, list_inside, list_upkeep

DAY = 24 * 60 * MIN


def enter(bank: Bank, who: Who = ANNA, companion: str = "Practitioner/bek", room: str = "T1") -> None:
    said = {"room": room, "companion": companion, "companion_name": "Bek"}
    bank.perform("bank_enter_room", said, act(who), at_ms=NOON_MS).result()


def get_inside(bank: Bank) -> list[Inside]:
    return bank.ask(lambda books: list_inside(books.session))


def test_two_go_in_and_who_stays_alone_is_seen(bank: Bank) -> None:
    with pytest.raises(ForbiddenError, match="BIO-215"):
        enter(bank, companion="Practitioner/anna")
    enter(bank)
    assert [one.person for one in get_inside(bank)] == ["Practitioner/anna", "Practitioner/bek"]
    with pytest.raises(ConflictError, match="BIO-214"):
        enter(bank, BEK, "Practitioner/anna")
    assert not find_alone(get_inside(bank))
    said = {"room": "T1", "person": "Practitioner/bek"}
    bank.perform("bank_leave_room", said, act(ANNA), at_ms=NOON_MS + MIN).result()
    assert find_alone(get_inside(bank)) == {"T1"}
    bank.perform("bank_leave_room", {"room": "T1"}, act(ANNA), at_ms=NOON_MS + MIN).result()
    assert not get_inside(bank)
    with pytest.raises(ConflictError, match="BIO-217"):
        bank.perform("bank_leave_room", {"room": "T1"}, act(ANNA)).result()


@pytest.mark.parametrize("rule", ["oxygen-low", "interlock-open", "silent"])
def test_nobody_goes_into_air_that_is_bad_or_unknown(bank: Bank, rule: str) -> None:
    raise_one(bank, rule)
    with pytest.raises(ForbiddenError, match="BIO-216"):
        enter(bank)
    assert not get_inside(bank)
    enter(bank, room="another room")


def test_an_alarm_of_another_kind_closes_no_room(bank: Bank) -> None:
    raise_one(bank, "too-warm")
    enter(bank)
    assert len(get_inside(bank)) == 2


def test_somebody_alone_is_an_alarm_that_cannot_be_put_off() -> None:
    room = Room()
    room.watch.alone = frozenset({"tank room"})
    room.look()
    assert room.watch.alarms["alone:tank room"].is_serious
    room.watch.alone = frozenset()
    room.look()
    assert room.watch.alarms["alone:tank room"].gone_ms is not None


def test_upkeep_is_due_again_after_it_was_done(bank: Bank) -> None:
    said = {
        "subject": "T1",
        "kind": "calibration",
        "what": "probe",
        "every_days": 365,
        "due_ms": NOON_MS - DAY,
    }
    id_ = bank.perform("bank_plan_upkeep", said, act(ANNA)).result()["upkeep"]
    done = {"upkeep": id_, "said": "certificate 17"}
    bank.perform("bank_do_upkeep", done, act(BEK), at_ms=NOON_MS).result()
    (one,) = bank.ask(lambda books: list_upkeep(books.session))
    assert (one.due_ms, one.done_by, one.said) == (NOON_MS + 365 * DAY, "Practitioner/bek", "certificate 17")
    with pytest.raises(NotFoundError, match="BIO-218"):
        bank.perform("bank_do_upkeep", {"upkeep": 99, "said": "x"}, act(BEK)).result()


def test_a_missed_delivery_empties_the_bulk_tank_earlier() -> None:
    """100 L a day; 500 L at first; 700 L on day 3 and every seven days after."""
    supply = Supply(500.0, [10.0] * 10, 10.0, 0.0)

    def find(n_missed: int) -> int | None:
        return find_empty_day(compute_stocks_l(supply, list_deliveries_l(700.0, 7, 3, 30, n_missed), 30))

    assert [find(0), find(1), find(30)] == [None, 4, 4]
    assert list_deliveries_l(700.0, 0, 3, 5) == [0.0] * 5
