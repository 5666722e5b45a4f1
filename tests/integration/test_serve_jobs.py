"""Long work ordered from a running server: done by its worker, fetched, cancelled, dead where one sees it."""

import json
import signal
import time
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from tests.servers import get, home, list_children, list_group, project, run_here, serving, stop

from oncopolis.report import PLAN_FILES, TWIN_FILES

__all__ = ["home", "project"]


def order(base: str, body: dict[str, Any], key: str) -> dict[str, Any]:
    headers = {"Content-Type": "application/json", "Idempotency-Key": key}
    with urlopen(Request(f"{base}/api/jobs", json.dumps(body).encode(), headers), timeout=30) as answer:
        assert answer.status == 202
        told = dict(json.load(answer))
        assert answer.headers["location"] == f"/api/jobs/{told['id']}"
        return told


def wait_for(base: str, job: dict[str, Any], state: str) -> dict[str, Any]:
    end = time.monotonic() + 120
    while (told := get(f"{base}/api/jobs/{job['id']}"))["state"] != state:
        assert told["state"] in ("waiting", "taken"), told
        assert time.monotonic() < end, told
        time.sleep(0.1)
    return told


def test_plan_and_twin_are_ordered_done_cancelled_and_dead(project: Path, home: dict[str, str]) -> None:
    with serving(project, home=home) as (fhir, _, process):
        base = fhir.removesuffix("/fhir")
        planned = order(base, {"kind": "plan", "draws": 0, "language": "ru"}, "plan-1")
        assert order(base, {"kind": "plan", "draws": 0, "language": "ru"}, "plan-1")["id"] == planned["id"]
        simulated = order(base, {"kind": "twin", "days": 28, "seed": 3}, "twin-1")
        hopeless = order(base, {"kind": "plan", "draws": 0, "settings": {"no.such": "1"}}, "plan-2")
        endless = order(base, {"kind": "twin", "days": 3_660, "replications": 1_000}, "twin-2")
        last = order(base, {"kind": "plan", "draws": 0}, "plan-3")

        told = wait_for(base, planned, "done")
        assert {file["name"] for file in told["files"]} == set(PLAN_FILES)
        files = {file["name"]: f"{base}{file['href']}" for file in told["files"]}
        assert get(files["plan.json"])["project"]["name"] == "Small clinic"
        with urlopen(files["report.html"], timeout=30) as answer:
            assert 'lang="ru"' in answer.read().decode()
        told = wait_for(base, simulated, "done")
        assert {file["name"] for file in told["files"]} == set(TWIN_FILES)

        # What the same input fails at again is dead at once, and says why.
        told = wait_for(base, hopeless, "dead")
        assert (told["attempts"], "no.such" in told["error"], told["files"]) == (1, True, [])
        assert [one["id"] for one in get(f"{base}/api/jobs?state=dead")["jobs"]] == [hopeless["id"]]
        code, said = run_here("jobs", str(project), home=home)
        assert (code, f"{hopeless['id']} plan dead" in said) == (1, True), said

        wait_for(base, endless, "taken")
        with urlopen(Request(f"{base}/api/jobs/{endless['id']}/cancel", b"", {}), timeout=30) as answer:
            assert json.load(answer)["state"] == "cancelled"
        assert wait_for(base, last, "done")["files"]
        assert get(f"{base}/api/jobs/{endless['id']}")["files"] == []
        said = stop(process, signal.SIGTERM)
    assert f"job {hopeless['id']} (plan) is dead after 1 attempts" in said


def test_the_workers_of_a_killed_server_end_with_it(project: Path, home: dict[str, str]) -> None:
    with serving(project, home=home) as (fhir, _, process):
        base = fhir.removesuffix("/fhir")
        planned = order(base, {"kind": "plan", "draws": 2000}, "plan")
        wait_for(base, planned, "taken")
        while not (workers := list_group(list_children(process.pid))):
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        end = time.monotonic() + 30
        while any(Path(f"/proc/{number}").exists() for number in workers):
            assert time.monotonic() < end, "a worker goes on without its server"
            time.sleep(0.05)
    code, said = run_here("jobs", str(project), "--state", "all", home=home)
    assert (code, f"{planned['id']} plan taken, 1 attempts" in said) == (0, True), said
