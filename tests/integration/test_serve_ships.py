"""The server keeps a copy at a second place: killed, with its disk lost, it is there again from the copy."""

import shutil
import signal
import time
from pathlib import Path

from tests.servers import get, home, post, project, run_here, serving, stop

from oncopolis.record.care.shipping import list_files, read_head
from oncopolis.record.store import look
from oncopolis.record.store.keys import Keys

__all__ = ["home", "project"]

RECORD = Path("oncopolis") / "clinic" / "record.sqlite"
KEY = Path("oncopolis") / "clinic" / "record.key"


def count_shipped(second: Path, keys: Keys) -> int:
    files = list_files(second)
    position = read_head(files[-1], keys).position if files else None
    return position.version if position else 0


def count_written(home: dict[str, str]) -> int:
    with look(f"sqlite:///{Path(home['XDG_DATA_HOME']) / RECORD}") as reading:
        return int(reading.session.query("SELECT max(seq) FROM version")[0][0])


def test_a_server_that_is_killed_with_its_disk_is_restored_from_the_second_place(
    project: Path, home: dict[str, str], tmp_path: Path
) -> None:
    second = tmp_path / "second"
    answered: list[str] = []
    with serving(project, "--ship-to", str(second), home=home) as (base, lines, process):
        keys = Keys.load(Path(home["XDG_CONFIG_HOME"]) / KEY)
        answered += [post(f"{base}/Patient", {"resourceType": "Patient"})["id"] for _ in range(20)]
        n_written, end = count_written(home), time.monotonic() + 30
        while count_shipped(second, keys) < n_written:
            assert time.monotonic() < end, "it does not ship"
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        said = "\n".join(lines) + process.communicate(timeout=30)[0]
    assert f"{second}: " in said
    assert "first copy" in said
    shutil.rmtree(Path(home["XDG_DATA_HOME"]))
    restored = tmp_path / "restored.sqlite"
    key = str(Path(home["XDG_CONFIG_HOME"]) / KEY)
    code, said = run_here(
        "restore", str(second), "--database", f"sqlite:///{restored}", "--keys", key, home=home
    )
    assert (code, "nothing is amiss" in said) == (0, True), said
    options = ("--database", f"sqlite:///{restored}", "--keys", key, "--ship-to", str(second))
    with serving(project, *options, home=home) as (base, _, process):
        for id_ in answered:
            assert get(f"{base}/Patient/{id_}")["id"] == id_
        last = post(f"{base}/Patient", {"resourceType": "Patient"})["id"]
        said = stop(process, signal.SIGTERM)
    # What came last is at the second place too once it has stopped.
    assert "all of it is there" in said
    assert count_shipped(second, keys) == n_written + 1
    again = f"sqlite:///{tmp_path / 'again.sqlite'}"
    assert run_here("restore", str(second), "--database", again, "--keys", key, home=home)[0] == 0
    with look(again, keys) as reading:
        assert reading.read("Patient", last) is not None


def test_a_second_place_that_cannot_be_reached_is_told_and_harms_nothing(
    project: Path, home: dict[str, str], tmp_path: Path
) -> None:
    second = tmp_path / "second"
    second.mkdir()
    (second / ".lock").mkdir()  # where a file has to be
    with serving(project, "--ship-to", str(second), home=home) as (base, lines, process):
        assert post(f"{base}/Patient", {"resourceType": "Patient"})["id"]
        said = "\n".join(lines) + stop(process, signal.SIGTERM)
    assert "nothing could be shipped yet" in said
    assert "what came last is not there" in said
    assert "stopped: everything that was answered is in the record" in said


def test_what_cannot_be_shipped_is_refused_at_the_start(
    project: Path, home: dict[str, str], tmp_path: Path
) -> None:
    second = ("--ship-to", str(tmp_path / "second"))
    open_ = ("--database", f"sqlite:///{tmp_path / 'open.sqlite'}")
    code, said = run_here("serve", str(project), "--port", "0", *open_, *second, home=home)
    assert (code, "REC-170" in said) == (2, True), said
    assert not (tmp_path / "open.sqlite").exists()
