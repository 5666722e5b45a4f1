"""`oncopolis serve` as a program: answers, changes nothing twice, refuses what is taken, stops cleanly."""

import signal
import socket
import threading
import time
from pathlib import Path

import pytest
from tests.clinic import build, write
from tests.servers import get, home, post, project, run, run_here, serving, stop

from oncopolis.record.fhir.checking import check_resource

__all__ = ["home", "project"]

ROOT = Path(__file__).resolve().parents[2]


def test_the_example_answers(home: dict[str, str]) -> None:
    with serving(ROOT / "examples" / "tashkent", home=home) as (base, said, process):
        statement = get(f"{base}/metadata")
        assert not check_resource(statement)
        assert statement["resourceType"] == "CapabilityStatement"
        assert get(f"{base}/Organization/centre")["name"] == "National Cancer Centre, Tashkent"
        assert any("records made from the definition" in line for line in said)
        assert "stopped" in stop(process, signal.SIGTERM)


def test_a_second_start_changes_nothing_and_a_changed_definition_waits_to_be_applied(
    project: Path, home: dict[str, str]
) -> None:
    with serving(project, home=home) as (base, _, process):
        history = get(f"{base}/_history?_count=1000")
        post(f"{base}/Patient", {"resourceType": "Patient", "birthDate": "1960-01-01"})
        stop(process, signal.SIGINT)
    with serving(project, home=home) as (base, said, process):
        assert "nothing has changed" in said[-2]
        assert len(get(f"{base}/_history?_count=1000")["entry"]) == len(history["entry"]) + 1
        stop(process, signal.SIGTERM)
    text = (project / "centre.yaml").read_text("utf-8")
    (project / "centre.yaml").write_text(text.replace("Small clinic", "Large clinic"), "utf-8")
    with serving(project, home=home) as (base, said, process):
        assert any(line.startswith("changed Organization/centre: name") for line in said)
        assert "--apply" in said[-2]
        assert get(f"{base}/Organization/centre")["name"] == "Small clinic"
        stop(process, signal.SIGTERM)
    with serving(project, "--apply", home=home) as (base, said, process):
        assert "brought up to date" in said[-2]
        assert get(f"{base}/Organization/centre")["name"] == "Large clinic"
        stop(process, signal.SIGTERM)


def test_what_another_server_has_is_refused(project: Path, home: dict[str, str]) -> None:
    with serving(project, home=home) as (base, _, process):
        port = base.rpartition(":")[2].partition("/")[0]
        code, said = run("serve", str(project), "--port", port, home=home)
        assert (code, "REC-134" in said) == (2, True), said
        assert "--port" in said
        code, said = run_here("serve", str(project), "--port", "0", home=home)
        assert (code, "REC-132" in said) == (2, True), said
        assert str(process.pid) in said
        assert "Traceback" not in said
        stop(process, signal.SIGTERM)


def test_what_is_answered_while_it_stops_is_in_the_record(project: Path, home: dict[str, str]) -> None:
    """Clients write without a pause while the server is stopped: no answer is lost, nothing hangs."""
    acknowledged: list[str] = []

    def write_on(base: str) -> None:
        while True:
            try:
                acknowledged.append(post(f"{base}/Patient", {"resourceType": "Patient"})["id"])
            except OSError:
                return

    with serving(project, home=home) as (base, _, process):
        threads = [threading.Thread(target=write_on, args=(base,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        while len(acknowledged) < 50:
            time.sleep(0.01)
        stop(process, signal.SIGTERM)
        for thread in threads:
            thread.join()
    with serving(project, home=home) as (base, _, process):
        for id_ in acknowledged:
            assert get(f"{base}/Patient/{id_}")["id"] == id_
        stop(process, signal.SIGTERM)


def test_the_data_folder_belongs_to_one_project(project: Path, home: dict[str, str], tmp_path: Path) -> None:
    with serving(project, home=home) as (_, _, process):
        stop(process, signal.SIGTERM)
    key = Path(home["XDG_CONFIG_HOME"]) / "oncopolis" / "clinic" / "record.key"
    assert key.stat().st_mode & 0o077 == 0
    code, said = run_here("jobs", str(project), home=home)
    assert (code, said.strip()) == (0, "no dead jobs")
    code, said = run_here("jobs", str(project), "--state", "all", "--json", "--cancel", "7", home=home)
    assert (code, "job 7 is over, or was never there" in said) == (0, True)
    namesake = write(tmp_path / "elsewhere" / "clinic", build())
    code, said = run_here("serve", str(namesake), "--port", "0", home=home)
    assert (code, "REC-131" in said) == (2, True), said


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (("serve", "{}", "--port", "70000"), 2, "65535"),
        (("serve", "{}", "--port", "0", "--host", "no.such.host.invalid"), 2, "REC-134"),
        (("serve", "{}", "--port", "0", "--database", "mysql://x"), 2, "--database"),
        (("serve", "{}", "--port", "0", "--database", "sqlite:////no/such/folder/x"), 2, "/no/such/folder"),
        (("serve", "{}/nothing", "--port", "0"), 2, "nothing"),
        (("serve", "{}", "--workers", "-1"), 2, "--workers"),
        (("jobs", "{}"), 2, "REC-130"),
        (("jobs", "{}", "--state", "lost"), 2, "dead"),
    ],
)
def test_bad_options_are_refused(
    project: Path, home: dict[str, str], options: tuple[str, ...], code: int, says: str
) -> None:
    found, said = run_here(*(option.format(project) for option in options), home=home)
    assert (found, says in said) == (code, True), said
    assert "Traceback" not in said
    assert not (Path(home["XDG_DATA_HOME"]) / "oncopolis" / "clinic" / "record.sqlite").exists()


def test_a_port_is_taken_from_the_moment_of_the_start(project: Path, home: dict[str, str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        code, said = run_here("serve", str(project), "--port", str(other.getsockname()[1]), home=home)
    assert (code, "REC-134" in said) == (2, True), said
