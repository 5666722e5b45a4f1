"""Each rule of what is free, with a time it allows and one it does not."""

from datetime import date, timedelta

import pytest
from tests.booked import MONDAY, act, at, fill, get_booked_house, tell
from tests.live import make_floor

from oncopolis.foundation import ConflictError, InputError, NotFoundError
from oncopolis.operations import Floor
from oncopolis.operations.booking import Booking, Down, Held, Machine, Spot, Wanted, Window, make_agenda
from oncopolis.operations.booking.finding import find_mask_on, find_spot
from oncopolis.operations.booking.slots import list_slots

FRIDAY = MONDAY + timedelta(days=4)
EARLY = at("7:00")


@pytest.fixture
def floor() -> Floor:
    return make_floor(house=get_booked_house())


def find(floor: Floor, activity: str, earliest: date = MONDAY, /, now: int = EARLY, **more: object) -> str:
    """The first time, and the units."""
    agenda = make_agenda(floor, now)
    window = more.pop("window", None) or Window(earliest, earliest)
    n_slots = agenda.openings.count_slots(activity)
    spot = find_spot(agenda, Wanted("me", activity, n_slots, window, **more))  # type: ignore[arg-type]
    if spot is None:
        return "none"
    return " ".join([tell(spot.start_ms), *(held.unit for held in spot.units)])


def starts(floor: Floor, activity: str, day: date = MONDAY) -> list[str]:
    agenda = make_agenda(floor, EARLY)
    wanted = Wanted("me", activity, agenda.openings.count_slots(activity), Window(day, day))
    return [f"{slot // 12}:{slot % 12 * 5:02}" for slot in list_slots(find_mask_on(agenda, wanted, day))]


def refuse(floor: Floor, code: str, now: int = EARLY, **said: object) -> str:
    with pytest.raises((ConflictError, InputError)) as caught:
        act(floor, "book", now, **({"patient": "me", "activity": "consult"} | said))
    assert caught.value.code == code
    return str(caught.value)


def test_all_that_an_activity_holds_is_held_together(floor: Floor) -> None:
    assert find(floor, "consult") == "03-01 08:00 room.consult-room.1 role.doctor.1"
    assert find(floor, "fraction").split()[2:] == [
        "machine.linac.1", "role.radiographer.1", "role.radiographer.2",
    ]  # fmt: skip


def test_breaks_and_closing_time_are_respected(floor: Floor) -> None:
    found = starts(floor, "consult")
    assert (found[0], found[-1]) == ("8:00", "16:30")
    assert "11:30" in found
    assert not {"11:35", "12:00", "12:55"} & set(found)
    assert "13:00" in found
    refuse(floor, "OPS-043", start_ms=at("11:45"))
    refuse(floor, "OPS-043", start_ms=at("16:45"))


def test_holidays_and_weekends_are_closed(floor: Floor) -> None:
    assert find(floor, "consult", date(2027, 3, 26)).startswith("03-29 08:00")
    refuse(floor, "OPS-043", start_ms=at("9:00", date(2027, 3, 26)))


def test_a_unit_in_maintenance_cannot_be_booked_and_the_other_one_can(floor: Floor) -> None:
    agenda = make_agenda(floor, EARLY)
    days = [MONDAY + timedelta(days=n) for n in range(60)]
    away = [
        (day, unit)
        for day in days
        for unit, mask in enumerate(agenda.openings.list_masks("linac", day))
        if mask and mask.bit_count() == 96
    ]
    assert {unit for _, unit in away} == {0, 1}
    day, unit = away[0]
    assert f"machine.linac.{2 - unit}" in find(floor, "fraction", day)
    by_unit = [one for one, other in away if other == 0]
    opened = [d for d in days if any(agenda.openings.list_masks("linac", d))]
    assert opened.index(by_unit[1]) - opened.index(by_unit[0]) == 20


def test_a_unit_that_is_down_cannot_be_booked_until_it_is_expected_back(floor: Floor) -> None:
    floor.put(Machine("machine.linac.1", Down("r", at("7:00"), at("9:00"), "fault")))
    assert find(floor, "fraction").startswith("03-01 08:00 machine.linac.2")
    floor.put(Machine("machine.linac.2", Down("s", at("7:00"), at("10:00"), "fault")))
    assert find(floor, "fraction").startswith("03-01 09:00 machine.linac.1")
    floor.put(Machine("machine.linac.1"))
    assert find(floor, "fraction").startswith("03-01 08:00 machine.linac.1")


def test_what_is_booked_is_not_free_and_what_is_over_is(floor: Floor) -> None:
    fill(floor, "consult", 3, EARLY)
    assert find(floor, "consult").startswith("03-01 08:30")
    first = next(iter(floor.list(Booking)))
    act(floor, "cancel", EARLY, booking=first.id, reason="patient")
    assert find(floor, "consult").startswith("03-01 08:00")


def test_work_is_shared_among_posts_and_rooms_keep_long_stretches(floor: Floor) -> None:
    fill(floor, "consult", 1, EARLY)
    assert find(floor, "consult", now=at("8:30")) == "03-01 08:30 room.consult-room.1 role.doctor.2"


def test_what_has_passed_is_not_booked(floor: Floor) -> None:
    assert find(floor, "consult", now=at("8:01")).startswith("03-01 08:05")
    assert find(floor, "consult", now=at("8:05")).startswith("03-01 08:05")
    refuse(floor, "OPS-040", now=at("8:01"), start_ms=at("8:00"))
    refuse(floor, "OPS-040", start_ms=at("9:00", MONDAY - timedelta(days=3)))


def test_times_begin_with_a_slot(floor: Floor) -> None:
    refuse(floor, "OPS-041", start_ms=at("9:02"))


