"""What is the same every day: units, hours, cards, ways and clocks."""

from datetime import date, time

import pytest
from tests.live import MONDAY_MS, get_house

from oncopolis.centre.calendar import Calendar
from oncopolis.centre.equipped import Duty
from oncopolis.foundation import NotFoundError
from oncopolis.operations.house import make_id
from oncopolis.operations.house.counting import count_units
from oncopolis.operations.house.hours import list_open
from oncopolis.operations.house.naming import LONGEST_ID
from oncopolis.web.definition import make_records

DAY = Calendar(opens=time(8), closes=time(16))
LATE = Calendar(opens=time(16), closes=time(22))
LONG = Calendar(opens=time(10), closes=time(20))
WEEKEND = Calendar(days=("sat", "sun"))
CALENDARS = {"day": DAY, "late": LATE, "long": LONG, "weekend": WEEKEND}


@pytest.mark.parametrize(
    ("duties", "n"),
    [
        ([], 0),
        ([("day", 2)], 2),
        ([("day", 2), ("day", 1)], 3),
        ([("day", 2), ("late", 1)], 2),
        ([("day", 2), ("late", 3)], 3),
        ([("day", 2), ("late", 1), ("long", 1)], 3),
        ([("day", 2), ("weekend", 3)], 5),
        ([("late", 1), ("weekend", 3)], 4),
        ([("day", 0)], 0),
    ],
)
def test_units_are_the_most_there_at_any_moment(duties: list[tuple[str, int]], n: int) -> None:
    assert count_units([Duty("x", calendar, of, 2030) for calendar, of in duties], CALENDARS) == n


def test_ids_are_told_apart_and_short_enough() -> None:
    assert make_id("room", "a_b", "1") == "room.a-b.1"
    long = [make_id("room", "x" * 70, str(number)) for number in range(3)]
    assert len(set(long)) == 3
    assert all(len(id_) <= LONGEST_ID for id_ in long)


def test_hours_are_local_and_without_breaks_and_holidays() -> None:
    broken = Calendar(opens=time(8), closes=time(17), days=("mon",), holidays="closed", breaks_min=60)
    duties = [Duty("x", "broken", 2, 2030), Duty("x", "late", 1, 2030)]
    calendars = CALENDARS | {"broken": broken}
    monday = date(2027, 3, 1)
    assert list_open(duties, calendars, 1, monday, "UZB") == ((480, 720), (780, 1320))
    assert list_open(duties, calendars, 2, monday, "UZB") == ((480, 720), (780, 1020))
    assert list_open(duties, calendars, 3, monday, "UZB") == ((960, 1020),)
    assert list_open(duties[:1], calendars, 1, date(2027, 3, 8), "UZB") == ()
    assert list_open(duties[:1], calendars, 1, date(2027, 3, 2), "UZB") == ()


def test_a_house_knows_its_units_and_their_records() -> None:
    house = get_house()
    assert house.units_of["linac"][:2] == ("machine.linac.1", "machine.linac.2")
    assert house.get_unit("machine.linac.1").record == "Device/machine.linac.1"
    posts = house.units_of["doctor"]
    assert {house.get_unit(post).record for post in posts} == {"PractitionerRole/role.doctor"}
    with pytest.raises(NotFoundError, match="OPS-003"):
        house.get_unit("machine.linac.99")
    with pytest.raises(NotFoundError, match="OPS-002"):
        house.get_card("dance")
    with pytest.raises(NotFoundError, match="OPS-004"):
        house.get_route("dance")


def test_the_units_of_a_house_are_those_of_the_records() -> None:
    house = get_house()
    records = make_records(house.equipped)
    named = {tuple(unit.record.split("/")) for unit in house.units.values()}
    assert named <= set(records)


def test_a_card_holds_what_the_phases_hold_and_counts_the_patients_minutes() -> None:
    house = get_house()
    for card in house.cards.values():
        assert card.minutes % 5 == card.after_min % 5 == 0
        assert all(n > 0 for n in card.holds.values())
    assert any(card.minutes for card in house.cards.values())


def test_clocks_are_those_of_the_centre() -> None:
    house = get_house()
    assert house.to_minute(MONDAY_MS) == (date(2027, 3, 1), 480)
    assert house.to_ms(date(2027, 3, 1), 480) == MONDAY_MS
    assert house.to_local(MONDAY_MS).isoformat() == "2027-03-01T08:00:00+05:00"
