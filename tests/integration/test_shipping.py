"""The loss of a whole machine: what was shipped to a second place is there again, to the row."""

import json
import shutil
import time
from pathlib import Path

import pytest
from tests.copies import live, read_rows
from tests.killing import Answer, writer
from tests.records import ACT, make_keys

from oncopolis.cli.entry import run
from oncopolis.foundation import ConflictError
from oncopolis.record.care.inspecting import inspect
from oncopolis.record.care.restoring import restore
from oncopolis.record.care.segments import list_lines
from oncopolis.record.care.shipping import Shipper, list_files
from oncopolis.record.store import Store, open_store
from oncopolis.record.store.keys import Keys
from oncopolis.record.store.store import get_time_ms


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return make_keys(tmp_path)


@pytest.fixture
def url(tmp_path: Path) -> str:
    (tmp_path / "machine").mkdir()
    return f"sqlite:///{tmp_path / 'machine' / 'record.db'}"


def restore_aside(folder: Path, keys: Keys, name: str) -> str:
    url = f"sqlite:///{folder / name}"
    assert restore(folder / "second", keys, url).inspection.findings == ()
    return url


def step(store: Store, number: int) -> None:
    """Everything that may happen between two shipments."""
    live(store, 2, start=2 * number)
    store.submit(lambda tx: tx.release("bed", f"{2 * number}", f"Patient/p{2 * number}"), ACT).result()
    for job in store.jobs.take(["hello"], limit=1, lease_ms=60_000):
        store.jobs.finish(job) if number % 2 else store.jobs.fail(job, "not now")


def test_each_shipment_restores_to_the_row(tmp_path: Path, url: str, keys: Keys) -> None:
    with open_store(url, keys=keys) as store, Shipper(url, keys, tmp_path / "second") as shipper:
        shipper.ship()
        for number in range(5):
            step(store, number)
            shipment = shipper.ship()
            assert (shipment.n_versions, shipment.n_entries) == (10, 3)
            restored = restore_aside(tmp_path, keys, f"restored-{number}.db")
            assert read_rows(restored) == read_rows(url)
        assert shipper.ship().path is None
    assert len(list_files(tmp_path / "second")) == 6


def test_a_shipper_that_is_started_anew_goes_on(tmp_path: Path, url: str, keys: Keys) -> None:
    with open_store(url, keys=keys) as store:
        for number in range(4):
            step(store, number)
            Shipper(url, keys, tmp_path / "second").ship()
            restored = restore_aside(tmp_path, keys, f"restored-{number}.db")
            assert read_rows(restored) == read_rows(url)
        assert Shipper(url, keys, tmp_path / "second").ship().path is None
    assert len(list_files(tmp_path / "second")) == 4


def test_a_restored_database_goes_on_shipping_to_the_same_place(tmp_path: Path, url: str, keys: Keys) -> None:
    with open_store(url, keys=keys) as store:
        for number in range(2):
            step(store, number)
            Shipper(url, keys, tmp_path / "second").ship()
    restored = restore_aside(tmp_path, keys, "restored.db")
    with open_store(restored, keys=keys) as store:
        step(store, 2)
        shipment = Shipper(restored, keys, tmp_path / "second").ship()
    assert shipment.n_versions == 10
    assert read_rows(restore_aside(tmp_path, keys, "again.db")) == read_rows(restored)


def test_the_erased_go_from_the_second_place_too(tmp_path: Path, url: str, keys: Keys) -> None:
    with open_store(url, keys=keys) as store, Shipper(url, keys, tmp_path / "second") as shipper:
        shipper.ship()
        step(store, 0)
        shipper.ship()
        before = list_files(tmp_path / "second")
        store.erase("p1", ACT).result()
        step(store, 1)
        shipper.ship()
        assert not any(path.exists() for path in before)
        restored = restore_aside(tmp_path, keys, "restored.db")
        assert inspect(restored, keys).erased == ("p1",)
        assert read_rows(restored) == read_rows(url)
        step(store, 2)
        assert shipper.ship().n_versions == 10


def test_another_database_is_not_mixed_in(tmp_path: Path, url: str, keys: Keys) -> None:
    other = f"sqlite:///{tmp_path / 'other.db'}"
    for one in (url, other):
        with open_store(one, keys=keys) as store:
            step(store, 0)
    Shipper(url, keys, tmp_path / "second").ship()
    with pytest.raises(ConflictError) as raised:
        Shipper(other, keys, tmp_path / "second").ship()
    assert raised.value.code == "REC-159"


def test_the_rpo_is_the_age_of_the_oldest_change(tmp_path: Path, url: str, keys: Keys) -> None:
    with open_store(url, keys=keys) as store:
        live(store, 1)
        assert Shipper(url, keys, tmp_path / "second").ship().exposed_s is None
    with open_store(url, keys=keys, clock_ms=lambda: get_time_ms() - 60_000) as store:
        live(store, 1, start=1)
    with open_store(url, keys=keys) as store:
        live(store, 1, start=2)
    exposed_s = Shipper(url, keys, tmp_path / "second").ship().exposed_s
    assert exposed_s is not None
    assert exposed_s >= 60
    assert Shipper(url, keys, tmp_path / "second").ship().exposed_s == 0


