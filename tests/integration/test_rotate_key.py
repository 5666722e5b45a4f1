"""A new master key: all patients' keys are wrapped by it or none, and the old file opens nothing any more."""

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey
from tests.copies import live, read_rows
from tests.databases import cluster, database_url
from tests.records import ACT, make_keys, make_patient

from oncopolis.cli.entry import run
from oncopolis.foundation import ConflictError, InputError
from oncopolis.record.accounts.signing import Seal, add_key, list_keys
from oncopolis.record.care.backup import back_up
from oncopolis.record.care.inspecting import inspect
from oncopolis.record.care.restoring import restore
from oncopolis.record.care.rotating import rotate
from oncopolis.record.care.shipping import Shipper
from oncopolis.record.store import Transaction, look, open_store
from oncopolis.record.store.keys import Keys
from oncopolis.web.locking import hold

__all__ = ["cluster", "database_url"]


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return make_keys(tmp_path)


@pytest.fixture
def new(tmp_path: Path) -> Keys:
    return Keys.make(tmp_path / "new.key")


def list_wrapped(url: str) -> list[bytes]:
    with look(url) as reading:
        rows = reading.session.query("SELECT wrapped FROM patient_key WHERE wrapped IS NOT NULL")
    return [bytes(wrapped) for (wrapped,) in rows]


def test_what_was_sealed_is_opened_by_the_new_key_alone(database_url: str, keys: Keys, new: Keys) -> None:
    with open_store(database_url, keys=keys) as store:
        live(store, 3)
        store.erase("p1", ACT).result()
        before = store.get("Patient", "p0").body
    rows = read_rows(database_url)
    assert rotate(database_url, keys, new) == 2
    after = read_rows(database_url)
    assert {table for table in rows if rows[table] != after[table]} <= {"patient_key", "audit", "writer"}
    assert inspect(database_url, new).findings == ()
    assert inspect(database_url, new).erased == ("p1",)
    with pytest.raises(InputError, match="another key file"):
        inspect(database_url, keys)
    with pytest.raises(InputError, match="another key file"):
        open_store(database_url, keys=keys)
    with open_store(database_url, keys=new) as store:
        assert store.get("Patient", "p0").body == before
        live(store, 1, start=7)
        (told,) = [
            json.loads(entry)["what"]
            for (entry,) in store.ask(
                lambda reading: reading.session.query("SELECT entry FROM audit WHERE entry LIKE '%master%'")
            )
        ]
        assert told == "new master key"
    # Once more, as after a machine that went down: nothing is left to do.
    assert rotate(database_url, keys, new) is None
    with pytest.raises(InputError, match="another key file"):
        rotate(database_url, Keys(bytes(32)), Keys(bytes(range(32))))


def test_before_the_first_patient_what_signs_and_authenticators_get_the_new_key(
    database_url: str, keys: Keys, new: Keys
) -> None:
    now_ms = int(time.time() * 1000)
    ids = {name: f"{name}-1" for name in ("old", "new")}

    def sign(seal: Seal, id_: str) -> None:
        key = ECKey.generate_key("P-256", {"kid": id_})
        with open_store(database_url) as store:
            store.submit(lambda tx: add_key(tx.session, seal, key, now_ms), ACT).result()

    open_store(database_url, keys=keys).close()
    assert rotate(database_url, keys, new) == 0  # Nothing is sealed yet.
    sign(Seal(keys), ids["old"])
    with pytest.raises(InputError, match="another key file"):
        rotate(database_url, new, Keys(bytes(32)))
    assert rotate(database_url, keys, new) == 0
    sign(Seal(new), ids["new"])
    with look(database_url) as reading:
        assert [key.kid for _, key in list_keys(reading.session, Seal(new), now_ms)] == [ids["new"]]
    assert rotate(database_url, keys, new) is None


def test_nothing_of_the_old_wrappings_is_left_in_the_files(tmp_path: Path, keys: Keys, new: Keys) -> None:
    url = f"sqlite:///{tmp_path / 'record.db'}"
    with open_store(url, keys=keys) as store:
        live(store, 3)
    old = list_wrapped(url)
    rotate(url, keys, new)
    left = b"".join(path.read_bytes() for path in tmp_path.glob("record.db*"))
    assert not any(wrapped in left for wrapped in old)
    assert all(wrapped in left for wrapped in list_wrapped(url))


def test_a_writer_that_still_has_the_old_key_adds_nothing_under_it(
    database_url: str, keys: Keys, new: Keys
) -> None:
    with open_store(database_url, keys=keys) as stale:
        live(stale, 2)
        rotate(database_url, keys, new)
        with pytest.raises(InputError, match="another key file"):
            stale.submit(lambda tx: tx.put(make_patient("late")), ACT).result()
    assert inspect(database_url, new).findings == ()
    with open_store(database_url, keys=new) as store:
        assert store.read("Patient", "late") is None


