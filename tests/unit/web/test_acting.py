"""Acts over HTTP: who may, what is read, what is answered and refused."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest
from starlette.types import Scope
from tests.live import open_live
from tests.unit.operations.test_performing import SIT, Sitting

from oncopolis.operations import acts
from oncopolis.operations.performing import Live
from oncopolis.record import Who
from oncopolis.record.access import Caller
from oncopolis.record.access import policy as access_policy
from oncopolis.record.store import Store
from oncopolis.web.api.acting import ActEndpoint
from oncopolis.web.api.describing import describe_acts
from oncopolis.web.mode import Mode, Name

PROGRAM = Caller(Who("Device", "gateway"), frozenset({"program"}), scopes=("system/*.cruds",))
Post = Callable[..., Awaitable[httpx.Response]]


class FixedMode(Mode):
    """A mode that is what it is said to be."""

    said: Name = "shadow"

    @property
    def name(self) -> Name:
        return self.said


@pytest.fixture
def live(store: Store, monkeypatch: pytest.MonkeyPatch) -> Live:
    monkeypatch.setitem(acts.ACTS, "sit", SIT)
    policy = access_policy.get_policy()
    known = replace(policy, acts={**policy.acts, "sit": frozenset({"nurse"})})
    monkeypatch.setattr("oncopolis.web.api.acting.get_policy", lambda: known)
    return open_live(store, [Sitting])


@pytest.fixture
def post(live: Live) -> Post:
    async def send(
        body: Any = None, *, caller: Caller = PROGRAM, act: str = "sit", mode: Name = "shadow", **more: Any
    ) -> httpx.Response:
        async def know(_scope: Scope) -> Caller:
            return caller

        fixed = FixedMode(live.store)
        fixed.said = mode
        transport = httpx.ASGITransport(ActEndpoint(live, know, fixed))
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            content = more.pop("content", None)
            method = more.pop("method", "POST")
            return await client.request(
                method, f"/{act}", json=None if content is not None else body, content=content, **more
            )

    return send


def get_code(answer: httpx.Response) -> str:
    code: str = answer.json()["errors"][0]["code"]
    return code


@pytest.mark.anyio
async def test_an_act_is_done_and_answered(post: Post, live: Live) -> None:
    answer = await post({"chair": "a"})
    assert answer.status_code == 200
    assert answer.json()["chair"] == "a"
    assert live.store.read("Basic", answer.json()["made"][0]) is not None


@pytest.mark.anyio
async def test_the_same_key_gives_the_same_answer(post: Post) -> None:
    headers = {"Idempotency-Key": "one"}
    first = await post({"chair": "a"}, headers=headers)
    assert (await post({"chair": "a"}, headers=headers)).json() == first.json()
    other = await post({"chair": "b"}, headers=headers)
    assert other.status_code == 409


@pytest.mark.anyio
async def test_a_time_is_taken_from_programs_in_shadow_mode(post: Post) -> None:
    at = "2027-03-01T08:00:00+05:00"
    taken = await post({"chair": "a", "at": at})
    assert taken.json()["at_ms"] == 1_803_870_000_000
    approved = await post({"chair": "b", "at": at}, mode="live")
    assert (approved.status_code, get_code(approved)) == (403, "REC-322")
    nurse = Caller(Who("Practitioner", "n"), frozenset({"nurse"}))
    told = await post({"chair": "b", "at": at}, caller=nurse)
    assert (told.status_code, get_code(told)) == (403, "REC-322")


@pytest.mark.anyio
@pytest.mark.parametrize("at", ["yesterday", "2027-03-01T08:00:00", 5, "2027-13-01T08:00:00Z"])
async def test_a_time_is_one(post: Post, at: object) -> None:
    answer = await post({"chair": "a", "at": at})
    assert (answer.status_code, get_code(answer)) == (400, "REC-323")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("caller", "status"),
    [
        (PROGRAM, 200),
        (replace(PROGRAM, scopes=("system/Basic.cu",)), 200),
        (replace(PROGRAM, scopes=("system/Basic.r",)), 403),
        (replace(PROGRAM, scopes=("system/Patient.cruds",)), 403),
        (Caller(Who("Practitioner", "n"), frozenset({"nurse"})), 200),
        (Caller(Who("Practitioner", "n"), frozenset({"nurse"}), scopes=("user/Basic.cruds",)), 200),
        (Caller(Who("Practitioner", "n"), frozenset({"nurse"}), scopes=("user/Patient.rs",)), 403),
        (Caller(Who("Practitioner", "r"), frozenset({"registrar"})), 403),
        (Caller(Who("Person", "p"), frozenset({"program"})), 403),
        (Caller(Who("Person", "p")), 403),
    ],
)
async def test_roles_and_scopes_say_who_may(post: Post, caller: Caller, status: int) -> None:
    answer = await post({"chair": "a"}, caller=caller)
    assert answer.status_code == status
    if status == 403:
        assert get_code(answer) == "REC-324"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"content": b""}, 400, "REC-321"),
        ({"content": b"{"}, 400, "REC-321"),
        ({"content": b'{"chair": NaN}'}, 400, "REC-321"),
        ({"content": b"[]"}, 400, "REC-171"),
        ({"content": b"\xff\xfe"}, 400, "REC-321"),
        ({"body": {}}, 400, "REC-171"),
        ({"body": {"chair": 5}}, 400, "REC-171"),
        ({"body": {"chair": "a", "more": 1}}, 400, "REC-171"),
        ({"content": b" " * 70_000}, 413, "REC-325"),
        ({"body": {"chair": "a"}, "act": "fly"}, 404, "OPS-005"),
        ({"body": {"chair": "a"}, "method": "PUT"}, 405, "REC-320"),
    ],
)
async def test_what_cannot_be_read_is_refused(post: Post, given: Any, status: int, code: str) -> None:
    rest = {name: value for name, value in given.items() if name != "body"}
    answer = await post(given.get("body"), **rest)
    assert (answer.status_code, get_code(answer)) == (status, code)


def test_the_document_has_a_path_for_each_act() -> None:
    document = describe_acts({"paths": {"/jobs": {}}, "components": {"schemas": {"Job": {}}}}, [SIT])
    said = document["components"]["schemas"]["act_sit"]
    assert said["required"] == ["chair"]
    assert "at" in said["properties"]
    assert document["paths"]["/acts/sit"]["post"]["operationId"] == "sit"
    assert "/jobs" in document["paths"]
    assert "Job" in document["components"]["schemas"]


@pytest.mark.anyio
async def test_acts_of_the_biobank_are_done_by_who_may(post: Post, live: Live) -> None:
    technician = Caller(Who("Practitioner", "t"), frozenset({"biobank"}))
    nurse = Caller(Who("Practitioner", "n"), frozenset({"nurse"}))
    said = {"name": "B1", "kind": "box", "n_rows": 9, "n_columns": 9, "layout": "grid", "holds": "specimens"}
    headers = {"Idempotency-Key": "one"}
    refused = await post(said, act="bank_add_container", caller=nurse)
    assert (refused.status_code, get_code(refused)) == (403, "REC-324")
    made = await post(said, act="bank_add_container", caller=technician, headers=headers)
    assert (made.status_code, made.json()["container"]) == (200, 1)
    again = await post(said, act="bank_add_container", caller=technician, headers=headers)
    assert again.json() == made.json()
    tissue = {"barcode": "T1", "pseudonym": "D1", "kind": "TIS", "amount": 12.5, "unit": "mg"}
    assert (await post(tissue, act="bank_collect", caller=nurse)).status_code == 200
    spot = {"barcode": "T1", "box": "B1", "position": "Z9"}
    lost = await post(spot, act="bank_place", caller=technician)
    assert (lost.status_code, get_code(lost)) == (400, "BIO-003")
    assert (await post(spot | {"position": "I9"}, act="bank_place", caller=technician)).status_code == 200
    assert (await post({"barcode": "T1"}, act="bank_place", caller=technician)).status_code == 400
    events = live.store.ask(
        lambda reading: reading.session.query("SELECT what FROM bank_custody ORDER BY seq")
    )
    assert [what for (what,) in events] == ["added", "collected", "stored"]
