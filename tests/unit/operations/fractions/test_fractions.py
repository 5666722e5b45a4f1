"""Courses of fractions by the calendar, and the day of a treatment machine."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.courses import DAY_MS, Walk, get_course_house
from tests.live import MONDAY_MS, make_floor

from oncopolis.operations.arrivals.views import Contact
from oncopolis.operations.booking.views import Booking, Held, Spot
from oncopolis.operations.courses import Course
from oncopolis.operations.courses.trail import Done, Mark
from oncopolis.operations.fractions import find_category, get_key, list_day, list_integrity
from oncopolis.operations.fractions.integrity import Integrity
from oncopolis.operations.radiation import is_fraction, list_machines

MONDAY = date(2027, 3, 1)
LINAC = "machine.linac.1"
MINUTE_MS = 60_000


def judge(days: list[int], today: int, *, site: str = "", pathway: str = "care") -> Integrity:
    """Five fractions on working days, given so many days after Monday, seen on another day."""
    walk = Walk()
    course = walk.start()
    done = tuple(Done(MONDAY_MS + day * DAY_MS, MONDAY + timedelta(days=day), "fraction") for day in days)
    mark = Mark("radiotherapy", "radiotherapy", "Radiotherapy", None, 5, (("fraction", 1),), done=done)
    walk.floor.put(replace(course, marks=(mark,), site=site, pathway=pathway))
    (found,) = list_integrity(walk.floor, MONDAY + timedelta(days=today))
    return found


def test_what_is_a_fraction_and_where_it_is_given() -> None:
    house = get_course_house()
    assert is_fraction(house, "fraction")
    assert not any(is_fraction(house, activity) for activity in ("consult", "report", "nothing"))
    assert LINAC in list_machines(house)


@pytest.mark.parametrize(
    ("days", "today", "missed", "longer"),
    [
        ([0], 0, 0, 0),
        ([0, 1], 2, 0, 0),
        ([0, 1], 3, 1, 3),
        ([0, 1, 2, 3], 4, 0, 0),
        ([0, 3], 3, 2, 4),
        ([0, 1, 2, 3, 3], 3, 0, 0),
    ],
    ids=["first", "on time", "a day missed goes over the weekend", "last", "two missed", "made up for"],
)
def test_a_missed_day_makes_the_course_longer(days: list[int], today: int, missed: int, longer: int) -> None:
    if len(days) == 5:
        days = days[:-1]
    found = judge(days, today)
    assert (found.n_done, found.n_planned, found.first) == (len(days), 5, MONDAY)
    assert found.planned_last == MONDAY + timedelta(days=4)
    assert (found.missed, found.longer_days) == (missed, longer)


def test_two_on_a_day_make_up_for_one_that_was_missed() -> None:
    assert judge([0, 1], 3).missed == 1
    made_up = judge([0, 1, 3, 3], 4)
    assert (made_up.missed, made_up.longer_days) == (0, 0)


def test_how_much_a_gap_harms_depends_on_the_tumour() -> None:
    first, second = judge([0, 1], 3, site="cervix_uteri"), judge([0, 1], 3, site="breast")
    assert (first.category, first.limit_days, first.is_past_limit) == (1, 2, True)
    assert (second.category, second.limit_days, second.is_past_limit) == (2, 5, False)
    walk = Walk()
    course = walk.start()
    assert find_category(replace(course, site="lung"), "palliative_radiotherapy.fractions") == 3
    for category in (1, 2, 3):
        row = walk.floor.house.equipped.project.evidence.rows[get_key(category)]
        assert not row.opened


def test_a_course_that_has_not_begun_is_no_course_of_fractions() -> None:
    walk = Walk()
    course = walk.start()
    mark = Mark("radiotherapy", "radiotherapy", "Radiotherapy", None, 5, (("fraction", 1),))
    walk.floor.put(replace(course, marks=(mark,)))
    assert not list_integrity(walk.floor, MONDAY)
    assert walk.floor.get(Course, course.id).is_open


def book(id_: str, minutes: int, status: str = "booked") -> Booking:
    spot = Spot(MONDAY_MS + minutes * MINUTE_MS, (Held(LINAC),))
    return Booking(id_, f"p-{id_}", "fraction", status, 15, MONDAY_MS, spot=spot)  # type: ignore[arg-type]


def be_there(id_: str, state: str = "waiting", **more: object) -> Contact:
    told = {"planned_ms": MONDAY_MS} | more
    about = (id_, f"p-{id_}", f"v-{id_}", "fraction", "radiotherapy", "R1", 5, MONDAY_MS, MONDAY_MS)
    return Contact(*about, state=state, **told)  # type: ignore[arg-type]


def test_a_machine_tells_its_day_in_the_order_of_the_clock() -> None:
    here = be_there("here", "served", units=(LINAC,), start_ms=MONDAY_MS + 20 * MINUTE_MS)
    floor = make_floor(book("to-come", 60), book("late", 10), here, house=get_course_house())
    ended = [
        be_there("done", units=(LINAC,), start_ms=MONDAY_MS, end_ms=MONDAY_MS + 15 * MINUTE_MS, end="done"),
        be_there("sent-home", room=LINAC, end_ms=MONDAY_MS + 5 * MINUTE_MS, end="sent_home"),
    ]
    missed = [book("nobody", 5, "noshow")]
    machines = list_day(floor, MONDAY, MONDAY_MS + 30 * MINUTE_MS, ended, missed)
    (machine,) = (one for one in machines if one.unit == LINAC)
    assert [(turn.patient, turn.state) for turn in machine.turns] == [
        ("p-done", "done"), ("p-here", "under_way"), ("p-sent-home", "missed"), ("p-nobody", "missed"),
        ("p-late", "late"), ("p-to-come", "to_come"),
    ]  # fmt: skip
    assert machine.count("missed") == 2
    assert {turn.patient: turn.late_ms // MINUTE_MS for turn in machine.turns if turn.late_ms} == {
        "p-here": 20, "p-late": 20,
    }  # fmt: skip
    assert all(one.unit for one in machines)
