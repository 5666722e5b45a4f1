"""`oncopolis serve` as a program of its own, as tests start, call and stop it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.request import OpenerDirector, Request, build_opener, install_opener, urlopen

import pytest
from tests.clinic import build, write

from oncopolis.cli import entry as command_line
from oncopolis.record import Who
from oncopolis.record.accounts import Desk
from oncopolis.record.accounts.granting import print_token
from oncopolis.record.accounts.signing import Seal
from oncopolis.record.fhir.text import parse
from oncopolis.record.store import open_store
from oncopolis.record.store.keys import Keys
from oncopolis.web.places import DATABASE, KEYS

FHIR = {"Content-Type": "application/fhir+json"}


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment with data folders of its own."""
    folders = {"XDG_DATA_HOME": str(tmp_path / "data"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    return dict(os.environ) | folders | {"PYTHONUNBUFFERED": "1"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write(tmp_path / "clinic", build())


def start(*arguments: str, home: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "oncopolis", *arguments],
        env=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def run(*arguments: str, home: dict[str, str]) -> tuple[int, str]:
    process = start(*arguments, home=home)
    said, _ = process.communicate(timeout=120)
    return process.returncode, said


def run_here(*arguments: str, home: dict[str, str]) -> tuple[int, str]:
    """As `run`, in this process: importing a server takes longer than most that is asked of it."""
    said = StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(said):
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
            patch.setenv(name, home[name])
        code = command_line.run(arguments)
    return code, said.getvalue()


@contextmanager
def serving(project: Path, *options: str, home: dict[str, str]) -> Iterator[tuple[str, list[str], Any]]:
    """A server that listens: its base, what it said, and the process; `urlopen` may do everything there."""
    process = start("serve", str(project), "--port", "0", *options, home=home)
    said: list[str] = []
    assert process.stdout is not None
    try:
        for line in process.stdout:
            said.append(line.rstrip("\n"))
            if line.startswith("listening on "):
                break
        assert said, process.wait()
        assert said[-1].startswith("listening on "), said
        install_opener(make_opener(print_a_token(project, *options, home=home)))
        yield said[-1].removeprefix("listening on ").partition(";")[0], said, process
    finally:
        install_opener(build_opener())
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()


@contextmanager
def open_desk(project: Path, *options: str, home: dict[str, str]) -> Iterator[Desk]:
    """The accounts of a project, be it served or not."""
    given = dict(zip(options[::2], options[1::2], strict=False)) if "--database" in options else {}
    name = project.resolve().name
    url = given.get("--database", f"sqlite:///{home['XDG_DATA_HOME']}/oncopolis/{name}/{DATABASE}")
    key = given.get("--keys", None if given else f"{home['XDG_CONFIG_HOME']}/oncopolis/{name}/{KEYS}")
    keys = Keys.load(Path(key)) if key else None
    with open_store(url, keys=keys) as store:
        yield Desk(store, Seal(keys))


def print_a_token(project: Path, *options: str, home: dict[str, str]) -> str:
    """A token for everything, as `oncopolis token` prints it."""
    with open_desk(project, *options, home=home) as desk:
        return print_token(
            desk, name="test", scopes="system/*.cruds", roles=("program", "administrator"), clinics=(),
            days=1, who=Who("Person", "test"),
        )  # fmt: skip


def make_opener(token: str) -> OpenerDirector:
    opener = build_opener()
    opener.addheaders = [("Authorization", f"Bearer {token}")]
    return opener


def stop(process: Any, number: int) -> str:
    process.send_signal(number)
    rest, _ = process.communicate(timeout=30)
    assert process.returncode == 0, rest
    return str(rest)


def get(url: str) -> dict[str, Any]:
    with urlopen(url, timeout=30) as answer:
        return dict(parse(answer.read()))


def post(url: str, body: Any) -> dict[str, Any]:
    with urlopen(Request(url, json.dumps(body).encode(), FHIR), timeout=30) as answer:
        return dict(json.load(answer))


def list_children(number: int) -> list[int]:
    """Numbers of the processes that a process has started."""
    return [
        int(child)
        for task in Path(f"/proc/{number}/task").iterdir()
        for child in _read(task / "children").split()
    ]


def list_group(numbers: list[int]) -> list[int]:
    """Those of these processes that lead a group of their own, with all that are in it."""
    groups = {}
    for entry in Path("/proc").iterdir():
        fields = _read(entry / "stat").rpartition(")")[2].split() if entry.name.isdecimal() else []
        if fields:
            groups[int(entry.name)] = int(fields[2])
    return sorted(process for process, group in groups.items() if group in numbers)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError:
        return ""
