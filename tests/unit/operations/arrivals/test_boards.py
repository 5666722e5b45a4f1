"""A board names nobody, and its average wait does not forget those who still wait."""

from dataclasses import asdict

from tests.live import MONDAY_MS
from tests.waiting import DAY_MS, MINUTE_MS, ROOMS, make_day

from oncopolis.operations.arrivals.boards import Called, look_at_area

AREA = "outpatient"


def test_numbers_and_rooms_and_nobodys_name() -> None:
    day = make_day()
    contacts = [day.check_in(f"p{i}") for i in range(4)]
    numbers = {contact.id: contact.number for contact in contacts}
    first = day.do("call", area=AREA, room=ROOMS[0])["contact"]
    day.do("start", contact=first)
    day.wait(1)
    second = day.do("call", area=AREA, room=ROOMS[1])["contact"]
    third = next(contact.id for contact in contacts if contact.id not in (first, second))
    day.do("step_out", contact=third)
    look = look_at_area(day.floor, AREA, day.at_ms)
    (fourth,) = [contact.id for contact in contacts if contact.id not in (first, second, third)]
    assert look.waiting == (numbers[fourth],)
    assert look.called == (Called(numbers[second], ROOMS[1], day.at_ms),)
    assert look.served == (Called(numbers[first], ROOMS[0], MONDAY_MS),)
    assert look.n_away == 1
    assert not any(contact.patient in str(asdict(look)) for contact in contacts)


def test_an_empty_area_has_no_wait() -> None:
    day = make_day()
    look = look_at_area(day.floor, AREA, day.at_ms)
    assert (look.waiting, look.called, look.served, look.mean_wait_min) == ((), (), (), None)


def test_the_average_grows_while_nobody_is_called() -> None:
    day = make_day()
    first = day.check_in("p1").id
    day.check_in("p2")
    day.wait(10)
    day.serve(first)
    assert look_at_area(day.floor, AREA, day.at_ms).mean_wait_min == 10
    day.wait(50)
    assert look_at_area(day.floor, AREA, day.at_ms).mean_wait_min == (10 + 60) / 2
    day.do("finish", contact=first)
    assert look_at_area(day.floor, AREA, day.at_ms).mean_wait_min == (10 + 60) / 2


def test_yesterdays_waits_are_not_todays() -> None:
    day = make_day()
    first = day.check_in("p1").id
    day.wait(10)
    day.serve(first)
    day.do("finish", contact=first)
    day.at_ms = MONDAY_MS + DAY_MS
    assert look_at_area(day.floor, AREA, day.at_ms).mean_wait_min is None
    day.check_in("p2")
    assert look_at_area(day.floor, AREA, day.at_ms + 4 * MINUTE_MS).mean_wait_min == 4
