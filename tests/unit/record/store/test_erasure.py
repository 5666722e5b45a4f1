"""Keys: bodies are sealed, and erasing a patient leaves the chain whole and nothing to read."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.records import ACT, count_rows, make_observation, make_patient, make_slot, query

from oncopolis.foundation.errors import ExternalError, InputError
from oncopolis.record import GoneError
from oncopolis.record.store import Store, open_store
from oncopolis.record.store.keys import Keys
from oncopolis.record.store.verifying import verify

SECRET = "Karimova-Only-Here"


def _write_two_patients(store: Store) -> None:
    for patient in ("p1", "p2"):
        family = f"{SECRET}-{patient}"
        store.submit(lambda tx, p=patient, f=family: tx.put(make_patient(p, f)), ACT).result()  # type: ignore[misc]
        for value in ("1.0", "2.0"):
            store.submit(
                lambda tx, p=patient, v=value: tx.put(make_observation(v, patient=p, id_=f"o-{p}")),  # type: ignore[misc]
                ACT,
            ).result()
    store.submit(lambda tx: tx.put(make_slot("s1")), ACT).result()


def test_bodies_of_patients_are_sealed_and_others_are_not(store: Store) -> None:
    _write_two_patients(store)
    bodies = query(store, "SELECT key_id, body FROM version")
    assert sum(SECRET.encode() in bytes(body) for _, body in bodies) == 0
    assert [key_id for key_id, body in bodies if b"resourceType" in bytes(body)] == [None]
    assert count_rows(store)["patient_key"] == 2
    body = store.get("Patient", "p1").body
    assert body
    assert SECRET.encode() in body


def test_erasure_leaves_nothing_to_read_and_the_chain_whole(
    open_another: Callable[..., Store],
) -> None:
    store, other = open_another(), open_another()
    _write_two_patients(store)
    assert other.get("Patient", "p1").version == 1
    tokens = len(store.find_references("Patient", "p2"))
    assert store.erase("p1", ACT).result() == 2
    for one in (store, other):
        found = one.read("Observation", "o-p1")
        assert found
        assert (found.body, found.erased, found.version) == (None, True, 2)
        assert all(version.erased for version in one.history("Observation", "o-p1"))
        with pytest.raises(GoneError, match="erased"):
            one.get("Patient", "p1")
        assert one.find_references("Patient", "p1") == []
        assert one.find_token("Observation", "identifier", "urn:lab", "sample-2.0") == ["o-p2"]
    assert len(store.find_references("Patient", "p2")) == tokens
    assert store.get("Observation", "o-p2").body
    names = [row[0] for row in query(store, "SELECT exact FROM index_string")]
    assert names == [f"{SECRET}-p2"] * len(names)
    assert verify(store) == []
    with pytest.raises(GoneError, match="REC-055"):
        store.submit(lambda tx: tx.put(make_observation(patient="p1")), ACT).result()
    assert store.erase("p1", ACT).result() == 2
    assert store.erase("never-there", ACT).result() == 0
    with pytest.raises(GoneError, match="REC-055"):
        store.submit(lambda tx: tx.put(make_patient("never-there")), ACT).result()
    assert store.submit(lambda tx: tx.delete("Observation", "o-p1").version, ACT).result() == 3
    assert verify(store) == []


def test_the_file_has_no_trace_of_the_erased(tmp_path: Path, keys: Keys) -> None:
    with open_store(f"sqlite:///{tmp_path}/record.db", keys=keys) as store:
        _write_two_patients(store)
        wrapped = bytes(query(store, "SELECT wrapped FROM patient_key WHERE patient = 'p1'")[0][0])
        store.erase("p1", ACT).result()
    left = b"".join(path.read_bytes() for path in tmp_path.glob("record.db*"))
    assert wrapped not in left
    assert f"{SECRET}-p1".lower().encode() not in left.lower()
    assert f"{SECRET}-p2".lower().encode() in left.lower()


def test_other_keys_or_none_are_refused_at_once(open_another: Callable[..., Store], tmp_path: Path) -> None:
    _write_two_patients(open_another())
    for keys in (None, Keys.make(tmp_path / "other.key")):
        with pytest.raises(InputError, match="REC-056"):
            open_another(keys=keys)


def test_without_keys_nothing_is_sealed_and_nobody_erased(open_another: Callable[..., Store]) -> None:
    store = open_another(keys=None)
    _write_two_patients(store)
    with pytest.raises(InputError, match="REC-063"):
        store.erase("p1", ACT).result()
    assert store.get("Patient", "p1").body
    with pytest.raises(InputError, match="REC-056"):
        open_another()


def test_a_body_in_anothers_place_is_not_believed(store: Store) -> None:
    _write_two_patients(store)

    def swap(table: str) -> None:
        swapped = (
            "UPDATE version SET body = (SELECT v.body FROM version v WHERE v.key_id = version.key_id "
            "AND v.seq <> version.seq ORDER BY v.seq LIMIT 1) WHERE key_id IS NOT NULL"
        )
        store.submit(lambda tx: tx.session.query(swapped), ACT).result()

    swap("version")
    with pytest.raises(ExternalError, match="REC-072"):
        store.read("Patient", "p1")
    assert {one.rule for one in verify(store)} == {"version-unchanged", "body-readable"}


def test_key_files(tmp_path: Path) -> None:
    made = Keys.make(tmp_path / "key")
    assert Keys.load(tmp_path / "key") == made
    assert made.master.hex() not in repr(made)
    assert str(made.master) not in repr(made)
    with pytest.raises(InputError, match="REC-054"):
        Keys.make(tmp_path / "key")
    (tmp_path / "broken").write_text('{"key": "AAAA"}', "utf-8")
    for name in ("broken", "none"):
        with pytest.raises(InputError, match="REC-054"):
            Keys.load(tmp_path / name)
