"""A registry has to be told of what is diagnosed: once, anew if it changes, not at all if it was in error."""

from pathlib import Path
from typing import Any

import pytest
from tests.clinic import Data
from tests.live import SOMEBODY, do, open_live

from oncopolis.foundation import ConflictError, InputError
from oncopolis.operations import ACTS, VIEWS, Live
from oncopolis.operations.notifications import Notification, find_deadline
from oncopolis.record import Act
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.fhir.validating import validate
from oncopolis.record.store import Store

MADE = Act("C", "made for a test", SOMEBODY, "test")
BREAST: Data = {"icd10": "C50.9", "morphology": "8500/3", "day": "2027-02-20", "basis": "7"}


@pytest.fixture
def live(store: Store) -> Live:
    for record in (
        {"resourceType": "Patient", "id": "p1", "active": True},
        {"resourceType": "Practitioner", "id": "somebody"},
    ):
        put(store, record)
    return open_live(store, VIEWS)


def put(store: Store, record: Data) -> None:
    store.submit(lambda tx: tx.put(record), MADE).result()


def act(live: Live, name: str, /, **said: Any) -> dict[str, Any]:
    return do(live, ACTS[name], said)


def diagnose(live: Live, **more: Any) -> str:
    return str(act(live, "record_diagnosis", **({"patient": "p1"} | BREAST | more))["diagnosis"])


def get(live: Live, diagnosis: str) -> Notification:
    return live.ask(lambda floor: floor.get(Notification, f"{diagnosis}-n"))


def list_open(live: Live) -> list[Notification]:
    return live.ask(lambda floor: list(floor.list(Notification)))


def test_what_is_diagnosed_is_due_told_sent_back_and_told_again(live: Live, store: Store) -> None:
    id_ = diagnose(live)
    (due,) = list_open(live)
    body = find_resource(store.read("Task", due.id)) or {}
    assert not [one for one in validate(body) if one.severity == "error"]
    assert Notification.from_record(body) == due
    act(live, "notify_registry", notification=due.id, number="77")
    assert not list_open(live)
    assert (get(live, id_).state, get(live, id_).number) == ("notified", "77")
    with pytest.raises(ConflictError) as twice:
        act(live, "notify_registry", notification=due.id)
    assert twice.value.code == "OPS-476"
    act(live, "registry_refused", notification=due.id, reason="no address")
    assert [(one.state, one.reason) for one in list_open(live)] == [("refused", "no address")]
    act(live, "notify_registry", notification=due.id)
    assert not list_open(live)


def test_what_is_changed_after_it_was_told_is_told_anew(live: Live) -> None:
    id_ = diagnose(live)
    act(live, "notify_registry", notification=f"{id_}-n")
    act(live, "correct_diagnosis", diagnosis=id_, **(BREAST | {"morphology": "8520/3"}), reason="second look")
    assert [one.state for one in list_open(live)] == ["due"]


@pytest.mark.parametrize("more", [{"icd10": "D24", "morphology": "8010/0"}, {"is_provisional": True}])
def test_what_is_benign_or_not_confirmed_is_not_told(live: Live, more: Data) -> None:
    diagnose(live, **more)
    assert not list_open(live)


def test_what_was_in_error_is_told_no_more(live: Live) -> None:
    id_ = diagnose(live)
    act(live, "withdraw_diagnosis", diagnosis=id_, reason="another patient's")
    assert not list_open(live)
    assert get(live, id_).state == "void"


def test_deadlines_are_data_of_a_country_or_of_the_project(tmp_path: Path) -> None:
    known = find_deadline(tmp_path, "UZB")
    assert known is not None
    assert (known.days, known.status) == (3, "RECALLED")
    assert find_deadline(tmp_path, "XXX") is None
    own = "- {country: UZB, days: 10, whom: registry, source: order 1, status: OPENED}\n"
    (tmp_path / "notifications.yaml").write_text(own, "utf-8")
    mine = find_deadline(tmp_path, "UZB")
    assert mine is not None
    assert mine.days == 10


@pytest.mark.parametrize("text", ["colour: red", "- {country: UZB}", "[", "- 5"])
def test_deadlines_that_cannot_be_are_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "notifications.yaml").write_text(text, "utf-8")
    with pytest.raises(InputError) as refused:
        find_deadline(tmp_path, "UZB")
    assert refused.value.code == "OPS-475"
