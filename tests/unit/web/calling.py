"""A client that calls the application without a network."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import httpx

from oncopolis.record.store import Store
from oncopolis.web.app import make_app

T = TypeVar("T")

HOST = "http://centre.test"
BASE = f"{HOST}/fhir"
PATCH = "application/json-patch+json"


class Client:
    """Calls one application; each call ends before it returns."""

    def __init__(self, store: Store, **options: Any) -> None:
        self.store = store
        self.app = make_app(store, **options)

    def run(self, work: Callable[[httpx.AsyncClient], Awaitable[T]]) -> T:
        """Do several things at once."""

        async def go() -> T:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
                return await work(client)

        return asyncio.run(go())

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """Send one request below the base; names of headers with _ for -."""
        content = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        kind = PATCH if method == "PATCH" else "application/fhir+json"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        given = ({"content-type": kind} if content is not None else {}) | named
        return self.run(lambda client: client.request(method, f"/fhir{path}", content=content, headers=given))

    def count_versions(self) -> int:
        return len(self.store.history(limit=100_000))


def patient(**members: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", **members}


def identified(value: str, **members: Any) -> dict[str, Any]:
    return patient(identifier=[{"system": "urn:test:mrn", "value": value}], **members)


def bundle(kind: str, *entries: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def entry(
    method: str, url: str, resource: Any = None, full_url: str | None = None, **request: str
) -> dict[str, Any]:
    made: dict[str, Any] = {"request": {"method": method, "url": url, **request}}
    if resource is not None:
        made["resource"] = resource
    if full_url is not None:
        made["fullUrl"] = full_url
    return made


def check_refused(response: httpx.Response, status: int, *, where: str = "", says: str = "") -> None:
    """It is refused with an OperationOutcome that names the place and what is expected."""
    assert response.status_code == status, response.text
    outcome = response.json()
    assert outcome["resourceType"] == "OperationOutcome"
    issue = outcome["issue"][0]
    assert issue["severity"] == "error"
    assert "expected" in issue["diagnostics"]
    assert where in issue["expression"][0], issue
    assert says in issue["diagnostics"], issue
