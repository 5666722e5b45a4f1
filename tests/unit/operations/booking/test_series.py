"""Series: one turn after the other on the same machine, without a gap, or not at all."""

from datetime import date, timedelta
from typing import Any

import pytest
from tests.booked import MONDAY, act, at, get_booked_house, tell
from tests.live import make_floor

from oncopolis.foundation import ConflictError
from oncopolis.operations import Floor
from oncopolis.operations.booking import Booking, Down, Held, Machine, Spot

EARLY = at("7:00")


@pytest.fixture
def floor() -> Floor:
    return make_floor(house=get_booked_house())


def book(floor: Floor, n: int = 5, **said: Any) -> list[str]:
    """The times and machines of a series of fractions."""
    said = {"patient": "me", "activity": "fraction", "workdays": True, "n": n} | said
    answer = act(floor, "book_series", EARLY, **said)
    return [f"{tell(one['start_ms'])} {one['units'][0]}" for one in answer["bookings"]]


def take(floor: Floor, day: date, first: str, minutes: int, *units: str) -> None:
    name = f"taken-{day}-{first}-{units[0]}"
    spot = Spot(at(first, day), tuple(map(Held, units)))
    floor.put(Booking(name, name, "fraction", "booked", minutes, 0, spot=spot))


def test_fractions_are_on_each_working_day_with_one_machine_at_one_time(floor: Floor) -> None:
    found = book(floor, 20, earliest="2027-03-16")
    days = [one.split()[0] for one in found]
    assert len(days) == len(set(days)) == 20
    assert "03-26" not in days  # Good Friday.
    assert days[:4] == ["03-16", "03-17", "03-18", "03-19"]
    assert days[4] == "03-22"
    assert len({one.split()[2] for one in found}) == len({one.split()[1] for one in found}) == 1


def test_a_machine_that_is_free_on_all_days_goes_before_one_that_is_not(floor: Floor) -> None:
    take(floor, MONDAY + timedelta(days=2), "8:00", 540, "machine.linac.1")
    assert {one.split()[2] for one in book(floor)} == {"machine.linac.2"}


def test_where_no_machine_is_free_on_all_days_another_one_stands_in(floor: Floor) -> None:
    take(floor, MONDAY + timedelta(days=2), "8:00", 600, "machine.linac.1")
    for n in (1, 3, 4):
        take(floor, MONDAY + timedelta(days=n), "8:00", 600, "machine.linac.2")
    found = [one.split()[2] for one in book(floor)]
    assert found == [f"machine.linac.{n}" for n in (1, 1, 2, 1, 1)]


def test_a_series_begins_later_rather_than_with_a_gap(floor: Floor) -> None:
    for n in (1, 2):
        take(floor, MONDAY + timedelta(days=2), "8:00", 600, f"machine.linac.{n}")
    assert book(floor)[0].startswith("03-04")


def test_a_series_that_cannot_be_is_refused(floor: Floor) -> None:
    for n in (1, 2):
        floor.put(
            Machine(f"machine.linac.{n}", Down("r", EARLY, at("18:00", MONDAY + timedelta(days=2)), "fault"))
        )
    with pytest.raises(ConflictError, match="OPS-048"):
        book(floor, latest="2027-03-03")
    assert book(floor, latest="2027-03-04")[0].startswith("03-04")


def test_cycles_are_every_so_many_days_and_may_be_up_to_a_week_late(floor: Floor) -> None:
    said: dict[str, Any] = {"activity": "consult", "workdays": False, "every_days": 21, "n": 3}
    assert [one.split()[0] for one in book(floor, **said)] == ["03-01", "03-22", "04-12"]
    for n in range(3):
        day = MONDAY + timedelta(days=21)
        take(floor, day, "8:00", 540, f"role.doctor.{n + 1}")
    assert [one.split()[0] for one in book(floor, patient="you", **said)] == ["03-01", "03-23", "04-13"]


def test_turns_keep_away_from_what_the_patient_has_booked(floor: Floor) -> None:
    floor.put(
        Booking("b", "me", "consult", "booked", 30, 0, spot=Spot(at("8:00", MONDAY + timedelta(days=1))))
    )
    found = book(floor)
    assert not found[1].startswith("03-02 08:0")
    turns = sorted((one.turn, one.start_ms) for one in floor.list(Booking) if one.series)
    assert [turn for turn, _ in turns] == [1, 2, 3, 4, 5]
    assert len({one.series for one in floor.list(Booking) if one.series}) == 1
