"""Two records of one patient become one, and two again: nothing is lost, and what was is given back."""

import random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.records import ACT, make_observation, make_patient

from oncopolis.foundation.errors import ConflictError, NotFoundError
from oncopolis.record import Version, Who
from oncopolis.record.access import Caller
from oncopolis.record.access.deciding import Rights
from oncopolis.record.errors import GoneError
from oncopolis.record.fhir.text import parse
from oncopolis.record.merging import Merge, Undone, merge, unmerge
from oncopolis.record.merging import merging as module
from oncopolis.record.store import Store, open_store
from oncopolis.record.store.verifying import verify

WHO = Who("Practitioner", "reception-1", "Reception")


def put(store: Store, *records: dict[str, Any]) -> None:
    store.submit(lambda tx: [tx.put(one).id for one in records], ACT).result()


def join(store: Store, survivor: str = "p1", loser: str = "p2", reason: str = "same passport") -> list[str]:
    return store.submit(lambda tx: merge(tx, Merge(survivor, loser, WHO, reason)), ACT).result()


def part(store: Store, loser: str = "p2") -> Undone:
    return store.submit(lambda tx: unmerge(tx, loser, WHO, "twins"), ACT).result()


def get(store: Store, type_: str, id_: str) -> dict[str, Any]:
    return parse(store.get(type_, id_).body or b"")


def get_content(version: Version | None) -> dict[str, Any]:
    assert version is not None
    record = parse(version.body or b"")
    meta = {
        key: value for key, value in record.pop("meta").items() if key not in ("versionId", "lastUpdated")
    }
    return record | ({"meta": meta} if meta else {})


def make_appointment(*patients: str, id_: str = "a1") -> dict[str, Any]:
    participants = [{"actor": {"reference": f"Patient/{one}"}, "status": "accepted"} for one in patients]
    return {"resourceType": "Appointment", "id": id_, "status": "booked", "participant": participants}


@pytest.fixture
def two(store: Store) -> Store:
    put(store, make_patient("p1"), {**make_patient("p2", "Karimowa"), "active": True})
    put(store, make_observation(id_="o1"), make_observation(id_="o2", patient="p2"), make_appointment("p2"))
    return store


def test_everything_is_about_the_one_who_stays(two: Store) -> None:
    assert join(two) == ["Appointment/a1", "Observation/o2"]
    assert two.get("Observation", "o2").patient == "p1"
    about = [("Appointment", "a1"), ("Observation", "o1"), ("Observation", "o2"), ("Patient", "p2")]
    assert two.find_references("Patient", "p1") == [*about, ("Provenance", get_merge(two)["id"])]
    ended, stays = get(two, "Patient", "p2"), get(two, "Patient", "p1")
    assert (ended["active"], ended["link"]) == (
        False, [{"other": {"reference": "Patient/p1"}, "type": "replaced-by"}],
    )  # fmt: skip
    assert stays["link"] == [{"other": {"reference": "Patient/p2"}, "type": "replaces"}]
    assert verify(two) == []


def get_merge(store: Store) -> dict[str, Any]:
    (version,) = store.list_current("Provenance")
    return parse(version.body or b"")


def test_who_did_it_and_why_is_kept(two: Store) -> None:
    join(two)
    told = get_merge(two)
    assert told["agent"][0]["who"] == {"reference": "Practitioner/reception-1", "display": "Reception"}
    assert told["reason"] == [{"text": "same passport"}]
    assert told["target"][:2] == [
        {"reference": "Patient/p1/_history/2"},
        {"reference": "Patient/p2/_history/2"},
    ]


def test_what_was_is_read_under_the_one_who_stays_until_it_is_undone(two: Store) -> None:
    caller = Caller(WHO, roles=frozenset({"program"}), scopes=("user/*.cruds",), purpose="TREAT")
    everything = Rights(caller, "read", 0)
    assert len(two.history("Observation", "o2", allowed=everything)) == 1
    join(two)
    assert len(two.history("Observation", "o2", allowed=everything)) == 2
    part(two)
    assert [one.version for one in two.history("Observation", "o2", allowed=everything)] == [3, 1]


def test_whoever_was_let_in_to_one_record_is_not_let_in_to_the_other(two: Store) -> None:
    def sees(account: str, id_: str) -> bool:
        caller = Caller(Who("Patient", account), roles=frozenset({"patient"}), patients=frozenset({account}))
        allowed = Rights(caller, "read", 0, default="disclosed")
        return two.read("Observation", id_, allowed=allowed) is not None

    assert (sees("p1", "o1"), sees("p2", "o2")) == (True, True)
    join(two)
    assert (sees("p1", "o2"), sees("p2", "o2"), sees("p2", "o1")) == (True, False, False)


def test_a_merge_is_undone_as_if_it_had_not_been(two: Store) -> None:
    names = [
        ("Patient", "p1"),
        ("Patient", "p2"),
        ("Observation", "o1"),
        ("Observation", "o2"),
        ("Appointment", "a1"),
    ]
    before = [get_content(two.read(*name)) for name in names]
    join(two)
    undone = part(two)
    assert [get_content(two.read(*name)) for name in names] == before
    assert undone == Undone("p1", ("Appointment/a1", "Observation/o2"), ())
    assert two.get("Observation", "o2").patient == "p2"
    assert verify(two) == []


