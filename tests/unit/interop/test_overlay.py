"""Beside another system: the master's word is applied, anybody else's is listed and decided by a person."""

from typing import Any

import pytest
from tests.hl7 import PATIENT, book, make_settings, register
from tests.reading import get_only, list_records
from tests.records import ACT

from oncopolis.foundation.errors import OncopolisError
from oncopolis.interop.messages.listing import list_waiting, show
from oncopolis.interop.messages.taking import Taker
from oncopolis.interop.overlay.conflicts import list_differences
from oncopolis.interop.overlay.deciding import Decision, decide
from oncopolis.interop.overlay.watching import watch
from oncopolis.interop.settings import Settings
from oncopolis.record.fhir.text import parse
from oncopolis.record.store import Store

HERE = "127.0.0.1"
NEW_NAME = PATIENT.replace("Каримова", "Юсупова")


def make(store: Store, **masters: str) -> tuple[Taker, Settings]:
    settings = make_settings(masters=masters)
    store.follow(watch(settings))
    return Taker(store, settings, lambda _line: None), settings


def send(taker: Taker, data: bytes) -> None:
    assert b"MSA|AA" in (taker.take(data, HERE) or b"")


def change(store: Store, type_: str, **members: Any) -> None:
    """Somebody here writes a record, as a client of the API would: with the meta it was read with."""
    record = get_only(store, type_)
    store.submit(lambda tx: tx.put({**record, **members}), ACT).result()


def get_conflict(store: Store) -> dict[str, Any]:
    (waiting,) = [one for one in list_waiting(store) if one.kind == "conflict"]
    return parse(store.get("Task", waiting.id).body or b"")


def test_the_masters_word_is_applied_and_the_record_says_whose_it_is(store: Store) -> None:
    taker, _ = make(store, demographics="his")
    send(taker, register("1"))
    send(taker, register("2", NEW_NAME))
    patient = get_only(store, "Patient")
    assert patient["name"][0]["family"] == "Юсупова"
    assert patient["meta"]["tag"] == [{"system": "urn:oncopolis:exchange:master", "code": "his"}]
    assert not list(list_waiting(store))


def test_a_change_to_what_we_are_master_of_is_not_applied_but_listed_with_both_values(store: Store) -> None:
    taker, settings = make(store, appointments="us")
    send(Taker(store, make_settings(), print), book("1"))
    send(taker, book("2", "S13", "202601061100"))
    booked = get_only(store, "Appointment")
    assert booked["start"] == "2026-01-05T10:00:00+05:00"
    task = get_conflict(store)
    sides = {one.element: (one.ours, one.theirs) for one in list_differences(task)}
    assert sides["start"] == ("2026-01-05T10:00:00+05:00", "2026-01-06T11:00:00+05:00")
    assert "theirs: 2026-01-06T11:00:00+05:00" in show(store, task["id"])
    send(taker, book("3", "S13", "202601061100"))
    assert get_conflict(store)["id"] == task["id"]
    assert decide(
        store, settings, Decision(task["id"], "ours", "Dr Kim", "confirmed by telephone")
    ).startswith("App")
    closed = parse(store.get("Task", task["id"]).body or b"")
    assert (closed["status"], closed["note"][0]["authorString"]) == ("completed", "Dr Kim")
    send(taker, book("4", "S13", "202601061100"))
    assert not list(list_waiting(store))
    send(taker, book("5", "S13", "202601071100"))
    decide(store, settings, Decision(get_conflict(store)["id"], "theirs", "Dr Kim", ""))
    assert get_only(store, "Appointment")["start"] == "2026-01-07T11:00:00+05:00"
    activities = [one["activity"]["coding"][0]["code"] for one in list_records(store, "Provenance")]
    assert "conflict" in activities
    with pytest.raises(OncopolisError, match="INT-044"):
        decide(store, settings, Decision(task["id"], "theirs", "Dr Kim", ""))


def test_a_new_record_by_another_than_the_master_is_made_by_decision_only(store: Store) -> None:
    taker, settings = make(store, appointments="us")
    send(taker, book("1"))
    assert not list_records(store, "Appointment")
    decide(store, settings, Decision(get_conflict(store)["id"], "theirs", "Dr Kim", "agreed"))
    assert get_only(store, "Appointment")["status"] == "booked"


def test_a_change_here_to_what_a_partner_is_master_of_stands_and_is_listed_at_once(store: Store) -> None:
    taker, settings = make(store, demographics="his")
    send(taker, register("1"))
    change(store, "Patient", gender="male")
    (one,) = list_differences(get_conflict(store))
    assert (one.element, one.ours, one.theirs) == ("gender", "male", "female")
    send(taker, register("2", NEW_NAME))
    assert get_only(store, "Patient")["name"][0]["family"] == "Каримова"
    decide(store, settings, Decision(get_conflict(store)["id"], "theirs", "Dr Kim", ""))
    assert get_only(store, "Patient")["gender"] == "female"
    send(taker, register("3", NEW_NAME))
    assert get_only(store, "Patient")["name"][0]["family"] == "Юсупова"


def test_what_the_partner_does_not_state_is_ours_to_change(store: Store) -> None:
    taker, _ = make(store, demographics="his")
    send(taker, register("1"))
    change(store, "Patient", contact=[{"name": {"text": "Sister"}}])
    send(taker, register("2", NEW_NAME))
    patient = get_only(store, "Patient")
    assert (patient["name"][0]["family"], patient["contact"][0]["name"]["text"]) == ("Юсупова", "Sister")
    assert not list(list_waiting(store))


def test_an_old_message_that_is_replayed_does_not_undo_a_newer_one(store: Store) -> None:
    taker, _ = make(store)
    bad = register("1", PATIENT.replace("|F|", "|X|"))
    taker.take(bad, HERE)
    send(taker, register("2", NEW_NAME))
    (waiting,) = list_waiting(store)
    with pytest.MonkeyPatch.context() as patched:  # the table of sexes is mended
        patched.setitem(
            __import__("oncopolis.interop.mapping.patients", fromlist=["SEXES"]).SEXES, "X", "other"
        )
        assert len(taker.replay(waiting.id, "Dr Kim", "")) == 1
    assert get_only(store, "Patient")["name"][0]["family"] == "Юсупова"
    assert {one.element for one in list_differences(get_conflict(store))} == {"name", "gender"}


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"masters": {"demographics": "nobody"}}, "masters.demographics"),
        ({"masters": {"weather": "us"}}, "weather"),
        ({"his": {"zone": "Mars/Olympus"}}, "time zone"),
        ({"his": {"charset": "KLINGON"}}, "KS X 1001"),
        ({"his": {"addresses": ["everywhere"]}}, "10.0.0.0/24"),
        ({"his": {"application": "LIS", "facility": ""}}, "differ in application"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused(members: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make_settings(**members)
