"""`oncopolis serve` beside a hospital system: killed between commit and answer, files, and what is told."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.clinic import build, write
from tests.databases import cluster, database_url
from tests.hl7 import PATIENT, register
from tests.mllp import Caller
from tests.reading import list_records
from tests.servers import run_here

from oncopolis.interop.hl7.framing import wrap
from oncopolis.record.store import open_store
from oncopolis.record.store.verifying import verify

__all__ = ["cluster", "database_url"]

SETTINGS = """\
partners:
  his:
    application: HIS
    facility: CITY
    addresses: [127.0.0.1]
    zone: Asia/Tashkent
    systems: {MRN: "urn:oid:1.2.3", PINFL: "urn:uz:pinfl"}
masters:
  appointments: us
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = write(tmp_path / "clinic", build())
    (folder / "exchange").mkdir()
    (folder / "exchange" / "settings.yaml").write_text(SETTINGS, "utf-8")
    return folder


@contextmanager
def serving(
    project: Path, url: str, *options: str
) -> Iterator[tuple[tuple[str, int], list[str], subprocess.Popen[str]]]:
    """A server, its MLLP address and what it says."""
    command = [sys.executable, "-m", "oncopolis", "serve", str(project), "--database", url, "--port", "0"]
    process = subprocess.Popen(
        [*command, "--mllp", "0", *options], env=dict(os.environ) | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    said: list[str] = []
    listens = threading.Event()

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line.rstrip("\n"))
            if line.startswith("listening on "):
                listens.set()
        listens.set()

    thread = threading.Thread(target=listen)
    thread.start()
    try:
        assert listens.wait(120)
        (mllp,) = [line for line in said if line.startswith("mllp on ")] or [str(said)]
        host, _, port = mllp.split()[2].rpartition(":")
        yield (host, int(port)), said, process
    finally:
        process.kill()
        process.wait()
        thread.join()
        if process.stdout is not None:
            process.stdout.close()


def test_a_server_killed_between_commit_and_answer_doubles_nothing(project: Path, database_url: str) -> None:
    """A sender repeats what was not answered, with the same number, until it is answered."""
    answered: list[int] = []

    def send(address: tuple[str, int], until: int) -> None:
        while len(answered) < until:
            number = len(answered)
            try:
                with Caller(address) as caller:
                    while len(answered) < until:
                        number = len(answered)
                        pid = PATIENT.replace("123^^^MRN", f"{number}^^^MRN").replace(
                            "30102701234567", str(number)
                        )
                        if b"MSA|AA" not in caller.ask(register(str(number), pid)):
                            return
                        answered.append(number)
            except OSError:
                return

    with serving(project, database_url) as (address, _, process):
        thread = threading.Thread(target=send, args=(address, 1_000))
        thread.start()
        while len(answered) < 12:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        thread.join()
    with serving(project, database_url) as (address, _, process):
        n = len(answered) + 5
        send(address, n)
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    with open_store(database_url) as store:
        numbers = sorted(int(one["identifier"][0]["value"]) for one in list_records(store, "Patient"))
        assert numbers == list(range(n))
        assert len(list_records(store, "DocumentReference")) == n
        assert len(store.history("Patient", limit=1000)) == n
        assert len(list_records(store, "Provenance")) == n
        assert verify(store) == []


def test_a_hospital_is_connected(project: Path, tmp_path: Path) -> None:
    """Messages, a file, a conflict and its decision, as the guide tells it."""
    url = f"sqlite:///{tmp_path / 'record.db'}"
    drop = tmp_path / "drop"

    def run(*arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "oncopolis", "messages", str(project), "--database", url, *arguments],
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    with serving(project, url, "--drop", str(drop)) as (address, said, process):
        with Caller(address) as caller:
            assert b"MSA|AA" in caller.ask(register("1"))
            assert b"MSA|AE" in caller.ask(register("2", PATIENT.replace("|F|", "|X|")))
            caller.say(wrap(register("3"))[:50])
        header = "number,identifier,authority,start,minutes"
        (drop / "his" / "appointments.csv").write_text(f"{header}\nA1,123,MRN,2026-01-05T10:00,30\n", "utf-8")
        deadline = time.monotonic() + 60
        while not (drop / "his" / "done").exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        code, told = run("list", "--json")
        assert code == 1
        waiting = {one["kind"]: one["id"] for one in json.loads(told)}
        assert set(waiting) == {"message", "conflict"}, said
        assert run("show", waiting["message"])[1].startswith("MSH|")
        assert "theirs: 30" in run("show", waiting["conflict"])[1]
        assert run("replay", waiting["message"], "--by", "Dr Kim")[0] == 2
        assert run("decide", waiting["conflict"])[0] == 2
        assert run("decide", waiting["conflict"], "--take", "theirs", "--by", "Dr Kim")[0] == 0
        assert run("masters") == (0, "appointments: us\n")
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    with open_store(url) as store:
        (booked,) = list_records(store, "Appointment")
        assert booked["minutesDuration"] == 30
    assert any("1 conflicts to decide" in line for line in said)


def test_what_cannot_be_served_is_refused_at_the_start(project: Path, tmp_path: Path) -> None:
    def start(*options: str) -> tuple[int, str]:
        home = {"XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
        return run_here("serve", str(project), "--port", "0", *options, home=home)

    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, told = start("--mllp", str(taken.getsockname()[1]))
    assert (code, "REC-134" in told) == (2, True)
    settings = project / "exchange" / "settings.yaml"
    settings.write_text(SETTINGS.replace("appointments: us", "appointments: nobody"), "utf-8")
    code, told = start("--mllp", "0")
    assert (code, "INT-023" in told) == (2, True)
    settings.unlink()
    code, told = start("--drop", str(tmp_path / "drop"))
    assert (code, "INT-022" in told) == (2, True)
