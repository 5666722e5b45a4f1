"""Checking in: by an appointment, by a code, without either; refused with what is wrong, or absorbed."""

from typing import Any

import pytest
from tests.live import MONDAY_MS
from tests.waiting import (
    BEDS,
    DAY_MS,
    HOUR_MS,
    LINAC,
    MINUTE_MS,
    Day,
    get_clinic,
    list_beds,
    make_booking,
    make_day,
)

from oncopolis.foundation import ConflictError, InputError, NotFoundError, OncopolisError
from oncopolis.operations.arrivals.indexes import Inside
from oncopolis.operations.arrivals.numbers import make_number
from oncopolis.operations.arrivals.rules import find_order_ms, get_rules
from oncopolis.operations.arrivals.views import Contact, Visit
from oncopolis.operations.booking.views import Booking

SOON_MS = MONDAY_MS + 10 * MINUTE_MS


def refuse(day: Day, refusal: str, error: type[OncopolisError], /, **said: Any) -> OncopolisError:
    before = day.floor.to_state()
    with pytest.raises(error) as refused:
        day.do("check_in", **said)
    assert refused.value.code == refusal
    assert day.floor.to_state() == before
    return refused.value


def test_with_an_appointment_somebody_waits_for_it() -> None:
    day = make_day(make_booking("b1", "p1", SOON_MS, units=("role.doctor.2",), pathway="care", step="visit"))
    answer = day.do("check_in", booking="b1", channel="kiosk", area="outpatient")
    contact, visit = day.get(answer["contact"]), day.floor.get(Visit, answer["visit"])
    assert (contact.state, contact.area, contact.activity) == ("waiting", "outpatient", "consult")
    assert (contact.planned_ms, contact.order_ms, contact.asked_ms) == (SOON_MS, SOON_MS, MONDAY_MS)
    assert (contact.pathway, contact.step, contact.posts) == ("care", "visit", ("role.doctor.2",))
    assert visit.number == contact.number == answer["number"]
    assert list(visit.list_claims()) == [("inside", "p1")]
    assert day.floor.get(Booking, "b1").status == "arrived"


@pytest.mark.parametrize("said", [{"booking": "b1"}, {"code": "b1"}, {"code": "new-0"}])
def test_repeated_it_changes_nothing(said: dict[str, str]) -> None:
    day = make_day(make_booking("b1", "p1", SOON_MS))
    first = day.do("check_in", booking="b1")
    before = day.floor.to_state()
    again = day.do("check_in", **said)
    assert again == first | {"again": True}
    assert day.floor.to_state() == before


def test_without_an_appointment_once_for_each_activity() -> None:
    day = make_day()
    first = day.do("check_in", patient="p1", activity="consult")
    assert day.do("check_in", patient="p1", activity="consult") == first | {"again": True}
    other = day.do("check_in", patient="p1", activity="fraction")
    assert (other["visit"], other["number"]) == (first["visit"], first["number"])
    assert len(list(day.floor.list(Visit))) == 1


def test_what_is_scanned_at_the_next_stop_is_the_next_appointment() -> None:
    later = make_booking("b2", "p1", SOON_MS + HOUR_MS, activity="fraction", units=(LINAC,))
    day = make_day(make_booking("b1", "p1", SOON_MS), later)
    visit = day.do("check_in", booking="b1")["visit"]
    day.do("step_out", contact=day.do("check_in", code=visit)["contact"])
    day.do("leave", visit=visit)
    visit = day.do("check_in", patient="p1", activity="operation")["visit"]
    answer = day.do("check_in", code=visit, channel="kiosk", area="radiotherapy")
    assert day.get(answer["contact"]).booking == "b2"


@pytest.mark.parametrize(
    ("status", "code"), [("cancelled", "OPS-101"), ("noshow", "OPS-102"), ("fulfilled", "OPS-103")]
)
def test_an_appointment_that_is_over_is_refused_by_what_became_of_it(status: Any, code: str) -> None:
    booking = make_booking("b1", "p1", SOON_MS)
    record = booking.to_record() | {"status": status}
    day = make_day()
    day.floor._fetch = lambda _type, id_: record if id_ == "b1" else None
    refuse(day, code, ConflictError, booking="b1")
    refuse(day, "OPS-001", NotFoundError, booking="b2")


