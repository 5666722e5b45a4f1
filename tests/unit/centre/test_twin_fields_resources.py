# ruff: noqa: E501 -- one case a line
"""How resources are there: shifts, booking, failures, maintenance, overflow, queues with an end, overtime."""

from typing import Any

import pytest
from pydantic import ValidationError

from oncopolis.centre import Project
from oncopolis.centre.calendar import Calendar
from oncopolis.centre.resource import Resource
from oncopolis.centre.service import Booking, Breakdown, Maintenance, Shift
from oncopolis.foundation import OncopolisError

from .conftest import Change, Reader

OFFICE = "office: {kind: room,"
DOCTOR = "doctor: {kind: role,"
TIME = "{evidence: test.minutes}"


def with_office(fields: str) -> Change:
    return OFFICE, f"{OFFICE} {fields},"


def get_office(project: Project) -> Resource:
    return project.centre.resources["office"]


def refuse(read_changed: Reader, *changes: Change) -> list[OncopolisError]:
    with pytest.raises(OncopolisError) as caught:
        read_changed(*changes)
    faults = list(getattr(caught.value, "errors", (caught.value,)))
    assert all("centre.yaml:" in fault.where for fault in faults)
    return faults


def test_what_is_not_stated_is_as_before(clinic: Project) -> None:
    """No booking, no failures, no end of the queue."""
    office = get_office(clinic)
    assert (office.shifts, office.booking, office.breakdown, office.maintenance) == ((), None, None, None)
    assert (office.overflow, office.waiting, office.preempts) == (None, None, False)
    assert clinic.centre.calendars["day"].overtime_min == 0
    assert clinic.centre.departments["ward"].check_in is None


def test_shifts_and_people_present(read_changed: Reader) -> None:
    """Shifts say how many are there when and from which year; a role may state how many are present."""
    project = read_changed(
        with_office("shifts: [{calendar: day, n: 3}, {calendar: day, n: 1, from_year: 2028}]"),
        (DOCTOR, f"{DOCTOR} n: 2,"),
    )
    first, second = get_office(project).shifts
    assert (first.calendar, first.n, first.from_year) == ("day", 3, None)
    assert second == Shift(calendar="day", n=1, from_year=2028)
    assert project.centre.resources["doctor"].n == 2


def test_booking(read_changed: Reader) -> None:
    """A booked resource states what can be booked, what is kept and what goes wrong; the rest is usual."""
    late = "{label: Minutes late, value: -2, unit: min, distribution: {family: normal, sd: 8}, source: test, status: published, opened: true}"
    project = read_changed(
        with_office(
            f"booking: {{share: {{evidence: test.most}}, urgent_share: {{evidence: test.tenth}}, no_show: {{evidence: test.tenth}}, lateness: {late}, must_fit: true}}"
        )
    )
    booking = get_office(project).booking
    assert booking is not None
    assert (booking.must_fit, booking.urgent_days, booking.cancelled_days, booking.horizon_days) == (
        True,
        2,
        3,
        365,
    )
    assert (booking.overbooking, booking.cancelled) == (None, None)
    assert project.evidence.get_row("resources.office.booking.lateness").value == -2
    assert Booking() == Booking.model_validate({})


def test_failures_and_maintenance(read_changed: Reader) -> None:
    project = read_changed(
        with_office(
            f"breakdown: {{every: {TIME}, repair: {TIME}, clock: busy}}, maintenance: {{every_days: 20, time: {TIME}}}"
        )
    )
    office = get_office(project)
    assert isinstance(office.breakdown, Breakdown)
    assert office.breakdown.clock == "busy"
    assert isinstance(office.maintenance, Maintenance)
    assert office.maintenance.every_days == 20
    project = read_changed(with_office(f"breakdown: {{every: {TIME}, repair: {TIME}}}"))
    assert get_office(project).breakdown == office.breakdown.model_copy(update={"clock": "open"})


def test_overflow_queues_with_an_end_and_preemption(read_changed: Reader) -> None:
    office = get_office(read_changed(with_office("overflow: doctor, waiting: 0, preempts: true")))
    assert (office.overflow, office.waiting, office.preempts) == ("doctor", 0, True)


