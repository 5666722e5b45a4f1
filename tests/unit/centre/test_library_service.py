"""What the oncology library tells the twin agrees with what it tells the plan."""

import pytest
from tests.shared import read_example

from oncopolis.centre import Project
from oncopolis.centre.copying import list_examples
from oncopolis.centre.number import EvidenceRef
from oncopolis.centre.resource import Resource
from oncopolis.evidence import load_evidence

pytestmark = pytest.mark.slow

STOPPED_BY = {"proton_room": "proton_beam"}
"""Room -> what fails in its place."""


@pytest.fixture(scope="module", params=list_examples())
def example(request: pytest.FixtureRequest) -> Project:
    return read_example(request.param)


def get(number: object) -> float:
    assert isinstance(number, EvidenceRef)
    return load_evidence().get_row(number.evidence, "test").value


def compute_running_share(resource: Resource) -> float:
    """Share of the time between services in which it is not being repaired."""
    assert resource.breakdown is not None
    every, repair = get(resource.breakdown.every), get(resource.breakdown.repair)
    return every / (every + repair)


def compute_unserviced_share(project: Project, resource: Resource) -> float:
    """Share of open time in which no planned service is done."""
    if resource.maintenance is None:
        return 1.0
    hours = project.centre.get_calendar(resource.calendar).hours_per_day
    return 1 - get(resource.maintenance.time) / (resource.maintenance.every_days * hours)


def test_failures_and_service_leave_the_availability_of_the_plan(example: Project) -> None:
    """Whatever the plan counts as partly out of order is as much out of order in the twin."""
    resources = example.centre.resources
    known = {key: part for key, part in resources.items() if part.sizing and part.sizing.availability}
    assert len(known) >= 11
    for key, resource in known.items():
        assert resource.sizing is not None
        share = compute_running_share(resources[STOPPED_BY.get(key, key)])
        share *= compute_unserviced_share(example, resource)
        assert share == pytest.approx(get(resource.sizing.availability), abs=0.006), key


def test_no_show_is_stated_once(example: Project) -> None:
    """A patient who never comes is missed by room and doctor together: only the room says how often."""
    booked = {key: part for key, part in example.centre.resources.items() if part.booking}
    assert {"theatre", "linac", "chair", "consult_room", "surgical_oncologist"} <= set(booked)
    for key, resource in booked.items():
        assert resource.booking is not None
        assert (resource.booking.no_show is None) == (resource.kind == "role"), key


def test_operations_end_while_recovery_still_takes_patients(example: Project) -> None:
    """The last operation of overtime leads into a bay that is still open, on the hours of the theatres."""
    theatre = example.centre.get_calendar(example.centre.resources["theatre"].calendar)
    recovery = example.centre.get_calendar(example.centre.resources["recovery_place"].calendar)
    assert (recovery.opens, recovery.closes, recovery.days) == (theatre.opens, theatre.closes, theatre.days)
    assert recovery.overtime_min > theatre.overtime_min


def test_nobody_waits_for_a_report_in_the_scanner(example: Project) -> None:
    """A phase that only holds whoever reports is done without the patient."""
    for key in ("ct_scan", "mri_scan", "pet_ct_scan", "spect_scan", "mammography", "xray"):
        last = example.centre.activities[key].phases[-1]
        assert (last.id, last.patient) == ("report", False)


def test_emergencies_of_other_clinics_come_day_and_night() -> None:
    """The hours of emergencies are those observed: 60 % from 9 to 18, 16 % on a Monday."""
    flow = read_example("severance").centre.flows["emergency_medicine_visits"]
    assert flow.day is not None
    assert flow.week is not None
    assert flow.priority == 1
    rows = load_evidence()
    hours = rows.get_row("emergency.observed.working_hours_share", "test")
    assert hours.lowest <= sum(flow.day[9:18]) / sum(flow.day) <= hours.highest
    monday = rows.get_row("emergency.observed.monday_share", "test").value
    assert flow.week[0] / sum(flow.week) == pytest.approx(monday, abs=0.005)