def test_an_appointment_without_a_time_is_refused() -> None:
    day = make_day(Booking("b1", "p1", "consult", "waitlist", 30, MONDAY_MS))
    refuse(day, "OPS-104", ConflictError, booking="b1")


def test_the_wrong_day_is_refused_even_at_reception() -> None:
    day = make_day(make_booking("b1", "p1", SOON_MS + DAY_MS))
    assert "2027-03-02" in refuse(day, "OPS-105", ConflictError, booking="b1").expected


@pytest.mark.parametrize("channel", ["kiosk", "phone"])
def test_too_early_is_refused_but_not_at_reception(channel: str) -> None:
    day = make_day(make_booking("b1", "p1", MONDAY_MS + 3 * HOUR_MS))
    error = refuse(day, "OPS-106", ConflictError, booking="b1", channel=channel)
    assert error.expected == "09:00 or later"
    day.do("check_in", booking="b1", channel="reception")
    assert len(list(day.floor.list(Contact))) == 1


def test_the_kiosk_of_another_building_refuses_and_names_the_building() -> None:
    day = make_day(make_booking("b1", "p1", SOON_MS))
    error = refuse(day, "OPS-107", ConflictError, booking="b1", channel="kiosk", area="radiotherapy")
    assert "clinic" in error.expected
    day.do("check_in", booking="b1", channel="kiosk", area="surgery")


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"patient": "p1"},
        {"activity": "consult"},
        {"booking": "b1", "code": "b1"},
        {"booking": "b1", "patient": "p1"},
    ],
)
def test_nothing_or_too_much_is_refused(said: dict[str, str]) -> None:
    refuse(make_day(make_booking("b1", "p1", SOON_MS)), "OPS-108", InputError, **said)


def test_rank_is_given_at_reception_only() -> None:
    day = make_day()
    refuse(day, "OPS-122", InputError, patient="p1", activity="consult", priority=1, channel="kiosk")
    assert day.check_in("p1", priority=1).priority == 1


def test_a_visit_with_nothing_more_to_come_is_told_so() -> None:
    day = make_day()
    visit = day.do("check_in", patient="p1", activity="consult")["visit"]
    refuse(day, "OPS-100", NotFoundError, code=visit)


def test_whoever_lies_in_the_house_waits_without_a_visit() -> None:
    day = make_day(*list_beds())
    stay = day.do("admit", patient="p1", activity="stay", bed=BEDS[0])["stay"]
    answer = day.do("check_in", patient="p1", activity="fraction")
    assert answer["visit"] == stay
    assert not list(day.floor.list(Visit))
    assert day.do("check_in", patient="p1", activity="fraction")["again"]


def test_late_within_the_grace_keeps_the_place_and_later_loses_it() -> None:
    rules = get_rules(get_clinic())
    planned_ms = MONDAY_MS
    assert rules.grace_ms == 15 * MINUTE_MS
    assert find_order_ms(planned_ms, planned_ms - HOUR_MS, rules) == planned_ms
    assert find_order_ms(planned_ms, planned_ms + rules.grace_ms, rules) == planned_ms
    late_ms = planned_ms + rules.grace_ms + 1
    assert find_order_ms(planned_ms, late_ms, rules) == late_ms
    assert find_order_ms(None, late_ms, rules) == late_ms


def test_numbers_name_one_person_and_tell_neither_clinic_nor_order() -> None:
    day = make_day()
    numbers = [day.check_in(f"p{i}").number for i in range(300)]
    assert len(set(numbers)) == len(numbers)
    assert all(number[0] == "A" and number[1:].isdigit() for number in numbers)
    assert numbers != sorted(numbers)
    assert day.floor.index(Inside).numbers == set(numbers)
    assert make_number(day.floor, "radiotherapy", "x")[0] == "D"


def test_numbers_grow_when_half_are_in_use() -> None:
    day = make_day()
    numbers = [day.check_in(f"p{i}").number for i in range(520)]
    assert len(set(numbers)) == len(numbers)
    assert {len(number) for number in numbers[:500]} == {4}
    assert {len(number) for number in numbers[501:]} == {5}
