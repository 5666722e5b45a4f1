"""Checks of the day, calibration, breakdowns in one tap, and for how long units were in order."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.booked import MONDAY, at, get_booked_house, perform
from tests.clinic import build, lay, write
from tests.live import MONDAY_MS, do, make_floor, make_moment, open_live
from tests.waiting import DAY_MS, HOUR_MS, LINAC, make_booking, make_day

from oncopolis.foundation import ConflictError
from oncopolis.foundation.units import MINUTES_PER_DAY
from oncopolis.operations import ACTS, VIEWS, House, make_house
from oncopolis.operations.booking.units import Check, Down, Machine, Room
from oncopolis.operations.upkeep import (
    WINDOW_DAYS,
    check_may_treat,
    compute_down_ms,
    compute_uptime,
    list_checked,
    list_locks,
    list_unchecked,
)
from oncopolis.record.store import open_store
from oncopolis.studies.preparing import prepare
from oncopolis.web.definition import apply_differences, find_differences, make_records
from oncopolis.web.mode import write_approval

OTHER = "machine.linac.2"


@pytest.mark.parametrize(
    ("check", "code"),
    [
        (Check(MONDAY_MS, "Practitioner/p", passed=True), None),
        (Check(MONDAY_MS, "Practitioner/p", passed=False), "OPS-481"),
        (Check(MONDAY_MS - DAY_MS, "Practitioner/p", passed=True), "OPS-480"),
        (None, "OPS-480"),
    ],
)
def test_nobody_is_treated_with_a_machine_that_was_not_checked_today(
    check: Check | None, code: str | None
) -> None:
    booking = make_booking("b1", "p1", MONDAY_MS, activity="fraction", units=(LINAC,))
    day = make_day(Machine(LINAC, checked=check), booking)
    day.floor.put(Machine(OTHER, checked=Check(MONDAY_MS, "Practitioner/p", passed=True)))
    contact = day.do("check_in", booking="b1")["contact"]
    if code is None:
        day.do("start", contact=contact)
        return
    with pytest.raises(ConflictError, match=code):
        day.do("start", contact=contact)
    day.do("start", contact=contact, units=[OTHER])


def get_demanding_house(resource: str) -> House:
    """A house whose definition wants a resource checked each day."""
    data = lay(build(), f"resources.{resource}.daily_check", True)
    with TemporaryDirectory() as folder:
        prepared = prepare(write(Path(folder) / "clinic", data), {}, lambda _doing, _done: None)
    return make_house(prepared.equipped)


def test_a_centre_that_keeps_its_checks_elsewhere_is_not_locked() -> None:
    day = make_day(Machine(LINAC), Machine(OTHER))
    assert not list_locks(day.floor, MONDAY_MS)
    assert not list_unchecked(day.floor, MONDAY_MS)


def test_what_the_definition_demands_is_told_in_shadow_mode_and_locked_from_the_first_day(
    tmp_path: Path,
) -> None:
    house = get_demanding_house("linac")
    with open_store(f"sqlite:///{tmp_path / 'record.db'}", clock_ms=lambda: MONDAY_MS) as store:
        apply_differences(store, find_differences(store, make_records(house.equipped)))
        live = open_live(store, VIEWS, house)
        assert live.ask(lambda floor: list_locks(floor, MONDAY_MS)) == {}
        assert live.ask(lambda floor: list_unchecked(floor, MONDAY_MS)) == list_checked(house)
        write_approval(store, "A. Director", is_approved=True)
        assert live.ask(lambda floor: list_locks(floor, MONDAY_MS)).keys() == {*list_checked(house)}
        do(live, ACTS["check_machine"], {"unit": LINAC})
        assert LINAC not in live.ask(lambda floor: list_locks(floor, MONDAY_MS))
        assert LINAC not in live.ask(lambda floor: list_unchecked(floor, MONDAY_MS))


def test_any_room_or_machine_may_be_demanded_and_nothing_else_is() -> None:
    house = get_demanding_house("consult_room")
    room = "room.consult-room.1"
    assert room in list_checked(house)
    floor = make_floor(Room(room, checked=Check(MONDAY_MS, "", passed=False)), house=house)
    moment = make_moment(house=house)
    with pytest.raises(ConflictError, match="OPS-481"):
        check_may_treat(floor, "consult", [room], moment)
    check_may_treat(floor, "consult", [LINAC], moment)
    assert not any(unit.startswith("bed") for unit in list_checked(get_demanding_house("bed")))


def test_checks_and_calibrations_are_recorded_beside_what_is_known() -> None:
    floor = make_floor(house=get_booked_house())
    floor.put(Machine(LINAC))
    perform(floor, "check_machine", at("6:30"), unit=LINAC)
    perform(floor, "calibrate", at("6:40"), unit=LINAC)
    decision = perform(floor, "report_down", at("7:00"), unit=LINAC)
    machine = floor.get(Machine, LINAC)
    assert machine.checked == Check(at("6:30"), "Practitioner/somebody", passed=True)
    assert machine.calibrated == Check(at("6:40"), "Practitioner/somebody", passed=True)
    assert machine.down is not None
    assert (machine.down.reason, machine.down.until_ms) == (
        "fault", get_booked_house().to_ms(MONDAY, MINUTES_PER_DAY),
    )  # fmt: skip
    assert Machine.from_record(machine.to_record()) == machine
    assert not decision.lines
    (line,) = perform(floor, "report_up", at("9:00"), unit=LINAC).lines
    assert (line.resource, line.start_ms, line.end_ms) == (LINAC, at("7:00"), at("9:00"))
    perform(floor, "check_machine", at("9:05"), unit=LINAC, passed=False)
    assert list_locks(floor, at("9:10")) == {LINAC: "failed", OTHER: "unchecked"}


def test_a_room_is_calibrated_too() -> None:
    room = Room("room.theatre.1", calibrated=Check(MONDAY_MS, "", passed=True))
    assert Room.from_record(room.to_record()) == room


def test_time_out_of_order_counts_within_the_window_only() -> None:
    floor = make_floor(house=get_booked_house())
    floor.put(Machine(LINAC))
    perform(floor, "report_down", at("7:00"), unit=LINAC)
    lines = perform(floor, "report_up", at("9:00"), unit=LINAC).lines
    downs = {OTHER: Down("r", at("8:30"), at("12:00"), "fault")}
    found = compute_down_ms(lines, downs, at("8:00"), at("10:00"))
    assert found == {LINAC: HOUR_MS, OTHER: HOUR_MS + HOUR_MS // 2}
    assert compute_uptime(WINDOW_DAYS * DAY_MS // 10) == pytest.approx(0.9)