def test_overtime_and_checking_in(read_changed: Reader) -> None:
    """Overtime stands at a calendar and leaves its hours as they are; checking in stands at a department."""
    project = read_changed(
        ('closes: "16:00"', 'closes: "16:00", overtime_min: 45'),
        ("{label: The ward,", f"{{label: The ward, check_in: {TIME},"),
    )
    day = project.centre.calendars["day"]
    assert (day.overtime_min, day.hours_per_day) == (45, 8)
    assert project.centre.departments["ward"].check_in is not None


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        (with_office("shifts: [{calendar: dy, n: 3}]"), "CEN-010", "resources.office.shifts[0].calendar"),
        (with_office("shifts: [{calendar: day, n: -1}]"), "CEN-002", "resources.office.shifts[0].n"),
        (with_office("overflow: ofice"), "CEN-010", "resources.office.overflow"),
        (with_office("overflow: office"), "CEN-026", "resources.office.overflow"),
        (with_office("waiting: -1"), "CEN-002", "resources.office.waiting"),
        (with_office("booking: {share: {evidence: test.minutes}}"), "CEN-021", "resources.office.booking.share"),
        (with_office("booking: {lateness: {evidence: test.half}}"), "CEN-021", "resources.office.booking.lateness"),
        (with_office("booking: {horizon_days: 0}"), "CEN-002", "resources.office.booking.horizon_days"),
        (with_office(f"breakdown: {{every: {TIME}, repair: {{evidence: test.half}}}}"), "CEN-021", "resources.office.breakdown.repair"),
        (with_office(f"breakdown: {{every: {TIME}}}"), "CEN-002", "resources.office.breakdown.repair"),
        (with_office(f"breakdown: {{every: {TIME}, repair: {TIME}, clock: never}}"), "CEN-002", "resources.office.breakdown.clock"),
        (with_office(f"maintenance: {{every_days: 0, time: {TIME}}}"), "CEN-002", "resources.office.maintenance.every_days"),
        (('closes: "16:00"', 'closes: "16:00", overtime_min: -1'), "CEN-002", "calendars.day.overtime_min"),
        (("{label: The ward,", "{label: The ward, check_in: {evidence: test.half},"), "CEN-021", "departments.ward.check_in"),
    ],
)  # fmt: skip
def test_resources_are_checked(read_changed: Reader, change: Change, code: str, path: str) -> None:
    """Names, units and bounds of everything new are told at their place."""
    (fault,) = refuse(read_changed, change)
    assert (fault.code, fault.where.split(": ", 1)[1]) == (code, path)


def test_a_circle_of_overflows_is_told_at_each_of_them(read_changed: Reader) -> None:
    faults = refuse(read_changed, with_office("overflow: doctor"), (DOCTOR, f"{DOCTOR} overflow: office,"))
    assert [(fault.code, fault.where.split(": ")[1]) for fault in faults] == [
        ("CEN-026", "resources.office.overflow"),
        ("CEN-026", "resources.doctor.overflow"),
    ]


def test_nothing_fails_without_any_time_between(read_changed: Reader) -> None:
    """A time to failure of 0 would be a failure for ever."""
    none = "{label: x, value: 0, unit: hour, source: test, status: published, opened: true}"
    (fault,) = refuse(read_changed, with_office(f"breakdown: {{every: {none}, repair: {TIME}}}"))
    assert fault.code == "CEN-025"


@pytest.mark.parametrize("fields", [{"opens": 1030}, {"closes": 59_400}])
def test_clock_times_without_quotes_are_refused(fields: dict[str, Any]) -> None:
    """YAML reads 16:30 without quotes as a number; that is told, not taken for seconds."""
    with pytest.raises(ValidationError, match="in quotes"):
        Calendar.model_validate(fields)


NIGHT = "night: {kind: room, label: offices at night, department: ward, calendar: day"
ROOMS = "  office: {kind: room,"


@pytest.mark.parametrize("stated", ["n: 1", "shifts: [{calendar: day, n: 1}]"])
def test_what_states_its_number_needs_no_sizing(read_changed: Reader, stated: str) -> None:
    """It is there for the twin alone; nothing can be counted on it."""
    night = (ROOMS, f"  {NIGHT}, {stated}}}\n{ROOMS}")
    assert read_changed(night).centre.resources["night"].is_outside_plan
    (fault,) = refuse(
        read_changed,
        night,
        ("count: [{per: resource.office, times: 1}], area", "count: [{per: resource.night, times: 1}], area"),
    )
    assert (fault.code, fault.got) == ("CEN-010", "the driver 'resource.night'")


def test_what_states_neither_number_nor_sizing_is_refused(read_changed: Reader) -> None:
    (fault,) = refuse(read_changed, (ROOMS, f"  {NIGHT}}}\n{ROOMS}"))
    assert (fault.code, fault.where.split(": ", 1)[1]) == ("CEN-014", "resources.night")
