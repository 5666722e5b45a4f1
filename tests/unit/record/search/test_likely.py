"""Who may be the same person, found in the record; only among those who may be seen."""

import random
from typing import Any

import pytest
from tests.people import MISTAKES, make_duplicate, make_person
from tests.records import ACT, make_patient

from oncopolis.record import Who
from oncopolis.record.access import Caller
from oncopolis.record.access.deciding import NOTHING, Rights
from oncopolis.record.likeness import describe
from oncopolis.record.search.likely import find_holders, find_likely
from oncopolis.record.store import Store
from oncopolis.record.store.replaced import follow

PINFL = "https://dhp.uz/fhir/core/sid/pid/uz/ni"


def put(store: Store, *patients: dict[str, Any]) -> None:
    store.submit(lambda tx: [tx.put(one).id for one in patients], ACT).result()


def find(store: Store, patient: dict[str, Any], **more: Any) -> list[str]:
    asked = describe(patient)
    return [one.patient["id"] for one in store.ask(lambda reading: find_likely(reading, asked), **more)]


def merged(id_: str, into: str) -> dict[str, Any]:
    link = {"other": {"reference": f"Patient/{into}"}, "type": "replaced-by"}
    return {**make_patient(id_), "active": False, "link": [link]}


def test_whoever_is_registered_twice_is_found_first(store: Store) -> None:
    rng = random.Random(1)
    people = [make_person(rng, n) for n in range(300)]
    put(store, *(one.to_patient(f"p{n}") for n, one in enumerate(people)))
    for n, mistake in enumerate(MISTAKES):
        again = make_duplicate(rng, people[n], mistake).to_patient("new")
        assert find(store, again)[:1] == [f"p{n}"], mistake


def test_a_number_alone_finds_its_holder_however_it_is_written(store: Store) -> None:
    number = {"system": PINFL, "value": "4040370-0010010"}
    put(store, {**make_patient(), "identifier": [number]})
    other = {"resourceType": "Patient", "identifier": [{**number, "value": "40403700010010"}]}
    assert find(store, other) == ["p1"]
    assert store.ask(lambda reading: find_holders(reading, PINFL, "40403700010010")) == ["p1"]
    assert store.ask(lambda reading: find_holders(reading, PINFL, "1")) == []


def test_of_a_merged_record_the_one_that_stays_is_shown(store: Store) -> None:
    stays = {"resourceType": "Patient", "id": "p3", "name": [{"family": "Юлдашева"}]}
    put(store, stays, merged("p2", "p3"), merged("p1", "p2"))
    assert find(store, make_patient("new")) == ["p3"]
    assert store.ask(lambda reading: follow(reading.session, "p1")) == "p3"


def test_a_chain_that_leads_back_ends(store: Store) -> None:
    put(store, merged("p1", "p2"), merged("p2", "p1"))
    assert store.ask(lambda reading: follow(reading.session, "p1")) in {"p1", "p2"}


def test_nobody_is_found_whom_one_may_not_see(store: Store) -> None:
    put(store, make_patient())
    patient = Caller(Who("Patient", "p2"), roles=frozenset({"patient"}), patients=frozenset({"p2"}))
    assert find(store, make_patient("new")) == ["p1"]
    assert find(store, make_patient("new"), allowed=NOTHING) == []
    assert find(store, make_patient("new"), allowed=Rights(patient, "search", 0)) == []


def test_who_was_deleted_is_found_no_more(store: Store) -> None:
    put(store, make_patient("p1"))
    store.submit(lambda tx: tx.delete("Patient", "p1").version, ACT).result()
    assert find(store, make_patient("new")) == []


@pytest.mark.parametrize("family", ["a" * 400, "'; --", "%", ""])
def test_strange_names_are_names(store: Store, family: str) -> None:
    patient = {**make_patient("p1"), "name": [{"family": family, "given": ["Aziza"]}]}
    put(store, patient)
    assert find(store, patient) == ["p1"]
