"""`oncopolis serve --demo`: invented people live there, marked everywhere, and nobody else."""

import signal
import time
from pathlib import Path
from urllib.request import urlopen

from tests.records import ACT, make_patient
from tests.rehearsal import write_clinic
from tests.servers import get, home, list_children, run_here, serving, stop

from oncopolis.record.store import open_store

__all__ = ["home"]

TAG = "http://terminology.hl7.org/CodeSystem/v3-ActReason|HTEST"


def test_invented_people_live_there_and_are_marked(tmp_path: Path, home: dict[str, str]) -> None:
    project = write_clinic(tmp_path / "clinic")
    database = f"sqlite:///{tmp_path / 'demo.db'}"
    with serving(project, "--database", database, "--demo", home=home) as (base, said, process):
        assert any("all patients are invented" in line for line in said)
        for _ in range(600):
            if get(f"{base}/Encounter?_summary=count")["total"]:
                break
            time.sleep(0.2)
        for type_ in ("Patient", "CarePlan", "Encounter"):
            untagged = get(f"{base}/{type_}?_tag:not={TAG}&_summary=count")["total"]
            assert (type_, untagged) == (type_, 0)
            assert get(f"{base}/{type_}?_tag={TAG}&_summary=count")["total"]
        people = [entry["resource"] for entry in get(f"{base}/Patient?_count=50")["entry"]]
        assert all(one["name"][0]["family"].startswith(("Namuna-", "Пример-", "예시")) for one in people)
        with urlopen(base.replace("127.0.0.1", "localhost").removesuffix("/fhir") + "/login") as answer:
            page = answer.read().decode()
        assert "Demonstration: all patients" in page.partition("<body")[2][:300]
        children = list_children(process.pid)
        assert children
        stop(process, signal.SIGINT)
        assert not _wait_for(children)


def _wait_for(processes: list[int], most_s: float = 10) -> list[int]:
    """Those that have not ended after a while: what multiprocessing keeps beside its own ends after it."""
    until = time.monotonic() + most_s
    while left := [one for one in processes if not _is_dead(one)]:
        if time.monotonic() > until:
            break
        time.sleep(0.1)
    return left


def _is_dead(process: int) -> bool:
    """Whether a process is one that nobody has asked about since it ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_a_record_with_others_is_refused(tmp_path: Path, home: dict[str, str]) -> None:
    database = f"sqlite:///{tmp_path / 'record.db'}"
    with open_store(database) as store:
        store.submit(lambda transaction: transaction.put(make_patient()), ACT).result()
    project = write_clinic(tmp_path / "clinic")
    code, said = run_here("serve", str(project), "--port", "0", "--database", database, "--demo", home=home)
    assert (code, "OPS-231" in said) == (2, True), said
