"""A small hospital for tests of access: clinics, people, patients, and a gate that believes a header."""

import json
from typing import Any

import httpx
from starlette.types import Scope
from tests.unit.web.calling import Client

from oncopolis.record import Act, Who
from oncopolis.record.access import Caller
from oncopolis.record.store import Store
from oncopolis.web.fhir.refusing import RequestError

HOUSE = Act("C", "create", Who("Device", "oncopolis"), "founding")
DISCLOSURE = "urn:oncopolis:disclosure"
CONSENT = "urn:oncopolis:consent"
CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
VALUE = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"


def ref(type_: str, id_: str) -> dict[str, str]:
    return {"reference": f"{type_}/{id_}"}


def coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def labelled(system: str, code: str) -> dict[str, Any]:
    return {"security": [{"system": system, "code": code}]}


def make(type_: str, id_: str, **members: Any) -> dict[str, Any]:
    return {"resourceType": type_, "id": id_, **members}


def condition(id_: str, patient: str, code: str = "C50.9", **members: Any) -> dict[str, Any]:
    return make(
        "Condition", id_, subject=ref("Patient", patient), code=coded("http://hl7.org/fhir/sid/icd-10", code),
        **members,
    )  # fmt: skip


def episode(id_: str, patient: str, clinic: str, status: str = "active", **members: Any) -> dict[str, Any]:
    return make(
        "EpisodeOfCare", id_, status=status, patient=ref("Patient", patient),
        managingOrganization=ref("Organization", clinic), **members,
    )  # fmt: skip


def consent(
    id_: str, patient: str, category: str, actor: str | None = None, status: str = "active", **provision: Any
) -> dict[str, Any]:
    if actor is not None:
        role = coded("http://terminology.hl7.org/CodeSystem/v3-RoleCode", "DELEGATEE")
        provision["actor"] = [{"role": role, "reference": ref("RelatedPerson", actor)}]
    return make(
        "Consent", id_, status=status, patient=ref("Patient", patient), category=[coded(CONSENT, category)],
        scope=coded("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy"),
        policyRule=coded("http://terminology.hl7.org/CodeSystem/v3-ActCode", "OPTIN"),
        **({"provision": provision} if provision else {}),
    )  # fmt: skip


def told(id_: str, patient: str, to: str, status: str = "completed") -> dict[str, Any]:
    """That somebody was told the diagnosis of a patient, or is not to be."""
    type_, _, name = to.partition("/")
    return make(
        "Communication", id_, status=status, subject=ref("Patient", patient), recipient=[ref(type_, name)],
        category=[coded(DISCLOSURE, "diagnosis")],
    )  # fmt: skip


def staff(*roles: str, clinics: tuple[str, ...] = ("a",), id_: str = "dr-a", **more: Any) -> Caller:
    return Caller(Who("Practitioner", id_, id_), frozenset(roles), frozenset(clinics), id_, **more)


def person(id_: str, **more: Any) -> Caller:
    return Caller(Who("Patient", id_), frozenset({"patient"}), patients=frozenset({id_}), **more)


def carer(id_: str, *patients: str) -> Caller:
    return Caller(Who("RelatedPerson", id_), frozenset({"carer"}), patients=frozenset(patients))


def program(*scopes: str) -> Caller:
    return Caller(Who("Device", "app"), frozenset({"program"}), scopes=scopes)


def put(store: Store, *resources: dict[str, Any]) -> None:
    """Write as the house itself."""
    store.submit(lambda transaction: [transaction.put(one) for one in resources] and None, HOUSE).result()


async def believe(scope: Scope) -> Caller:
    """The gate of the tests."""
    for name, value in scope["headers"]:
        if name == b"x-caller":
            return Caller.from_json(json.loads(value))
    raise RequestError(
        code="REC-282", where="Authorization", got="no token", expected="one", fix="sign in", status=401,
        headers={"WWW-Authenticate": "Bearer"},
    )  # fmt: skip


class Ward:
    """Calls an application as somebody."""

    def __init__(self, store: Store, **options: Any) -> None:
        self.store = store
        self.client = Client(store, gate=believe, **options)

    def call(
        self, caller: Caller, method: str, path: str, body: Any = None, **headers: str
    ) -> httpx.Response:
        return self.client.call(method, path, body, x_caller=json.dumps(caller.to_json()), **headers)

    def status(self, caller: Caller, path: str, **headers: str) -> int:
        return self.call(caller, "GET", path, **headers).status_code

    def find(self, caller: Caller, path: str) -> set[str]:
        """Ids of what a search finds."""
        answer = self.call(caller, "GET", path)
        assert answer.status_code == 200, answer.text
        return {one["resource"]["id"] for one in answer.json().get("entry", ())}


def furnish(store: Store) -> None:
    """Clinics a and b; patient p1 of a, p2 of b, p3 of nobody; each with a diagnosis."""
    put(
        store,
        make("Organization", "a", name="Clinic A"),
        make("Organization", "b", name="Clinic B"),
        *(make("Patient", patient, name=[{"family": "Karimova"}]) for patient in ("p1", "p2", "p3")),
        *(condition(f"c-{patient}", patient) for patient in ("p1", "p2", "p3")),
        episode("e1", "p1", "a"),
        episode("e2", "p2", "b"),
    )
