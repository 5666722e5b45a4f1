"""Exports hold what was asked for, at one moment, encrypted, and no more than may be seen."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.copies import live
from tests.records import ACT, make_observation, make_patient

from oncopolis.foundation.errors import InputError, NotFoundError
from oncopolis.record.access import EVERYTHING, Allowed
from oncopolis.record.access.allowing import Condition
from oncopolis.record.bulk import Manifest, Wanted, export, files, find_manifest, read_part
from oncopolis.record.care.sealing import _CHUNK_BYTES, open_sealed, seal_file
from oncopolis.record.store import Store
from oncopolis.record.store.keys import Keys


def everything(_type: str) -> Condition:
    return "1 = 1", ()


def run(store: Store, folder: Path, wanted: Wanted, keys: Keys, allowed: Allowed = EVERYTHING) -> Manifest:
    return store.ask(
        lambda reading: export(reading, wanted, folder, allowed=allowed, filters=everything, keys=keys)
    )


def read(folder: Path, manifest: Manifest, keys: Keys | None) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for part in manifest.parts:
        clear = b"".join(read_part(folder / part.name, keys, 0, part.n_bytes))
        assert len(clear) == part.n_bytes
        lines = clear.splitlines()
        assert len(lines) == part.count
        found.setdefault(part.type, []).extend(json.loads(line) for line in lines)
    return found


def list_ids(found: dict[str, list[dict[str, Any]]]) -> dict[str, list[str]]:
    return {type_: [record["id"] for record in records] for type_, records in found.items()}


@pytest.fixture
def filled(store: Store) -> Store:
    live(store, 3)
    members = [
        {"entity": {"reference": "Patient/p0"}},
        {"entity": {"reference": "Patient/p1"}, "inactive": True},
        {"entity": {"reference": "Practitioner/p2"}},
    ]
    group = {"resourceType": "Group", "id": "g", "type": "person", "actual": True, "member": members}
    store.submit(lambda tx: tx.put(group), ACT).result()
    return store


def test_everything_that_is_there_now_is_exported_once(filled: Store, keys: Keys, tmp_path: Path) -> None:
    manifest = run(filled, tmp_path / "out", Wanted("system"), keys)
    found = read(tmp_path / "out", manifest, keys)
    assert list_ids(found)["Patient"] == ["p0", "p1", "p2"]
    assert {type_: len(records) for type_, records in found.items()} == {
        "Patient": 3,
        "Observation": 3,
        "Group": 1,
    }
    assert {record["meta"]["versionId"] for record in found["Observation"]} == {"2"}
    assert find_manifest(tmp_path / "out") == manifest
    written = b"".join(path.read_bytes() for path in (tmp_path / "out").glob("*.ndjson"))
    assert b"Karimova" not in written
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0


def test_of_patients_and_of_a_group(filled: Store, keys: Keys, tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = read(out, run(filled, out, Wanted("patient"), keys), keys)
    assert set(found) == {"Patient", "Observation", "Group"}  # A group belongs to those who are in it.
    found = read(out, run(filled, out, Wanted("group", "g", ("Patient", "Observation")), keys), keys)
    assert list_ids(found)["Patient"] == ["p0"]
    assert [one["subject"]["reference"] for one in found["Observation"]] == ["Patient/p0"]
    with pytest.raises(NotFoundError, match="REC-300"):
        run(filled, out, Wanted("group", "none"), keys)


def test_types_and_time(filled: Store, keys: Keys, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert set(read(out, run(filled, out, Wanted("system", types=("Patient",)), keys), keys)) == {"Patient"}
    last = max(one.at_ms for one in filled.history(limit=1))
    assert run(filled, out, Wanted("system", since_ms=last + 60_000), keys).parts == ()
    assert list_ids(read(out, run(filled, out, Wanted("system", since_ms=last), keys), keys))["Group"] == [
        "g"
    ]


class _OnlyOf:
    def __init__(self, *ids: str) -> None:
        self.ids = ids

    def restrict(self, type_: str, alias: str) -> Condition:
        if type_ != "Patient":
            return "1 = 0", ()
        return f"{alias}.id IN ({', '.join('?' * len(self.ids))})", self.ids


def test_what_may_not_be_seen_is_not_exported(filled: Store, keys: Keys, tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = read(out, run(filled, out, Wanted("system"), keys, _OnlyOf("p1")), keys)
    assert list_ids(found) == {"Patient": ["p1"]}
    with pytest.raises(NotFoundError, match="REC-300"):
        run(filled, out, Wanted("group", "g"), keys, _OnlyOf("p0"))


def test_what_was_erased_is_left_out(filled: Store, keys: Keys, tmp_path: Path) -> None:
    filled.erase("p1", ACT).result()
    found = read(tmp_path / "out", run(filled, tmp_path / "out", Wanted("system"), keys), keys)
    assert list_ids(found)["Patient"] == ["p0", "p2"]


def test_a_large_type_comes_in_files_of_a_size(
    store: Store, keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LINES", 2)
    for number in range(5):
        store.submit(lambda tx, n=number: tx.put(make_patient(f"p{n}")), ACT).result()  # type: ignore[misc]
    manifest = run(store, tmp_path / "out", Wanted("system"), keys)
    assert [(part.name, part.count) for part in manifest.parts] == [
        ("Patient.1.ndjson", 2),
        ("Patient.2.ndjson", 2),
        ("Patient.3.ndjson", 1),
    ]
    # Another attempt begins anew.
    store.submit(lambda tx: tx.put(make_observation()), ACT).result()
    again = run(store, tmp_path / "out", Wanted("system", types=("Observation",)), keys)
    assert {path.name for path in (tmp_path / "out").glob("*.ndjson")} == {part.name for part in again.parts}


@pytest.mark.slow
@pytest.mark.parametrize("n_bytes", [0, 1, _CHUNK_BYTES - 1, _CHUNK_BYTES, 2 * _CHUNK_BYTES + 7])
def test_an_encrypted_file_is_read_from_any_byte(n_bytes: int, keys: Keys, tmp_path: Path) -> None:
    clear = bytes(number % 251 for number in range(n_bytes))
    with seal_file(tmp_path / "file", keys) as sealer:
        sealer.write(clear)
    for first in {0, 1, n_bytes // 2, _CHUNK_BYTES, n_bytes - 1, n_bytes} & set(range(n_bytes + 1)):
        with open_sealed(tmp_path / "file", keys) as file:
            assert file.seek(first) == first
            assert file.read() == clear[first:]
        assert b"".join(read_part(tmp_path / "file", keys, first, n_bytes)) == clear[first:]
    changed = bytearray((tmp_path / "file").read_bytes())
    changed[-1] ^= 1
    (tmp_path / "file").write_bytes(changed)
    with pytest.raises(InputError, match="REC-152"):
        list(read_part(tmp_path / "file", keys, max(0, n_bytes - 1), n_bytes + 1))
