"""Backups: taken while the server writes, whole or not there, restored row for row; the restore drill."""

import errno
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.copies import live, make_database, programs_on_path, read_rows
from tests.databases import Cluster, cluster, empty_url
from tests.records import ACT, make_keys

from oncopolis.cli.entry import run
from oncopolis.record import GoneError
from oncopolis.record.care.manifest import Manifest, read_first_line
from oncopolis.record.care.sealing import open_sealed, seal_file
from oncopolis.record.store import open_store
from oncopolis.record.store.keys import Keys

__all__ = ["cluster", "empty_url", "programs_on_path"]


@pytest.fixture
def database_url(empty_url: str) -> str:
    return empty_url


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return make_keys(tmp_path)


@pytest.fixture
def restored_url(
    database_url: str, tmp_path: Path, request: pytest.FixtureRequest, programs_on_path: None
) -> Iterator[str]:
    """An empty place of the same kind."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'restored.db'}"
        return
    made: Cluster = request.getfixturevalue("cluster")
    (options,) = parse_qs(urlsplit(database_url).query)["options"]
    with make_database(made, options.partition("=")[2]) as url:
        yield url


def back_up(url: str, folder: Path, name: str = "one.backup") -> int:
    return run(
        ["backup", "--database", url, "--keys", str(folder / "master.key"), "--out", str(folder / name)]
    )


def restore(url: str, folder: Path, name: str = "one.backup", *options: str) -> int:
    keys = str(folder / "master.key")
    return run(["restore", str(folder / name), "--database", url, "--keys", keys, *options])


def verify(url: str, folder: Path, *options: str) -> int:
    return run(["verify", "--database", url, "--keys", str(folder / "master.key"), *options])


def test_restore_drill(
    database_url: str, restored_url: str, tmp_path: Path, keys: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_store(database_url, keys=keys) as store:
        live(store, 5)
        assert back_up(database_url, tmp_path) == 0
        before = read_rows(database_url)
        live(store, 1, start=5)
    assert (tmp_path / "one.backup").stat().st_mode & 0o777 == 0o600
    assert b"Karimova" not in (tmp_path / "one.backup").read_bytes()
    assert restore(restored_url, tmp_path) == 0
    told = capsys.readouterr().out
    assert "nothing is amiss" in told
    assert "recovery time (RTO)" in told
    assert read_rows(restored_url) == before
    with open_store(restored_url, keys=keys) as store:
        live(store, 1, start=5)
    assert verify(restored_url, tmp_path) == 0
    assert restore(restored_url, tmp_path) == 2
    assert verify(restored_url, tmp_path) == 0


def test_backups_under_load_are_of_one_moment(
    database_url: str, restored_url: str, tmp_path: Path, keys: Keys
) -> None:
    end, answered = threading.Event(), 0
    with open_store(database_url, keys=keys) as store:
        live(store, 1)

        def write() -> None:
            nonlocal answered
            while not end.is_set():
                live(store, 1, start=1 + answered)
                answered += 1

        writer = threading.Thread(target=write)
        writer.start()
        try:
            while answered < 3:
                end.wait(0.01)
            n_before = answered
            assert back_up(database_url, tmp_path) == 0
        finally:
            end.set()
            writer.join()
    assert restore(restored_url, tmp_path) == 0
    with open_store(restored_url, keys=keys) as store:
        n_patients = store.count("Patient")
        assert store.count("Observation") == n_patients
    assert 1 + n_before <= n_patients <= 1 + answered


def test_the_erased_stay_erased(
    database_url: str, restored_url: str, tmp_path: Path, keys: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_store(database_url, keys=keys) as store:
        live(store, 3)
        assert back_up(database_url, tmp_path) == 0
        store.erase("p1", ACT).result()
        with pytest.raises(GoneError):
            store.get("Patient", "p1")
    erased = tmp_path / "erased.txt"
    assert verify(database_url, tmp_path, "--erased", str(erased)) == 0
    assert restore(restored_url, tmp_path, "one.backup", "--erased", str(erased)) == 0
    assert "1 patients were erased again" in capsys.readouterr().out
    with open_store(restored_url, keys=keys) as store:
        with pytest.raises(GoneError):
            store.get("Patient", "p1")
        assert store.get("Patient", "p0").body
        assert store.find_references("Patient", "p1") == []
    assert verify(restored_url, tmp_path) == 0


def test_an_older_backup_alone_still_has_the_key(tmp_path: Path, keys: Keys) -> None:
    url, restored = f"sqlite:///{tmp_path / 'record.db'}", f"sqlite:///{tmp_path / 'restored.db'}"
    with open_store(url, keys=keys) as store:
        live(store, 3)
        assert back_up(url, tmp_path) == 0
        store.erase("p1", ACT).result()
    assert restore(restored, tmp_path) == 0
    with open_store(restored, keys=keys) as store:
        assert store.get("Patient", "p1").body


@pytest.fixture
def made(tmp_path: Path, keys: Keys) -> Path:
    """A backup of a few chunks."""
    url = f"sqlite:///{tmp_path / 'record.db'}"
    with open_store(url, keys=keys) as store:
        live(store, 3)
        note = {"resourceType": "Basic", "code": {"text": "x" * 3_500_000}}
        store.submit(lambda transaction: transaction.put(note), ACT).result()
    assert back_up(url, tmp_path) == 0
    return tmp_path / "one.backup"


def test_the_manifest_needs_the_key_only(made: Path, keys: Keys) -> None:
    with open_sealed(made, keys) as content:
        manifest = read_first_line(Manifest, content.readline(), "backup")
    assert (manifest.dialect, manifest.counts["version"], manifest.counts["audit"]) == ("sqlite", 16, 4)
    assert manifest.chains[1][0] == 4


@pytest.mark.parametrize("where", [0, 30, 60, 1_000_000, 1_100_000, -1])
def test_a_changed_backup_is_refused(made: Path, tmp_path: Path, where: int) -> None:
    data = bytearray(made.read_bytes())
    data[where] ^= 1
    made.write_bytes(data)
    assert restore(f"sqlite:///{tmp_path / 'restored.db'}", tmp_path) == 2
    assert not list(tmp_path.glob("*restored*"))


@pytest.mark.parametrize("n_bytes", [0, 10, 40, 51, 5_000, 51 + (1 << 20) + 16, -1])
def test_a_backup_cut_short_is_refused(made: Path, tmp_path: Path, n_bytes: int) -> None:
    made.write_bytes(made.read_bytes()[:n_bytes])
    assert restore(f"sqlite:///{tmp_path / 'restored.db'}", tmp_path) == 2
    assert not list(tmp_path.glob("*restored*"))


def test_chunks_in_another_order_are_refused(made: Path, tmp_path: Path) -> None:
    data, head, chunk = made.read_bytes(), 51, (1 << 20) + 16
    first, second = data[head : head + chunk], data[head + chunk : head + 2 * chunk]
    assert len(data) > head + 2 * chunk
    made.write_bytes(data[:head] + second + first + data[head + 2 * chunk :])
    assert restore(f"sqlite:///{tmp_path / 'restored.db'}", tmp_path) == 2


def test_another_key_is_refused(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "master.key").unlink()
    make_keys(tmp_path)
    assert restore(f"sqlite:///{tmp_path / 'restored.db'}", tmp_path) == 2
    assert "a file of another key" in capsys.readouterr().err


@contextmanager
def full_disk(n_bytes: int) -> Iterator[None]:
    """No file can grow beyond `n_bytes`."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, limits[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_full_disk_leaves_nothing(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url, before = f"sqlite:///{tmp_path / 'record.db'}", sorted(tmp_path.iterdir())
    n_bytes = (tmp_path / "record.db").stat().st_size
    for room in (n_bytes - 8_192, n_bytes + 100):
        with full_disk(room):
            assert back_up(url, tmp_path, "two.backup") in {2, 4}
        assert sorted(tmp_path.iterdir()) == before

    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("oncopolis.record.care.sealing.os.fsync", fail)
        assert back_up(url, tmp_path, "two.backup") == 2
    assert sorted(tmp_path.iterdir()) == before
    for room in (100_000, n_bytes - 8_192):
        with full_disk(room):
            assert restore(f"sqlite:///{tmp_path / 'restored.db'}", tmp_path) in {2, 4}
        assert sorted(tmp_path.iterdir()) == before
    assert back_up(url, tmp_path, "two.backup") == 0


