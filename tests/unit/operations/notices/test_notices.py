"""Patients are told things: what the record says, when it can be taken back, and in which words."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.live import MONDAY_MS, do, get_house, make_floor, make_moment, open_live, wish
from tests.records import ACT, make_patient, query

from oncopolis.foundation import ConflictError
from oncopolis.operations import Live, fold
from oncopolis.operations.notices import ACTS, PATIENT_NOTICE, Notice, Place, tell, withdraw
from oncopolis.operations.notices.naming import STOPS, list_languages
from oncopolis.operations.notices.telling import UNDO_MS
from oncopolis.operations.notices.views import KINDS
from oncopolis.record.access import Caller
from oncopolis.record.access.deciding import Rights
from oncopolis.record.fhir.text import parse
from oncopolis.record.fhir.validating import validate
from oncopolis.record.store import Store
from oncopolis.record.types import Who

ASK_FORM, TAKE_BACK, MARK_SENT = ACTS
N = st.none() | st.integers(-3, 99)
IDS = st.sampled_from(["", "a-1"])
NOTICES = st.builds(
    Notice, id=st.just("n1"), patient=st.just("p1"), kind=st.sampled_from(KINDS),
    language=st.sampled_from(list_languages()), words=st.text(st.characters(codec="utf-8"), min_size=1),
    at_ms=st.integers(0, 2**42), state=st.sampled_from(["unsent", "sent", "withdrawn"]),
    stop=st.none() | st.sampled_from(STOPS),
    place=st.builds(Place, N, N, N, st.sampled_from(["", "room", "place", "bed"]), N),
    start_ms=st.none() | st.integers(0, 2**42), before_ms=st.none() | st.integers(0, 2**42),
    booking=IDS, form=IDS, rest=st.sampled_from([{}, {"note": [{"text": "by others"}]}]),
)  # fmt: skip


@pytest.fixture
def live(store: Store) -> Live:
    return open_live(store, [Notice])


def read(store: Store, id_: str) -> Notice:
    version = store.get("Communication", id_)
    return Notice.from_record(parse(version.body or b""))


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(NOTICES)
def test_a_notice_says_what_its_record_says(notice: Notice) -> None:
    record = notice.to_record()
    assert Notice.is_mine(record)
    assert Notice.from_record(json.loads(json.dumps(record))) == notice
    stamped = {**record, "meta": {**record["meta"], "versionId": "3", "lastUpdated": "2027-01-01T00:00:00Z"}}
    assert Notice.from_record(stamped) == notice


def test_communications_of_others_are_none(store: Store) -> None:
    told = {"category": [{"coding": [{"system": "urn:oncopolis:disclosure", "code": "diagnosis"}]}]}
    assert not Notice.is_mine({"resourceType": "Communication", "status": "completed", **told})
    assert not Notice.is_mine({"resourceType": "Communication", "status": "completed"})


def test_what_is_told_is_seen_at_once_and_leaves_a_little_later() -> None:
    moment = make_moment()
    decision = tell(
        moment, "p1", "moved", language="ru", activity="fraction", start_ms=MONDAY_MS + 86_400_000,
        before_ms=MONDAY_MS, booking="b1",
    )  # fmt: skip
    [notice], [message] = decision.puts, decision.sends
    assert isinstance(notice, Notice)
    assert (notice.state, notice.booking, notice.language) == ("unsent", "b1", "ru")
    assert "теперь вторник, 2 марта, 08:00, раньше было понедельник, 1 марта, 08:00" in notice.words
    assert (message.kind, message.payload, message.key) == (PATIENT_NOTICE, {"notice": notice.id}, notice.id)
    assert message.due_ms == MONDAY_MS + UNDO_MS
    assert [one for one in validate(notice.to_record()) if one.severity == "error"] == []
    [now] = tell(moment, "p1", "come", activity="consult").sends
    assert now.due_ms == MONDAY_MS


def test_who_is_moved_to_another_place_is_not_told_of_another_time() -> None:
    moment = make_moment()
    told = tell(
        moment, "p1", "moved", language="ru", activity="fraction", start_ms=MONDAY_MS, before_ms=MONDAY_MS
    )
    [notice] = told.puts
    assert isinstance(notice, Notice)
    assert notice.words.startswith("Время вашей записи прежнее, место изменилось: ")
    assert notice.words.count("08:00") == 1


def test_a_language_without_words_is_the_first_of_the_centre() -> None:
    [notice] = tell(make_moment(), "p1", "form", language="kk").puts
    assert isinstance(notice, Notice)
    assert notice.language == get_house().centre.languages[0]


def test_a_notice_is_taken_back_until_it_has_left(live: Live, store: Store) -> None:
    store.submit(lambda transaction: transaction.put(make_patient()), ACT).result()
    first, second = (do(live, ASK_FORM, {"patient": "p1", "form": "q1"})["notice"] for _ in range(2))
    assert query(store, "SELECT kind, key, state FROM outbox ORDER BY id") == [
        (PATIENT_NOTICE, first, "waiting"),
        (PATIENT_NOTICE, second, "waiting"),
    ]
    do(live, TAKE_BACK, {"notice": first})
    do(live, TAKE_BACK, {"notice": first})
    assert read(store, first).state == "withdrawn"
    do(live, MARK_SENT, {"notices": [first, second, "gone"]})
    assert (read(store, first).state, read(store, second).state) == ("withdrawn", "sent")
    with pytest.raises(ConflictError, match="OPS-190"):
        do(live, TAKE_BACK, {"notice": second})
    assert live.ask(lambda floor: list(floor.list(Notice))) == []


def test_an_undo_takes_back_what_has_not_left() -> None:
    moment = make_moment()
    [notice] = tell(moment, "p1", "cancelled", activity="consult", start_ms=MONDAY_MS).puts
    assert isinstance(notice, Notice)
    [taken] = withdraw(notice).puts
    assert taken == replace(notice, state="withdrawn")
    assert withdraw(replace(notice, state="sent")).puts == ()
    floor = make_floor(notice)
    fold(floor, withdraw(notice))
    assert floor.find(Notice, notice.id) is None


def test_an_undisclosed_patient_may_read_it_and_others_may_not(live: Live, store: Store) -> None:
    store.submit(lambda transaction: transaction.put(make_patient()), ACT).result()
    id_ = live.perform(wish(ASK_FORM, {"patient": "p1", "form": "q1"})).result()["notice"]

    def sees(patient: str) -> bool:
        caller = Caller(Who("Patient", patient), frozenset({"patient"}), patients=frozenset({patient}))
        return store.read("Communication", id_, Rights(caller, "read", MONDAY_MS, "withheld")) is not None

    assert sees("p1")
    assert not sees("p2")
