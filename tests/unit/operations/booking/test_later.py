"""Most appointments are read after a server answers: what is asked meanwhile is as if all had been read."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
from tests.booked import ALL, at, get_booked_house
from tests.live import do, open_live
from tests.records import query
from tests.unit.operations.booking.test_over_a_store import put, register
from tests.unit.record.store.conftest import OpenStore

from oncopolis.foundation import ConflictError
from oncopolis.operations import Floor, Live, performing
from oncopolis.operations.arrivals.indexes import Expected
from oncopolis.operations.booking import Booking, Machine, Room, get_diary
from oncopolis.operations.courses.indexes import Booked
from oncopolis.operations.notices import Notice
from oncopolis.record.store import Store

EARLY = at("7:00")
KINDS = (Machine, Room, Booking, Notice)
N_DAYS = 12
PATIENTS = ("me", "you", "she")
THEATRE = "room.theatre.1"


def day(n: int) -> date:
    return date(2027, 3, 1) + timedelta(days=n)


def say(n: int) -> dict[str, Any]:
    return {"earliest": str(day(n)), "latest": str(day(n + 6))}


def get(live: Live, id_: str) -> Booking:
    return live.ask(lambda floor: floor.get(Booking, id_))


def fill(store: Store) -> list[str]:
    """Appointments on many days, of which one was moved, and somebody who waits."""
    register(store, *PATIENTS)
    live = open_live(store, KINDS, get_booked_house())
    made = [
        do(live, ALL["book"], {"patient": PATIENTS[n % 3], "activity": activity} | say(n), EARLY)["booking"]
        for n in range(N_DAYS)
        for activity in ("consult", "operation")
    ]
    do(live, ALL["await"], {"patient": "me", "activity": "consult", "reason": "wish"}, EARLY)
    do(live, ALL["cancel"], {"booking": made[3], "reason": "centre"}, EARLY)
    put(store, {
        "resourceType": "CarePlan", "id": "course", "status": "active", "intent": "plan",
        "subject": {"reference": "Patient/me"},
    })  # fmt: skip
    for number in (4, 12):
        known = get(live, made[number]).to_record()
        put(store, known | {"supportingInformation": [{"reference": "CarePlan/course"}]})
    return made


@pytest.fixture
def made(store: Store) -> list[str]:
    return fill(store)


@pytest.fixture
def whole(made: list[str], open_another: OpenStore) -> Live:
    return open_live(open_another(), KINDS, get_booked_house())


@pytest.fixture
def live(made: list[str], store: Store, monkeypatch: pytest.MonkeyPatch, whole: Live) -> Live:
    """One that has read nearly nothing."""
    whole.ask(lambda floor: floor.later)
    monkeypatch.setattr(performing, "_MOST_AT_ONCE", 0)
    opened = open_live(store, KINDS, get_booked_house())
    assert opened.ask(lambda floor: floor.later) is not None
    return opened


def ids(found: Collection[Booking]) -> list[str]:
    return sorted(one.id for one in found)


def list_days(floor: Floor) -> list[Any]:
    return [ids(list(get_diary(floor).list_of_unit(THEATRE, day(n), day(n + 1)))) for n in range(N_DAYS)]


def list_ids(floor: Floor) -> list[str]:
    first_ms = floor.house.to_ms(day(0))
    return list(floor.index(Expected).list_ids("operation", first_ms, floor.house.to_ms(day(5))))


QUESTIONS: dict[str, Callable[[Floor], Any]] = {
    "of a day": list_days,
    "of a patient": lambda floor: [ids(get_diary(floor).list_of_patient(one)) for one in PATIENTS],
    "who waits": lambda floor: ids(get_diary(floor).list_waiting("consult")),
    "what was moved": lambda floor: ids(get_diary(floor).list_moved("report")),
    "who is expected": list_ids,
    "who is expected of a patient": lambda floor: ids(
        floor.index(Expected).list_of_patient("you", floor.house.to_ms(day(0)), floor.house.to_ms(day(9)))
    ),
    "who was missed": lambda floor: sorted(floor.index(Expected).list_missed(floor.house.to_ms(day(7)))),
    "of a course": lambda floor: ids(floor.index(Booked).list_of("course")),
    "everything": lambda floor: floor.to_state(),
    "all of a patient": lambda floor: sorted(one.id for one in floor.list_of_patient("she")),
    "all of a kind": lambda floor: ids(list(floor.list(Booking))),
}


@pytest.mark.parametrize("question", list(QUESTIONS))
def test_each_question_is_answered_as_if_all_had_been_read(live: Live, whole: Live, question: str) -> None:
    asked = QUESTIONS[question]
    assert live.ask(asked) == whole.ask(asked)
    live.fill(lambda: False)
    assert live.ask(lambda floor: floor.later) is None
    for other in QUESTIONS.values():
        assert live.ask(other) == whole.ask(other)


def test_single_ones_are_found_and_those_that_are_over_are_not(live: Live, made: list[str]) -> None:
    def find(number: int) -> Booking | None:
        return live.ask(lambda floor: floor.find(Booking, made[number]))

    assert find(20) is not None
    assert find(3) is None
    assert live.ask(lambda floor: floor.find(Booking, "nobody")) is None
    assert live.ask(lambda floor: floor.later) is not None


def count_claims(store: Store) -> dict[str, int]:
    return dict(query(store, "SELECT holder, count(*) FROM claim GROUP BY holder"))


def check_claims(store: Store, live: Live) -> None:
    claims = {
        f"Appointment/{one.id}": len(list(one.list_claims()))
        for one in live.ask(lambda floor: list(floor.list(Booking)))
    }
    assert count_claims(store) == {holder: n for holder, n in claims.items() if n}


def test_what_was_not_read_yet_is_changed_and_gives_back_what_it_held(
    live: Live, store: Store, made: list[str]
) -> None:
    begin_ms = get(live, made[21]).start_ms
    do(live, ALL["cancel"], {"booking": made[21], "reason": "patient"}, EARLY)
    said = {"patient": "me", "activity": "operation", "start_ms": begin_ms}
    assert do(live, ALL["book"], said, EARLY)["start_ms"] == begin_ms
    do(live, ALL["move"], {"booking": made[15]} | say(40), EARLY)
    live.fill(lambda: False)
    assert live.ask(lambda floor: floor.find(Booking, made[21])) is None
    check_claims(store, live)


def test_no_time_is_given_twice(live: Live, made: list[str]) -> None:
    begin_ms = get(live, made[23]).start_ms
    with pytest.raises(ConflictError, match="OPS-046"):
        do(live, ALL["book"], {"patient": "me", "activity": "operation", "start_ms": begin_ms}, EARLY)


def test_what_others_write_of_it_holds(live: Live, whole: Live, store: Store, made: list[str]) -> None:
    """A hospital system cancels one and moves another that were not read yet."""
    moved = live.house.to_ms(day(50), 10 * 60)
    put(store, get(whole, made[19]).to_record() | {"status": "cancelled"})
    other = get(whole, made[23])
    assert other.spot is not None
    put(store, replace(other, spot=replace(other.spot, start_ms=moved)).to_record())
    live.fill(lambda: False)
    assert live.ask(lambda floor: floor.find(Booking, made[19])) is None
    assert get(live, made[23]).start_ms == moved
    check_claims(store, live)


def test_acts_go_on_while_the_rest_is_read(live: Live, store: Store, whole: Live, made: list[str]) -> None:
    reader = Thread(target=live.fill, args=(lambda: False,))
    reader.start()
    for number in (1, 9, 17, 23):
        do(live, ALL["cancel"], {"booking": made[number], "reason": "centre"}, EARLY)
        do(live, ALL["book"], {"patient": "me", "activity": "operation"} | say(number), EARLY)
    reader.join()
    assert live.ask(lambda floor: floor.later) is None
    check_claims(store, live)
    again = open_live(store, KINDS, get_booked_house())
    assert again.ask(Floor.to_state) == live.ask(Floor.to_state)


def test_reading_on_ends_when_it_is_told_to_and_when_the_floor_is_begun_anew(live: Live) -> None:
    live.fill(lambda: True)
    first = live.ask(lambda floor: floor)
    assert first.later is not None

    def begin_anew() -> bool:
        live._forget()
        return False

    live.fill(begin_anew)
    assert first.later is not None
    assert live.ask(lambda floor: floor) is not first
