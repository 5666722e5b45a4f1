"""Bookings and units say in FHIR what they are, and are read back from it."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oncopolis.operations.booking import Booking, Down, Held, Machine, Room, Spot, Window
from oncopolis.operations.booking.views import STATUSES, Moved
from oncopolis.record.fhir import check_resource
from oncopolis.record.fhir.text import parse, to_text

UNITS = ("room.consult-room.1", "machine.linac.2", "role.doctor.12", "place.chair.3")
MS = st.integers(1_800_000_000, 1_900_000_000).map(lambda second: second * 1000)
NAMES = st.sampled_from(["", "a", "care-1", "breast.surgery"])
DAYS = st.dates(date(2027, 1, 1), date(2028, 1, 1))
SPOTS = st.builds(
    Spot, MS, st.lists(st.builds(Held, st.sampled_from(UNITS), st.integers(0, 1)), max_size=3).map(tuple)
)
BOOKINGS = st.builds(
    Booking,
    id=st.just("b1"), patient=st.just("p1"), activity=st.sampled_from(["consult", "fraction"]),
    status=st.sampled_from(STATUSES), minutes=st.integers(5, 300), asked_ms=MS, priority=st.integers(0, 9),
    spot=SPOTS, course=NAMES, pathway=NAMES, step=NAMES, series=NAMES, turn=st.integers(0, 30),
    window=st.none() | st.builds(Window, DAYS, DAYS, st.none() | DAYS),
    reason=st.sampled_from(["", "full", "patient"]), language=st.sampled_from(["", "uz"]),
    moved=st.none() | st.builds(Moved, SPOTS, st.just("report")), offer=st.none() | SPOTS,
)  # fmt: skip


def through(record: dict[str, Any]) -> dict[str, Any]:
    """The record as the store gives it back."""
    return dict(parse(to_text(record)))


@given(BOOKINGS)
def test_a_booking_is_what_its_record_says(booking: Booking) -> None:
    record = booking.to_record()
    assert not list(check_resource(record))
    assert Booking.from_record(through(record)) == booking


def test_what_waits_has_no_time() -> None:
    waiting = Booking("b", "p", "consult", "waitlist", 30, 0, reason="full")
    assert "start" not in waiting.to_record()
    assert Booking.from_record(waiting.to_record()) == waiting
    assert list(waiting.list_claims()) == []


def test_what_others_wrote_is_kept() -> None:
    record: dict[str, Any] = {
        "resourceType": "Appointment", "id": "a", "status": "proposed", "description": "Knee",
        "meta": {"versionId": "3", "lastUpdated": "2027-01-01T00:00:00Z", "tag": [{"code": "x"}]},
        "extension": [{"url": "http://else.where", "valueString": "y"}],
        "start": "2027-03-01T03:00:00Z", "end": "2027-03-01T03:20:00Z",
        "supportingInformation": [{"reference": "DocumentReference/d"}],
        "participant": [
            {"actor": {"reference": "Patient/p"}, "status": "accepted"},
            {"actor": {"reference": "Practitioner/kim"}, "status": "tentative"},
            {"actor": {"reference": "Device/machine.linac.1"}, "status": "accepted"},
            {"actor": {"reference": "Location/department.outpatient"}, "status": "accepted"},
        ],
    }  # fmt: skip
    assert Booking.is_mine(record)
    read = Booking.from_record(record)
    assert (read.patient, read.minutes, read.spot) == (
        "p", 20, Spot(1803870000000, (Held("machine.linac.1"),)),
    )  # fmt: skip
    written = read.to_record()
    assert written["description"] == "Knee"
    assert written["meta"] == {"tag": [{"code": "x"}]}
    assert written["extension"] == record["extension"]
    assert {"actor": {"reference": "Practitioner/kim"}, "status": "tentative"} in written["participant"]
    assert {"actor": {"reference": "Location/department.outpatient"}, "status": "accepted"} in written[
        "participant"
    ]
    assert written["supportingInformation"] == [{"reference": "DocumentReference/d"}]
    assert Booking.from_record(written) == read
    assert not Booking.is_mine(record | {"participant": record["participant"][1:]})


def test_a_booking_claims_each_five_minutes_of_each_unit() -> None:
    spot = Spot(1803870000000, (Held("room.consult-room.1"), Held("role.doctor.2", 1)))
    booking = Booking("b", "p", "consult", "booked", 10, 0, spot=spot)
    assert set(booking.list_claims()) == {
        ("slot", f"{unit}|2027-03-01T03:{minute}Z|{layer}")
        for unit, layer in spot.units
        for minute in ("00", "05")
    }


def test_only_what_is_still_to_come_stays_open() -> None:
    still = {status for status in STATUSES if Booking("b", "p", "a", status, 5, 0).is_open}
    assert still == {"waitlist", "proposed", "pending", "booked", "arrived", "checked-in"}


RESOURCE = [{"coding": [{"system": "urn:oncopolis:resource", "code": "linac"}], "text": "linacs"}]
LINAC = {
    "resourceType": "Device", "id": "machine.linac.1", "status": "active", "type": RESOURCE[0],
    "deviceName": [{"name": "linacs 1", "type": "user-friendly-name"}],
}  # fmt: skip
ROOM = {
    "resourceType": "Location", "id": "room.consult-room.1", "status": "active", "name": "rooms 1",
    "type": RESOURCE, "physicalType": {"coding": [{"code": "ro"}]},
}  # fmt: skip


@pytest.mark.parametrize(("kind", "record"), [(Machine, LINAC), (Room, ROOM)])
def test_a_unit_is_what_its_record_says(kind: type[Machine | Room], record: dict[str, Any]) -> None:
    assert kind.is_mine(record)
    unit = kind.from_record(record)
    assert unit.to_record() == record
    broken = kind(unit.id, Down("r", 1803870000000, 1803880000000, "fault"), unit.rest)
    written = broken.to_record()
    assert not list(check_resource(written))
    assert kind.from_record(through(written)) == broken
    assert kind(unit.id, None, broken.rest).to_record() == record


def test_beds_and_what_the_definition_does_not_know_are_no_units() -> None:
    assert not Room.is_mine(ROOM | {"physicalType": {"coding": [{"code": "bd"}]}})
    assert not Room.is_mine({name: value for name, value in ROOM.items() if name != "type"})
    assert not Machine.is_mine({"resourceType": "Device", "id": "pump"})
