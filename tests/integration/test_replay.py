"""A day of the twin lived against a real server: nothing differs and nothing breaks, not even by kill -9."""

import json
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from tests.databases import cluster, database_url
from tests.rehearsal import DAY, N_CONTACTS, find_port, read_numbers, replay, write_clinic, write_token
from tests.servers import home, run_here, serving, start

__all__ = ["cluster", "database_url", "home"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_clinic(tmp_path / "clinic")


def test_the_record_is_what_the_acts_give(
    project: Path, tmp_path: Path, home: dict[str, str], database_url: str
) -> None:
    where = ("--database", database_url)
    with serving(project, *where, home=home) as (base, _, _):
        url = base.removesuffix("/fhir")
        wrong = tmp_path / "wrong"
        wrong.write_text("onc_nobody", "utf-8")
        code, said = replay(project, url, wrong, home=home)
        assert (code, "OPS-224" in said) == (2, True), said
        token = write_token(tmp_path, project, *where, home=home)
        for seed in ("1", "1"):  # The second time others are in the house.
            code, said = replay(project, url, token, "--minutes", "0.05", "--seed", seed, home=home)
            numbers = read_numbers(said)
            assert code == 0, said
            assert numbers["contacts"] > N_CONTACTS / 2
            assert numbers["complete"]
            assert numbers["changes"] > 10 * numbers["contacts"]
            told = {name: numbers[name] for name in ("differences", "invariant_breaches", "errors")}
            assert told == {"differences": 0, "invariant_breaches": 0, "errors": 0}
            done = numbers["acts_by_name"]
            assert {"register", "book", "check_in", "call", "start", "finish", "report_down"} <= set(done)


def live_through(project: Path, folder: Path, home: dict[str, str], n_kills: int, minutes: str) -> None:
    """Replay a day while the server is killed again and again, and look at what came of it."""
    port = find_port()
    database = ("--database", f"sqlite:///{folder / 'record.db'}")
    servers: list[subprocess.Popen[str]] = []

    def serve() -> None:
        server = start("serve", str(project), "--port", str(port), *database, home=home)
        servers.append(server)
        assert server.stdout is not None
        assert any(line.startswith("listening on ") for line in server.stdout)
        threading.Thread(target=server.communicate).start()

    serve()
    try:
        token = write_token(folder, project, *database, home=home)
        command = [
            sys.executable, "-m", "oncopolis", "replay", str(project), "--day", DAY, "--contacts", "400",
            "--minutes", minutes, "--url", f"http://127.0.0.1:{port}", "--token-file", str(token), "--json",
        ]  # fmt: skip
        replaying = subprocess.Popen(
            command, env=home, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        wait_for_acts(folder, servers[-1])
        for _ in range(n_kills):
            servers[-1].send_signal(signal.SIGKILL)
            servers[-1].wait()
            serve()
            time.sleep(0.5)
        said, _ = replaying.communicate(timeout=300)
        numbers = read_numbers(said)
        assert replaying.returncode == 0, said
        assert (numbers["differences"], numbers["invariant_breaches"], numbers["errors"]) == (0, 0, 0)
        assert numbers["complete"]
        assert numbers["connections_broken"] > 0
    finally:
        servers[-1].kill()
        servers[-1].wait()


def wait_for_acts(folder: Path, server: subprocess.Popen[str]) -> None:
    """Wait until the day has begun."""
    with closing(sqlite3.connect(f"file:{folder / 'record.db'}?mode=ro", uri=True)) as database:
        for _ in range(2400):
            if database.execute("SELECT count(*) FROM request WHERE key LIKE 'replay-%'").fetchone()[0] > 20:
                return
            assert server.poll() is None
            time.sleep(0.05)
    raise AssertionError("no acts came")


def test_killed_in_between(project: Path, tmp_path: Path, home: dict[str, str]) -> None:
    live_through(project, tmp_path, home, n_kills=2, minutes="0.4")


@pytest.mark.soak
def test_killed_twenty_times(project: Path, tmp_path: Path, home: dict[str, str]) -> None:
    live_through(project, tmp_path, home, n_kills=20, minutes="3")


@pytest.mark.soak
@pytest.mark.parametrize(
    ("database_url", "minutes"), [("sqlite", "10"), ("postgresql", "20")], indirect=["database_url"]
)
def test_the_whole_day(
    tmp_path: Path,
    home: dict[str, str],
    database_url: str,
    minutes: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    severance = Path(__file__).resolve().parents[2] / "examples" / "severance"
    where = ("--database", database_url)
    with serving(severance, *where, home=home) as (base, _, _):
        token = write_token(tmp_path, severance, *where, home=home)
        process = start(
            "replay", str(severance), "--day", "2027-03-02", "--contacts", "30000", "--minutes", minutes,
            "--url", base.removesuffix("/fhir"), "--token-file", str(token), "--json", home=home,
        )  # fmt: skip
        said, _ = process.communicate(timeout=3600)
        numbers = read_numbers(said)
        told = {name: value for name, value in numbers.items() if not isinstance(value, (dict, list))}
        with capsys.disabled():
            sys.stdout.write(f"\n{json.dumps(told)}\n")
        assert process.returncode == 0, said
        assert numbers["contacts"] > 29_000


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (("--day", "2025-03-03"), 2, "OPS-230"),
        (("--contacts", "0"), 2, "--contacts"),
        (("--url", "http://127.0.0.1:1"), 4, "OPS-223"),
        (("--url", "ftp://here"), 2, "OPS-221"),
        (("--token-file", "nowhere"), 2, "--token-file"),
    ],
)
def test_bad_input(
    project: Path, tmp_path: Path, home: dict[str, str], options: tuple[str, ...], code: int, told: str
) -> None:
    token = tmp_path / "token"
    token.write_text("onc_something", "utf-8")
    found, said = run_here(
        "replay", str(project), "--day", DAY, "--url", "http://127.0.0.1:1", "--token-file", str(token),
        *options, home=home,
    )  # fmt: skip
    assert (found, told in said) == (code, True), said