def test_the_copies_are_begun_anew_and_old_ones_need_the_old_key(
    tmp_path: Path, keys: Keys, new: Keys
) -> None:
    url, backup = f"sqlite:///{tmp_path / 'record.db'}", tmp_path / "old.backup"
    with open_store(url, keys=keys) as store:
        live(store, 2)
        back_up(url, keys, backup)
        Shipper(url, keys, tmp_path / "second").ship()
    rotate(url, keys, new)
    with pytest.raises(ConflictError) as raised:
        Shipper(url, new, tmp_path / "second").ship()
    assert "another folder" in raised.value.fix
    Shipper(url, new, tmp_path / "third").ship()
    restored = restore(tmp_path / "third", new, f"sqlite:///{tmp_path / 'restored.db'}")
    assert restored.inspection.findings == ()
    for source in (backup, tmp_path / "second"):
        with pytest.raises(InputError, match="another key"):
            restore(source, new, f"sqlite:///{tmp_path / 'none.db'}")
    assert restore(backup, keys, f"sqlite:///{tmp_path / 'old.db'}").inspection.findings == ()


def test_the_command(tmp_path: Path, keys: Keys, capsys: pytest.CaptureFixture[str]) -> None:
    url, old, new = f"sqlite:///{tmp_path / 'r.db'}", str(tmp_path / "master.key"), tmp_path / "new.key"
    with open_store(url, keys=keys) as store:
        live(store, 2)
    options = ["rotate-key", "--database", url, "--keys", old, "--new", str(new)]
    with hold(tmp_path / "r.db"):
        assert run(options) == 2
    assert "REC-132" in capsys.readouterr().err
    assert not new.exists()
    assert run(options) == 0
    assert new.stat().st_mode & 0o077 == 0
    assert "2 keys of patients are wrapped anew" in capsys.readouterr().out
    assert run(options) == 0
    assert "it has this key already" in capsys.readouterr().out
    assert run(["verify", "--database", url, "--keys", str(new)]) == 0
    assert run(["verify", "--database", url, "--keys", old]) == 2
    with open_store(f"sqlite:///{tmp_path / 'open.db'}") as store:
        live(store, 1)
    open_ = ["rotate-key", "--database", f"sqlite:///{tmp_path / 'open.db'}", "--keys", old]
    assert run([*open_, "--new", str(tmp_path / "third.key")]) == 2
    assert "REC-175" in capsys.readouterr().err


ROTATE = """
import sys
import time
from pathlib import Path
from oncopolis.record.care import rotating
from oncopolis.record.store.keys import Keys, Vault
wrap_key = Vault.wrap_key
n = 0

def count(self, patient, data_key):
    global n
    n += 1
    if n == int(stop):
        print("there", flush=True)
        if waits == "waits":
            time.sleep(60)
    return wrap_key(self, patient, data_key)

Vault.wrap_key = count
url, old, new, stop, waits = sys.argv[1:]
rotating.rotate(url, Keys.load(Path(old)), Keys.load(Path(new)))
"""


def test_killed_at_any_moment_it_is_all_or_nothing(
    database_url: str, tmp_path: Path, keys: Keys, new: Keys
) -> None:
    n_patients, dice = 150, random.Random(1)

    def register(transaction: Transaction) -> None:
        for number in range(n_patients):
            transaction.put(make_patient(f"p{number}"))

    with open_store(database_url, keys=keys) as store:
        store.submit(register, ACT).result()
    files: dict[str, tuple[str, Keys]] = {"old": ("master.key", keys), "new": ("new.key", new)}
    has: Any = "old"
    n_unchanged = 0
    for stop, waits in ((50, "waits"), (150, "waits"), (150, ""), (150, "")):
        wanted = "new" if has == "old" else "old"
        paths = [str(tmp_path / files[name][0]) for name in (has, wanted)]
        command = [sys.executable, "-c", ROTATE, database_url, *paths, str(stop), waits]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "there\n"
            time.sleep(0.02 * dice.random())
            process.send_signal(signal.SIGKILL)
        opened = [name for name, (_, one) in files.items() if opens(database_url, one)]
        assert len(opened) == 1
        n_unchanged += opened == [has]
        has = opened[0]
        inspection = inspect(database_url, files[has][1])
        assert inspection.findings == ()
        assert len(list_wrapped(database_url)) == n_patients
    assert n_unchanged >= 2  # two were killed in the middle


def opens(url: str, keys: Keys) -> bool:
    try:
        with open_store(url, keys=keys) as store:
            assert store.get("Patient", "p0").body
    except InputError:
        return False
    return True