def test_one_ships_at_a_time(tmp_path: Path, url: str, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_store(url, keys=keys) as store:
        step(store, 0)
        Shipper(url, keys, tmp_path / "second").ship()
        step(store, 1)
    codes = []

    def ship_meanwhile(*arguments: object) -> object:
        with pytest.raises(ConflictError) as raised:
            Shipper(url, keys, tmp_path / "second").ship()
        codes.append(raised.value.code)
        return list_lines(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("oncopolis.record.care.shipping.list_lines", ship_meanwhile)
    Shipper(url, keys, tmp_path / "second").ship()
    assert codes == ["REC-160"]


@pytest.mark.parametrize("damage", ["missing", "changed", "short", "swapped"])
def test_a_copy_with_a_damaged_file_is_restored_up_to_it(
    tmp_path: Path, url: str, keys: Keys, damage: str
) -> None:
    states = []
    with open_store(url, keys=keys) as store, Shipper(url, keys, tmp_path / "second") as shipper:
        for number in range(4):
            step(store, number)
            shipper.ship()
            states.append(read_rows(url))
    files = list_files(tmp_path / "second")
    data = files[2].read_bytes()
    if damage == "missing":
        files[2].unlink()
    elif damage == "swapped":
        files[2].write_bytes(files[3].read_bytes())
    else:
        files[2].write_bytes(data[:-1] if damage == "short" else data[:-1] + bytes([data[-1] ^ 1]))
    restored = f"sqlite:///{tmp_path / 'restored.db'}"
    found = restore(tmp_path / "second", keys, restored)
    assert [finding.rule for finding in found.inspection.findings] == ["copy-whole"]
    assert found.n_files == 2
    assert read_rows(restored) == states[1]


def test_what_a_killed_step_leaves_is_no_harm(tmp_path: Path, url: str, keys: Keys) -> None:
    with open_store(url, keys=keys) as store:
        step(store, 0)
        first = Shipper(url, keys, tmp_path / "second").ship().path
        assert first is not None
        (first.parent / ".00000001.sealed.abcdef").write_bytes(b"half")
        (tmp_path / "second" / "0002").mkdir()
        restore_aside(tmp_path, keys, "restored.db")
        step(store, 1)
        Shipper(url, keys, tmp_path / "second").ship()
    names = sorted(str(path.relative_to(tmp_path / "second")) for path in tmp_path.glob("second/**/*"))
    assert names == [".lock", "0001", "0001/00000000.sealed", "0001/00000001.sealed"]


def lose_machine(folder: Path, seconds: float) -> tuple[int, int]:
    """Write and ship, kill the writer, delete its folder; (answers before the last shipment, all answers)."""
    keys, machine = make_keys(folder), folder / "machine"
    machine.mkdir()
    url = f"sqlite:///{machine / 'record.db'}"
    answers: list[Answer] = []
    shipped = 0
    with writer(url, "1", answers, n_threads=4):
        while not answers:
            time.sleep(0.01)
        shipper = Shipper(url, keys, folder / "second")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            n_answers = len(answers)
            shipper.ship()
            shipped = n_answers
    shutil.rmtree(machine)
    machine.mkdir()
    restored = restore(folder / "second", keys, url)
    assert restored.inspection.findings == ()
    with open_store(url) as store:
        for id_, version, text in answers[:shipped]:
            found = store.read_version("Task", id_, version)
            assert found is not None, f"Task/{id_} version {version} was shipped and is lost"
            assert found.body is not None
            assert json.loads(found.body)["description"] == text
    return shipped, len(answers)


def test_the_machine_is_lost_under_load(tmp_path: Path) -> None:
    n_shipped, n_answers = lose_machine(tmp_path, 1.5)
    assert 0 < n_shipped <= n_answers


@pytest.mark.soak
def test_the_machine_is_lost_after_a_minute(tmp_path: Path) -> None:
    assert lose_machine(tmp_path, 60)[0] > 0


def test_the_commands_print_rpo_and_rto(
    tmp_path: Path, url: str, keys: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    key, second = str(tmp_path / "master.key"), str(tmp_path / "second")
    with open_store(url, keys=keys) as store:
        step(store, 0)
        assert run(["ship", "--database", url, "--keys", key, "--to", second]) == 0
        assert run(["ship", "--database", url, "--keys", key, "--to", second]) == 0
        live(store, 1, start=7)
        assert run(["ship", "--database", url, "--keys", key, "--to", second]) == 0
    told = capsys.readouterr().out.splitlines()
    assert "10 versions, 3 audit entries" in told[0]
    assert told[0].endswith("first copy")
    assert told[1].startswith("nothing new up to 20")
    assert "5 versions, 1 audit entries" in told[2]
    assert told[2].partition("RPO ")[2].endswith(" s")
    target = f"sqlite:///{tmp_path / 'restored.db'}"
    assert run(["restore", second, "--database", target, "--keys", key]) == 0
    assert "recovery time (RTO)" in capsys.readouterr().out
    assert run(["ship", "--database", "postgresql://x/y", "--keys", key, "--to", second]) == 2
    assert run(["restore", str(tmp_path / "machine"), "--database", target, "--keys", key]) == 2


def test_shipping_in_the_background(tmp_path: Path, url: str, keys: Keys) -> None:
    told: list[int] = []
    warned: list[Exception] = []
    with open_store(url, keys=keys) as store, Shipper(url, keys, tmp_path / "second") as shipper:
        (tmp_path / "second").write_text("in the way")
        shipper.start(0.02, lambda shipment: told.append(shipment.n_versions), warned.append)
        while not warned:
            time.sleep(0.01)
        (tmp_path / "second").unlink()
        step(store, 0)
        n_told = len(told)
        while len(told) < n_told + 2:  # one may have begun before the step was over
            time.sleep(0.01)
        assert sum(told) >= 10
    assert read_rows(restore_aside(tmp_path, keys, "restored.db")) == read_rows(url)
