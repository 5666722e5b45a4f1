"""`oncopolis verify`: clean where nothing was touched, and each kind of damage is told."""

import json
from pathlib import Path

import apsw
import pytest
from tests.copies import live
from tests.databases import cluster, database_url
from tests.records import ACT, make_keys

from oncopolis.cli.entry import run
from oncopolis.record.store import open_store
from oncopolis.record.store.keys import Keys

__all__ = ["cluster", "database_url"]


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return make_keys(tmp_path)


def verify(url: str, folder: Path, *options: str) -> int:
    return run(["verify", "--database", url, "--keys", str(folder / "master.key"), *options])


def test_clean_also_while_it_is_open(
    database_url: str, tmp_path: Path, keys: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_store(database_url, keys=keys) as store:
        live(store)
        assert verify(database_url, tmp_path) == 0
        told = capsys.readouterr().out
        assert "15 versions of 9 records, 3 audit entries in 1 chains" in told
        store.erase("p1", ACT).result()
    assert verify(database_url, tmp_path, "--json", "--erased", str(tmp_path / "erased.txt")) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["findings"] == []
    assert found["checked"]["counts"]["version"] == 15
    assert found["erased"] == ["p1"]
    assert (tmp_path / "erased.txt").read_text("utf-8") == "p1\n"


CHANGES = {
    "audit-unchanged": "UPDATE audit SET entry = replace(entry, 'dr-1', 'dr-2') WHERE seq = 2",
    "audit-gapless": "DELETE FROM audit WHERE seq = 2",
    "version-unchanged": "UPDATE version SET body = x'00' WHERE seq = 5",
    "index-current": "DELETE FROM index_token WHERE rk = 2",
    "claim-held": "UPDATE claim SET holder = 'Patient/nobody'",
    "rows-refer": "UPDATE version SET key_id = 999 WHERE seq = 1",
}


@pytest.mark.parametrize("rule", CHANGES)
def test_a_change_behind_its_back(
    rule: str, tmp_path: Path, keys: Keys, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'record.db'}"
    with open_store(url, keys=keys) as store:
        live(store)
    connection = apsw.Connection(str(tmp_path / "record.db"))
    connection.execute(CHANGES[rule]).fetchall()
    connection.close()
    assert verify(url, tmp_path) == 1
    assert f"[{rule}]" in capsys.readouterr().err


def test_a_damaged_page(tmp_path: Path, keys: Keys, capsys: pytest.CaptureFixture[str]) -> None:
    url, path = f"sqlite:///{tmp_path / 'record.db'}", tmp_path / "record.db"
    with open_store(url, keys=keys) as store:
        live(store, 30)
    connection = apsw.Connection(str(path))
    ((page,),) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'index_token_value'")
    connection.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xff" * 4096)
    assert verify(url, tmp_path) == 1
    assert "[file-whole]" in capsys.readouterr().err


def test_what_it_is_not_given(tmp_path: Path, keys: Keys, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(f"sqlite:///{tmp_path / 'nothing.db'}", tmp_path) == 2
    assert "[REC-157]" in capsys.readouterr().err
    assert not (tmp_path / "nothing.db").exists()
    url = f"sqlite:///{tmp_path / 'record.db'}"
    with open_store(url, keys=keys) as store:
        live(store)
    assert run(["verify", "--database", url]) == 2
    assert "[REC-056]" in capsys.readouterr().err
    Keys.make(tmp_path / "another.key")
    assert run(["verify", "--database", url, "--keys", str(tmp_path / "another.key")]) == 2
    apsw.Connection(str(tmp_path / "empty.db")).execute("CREATE TABLE t (x)")
    assert run(["verify", "--database", f"sqlite:///{tmp_path / 'empty.db'}"]) == 2
    assert "[REC-150]" in capsys.readouterr().err
    assert run(["verify", "--database", "mysql://somewhere"]) == 2