def test_nothing_is_booked_beyond_the_horizon(floor: Floor) -> None:
    last = MONDAY + timedelta(days=90)
    assert find(floor, "consult", last - timedelta(days=3)) != "none"
    assert find(floor, "consult", last + timedelta(days=1)) == "none"
    refuse(floor, "OPS-042", start_ms=at("9:00", last + timedelta(days=1)))
    assert find(floor, "fraction", last + timedelta(days=1)) != "none"


def test_a_part_of_the_day_is_kept_for_the_urgent_until_some_days_before(floor: Floor) -> None:
    # 3 rooms of 96 slots and a tenth: 316; a quarter of it, 79, is kept: 39 consultations of 6 slots fit.
    fill(floor, "consult", 39, EARLY, earliest=str(FRIDAY), latest=str(FRIDAY))
    assert find(floor, "consult", FRIDAY).startswith("03-08")
    assert "OPS-045" in refuse(floor, "OPS-045", start_ms=at("16:30", FRIDAY))
    assert find(floor, "consult", FRIDAY, priority=4).startswith("03-05")
    assert find(floor, "consult", FRIDAY, now=at("7:00", FRIDAY - timedelta(days=2))).startswith("03-05")


def test_no_more_than_the_bookable_share_is_given_out(floor: Floor) -> None:
    # 2 linacs of 120 slots, nine tenths of which are given out: 216, or 72 fractions of 3 slots.
    fill(floor, "fraction", 72, EARLY, latest=str(MONDAY), priority=0)
    assert starts(floor, "fraction") == []
    assert find(floor, "fraction").startswith("03-02")


def test_rooms_are_booked_beyond_the_bookable_part_only_when_the_day_is_full(floor: Floor) -> None:
    fill(floor, "consult", 48, EARLY, latest=str(MONDAY))
    assert {held.layer for one in floor.list(Booking) for held in get_held(one)} == {0}
    assert find(floor, "consult").startswith("03-02")  # Doctors are not overbooked.
    gone = next(iter(floor.list(Booking)))
    act(floor, "cancel", EARLY, booking=gone.id, reason="patient")
    room = tuple(held for held in get_held(gone) if held.unit.startswith("room"))
    floor.put(Booking("y", "y", "consult", "booked", 30, 0, spot=Spot(gone.start_ms, room)))
    answer = act(floor, "book", EARLY, patient="me", activity="consult", latest=str(MONDAY))
    kinds = {
        (held.unit.split(".")[0], held.layer) for held in get_held(floor.get(Booking, answer["booking"]))
    }
    assert kinds == {("room", 1), ("role", 0)}


def get_held(booking: Booking) -> tuple[Held, ...]:
    assert booking.spot is not None
    return booking.spot.units


def test_nobody_is_in_two_places_and_ways_take_their_time(floor: Floor) -> None:
    floor.put(Booking("b", "me", "fraction", "booked", 15, 0, spot=Spot(at("9:00"), ())))
    found = starts(floor, "consult")
    # 30 minutes, 12 to walk: nothing between 8:15 and 9:30.
    assert found[found.index("8:15") + 1] == "9:30"
    assert refuse(floor, "OPS-044", start_ms=at("9:15"))
    same_building = starts(floor, "fraction")
    assert same_building[same_building.index("8:45") + 1] == "9:15"


def test_work_done_in_somebodys_absence_leaves_them_free(floor: Floor) -> None:
    floor.put(Booking("b", "me", "report", "booked", 20, 0, spot=Spot(at("8:00"), ())))
    assert find(floor, "consult").startswith("03-01 08:00")
    floor.put(Booking("b", "me", "consult", "booked", 20, 0, spot=Spot(at("8:00"), ())))
    assert find(floor, "report").startswith("03-01 08:00")


def test_wishes_count_for_a_week_after_the_target_and_are_let_go_then(floor: Floor) -> None:
    assert find(floor, "consult", part="afternoon").startswith("03-01 13:00")
    assert find(floor, "consult", units=("role.doctor.3",)).endswith("role.doctor.3")
    for n in range(8):
        day = MONDAY + timedelta(days=n)
        taken = Spot(at("8:00", day), (Held("role.doctor.3"),))
        floor.put(Booking(f"d{n}", f"d{n}", "report", "booked", 540, 0, spot=taken))
    assert find(floor, "consult", units=("role.doctor.3",)) == "03-01 08:00 room.consult-room.1 role.doctor.1"
    with pytest.raises(NotFoundError, match="OPS-003"):
        act(floor, "book", EARLY, patient="me", activity="consult", units=["role.nobody.1"])


def test_days_are_tried_from_the_target_on_and_then_before_it(floor: Floor) -> None:
    window = Window(MONDAY, FRIDAY, FRIDAY)
    assert find(floor, "operation", window=window).startswith("03-05")
    fill(floor, "operation", 4, EARLY, earliest=str(FRIDAY), latest=str(FRIDAY))
    assert find(floor, "operation", window=window).startswith("03-04")
    told = refuse(floor, "OPS-047", activity="operation", earliest=str(FRIDAY), latest=str(FRIDAY))
    assert "2027-03-08 08:00" in told


def test_a_stay_is_booked_by_its_beginning_and_what_nobody_books_by_opening_hours(floor: Floor) -> None:
    agenda = make_agenda(floor, EARLY)
    assert agenda.openings.count_slots("stay") == 1
    assert agenda.openings.count_slots("operation") == 24
    # Longer than the doctors' half-day: as long as they are there.
    assert agenda.openings.count_slots("consult", 600) == 48
    assert find(floor, "blood") == "03-01 07:00"


def test_an_activity_no_pathway_does_is_refused(floor: Floor) -> None:
    with pytest.raises(NotFoundError, match="OPS-002"):
        act(floor, "book", EARLY, patient="me", activity="dancing")
