"""A dose is given to its patient, once, in time, as it was ordered; everything else is stopped or refused."""

from typing import Any

import pytest
from tests.live import MONDAY_MS
from tests.units import act, at, band, get_unit_house, make_request

from oncopolis.foundation import ForbiddenError, InputError, OncopolisError
from oncopolis.operations import Decision, Floor
from oncopolis.operations.doses import Dose, Doses
from oncopolis.operations.loop import Check, write_code
from oncopolis.record import Who

HOUR_MS = 3_600_000
NURSE = Who("Practitioner", "nurse", "Nurse")


def dispense(
    floor: Floor, request: dict[str, Any] | None = None, hours: tuple[float, ...] = (0,)
) -> list[str]:
    """Doses that are due so many hours from eight on Monday, good for a day."""
    doses = [
        {"due_ms": MONDAY_MS + round(one * HOUR_MS), "expires_ms": MONDAY_MS + round((one + 24) * HOUR_MS)}
        for one in hours
    ]
    asked = request or make_request("A04AA01", "ondansetron", 8, "oral")
    return list(act(floor, at(0), "dispense_doses", request=asked, doses=doses).answer["doses"])


def give(floor: Floor, dose: str, minutes: int = 0, **said: Any) -> Decision:
    """Scan the right patient and dose, or what is said."""
    right = {"patient_code": band("p1"), "dose_code": write_code("bag", dose), "route": "oral"}
    return act(floor, at(minutes, NURSE), "give_dose", dose=dose, **{**right, **said})


def get_check(floor: Floor) -> Check:
    (check,) = floor.list(Check)
    return check


@pytest.fixture
def floor() -> Floor:
    return Floor(get_unit_house())


def test_the_right_dose_is_given_once(floor: Floor) -> None:
    first, later = dispense(floor, hours=(0, 8))
    decision = give(floor, first, 30)
    assert decision.answer["passed"]
    (record,) = [one for one in decision.records if one["resourceType"] == "MedicationAdministration"]
    assert (record["status"], record["dosage"]["text"]) == ("completed", "8 mg")
    assert record["performer"] == [{"actor": {"reference": "Practitioner/nurse"}}]
    assert [one.id for one in floor.index(Doses).list_of("p1")] == [later]
    with pytest.raises(OncopolisError, match="OPS-"):
        give(floor, first, 31)


@pytest.mark.parametrize(
    ("said", "stopped"),
    [
        ({"patient_code": band("p2")}, ["dose.patient"]),
        ({"route": "intravenous"}, ["dose.route"]),
        ({"dose_code": write_code("bag", "none")}, ["dose.thing", "dose.drug", "dose.dose", "dose.expiry"]),
        (
            {"dose_code": write_code("container", "1")},
            ["dose.thing", "dose.drug", "dose.dose", "dose.expiry"],
        ),
        ({"dose_code": write_code("bag", "x")[:-2]}, ["dose.readable"]),
        ({"patient_code": ""}, ["dose.readable"]),
    ],
)
def test_what_does_not_match_is_stopped_and_kept(
    floor: Floor, said: dict[str, Any], stopped: list[str]
) -> None:
    (dose,) = dispense(floor)
    decision = give(floor, dose, **said)
    assert decision.answer["stopped"] == stopped
    assert not [one for one in decision.records if one["resourceType"] == "MedicationAdministration"]
    assert floor.get(Dose, dose).is_open
    if stopped != ["dose.readable"]:
        with pytest.raises(ForbiddenError, match="OPS-241"):
            act(floor, at(0, NURSE), "override_check", check=get_check(floor).id, reason="in a hurry")


def test_another_medicine_of_the_same_patient_is_stopped(floor: Floor) -> None:
    (dose,) = dispense(floor)
    (other,) = dispense(floor, make_request("N02BE01", "paracetamol", 500, "oral"))
    decision = give(floor, dose, dose_code=write_code("bag", other))
    assert decision.answer["stopped"] == ["dose.thing", "dose.drug", "dose.dose"]


@pytest.mark.parametrize("minutes", [-61, 61])
def test_too_early_and_too_late_need_a_reason(floor: Floor, minutes: int) -> None:
    (dose,) = dispense(floor, hours=(2,))
    at_minutes = 120 + minutes
    assert give(floor, dose, at_minutes).answer["stopped"] == ["dose.time"]
    check = get_check(floor)
    act(floor, at(at_minutes, NURSE), "override_check", check=check.id, reason="was in the theatre")
    decision = give(floor, dose, at_minutes, despite=check.id)
    assert decision.answer["passed"]
    assert get_check(floor).state == "used"
    assert not floor.index(Doses).list_of("p1")


def test_an_expired_dose_is_never_given(floor: Floor) -> None:
    (dose,) = dispense(floor)
    decision = give(floor, dose, 25 * 60)
    assert decision.answer["stopped"] == ["dose.expiry", "dose.time"]


def test_a_dose_is_not_given_for_a_reason(floor: Floor) -> None:
    (dose,) = dispense(floor)
    with pytest.raises(InputError):
        act(floor, at(0, NURSE), "withhold_dose", dose=dose, reason=" ")
    decision = act(floor, at(0, NURSE), "withhold_dose", dose=dose, reason="the patient fasts")
    (record,) = decision.records
    assert (record["status"], record["statusReason"]) == ("not-done", [{"text": "the patient fasts"}])
    assert not floor.index(Doses).list_of("p1")


@pytest.mark.parametrize(
    "request_",
    [
        make_request("A04AA01", "ondansetron", 8, "oral") | {"contained": []},
        make_request("A04AA01", "ondansetron", 8, "oral", when="2027-03-01T12:00:00+05:00"),
        make_request("L01CA02", "vincristine", 2, "intrathecal"),
        make_request("A04AA01", "ondansetron", 0, "oral"),
        make_request("A04AA01", "ondansetron", 8, "somewhere"),
        make_request("A04AA01", "ondansetron", 8, "oral") | {"status": "stopped"},
        {"resourceType": "MedicationRequest"},
    ],
)
def test_an_order_that_cannot_be_used_brings_no_dose(floor: Floor, request_: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="OPS-502"):
        dispense(floor, request_)
    assert not list(floor.list(Dose))


def test_a_dose_that_has_expired_when_it_is_due_is_refused(floor: Floor) -> None:
    doses = [{"due_ms": MONDAY_MS + HOUR_MS, "expires_ms": MONDAY_MS + HOUR_MS}]
    with pytest.raises(InputError, match="OPS-502"):
        act(floor, at(0), "dispense_doses", request=make_request("A", "a", 1, "oral"), doses=doses)


def test_another_system_may_take_a_dose_back(floor: Floor) -> None:
    (dose,) = dispense(floor)
    record = floor.get(Dose, dose).to_record()
    assert Dose.from_record(record) == floor.get(Dose, dose)
    gone = Dose.from_record(record | {"status": "cancelled"})
    assert (gone.state, gone.is_open) == ("withheld", False)
    floor.put(gone)
    with pytest.raises(OncopolisError, match="OPS-"):
        give(floor, dose)
