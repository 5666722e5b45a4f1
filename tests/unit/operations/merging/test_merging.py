"""A merge in the living house: what is open goes along, what cannot be twice stands against it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

import pytest
from tests.hl7 import PATIENT, make_settings, message, register
from tests.live import MONDAY_MS, do, make_floor, open_live
from tests.records import ACT, make_patient, query

from oncopolis.foundation import ConflictError
from oncopolis.interop.messages.taking import Taker
from oncopolis.operations import Act, Floor, Live
from oncopolis.operations.arrivals.views import Contact, Visit
from oncopolis.operations.booking.views import Booking, Held, Spot
from oncopolis.operations.courses.views import Course
from oncopolis.operations.merging import ACTS
from oncopolis.operations.merging.standing import check_nothing_collides
from oncopolis.operations.views import View
from oncopolis.record.fhir.text import parse
from oncopolis.record.store import Store
from oncopolis.record.store.verifying import verify

BY_NAME: dict[str, Act[Any]] = {act.name: act for act in ACTS}
HOUR_MS = 3_600_000


@pytest.fixture
def live(store: Store) -> Live:
    live = open_live(store, [Booking, Visit, Contact])
    put(live, make_patient("p1"), make_patient("p2", "Karimowa"))
    return live


def put(live: Live, *records: Mapping[str, Any]) -> None:
    live.store.submit(lambda transaction: [transaction.put(one).id for one in records], ACT).result()


def make_visit(patient: str, id_: str) -> Visit:
    return Visit(id_, patient, date(2027, 3, 1), f"A{id_[-1]}", "outpatient", MONDAY_MS)


def make_booking(patient: str, id_: str, start_ms: int, unit: str) -> Booking:
    return Booking(id_, patient, "consult", "booked", 30, MONDAY_MS, spot=Spot(start_ms, (Held(unit, 0),)))


def act(live: Live, name: str, /, **said: Any) -> dict[str, Any]:
    return do(live, BY_NAME[name], said)


def join(live: Live) -> dict[str, Any]:
    return act(live, "merge", survivor="p1", loser="p2", reason="the same passport")


def list_patients(live: Live, kind: type[View]) -> set[str]:
    return live.ask(lambda floor: {view.patient for view in floor.list(kind)})  # type: ignore[attr-defined]


def list_held(live: Live, holder: str) -> list[tuple[str, str]]:
    return live.store.submit_unseen(lambda transaction: transaction.list_claims(holder)).result()


def test_what_is_open_goes_along_on_the_floor_and_in_the_record(live: Live) -> None:
    visit, booking = make_visit("p2", "v2"), make_booking("p2", "b2", MONDAY_MS + HOUR_MS, "room-consult-1")
    put(live, visit.to_record(), booking.to_record())
    told: list[str] = []
    live.listen(lambda views: told.extend(view.id for view in views))
    answer = join(live)
    assert (answer["survivor"], answer["moved"]) == ("p1", 2)
    assert answer["open"] == ["Appointment/b2", "Encounter/v2"]
    assert list_patients(live, Visit) == list_patients(live, Booking) == {"p1"}
    assert list_held(live, "Encounter/v2") == [("inside", "p1")]
    assert len(list_held(live, "Appointment/b2")) == 6
    assert sorted(told) == ["b2", "v2"]
    assert live.store.get("Encounter", "v2").patient == "p1"
    assert verify(live.store) == []


def test_a_merge_by_message_is_followed_by_the_floor(live: Live) -> None:
    taker = Taker(live.store, make_settings(), lambda _line: None)
    other = PATIENT.replace("123^^^MRN", "999^^^MRN").replace("30102701234567", "1")
    for data in (register("1"), register("2", other)):
        assert b"MSA|AA|" in (taker.take(data, "127.0.0.1") or b"")
    (stays,) = live.store.find_token("Patient", "identifier", None, "123")
    (ends,) = live.store.find_token("Patient", "identifier", None, "999")
    put(live, make_visit(ends, "v2").to_record())
    merge = message("ADT^A40^ADT_A39", "EVN|A40", PATIENT, "MRG|999^^^MRN^MR", id_="3")
    assert b"MSA|AA|" in (taker.take(merge, "127.0.0.1") or b"")
    assert list_patients(live, Visit) == {stays}
    assert list_held(live, "Encounter/v2") == [("inside", stays)]


def test_a_new_start_finds_the_floor_that_a_merge_has_left(live: Live) -> None:
    put(live, make_visit("p2", "v2").to_record())
    join(live)
    again = Live(live.store, live.house, [Booking, Visit, Contact])
    again.open()
    assert again.ask(Floor.to_state) == live.ask(Floor.to_state)


def test_undoing_gives_back_who_is_inside(live: Live) -> None:
    put(live, make_visit("p2", "v2").to_record())
    before = live.ask(Floor.to_state)
    join(live)
    answer = act(live, "unmerge", loser="p2", reason="twin sisters")
    assert (answer["survivor"], answer["moved"], answer["since"]) == ("p1", 1, [])
    assert live.ask(Floor.to_state) == before
    assert list_held(live, "Encounter/v2") == [("inside", "p2")]
    assert "link" not in parse(live.store.get("Patient", "p1").body or b"")


def test_two_who_are_both_in_the_house_are_refused(live: Live) -> None:
    put(live, make_visit("p1", "v1").to_record(), make_visit("p2", "v2").to_record())
    before = live.ask(Floor.to_state)
    with pytest.raises(ConflictError, match="OPS-026"):
        join(live)
    assert live.ask(Floor.to_state) == before
    assert "link" not in parse(live.store.get("Patient", "p2").body or b"")


def test_one_who_would_be_in_two_places_is_refused(live: Live) -> None:
    put(live, make_booking("p1", "b1", MONDAY_MS + HOUR_MS, "room-consult-1").to_record())
    put(live, make_booking("p2", "b2", MONDAY_MS + HOUR_MS + HOUR_MS // 4, "room-consult-2").to_record())
    with pytest.raises(ConflictError, match="OPS-027"):
        join(live)
    later = make_booking("p2", "b2", MONDAY_MS + 2 * HOUR_MS, "room-consult-2")
    put(live, later.to_record())
    assert join(live)["moved"] == 1


def make_course(patient: str, id_: str, pathway: str) -> Course:
    since = date(2027, 3, 1)
    return Course(id_, patient, "way", pathway, 1, "Care", MONDAY_MS, "Practitioner/dr-1", since, "visit")


def test_two_courses_of_one_pathway_stand_against_a_merge() -> None:
    one, other = make_course("p1", "c1", "care"), make_course("p2", "c2", "care")
    with pytest.raises(ConflictError, match="OPS-028"):
        check_nothing_collides(make_floor(one, other), "p1", "p2")
    check_nothing_collides(make_floor(one, make_course("p2", "c2", "follow_up")), "p1", "p2")
    check_nothing_collides(make_floor(one, make_course("p1", "c2", "care")), "p1", "p2")


def test_what_was_over_already_does_not_end_again(live: Live) -> None:
    ended: list[str] = []

    class Ends:
        KIND: ClassVar[type[View]] = Visit

        def change(self, _before: Visit | None, _after: Visit | None) -> None:
            pass

        def end(self, view: Visit) -> None:
            ended.append(view.id)

    live.ask(lambda floor: floor.index(Ends))
    over = Visit("v2", "p2", date(2027, 2, 1), "A1", "outpatient", MONDAY_MS - HOUR_MS, MONDAY_MS, "done")
    put(live, over.to_record())
    assert join(live)["moved"] == 1
    assert ended == []


def test_a_record_that_was_replaced_is_not_merged_again(live: Live) -> None:
    join(live)
    with pytest.raises(ConflictError, match="OPS-024"):
        join(live)
    with pytest.raises(ConflictError, match="REC-343"):
        act(live, "unmerge", loser="p1", reason="not that one")


def test_who_did_it_is_in_the_audit_of_both(live: Live) -> None:
    join(live)
    sql = (
        "SELECT a.entry FROM audit a JOIN audit_patient p ON p.chain = a.chain AND p.seq = a.seq "
        "WHERE p.patient = ? ORDER BY a.seq DESC"
    )
    for patient in ("p1", "p2"):
        assert '"merge"' in query(live.store, sql, patient)[0][0]