def test_what_was_changed_since_goes_back_with_the_change(two: Store) -> None:
    join(two)
    put(two, make_observation("99", id_="o2", patient="p1"), make_observation(id_="new", patient="p1"))
    undone = part(two)
    assert undone.since == ("Observation/new",)
    changed = get(two, "Observation", "o2")
    assert (changed["subject"]["reference"], str(changed["valueQuantity"]["value"])) == ("Patient/p2", "99")


def test_what_was_about_both_is_about_both_again(two: Store) -> None:
    put(two, make_appointment("p1", "p2", id_="both"))
    before = get_content(two.read("Appointment", "both"))
    join(two)
    part(two)
    assert get_content(two.read("Appointment", "both")) == before


def test_merges_of_merges_are_undone_from_the_last(two: Store) -> None:
    put(two, make_patient("p3"))
    join(two, "p1", "p2")
    join(two, "p3", "p1")
    assert two.get("Observation", "o2").patient == "p3"
    with pytest.raises(ConflictError, match="REC-343"):
        part(two, "p2")
    part(two, "p1")
    assert two.get("Observation", "o2").patient == "p1"
    part(two, "p2")
    assert two.get("Observation", "o2").patient == "p2"


def test_a_second_merge_of_the_same_two_is_undone_alone(two: Store) -> None:
    join(two)
    part(two)
    put(two, make_observation(id_="later", patient="p2"))
    join(two)
    assert part(two).moved == ("Appointment/a1", "Observation/later", "Observation/o2")


@pytest.mark.parametrize(("survivor", "loser"), [("p1", "p1"), ("p1", "p2"), ("p2", "p1")])
def test_one_record_or_a_replaced_one_is_not_merged(two: Store, survivor: str, loser: str) -> None:
    if survivor != loser:
        join(two)
    with pytest.raises(ConflictError, match="REC-340"):
        join(two, survivor, loser)


def test_who_is_not_there_or_was_not_merged(two: Store) -> None:
    with pytest.raises(NotFoundError):
        join(two, "p1", "nobody")
    with pytest.raises(ConflictError, match="REC-343"):
        part(two)


def test_two_who_are_both_in_the_house_are_not_merged(two: Store) -> None:
    visits = [{"resourceType": "Basic", "id": f"v{one}", "code": {"text": "visit"}} for one in "12"]
    put(two, *visits)
    claims = [("inside", f"p{one}", f"Basic/v{one}") for one in "12"]
    two.submit(lambda tx: tx.claim_all(claims), ACT).result()
    with pytest.raises(ConflictError, match="REC-341"):
        join(two)
    two.submit(lambda tx: tx.release("inside", "p2", "Basic/v2"), ACT).result()
    assert len(join(two)) == 2


def test_too_much_at_once_is_refused(two: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 1)
    with pytest.raises(ConflictError, match="REC-342"):
        join(two)
    assert two.get("Observation", "o2").patient == "p2"


def test_who_is_erased_is_erased_with_all_that_was_merged_into_them(two: Store) -> None:
    put(two, make_patient("p3"))
    join(two, "p2", "p3")
    join(two)
    two.erase("p1", ACT).result()
    for type_, id_ in (("Patient", "p1"), ("Patient", "p2"), ("Patient", "p3"), ("Observation", "o2")):
        with pytest.raises(GoneError):
            two.get(type_, id_)
    versions = [one for one in two.history("Observation", "o2") if one.body is not None]
    assert versions == []
    with pytest.raises(GoneError):
        part(two)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**9))
def test_nothing_is_lost_by_merging_and_all_is_given_back(seed: int) -> None:
    rng = random.Random(seed)
    with TemporaryDirectory() as folder, open_store(f"sqlite:///{folder}/record.db") as store:
        patients = [f"p{n}" for n in range(1, 4)]
        put(store, *(make_patient(one) for one in patients))
        records = [
            make_observation(str(n), id_=f"o{n}", patient=rng.choice(patients))
            for n in range(rng.randrange(1, 12))
        ] + [
            make_appointment(*rng.sample(patients, rng.randrange(1, 4)), id_=f"a{n}")
            for n in range(rng.randrange(4))
        ]
        put(store, *records)
        names = [(one["resourceType"], one["id"]) for one in records] + [("Patient", one) for one in patients]
        before = {name: get_content(store.read(*name)) for name in names}
        survivor, loser = rng.sample(patients, 2)
        moved = join(store, survivor, loser)
        for type_, id_ in names:
            text = str(get_content(store.read(type_, id_)))
            if type_ != "Patient":
                assert f"Patient/{loser}'" not in text
                assert (f"Patient/{loser}'" in str(before[type_, id_])) == (f"{type_}/{id_}" in moved)
        part(store, loser)
        assert {name: get_content(store.read(*name)) for name in names} == before
