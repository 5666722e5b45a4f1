"""Every role, type and relation on both databases, against a naive evaluator that shares no code."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.databases import cluster, database_url
from tests.unit.record.access.naive import House, Record
from tests.unit.web.ward import (
    CONFIDENTIALITY,
    DISCLOSURE,
    VALUE,
    carer,
    coded,
    condition,
    consent,
    episode,
    labelled,
    make,
    person,
    program,
    put,
    ref,
    staff,
    told,
)

from oncopolis.record.access import Caller
from oncopolis.record.access.deciding import Rights
from oncopolis.record.access.disclosing import Default
from oncopolis.record.access.policy import get_policy
from oncopolis.record.fhir.definitions import get_definitions
from oncopolis.record.store import Store, open_store

__all__ = ["cluster", "database_url"]

NOW_MS = 1_795_000_000_000
PATIENTS = ("p1", "p2", "p3", "p4")
SHARED, NAMELESS = labelled(DISCLOSURE, "shareable"), labelled(VALUE, "PSEUDED")
ACTCODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"


def attend(*who: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"actor": ref(*one), "status": "accepted"} for one in who]


def list_of(patient: str) -> Iterator[dict[str, Any]]:
    """What is kept of every patient."""
    about = {"subject": ref("Patient", patient)}
    yield make("Patient", patient)
    for name, meta in (
        ("plain", {}),
        ("shared", SHARED),
        ("nameless", NAMELESS),
        ("r", labelled(CONFIDENTIALITY, "R")),
        ("v", labelled(CONFIDENTIALITY, "V")),
        ("psy", labelled(ACTCODE, "PSY")),
        ("gdis", labelled(ACTCODE, "GDIS")),
    ):
        yield condition(f"{patient}-{name}", patient, "J00" if name == "shared" else "C50.9", meta=meta)
    yield condition(f"{patient}-leak", patient, "C50.9", meta=SHARED)
    yield make("Observation", f"{patient}-o", status="final", code=coded("urn:x", "hb"), **about)
    yield make("Specimen", f"{patient}-s", **about)
    yield make("MedicationRequest", f"{patient}-m", status="active", intent="order", **about)
    yield make("AllergyIntolerance", f"{patient}-a", patient=ref("Patient", patient))
    yield make("Coverage", f"{patient}-cov", status="active", beneficiary=ref("Patient", patient))
    review = coded("urn:oncopolis:access", "break-glass-review")
    for name, code in (("task", coded("urn:x", "weigh")), ("review", review)):
        yield make(
            "Task",
            f"{patient}-{name}",
            status="requested",
            intent="order",
            code=code,
            **{"for": ref("Patient", patient)},
        )
    yield make(
        "Appointment", f"{patient}-ap", status="cancelled", meta=SHARED,
        participant=attend(("Patient", patient), ("Location", "onco" if patient == "p1" else "north")),
    )  # fmt: skip


HOUSEHOLD: tuple[dict[str, Any], ...] = (
    make("Organization", "a"),
    make("Organization", "b"),
    make("Practitioner", "dr-a"),
    make("Location", "north", managingOrganization=ref("Organization", "b"), meta=SHARED),
    make(
        "Location",
        "onco",
        managingOrganization=ref("Organization", "a"),
        meta=labelled(DISCLOSURE, "reveals"),
    ),
    make("HealthcareService", "clinic-b", providedBy=ref("Organization", "b")),
    make("Questionnaire", "q", status="active"),
    make("ResearchStudy", "study", status="active"),
    make("Observation", "linac", status="final", code=coded("urn:x", "output")),
)
CHANGING: tuple[dict[str, Any], ...] = (
    episode("e1", "p1", "a"),
    make("Encounter", "v2", status="finished", subject=ref("Patient", "p2"),
         serviceProvider=ref("Organization", "a"), **{"class": {"code": "AMB"}}),
    make("Appointment", "ap2", status="booked",
         participant=attend(("Patient", "p2"), ("HealthcareService", "clinic-b"))),
    make("CareTeam", "t3", status="active", subject=ref("Patient", "p3"),
         participant=[{"member": ref("Practitioner", "dr-a")}]),
    make("ServiceRequest", "s4", status="draft", intent="order", subject=ref("Patient", "p4"),
         performer=[ref("Organization", "a")]),
    consent("k1", "p1", "carer", "son"),
    consent("k2", "p2", "carer", "son", period={"start": "2020-01-01", "end": "2021-01-01"}),
    consent("r1", "p1", "research"),
    consent("r3", "p3", "research", status="inactive"),
    told("d1", "p1", "RelatedPerson/son"),
    told("d2", "p2", "Patient/p2"),
    told("d3", "p3", "Patient/p3", "not-done"),
)  # fmt: skip
STATUSES = {
    "EpisodeOfCare": ("active", "finished", "entered-in-error"),
    "Encounter": ("in-progress", "finished"),
    "Appointment": ("booked", "cancelled"),
    "CareTeam": ("active", "inactive"),
    "ServiceRequest": ("active", "completed"),
    "Consent": ("active", "inactive", "rejected"),
    "Communication": ("completed", "not-done", "entered-in-error"),
}
WORLD = (*HOUSEHOLD, *(one for patient in PATIENTS for one in list_of(patient)), *CHANGING)
TYPES = sorted({one["resourceType"] for one in WORLD})


def list_callers() -> Iterator[Caller]:
    """Everybody: each role, in each clinic, for several purposes; and people with two roles."""
    workers = sorted(get_policy().roles - {"patient", "carer", "program"})
    for role, clinics in product(workers, (("a",), ("b",))):
        yield staff(role, clinics=clinics, id_="dr-a" if clinics == ("a",) else "dr-b")
    for role, purpose in product(("physician", "researcher", "registrar"), ("TREAT", "HRESCH")):
        yield staff(role, purpose=purpose)
    yield staff("physician", clinics=(), id_="dr-a")
    yield staff("nurse", "researcher")
    yield staff()
    for patient in PATIENTS:
        yield person(patient)
    yield person("p1", purpose="HRESCH")
    yield carer("son", "p1", "p2")
    yield carer("neighbour", "p1")
    yield program("system/*.cruds")
    yield Caller(program().who, frozenset({"program"}))


CALLERS = tuple(list_callers())


@pytest.fixture
def world(database_url: str) -> Iterator[Store]:
    with open_store(database_url) as store:
        put(store, *WORLD)
        yield store


def look(store: Store, rights: Rights, type_: str) -> set[str]:
    return {one.id for one in store.list_current(type_, limit=1000, allowed=rights)}


def check_all(
    store: Store, house: House, callers: tuple[Caller, ...], default: Default, glass: str | None = None
) -> int:
    """Compare everything; how many records were seen."""
    n_seen = 0
    for caller, type_ in product(callers, TYPES):
        rights = Rights(caller, "search", NOW_MS, default, glass)
        seen = look(store, rights, type_)
        assert seen == house.see(caller, "search", type_, glass), (caller, type_)
        assert store.count(type_, rights) == len(seen)
        n_seen += len(seen)
    return n_seen


def to_records(resources: tuple[dict[str, Any], ...]) -> dict[tuple[str, str], Record]:
    return {(one["resourceType"], one["id"]): one for one in resources}


@pytest.mark.parametrize("default", ["withheld", "disclosed"])
def test_everybody_sees_what_the_table_says(world: Store, default: Default) -> None:
    n_seen = check_all(world, House(to_records(WORLD), NOW_MS, default), CALLERS, default)
    assert len(CALLERS) * len(WORLD) / 10 < n_seen < len(CALLERS) * len(WORLD) / 2


def test_the_glass_opens_one_patient_to_those_who_may_break_it(world: Store) -> None:
    house = House(to_records(WORLD), NOW_MS, "withheld")
    roles = ({"physician"}, {"nurse"}, {"pharmacist"}, {"patient"})
    callers = tuple(one for one in CALLERS if one.roles in roles)
    assert check_all(world, house, callers, "withheld", "p4") > check_all(world, house, callers, "withheld")


def test_every_type_stands_in_one_group() -> None:
    listed = [type_ for group in get_policy().groups.values() for type_ in group]
    assert sorted(listed) == sorted(get_definitions().resource_types)


WATCHERS = (
    staff("physician", clinics=("a",), id_="dr-a"),
    staff("nurse", clinics=("b",), id_="dr-b"),
    staff("researcher", clinics=(), id_="sci"),
    staff("biobank", clinics=(), id_="bank"),
    person("p1"),
    person("p3"),
    carer("son", "p1", "p2"),
)
CHANGES = st.lists(
    st.sampled_from(range(len(CHANGING))).flatmap(
        lambda n: st.tuples(st.just(n), st.sampled_from(STATUSES[CHANGING[n]["resourceType"]]))
    ),
    min_size=1,
    max_size=6,
)


@pytest.mark.slow
@given(changes=CHANGES)
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_what_changes_takes_effect_with_its_commit(world: Store, changes: list[tuple[int, str]]) -> None:
    put(world, *CHANGING)
    records = to_records(WORLD)
    for place, status in changes:
        changed = CHANGING[place] | {"status": status}
        put(world, changed)
        records[changed["resourceType"], changed["id"]] = changed
        house = House(records, NOW_MS, "withheld")
        for caller in WATCHERS:
            for type_ in ("Condition", "Patient", "Specimen", "Location"):
                rights = Rights(caller, "search", NOW_MS, "withheld")
                assert look(world, rights, type_) == house.see(caller, "search", type_), (caller, changed)
