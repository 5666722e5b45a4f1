"""Acts over a store: all of an act happens or none, and the floor is what the record says."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import pytest
from tests.live import MONDAY_MS, do, get_house, open_live, wish
from tests.records import count_rows, make_line

from oncopolis.foundation import ConflictError, Frozen, InputError, NotFoundError
from oncopolis.operations import Act, Claim, Decision, Floor, Live, Message, Moment, Record, View
from oncopolis.record import Act as Audited
from oncopolis.record import Who
from oncopolis.record.fhir.text import parse
from oncopolis.record.store import Store, Transaction

CHAIR = "urn:oncopolis:test"


@dataclass(frozen=True, slots=True)
class Sitting:
    """Somebody on a chair: a Basic record."""

    id: str
    chair: str
    is_open: bool = True
    TYPE: ClassVar[str] = "Basic"
    OPEN: ClassVar[tuple[str, tuple[str, ...]]] = ("code", ("sits",))

    @classmethod
    def is_mine(cls, record: Mapping[str, Any]) -> bool:
        return bool(record["code"]["coding"][0]["system"] == CHAIR)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        return cls(record["id"], record["code"]["text"], record["code"]["coding"][0]["code"] == "sits")

    def to_record(self) -> Record:
        coding = {"system": CHAIR, "code": "sits" if self.is_open else "left"}
        return {"resourceType": "Basic", "id": self.id, "code": {"coding": [coding], "text": self.chair}}

    def list_claims(self) -> Iterable[Claim]:
        return [("chair", self.chair)]


class Chairs:
    """Who sits where."""

    KIND: ClassVar[type[View]] = Sitting

    def __init__(self) -> None:
        self.taken: dict[str, str] = {}

    def change(self, before: Sitting | None, after: Sitting | None) -> None:
        if before is not None:
            del self.taken[before.chair]
        if after is not None:
            self.taken[after.chair] = after.id


class Sit(Frozen):
    chair: str
    to_look: bool = True


class Swap(Frozen):
    one: str
    other: str


class Leave(Frozen):
    id: str


def decide_sit(floor: Floor, asked: Sit, moment: Moment) -> Decision:
    if asked.to_look and asked.chair in floor.index(Chairs).taken:
        raise ConflictError(code="T-1", where=asked.chair, got="taken", expected="free", fix="choose another")
    made = Sitting(moment.make_id(), asked.chair)
    send = Message("test", {"sitting": made.id}, key=made.id)
    return Decision(puts=(made,), lines=(make_line(),), sends=(send,), answer={"chair": asked.chair})


def decide_swap(floor: Floor, asked: Swap, _moment: Moment) -> Decision:
    one, other = floor.get(Sitting, asked.one), floor.get(Sitting, asked.other)
    return Decision(puts=(replace(one, chair=other.chair), replace(other, chair=one.chair)))


def decide_leave(floor: Floor, asked: Leave, _moment: Moment) -> Decision:
    return Decision(puts=(replace(floor.get(Sitting, asked.id), is_open=False),))


SIT = Act("sit", Sit, decide_sit, ("Basic",))
SWAP = Act("swap", Swap, decide_swap, ("Basic",))
LEAVE = Act("leave_chair", Leave, decide_leave, ("Basic",))
SOMEBODY_ELSE = Audited("U", "update", Who("Person", "other"), "request")


@pytest.fixture
def live(store: Store) -> Live:
    return open_live(store, [Sitting])


def list_taken(live: Live) -> dict[str, str]:
    return live.ask(lambda floor: dict(floor.index(Chairs).taken))


def list_held(live: Live, id_: str) -> list[tuple[str, str]]:
    return live.store.submit_unseen(lambda transaction: transaction.list_claims(f"Basic/{id_}")).result()


def test_an_act_is_record_claims_lines_and_messages(live: Live) -> None:
    before = count_rows(live.store)
    answer = do(live, SIT, {"chair": "a"})
    (made,) = answer["made"]
    assert answer["at_ms"] == MONDAY_MS
    assert answer["chair"] == "a"
    assert answer["changes"] == 4
    assert parse(live.store.get("Basic", made).body or b"")["code"]["text"] == "a"
    assert list_held(live, made) == [("chair", "a")]
    assert list_taken(live) == {"a": made}
    after = count_rows(live.store)
    assert after["journal"] == before["journal"] + 1


def test_acts_have_a_place_among_all(live: Live) -> None:
    places = [do(live, SIT, {"chair": str(number)})["seq"] for number in range(5)]
    assert places == sorted(set(places))


def test_what_is_refused_leaves_no_trace(live: Live) -> None:
    do(live, SIT, {"chair": "a"})
    before = count_rows(live.store)
    with pytest.raises(ConflictError, match="T-1"):
        do(live, SIT, {"chair": "a"})
    assert count_rows(live.store) == before


def test_a_lost_claim_leaves_no_trace_in_record_and_floor(live: Live) -> None:
    do(live, SIT, {"chair": "a"})
    before = count_rows(live.store)
    with pytest.raises(ConflictError, match="REC-057"):
        do(live, SIT, {"chair": "a", "to_look": False})
    assert count_rows(live.store) == before
    assert len(list_taken(live)) == 1


def test_two_views_of_one_act_may_exchange_what_they_hold(live: Live) -> None:
    (one,), (other,) = (do(live, SIT, {"chair": chair})["made"] for chair in "ab")
    do(live, SWAP, {"one": one, "other": other})
    assert list_held(live, one) == [("chair", "b")]
    assert list_taken(live) == {"b": one, "a": other}


def test_what_is_over_leaves_the_floor_and_gives_back_its_claims(live: Live) -> None:
    (made,) = do(live, SIT, {"chair": "a"})["made"]
    do(live, LEAVE, {"id": made})
    assert list_taken(live) == {}
    assert list_held(live, made) == []
    assert live.ask(lambda floor: floor.get(Sitting, made)).is_open is False
    do(live, SIT, {"chair": "a"})


def test_the_same_key_is_done_once(live: Live) -> None:
    first = do(live, SIT, {"chair": "a"}, key="k")
    assert do(live, SIT, {"chair": "a"}, key="k") == first
    assert len(list_taken(live)) == 1


def test_a_new_start_finds_the_same_floor(live: Live) -> None:
    for chair in "abc":
        do(live, SIT, {"chair": chair})
    (gone,) = do(live, SIT, {"chair": "d"})["made"]
    do(live, LEAVE, {"id": gone})
    again = Live(live.store, get_house(), [Sitting])
    again.open()
    assert again.ask(Floor.to_state) == live.ask(Floor.to_state)


def test_the_floor_follows_what_others_write(live: Live) -> None:
    record = Sitting("other", "a").to_record()
    live.store.submit(lambda transaction: transaction.put(record).id, SOMEBODY_ELSE).result()
    assert list_taken(live) == {"a": "other"}
    with pytest.raises(ConflictError, match="T-1"):
        do(live, SIT, {"chair": "a"})
    gone = Sitting("other", "a", is_open=False).to_record()
    live.store.submit(lambda transaction: transaction.put(gone).id, SOMEBODY_ELSE).result()
    assert list_taken(live) == {}
    assert list_held(live, "other") == []


def test_others_cannot_write_what_somebody_holds(live: Live) -> None:
    do(live, SIT, {"chair": "a"})
    record = Sitting("other", "a").to_record()
    with pytest.raises(ConflictError, match="REC-057"):
        live.store.submit(lambda transaction: transaction.put(record).id, SOMEBODY_ELSE).result()
    assert live.store.read("Basic", "other") is None
    assert "other" not in list_taken(live).values()


def test_a_deleted_record_leaves_the_floor(live: Live) -> None:
    (made,) = do(live, SIT, {"chair": "a"})["made"]
    live.store.submit(lambda transaction: transaction.delete("Basic", made).id, SOMEBODY_ELSE).result()
    assert list_taken(live) == {}
    assert list_held(live, made) == []


def test_an_undone_act_is_forgotten(live: Live) -> None:
    """What fails after the act, in its own transaction, takes it off the floor too."""
    do(live, SIT, {"chair": "a"})

    def fail(_transaction: Transaction, _act: Audited) -> None:
        raise InputError(code="T-2", where="x", got="x", expected="y", fix="z")

    live.store.follow(fail)
    with pytest.raises(InputError, match="T-2"):
        do(live, SIT, {"chair": "b"})
    assert list(list_taken(live)) == ["a"]


def test_changes_are_told_once_durable_and_in_order(live: Live) -> None:
    told: list[str] = []

    def listen(views: Sequence[View]) -> None:
        told.extend(f"{view.id} {view.is_open}" for view in views)

    live.listen(listen)
    (made,) = do(live, SIT, {"chair": "a"})["made"]
    with pytest.raises(ConflictError):
        do(live, SIT, {"chair": "a"})
    do(live, LEAVE, {"id": made})
    live.store.submit(lambda t: t.put(Sitting("other", "z").to_record()).id, SOMEBODY_ELSE).result()
    assert told == [f"{made} True", f"{made} False", "other True"]


def test_one_of_many_gets_the_chair(live: Live) -> None:
    futures: list[Future[dict[str, Any]]] = [live.perform(wish(SIT, {"chair": "a"})) for _ in range(50)]
    errors = [future.exception() for future in futures]
    assert sum(error is None for error in errors) == 1
    assert all(error is None or isinstance(error, ConflictError) for error in errors)


def test_what_is_not_there_is_not_found(live: Live) -> None:
    with pytest.raises(NotFoundError, match="OPS-001"):
        do(live, LEAVE, {"id": "nobody"})


def test_two_processes_keep_one_floor(live: Live) -> None:
    """What another process has taken is refused, and known from then on."""
    other = Live(live.store, get_house(), [Sitting])
    other.open()
    do(live, SIT, {"chair": "a"})
    with pytest.raises(ConflictError):
        do(other, SIT, {"chair": "a"})
