"""The API of jobs without its workers: orders, repeats, cancelling, refusals, and what each route needs."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.routing import APIRoute
from tests.records import ACT, query

from oncopolis.foundation import ForbiddenError
from oncopolis.record import Who
from oncopolis.record.store import Store
from oncopolis.web.api import Needs, make_api
from oncopolis.web.api.ordering import Desk, find_result
from oncopolis.web.api.refusing import LIMIT_BYTES
from oncopolis.web.app import make_app

PLAN = {"kind": "plan", "draws": 0, "settings": {"beds.occupancy": "0.8"}}
TWIN = {"kind": "twin", "days": 30, "replications": 2, "seed": 7}


class Api:
    """Calls the application without a network."""

    def __init__(self, store: Store, api: FastAPI) -> None:
        self.app = make_app(store, api=api)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def go() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://centre.test") as client:
                return await client.request(method, path, **options)

        return asyncio.run(go())

    def get(self, path: str) -> httpx.Response:
        return self.request("GET", path)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.request("POST", path, **options)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    return Desk(store, tmp_path / "project", tmp_path / "results")


@pytest.fixture
def api(store: Store, desk: Desk) -> Api:
    return Api(store, make_api(desk))


def order(api: Api, body: dict[str, Any], **headers: str) -> dict[str, Any]:
    answer = api.post("/api/jobs", json=body, headers={k.replace("_", "-"): v for k, v in headers.items()})
    assert answer.status_code == 202, answer.text
    told = dict(answer.json())
    assert answer.headers["location"] == f"/api/jobs/{told['id']}"
    return told


def test_an_order_is_queued_listed_looked_at_and_cancelled(api: Api, desk: Desk) -> None:
    planned, simulated = order(api, PLAN), order(api, TWIN)
    assert planned["asked"] == {"draws": 0, "seed": 1, "settings": PLAN["settings"], "language": "en"}
    assert simulated["asked"] == {"days": 30, "replications": 2, "seed": 7, "settings": {}}
    assert [one["state"] for one in (planned, simulated)] == ["waiting", "waiting"]
    listed = api.get("/api/jobs").json()["jobs"]
    assert [one["id"] for one in listed] == [simulated["id"], planned["id"]]
    assert len(api.get("/api/jobs?limit=1").json()["jobs"]) == 1
    cancelled = api.post(f"/api/jobs/{planned['id']}/cancel").json()
    assert cancelled["state"] == "cancelled"
    assert api.get(f"/api/jobs/{planned['id']}").json() == cancelled
    assert [one["id"] for one in api.get("/api/jobs?state=waiting").json()["jobs"]] == [simulated["id"]]
    # The worker reads the project that is served, and writes where nobody else does.
    (job,) = desk.store.jobs.take(["twin"], lease_ms=1000)
    assert job.payload["project"] == str(desk.project)
    assert Path(job.payload["out"]).parent == desk.results
    # A job that is over stays as it is.
    desk.store.jobs.finish(job)
    assert api.post(f"/api/jobs/{job.id}/cancel").json()["state"] == "done"
    acts = [entry for (entry,) in query(desk.store, "SELECT entry FROM audit ORDER BY chain, seq")]
    assert [what in entry for what, entry in zip(("order plan", "order twin", "cancel"), acts, strict=False)]


def test_a_repeated_key_orders_once(api: Api) -> None:
    first = order(api, PLAN, idempotency_key="k-1")
    assert order(api, PLAN, idempotency_key="k-1") == first
    assert order(api, PLAN)["id"] != first["id"]
    answer = api.post("/api/jobs", json=TWIN, headers={"idempotency-key": "k-1"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "REC-065")
    assert len(api.get("/api/jobs").json()["jobs"]) == 2


def test_results_are_those_of_a_job_that_is_done(api: Api, desk: Desk) -> None:
    told = order(api, PLAN)
    (job,) = desk.store.jobs.take(["plan"], lease_ms=60_000)
    out = Path(job.payload["out"])
    out.mkdir()
    (out / "plan.json").write_text("{}", "utf-8")
    (desk.results / "secret").write_text("x", "utf-8")
    assert api.get(f"/api/jobs/{told['id']}").json()["files"] == []
    assert api.get(f"/api/jobs/{told['id']}/files/plan.json").status_code == 404
    desk.store.jobs.finish(job)
    (file,) = api.get(f"/api/jobs/{told['id']}").json()["files"]
    assert file == {"name": "plan.json", "href": f"/api/jobs/{told['id']}/files/plan.json", "n_bytes": 2}
    answer = api.get(file["href"])
    assert (answer.text, answer.headers["x-content-type-options"]) == ("{}", "nosniff")
    for name in ("..%2Fsecret", "%2e%2e%2fsecret", "nothing"):
        assert api.get(f"/api/jobs/{told['id']}/files/{name}").status_code in (404, 405), name
    with pytest.raises(Exception, match="no such file"):
        find_result(job, "../secret")


def test_jobs_of_the_house_show_nothing_of_what_is_in_them(api: Api, desk: Desk) -> None:
    desk.store.submit(lambda tx: tx.send("hook", {"url": "https://x", "body": {"secret": 1}}), ACT).result()
    assert "secret" not in api.get("/api/jobs").text
    assert api.get("/api/jobs").json()["jobs"][0]["kind"] == "hook"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "says"),
    [
        ("POST", "/jobs", b"{", 400, "JSON"),
        ("POST", "/jobs", b"\xff", 400, ""),
        ("POST", "/jobs", b"[]", 400, "body"),
        ("POST", "/jobs", b"", 400, "body"),
        ("POST", "/jobs", b'{"kind": "hook", "url": "http://x"}', 400, "plan"),
        ("POST", "/jobs", b'{"kind": "plan", "draws": -1}', 400, "draws"),
        ("POST", "/jobs", b'{"kind": "plan", "draws": 1e9}', 400, "draws"),
        ("POST", "/jobs", b'{"kind": "plan", "draws": NaN}', 400, "draws"),
        ("POST", "/jobs", b'{"kind": "plan", "project": "/etc"}', 400, "project"),
        ("POST", "/jobs", b'{"kind": "plan", "out": "/etc"}', 400, "out"),
        ("POST", "/jobs", b'{"kind": "plan", "settings": {"a": 1}}', 400, "settings"),
        ("POST", "/jobs", b'{"kind": "plan", "settings": {"a": "' + b"x" * 501 + b'"}}', 400, "settings"),
        ("POST", "/jobs", b'{"kind": "plan", "language": "xx"}', 400, "language"),
        ("POST", "/jobs", b'{"kind": "twin", "days": 0}', 400, "days"),
        ("POST", "/jobs", b'{"kind": "twin", "seed": 99999999999999999999}', 400, "seed"),
        ("POST", "/jobs", b" " * (LIMIT_BYTES + 1), 413, str(LIMIT_BYTES)),
        ("POST", "/jobs", b"[" * 30_000, 400, ""),
        ("PUT", "/jobs", b"{}", 405, "PUT"),
        ("GET", "/jobs/0", None, 400, "number"),
        ("GET", "/jobs/x", None, 400, "number"),
        ("GET", "/jobs/99999999999999999999999", None, 400, "number"),
        ("GET", "/jobs/7", None, 404, "job 7"),
        ("POST", "/jobs/7/cancel", None, 404, "job 7"),
        ("GET", "/jobs?limit=0", None, 400, "limit"),
        ("GET", "/jobs?state=lost", None, 400, "state"),
        ("GET", "/nothing", None, 404, "/api/nothing"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(
    api: Api, method: str, path: str, body: bytes | None, status: int, says: str
) -> None:
    answer = api.request(method, f"/api{path}", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status, answer.text
    (*_, fault) = answer.json()["errors"]
    assert set(fault) == {"code", "where", "got", "expected", "fix"}
    assert says in answer.text
    assert api.get("/api/jobs").json() == {"jobs": []}


def test_a_bad_key_is_refused(api: Api) -> None:
    assert api.post("/api/jobs", json=PLAN, headers={"idempotency-key": "a b"}).status_code == 400


def test_every_route_says_what_it_needs_and_the_gate_decides(store: Store, desk: Desk) -> None:
    asked: list[str] = []

    async def refuse(request: Request, action: str) -> Who:
        asked.append(action)
        raise ForbiddenError(code="X", where=action, got="nobody", expected="somebody", fix="log in")

    api = make_api(desk, refuse)
    needed = {}
    for route in api.routes:
        assert isinstance(route, APIRoute)
        needs = [one.call for one in route.dependant.dependencies if isinstance(one.call, Needs)]
        assert len(needs) == 1, route.path
        (method,) = route.methods or [""]
        needed[method, route.path] = needs[0].action
    assert needed == {
        ("POST", "/jobs"): "jobs.order",
        ("GET", "/jobs"): "jobs.look",
        ("GET", "/jobs/{number}"): "jobs.look",
        ("POST", "/jobs/{number}/cancel"): "jobs.order",
        ("GET", "/jobs/{number}/files/{name}"): "jobs.look",
        ("GET", "/openapi.json"): "api.look",
    }
    client = Api(store, api)
    for method, path in needed:
        answer = client.request(method, f"/api{path.format(number=1, name='x')}", json=PLAN)
        assert (answer.status_code, answer.json()["errors"][0]["where"]) == (403, asked[-1])
    assert query(store, "SELECT count(*) FROM outbox") == [(0,)]


def test_the_document_describes_the_routes(api: Api) -> None:
    document = api.get("/api/openapi.json").json()
    assert document["servers"] == [{"url": "/api"}]
    assert {path for path in document["paths"] if not path.startswith("/acts/")} == {
        "/jobs",
        "/jobs/{number}",
        "/jobs/{number}/cancel",
        "/jobs/{number}/files/{name}",
    }