def test_what_is_there_stays(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = made.read_bytes()
    assert back_up(f"sqlite:///{tmp_path / 'record.db'}", tmp_path) == 2
    assert made.read_bytes() == before
    (tmp_path / "restored.db-wal").write_bytes(b"")
    assert restore(f"sqlite:///{tmp_path / 'restored.db'}", tmp_path) == 2
    assert "restored.db-wal" in capsys.readouterr().err


def test_a_copy_of_a_damaged_database_is_told(made: Path, tmp_path: Path, keys: Keys) -> None:
    with open_sealed(made, keys) as content, seal_file(tmp_path / "bad.backup", keys) as sealer:
        sealer.write(content.readline())
        sealer.write(content.read()[:-50_000])
    assert restore(f"sqlite:///{tmp_path / 'restored.db'}", tmp_path, "bad.backup") in {1, 4}


def test_a_server_that_is_not_there(
    cluster: Cluster, tmp_path: Path, keys: Keys, programs_on_path: None, capsys: pytest.CaptureFixture[str]
) -> None:
    url = cluster.add_schema()
    open_store(url, keys=keys).close()
    assert back_up(url, tmp_path) == 0
    assert restore(f"postgresql://nobody@/none?host={tmp_path}", tmp_path) == 4
    assert "[REC-165]" in capsys.readouterr().err
    assert restore(f"sqlite:///{tmp_path / 'restored.db'}", tmp_path) == 2
    assert restore(cluster.add_schema(), tmp_path) == 2
    assert restore(url, tmp_path) == 2


def test_the_programs_of_postgresql_are_asked_for(
    cluster: Cluster, tmp_path: Path, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = cluster.add_schema()
    open_store(url, keys=keys).close()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert back_up(url, tmp_path) == 4
    assert not (tmp_path / "one.backup").exists()
