"""Views say what records say and the reverse, with what somebody else wrote there."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oncopolis.centre.journal import OUTCOMES
from oncopolis.operations.arrivals.views import Contact, Visit
from oncopolis.operations.wards.lying import Lying
from oncopolis.operations.wards.views import Bed, Stay
from oncopolis.record.fhir.checking import check_resource
from oncopolis.record.fhir.text import parse, to_text

NOW_MS = 1_800_000_000_000
MOMENTS = st.integers(1_500_000_000_000, 2_500_000_000_000)
WORDS = st.text("abcdefghijklmnopqrstuvwxyz-1234567890", min_size=1, max_size=20)
SOMETHING = st.none() | WORDS
FOREIGN: dict[str, Any] = {
    "language": "uz",
    "extension": [{"url": "http://example.org/x", "valueString": "theirs"}],
}

VISITS = st.builds(
    Visit, id=WORDS, patient=WORDS, day=st.dates(date(2020, 1, 1), date(2060, 1, 1)), number=WORDS,
    area=WORDS, came_ms=MOMENTS, left_ms=st.none() | MOMENTS, end=st.none() | st.sampled_from(OUTCOMES),
    rest=st.sampled_from([{}, FOREIGN]),
)  # fmt: skip
CONTACTS = st.builds(
    Contact, id=WORDS, patient=WORDS, visit=WORDS, activity=WORDS, area=WORDS, number=WORDS,
    priority=st.integers(0, 9), order_ms=MOMENTS, asked_ms=MOMENTS,
    state=st.sampled_from(["waiting", "called", "served", "away"]), planned_ms=st.none() | MOMENTS,
    booking=SOMETHING, pathway=st.just("") | WORDS, step=st.just("") | WORDS,
    posts=st.lists(WORDS, max_size=2).map(tuple), called_ms=st.none() | MOMENTS,
    room=st.none() | st.sampled_from(["room.consult-room.1", "machine.linac.2"]),
    units=st.sampled_from([(), ("room.consult-room.1",), ("machine.linac.1", "place.chair.3")]),
    out_of_turn=SOMETHING, start_ms=st.none() | MOMENTS, end_ms=st.none() | MOMENTS,
    end=st.none() | st.sampled_from(OUTCOMES), rest=st.sampled_from([{}, FOREIGN]),
)  # fmt: skip
STAYS = st.builds(
    Stay, id=WORDS, patient=WORDS, ward=WORDS, activity=WORDS,
    state=st.sampled_from(["planned", "admitted", "discharged"]),
    beds=st.lists(st.builds(Lying, WORDS, MOMENTS, st.none() | MOMENTS), max_size=3).map(tuple),
    reserved=SOMETHING, planned=st.booleans(), booking=SOMETHING, pathway=st.just("") | WORDS,
    step=st.just("") | WORDS, expected_ms=st.none() | MOMENTS, asked_ms=st.none() | MOMENTS,
    came_ms=st.none() | MOMENTS, due_ms=st.none() | MOMENTS, left_ms=st.none() | MOMENTS,
    sex=st.none() | st.sampled_from(["female", "male"]), isolation=SOMETHING, despite=SOMETHING,
    going_on=st.lists(WORDS, max_size=2).map(tuple),
    end=st.none() | st.sampled_from(OUTCOMES), rest=st.sampled_from([{}, FOREIGN]),
)  # fmt: skip
LOCATION = {
    "status": "active",
    "name": "beds 1",
    "physicalType": {"coding": [{"code": "bd"}]},
    "type": [{"coding": [{"system": "urn:oncopolis:resource", "code": "bed"}]}],
}
BEDS = st.builds(
    Bed, id=WORDS, ward=st.just("bed"),
    state=st.sampled_from(["occupied", "isolation", "cleaning", "closed"]),
    stay=SOMETHING, dirty=st.booleans(), contaminated=st.booleans(), reason=SOMETHING, room=SOMETHING,
    rest=st.sampled_from([LOCATION, LOCATION | FOREIGN]),
).filter(lambda bed: bed.dirty or (bed.state == "closed" and not bed.contaminated))  # fmt: skip


def through_text(record: dict[str, Any]) -> Any:
    return parse(to_text(record))


@settings(max_examples=60)
@given(VISITS | CONTACTS | STAYS | BEDS)
def test_a_view_is_what_its_record_says(view: Visit | Contact | Stay | Bed) -> None:
    record = view.to_record()
    again = through_text(record)
    kinds = [kind for kind in (Visit, Contact, Stay, Bed) if kind.TYPE == view.TYPE and kind.is_mine(again)]
    assert kinds == [type(view)]
    assert type(view).from_record(again) == view
    assert type(view).from_record(again).to_record() == record


@given(st.sampled_from(["free", "reserved"]), WORDS)
def test_free_and_reserved_differ_by_whom_it_is_held_for(state: Any, stay: str) -> None:
    bed = Bed("b", "bed", state, stay if state == "reserved" else None, rest=LOCATION)
    assert Bed.from_record(through_text(bed.to_record())) == bed


@pytest.mark.parametrize(
    ("status", "end"), [("finished", "done"), ("cancelled", "cancelled"), ("entered-in-error", "cancelled")]
)
def test_what_another_system_ends_is_over(status: str, end: str) -> None:
    contact = Contact("c", "p", "v", "consult", "outpatient", "A001", 5, NOW_MS, NOW_MS)
    found = Contact.from_record(contact.to_record() | {"status": status})
    assert (found.end, found.is_open) == (end, False)
    visit = Visit("v", "p", date(2027, 1, 15), "A001", "outpatient", NOW_MS)
    assert Visit.from_record(visit.to_record() | {"status": status}).end == end


@pytest.mark.parametrize(
    "view",
    [
        Visit("v", "p", date(2027, 1, 15), "A001", "outpatient", NOW_MS),
        Contact(
            "c", "p", "v", "consult", "outpatient", "A001", 5, NOW_MS, NOW_MS, "served",
            booking="b", units=("room.consult-room.1",), room="room.consult-room.1", start_ms=NOW_MS,
        ),
        Stay("s", "p", "bed", "stay", "admitted", (Lying("bed.bed.1", NOW_MS),), "bed.bed.2"),
        Bed("bed.bed.1", "bed", "cleaning", dirty=True, contaminated=True, rest=LOCATION),
    ],
)  # fmt: skip
def test_records_are_fhir(view: Visit | Contact | Stay | Bed) -> None:
    assert check_resource(view.to_record()) == []


def test_others_encounters_are_left_alone() -> None:
    theirs = {"resourceType": "Encounter", "id": "x", "status": "in-progress", "class": {"code": "IMP"}}
    assert not any(kind.is_mine(theirs) for kind in (Visit, Contact, Stay))
