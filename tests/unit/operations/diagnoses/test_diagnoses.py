"""A tumour is diagnosed and staged in mCODE's form; what was wrong is put right and stays to be seen."""

from typing import Any

import pytest
from tests.clinic import Data
from tests.live import SOMEBODY, do, open_live

from oncopolis.foundation import ConflictError, InputError, OncopolisError
from oncopolis.operations import ACTS, VIEWS, Live
from oncopolis.operations.courses import Course
from oncopolis.operations.courses.diagnosed import to_stage
from oncopolis.operations.diagnoses import Diagnosis, Staging, Tumour, list_tumours
from oncopolis.record import Act
from oncopolis.record.fhir.bodies import find_resource
from oncopolis.record.fhir.validating import validate
from oncopolis.record.oncology.notification import read_cases
from oncopolis.record.store import Store

MADE = Act("C", "made for a test", SOMEBODY, "test")
BREAST: Data = {
    "icd10": "c509", "topography": "c50.4", "morphology": "8500/3", "side": "left", "day": "2027-02-20",
    "basis": "7",
}  # fmt: skip
CLINICAL: Data = {
    "classified": "c", "edition": "ajcc-8", "t": "2", "n": "N1", "m": "0", "group": "iib", "grade": "G2",
    "source": "clinician", "day": "2027-02-22",
}  # fmt: skip


@pytest.fixture
def live(store: Store) -> Live:
    patient = {"resourceType": "Patient", "id": "p1", "name": [{"family": "Karimova"}], "active": True}
    store.submit(lambda tx: tx.put(patient), MADE).result()
    store.submit(lambda tx: tx.put({"resourceType": "Practitioner", "id": "somebody"}), MADE).result()
    return open_live(store, VIEWS)


def act(live: Live, name: str, **said: Any) -> dict[str, Any]:
    return do(live, ACTS[name], said)


def diagnose(live: Live, **more: Any) -> str:
    return str(act(live, "record_diagnosis", **({"patient": "p1"} | BREAST | more))["diagnosis"])


def get_tumour(live: Live) -> Tumour:
    (tumour,) = live.ask(lambda floor: list_tumours(floor, "p1"))
    return tumour


def list_bodies(store: Store) -> list[Data]:
    kinds = ("Patient", "Condition", "Observation")
    found = [find_resource(one) for kind in kinds for one in store.list_current(kind)]
    return [one for one in found if one is not None]


def test_a_diagnosis_and_its_stage_are_sound_mcode_and_can_be_notified(live: Live, store: Store) -> None:
    id_ = diagnose(live)
    act(live, "stage_tumour", diagnosis=id_, **CLINICAL)
    tumour = get_tumour(live)
    assert (tumour.diagnosis.icd10, tumour.diagnosis.topography) == ("C50.9", "C50.4")
    assert tumour.stage is not None
    assert (tumour.stage.tnm, tumour.stage.group) == ("cT2 cN1 cM0", "IIB")
    bodies = list_bodies(store)
    errors = [str(one) for body in bodies for one in validate(body) if one.severity == "error"]
    assert not errors
    assert len(bodies) == 1 + 1 + 5
    (case,) = read_cases(bodies)
    wanted = {"icd10": "C50.9", "morphology": "8500/3", "laterality": "left", "basis": "7", "stage": "IIB"}
    wanted |= {"t": "cT2", "n": "cN1", "m": "cM0", "stage_basis": "clinical", "incidence_date": "2027-02-20"}
    assert {key: case.values.get(key) for key in wanted} == wanted


def test_a_record_says_what_its_view_says(live: Live, store: Store) -> None:
    id_ = diagnose(live)
    staging = act(live, "stage_tumour", diagnosis=id_, **CLINICAL)["staging"]
    for kind, name in ((Diagnosis, id_), (Staging, staging)):
        body = find_resource(store.read(kind.TYPE, name))
        assert body is not None
        view = kind.from_record(body)
        written = view.to_record() | {"meta": None}
        assert written == body | {"meta": None}
        assert kind.from_record(view.to_record()) == view


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"icd10": "50.9"}, "OPS-450"),
        ({"topography": "X50.9"}, "OPS-450"),
        ({"morphology": "8500/5"}, "OPS-450"),
        ({"morphology": "8500/2"}, "OPS-450"),
        ({"topography": ""}, "OPS-450"),
        ({"day": "2027-03-02"}, "OPS-453"),
    ],
)
def test_what_is_no_code_or_no_day_is_refused(live: Live, more: Data, code: str) -> None:
    with pytest.raises(OncopolisError) as refused:
        diagnose(live, **more)
    assert refused.value.code == code
    assert not live.ask(lambda floor: list_tumours(floor, "p1"))


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"t": "9"}, "OPS-450"),
        ({"group": "V"}, "OPS-450"),
        ({"t": "", "n": "", "m": "", "group": ""}, "OPS-451"),
    ],
)
def test_what_is_no_stage_is_refused(live: Live, more: Data, code: str) -> None:
    id_ = diagnose(live)
    with pytest.raises(InputError) as refused:
        act(live, "stage_tumour", diagnosis=id_, **(CLINICAL | more))
    assert refused.value.code == code
    assert not get_tumour(live).stagings


def test_a_stage_after_surgery_is_pathological_but_for_metastases(live: Live) -> None:
    id_ = diagnose(live)
    act(live, "stage_tumour", diagnosis=id_, **(CLINICAL | {"classified": "yp", "t": "is", "n": "0(sn)"}))
    stage = get_tumour(live).stage
    assert stage is not None
    assert stage.tnm == "ypTis ypN0(sn) ycM0"


def test_staged_again_the_latest_holds_and_the_first_is_kept(live: Live) -> None:
    id_ = diagnose(live)
    act(live, "stage_tumour", diagnosis=id_, **CLINICAL)
    act(live, "stage_tumour", diagnosis=id_, **(CLINICAL | {"classified": "p", "day": "2027-03-01"}))
    tumour = get_tumour(live)
    assert [one.classified for one in tumour.stagings] == ["p", "c"]
    assert tumour.stage == tumour.stagings[0]


def test_a_wrong_stage_is_withdrawn_with_its_members_and_replaced(live: Live, store: Store) -> None:
    id_ = diagnose(live)
    wrong = act(live, "stage_tumour", diagnosis=id_, **CLINICAL)["staging"]
    with pytest.raises(InputError):
        act(live, "withdraw_staging", staging=wrong, reason=" ")
    right = CLINICAL | {"n": "0", "group": "IIA", "instead_of": wrong, "reason": "node was reactive"}
    act(live, "stage_tumour", diagnosis=id_, **right)
    tumour = get_tumour(live)
    assert tumour.stage is not None
    assert tumour.stage.group == "IIA"
    ids = (wrong, *(f"{wrong}-{part}" for part in "tnmg"))
    bodies = [find_resource(store.read("Observation", one)) or {} for one in ids]
    assert {body["status"] for body in bodies} == {"entered-in-error"}
    assert not [one for body in bodies for one in validate(body) if one.severity == "error"]
    with pytest.raises(ConflictError) as again:
        act(live, "withdraw_staging", staging=wrong, reason="once more")
    assert again.value.code == "OPS-454"


def test_a_stage_takes_no_other_tumours_place(live: Live) -> None:
    other = diagnose(live, icd10="C18.9", topography="C18.9", morphology="8140/3", side="")
    staging = act(live, "stage_tumour", diagnosis=other, **CLINICAL)["staging"]
    with pytest.raises(InputError) as refused:
        act(live, "stage_tumour", diagnosis=diagnose(live), instead_of=staging, reason="x", **CLINICAL)
    assert refused.value.code == "OPS-452"


def test_a_correction_says_who_and_why_and_keeps_what_others_wrote(live: Live, store: Store) -> None:
    id_ = diagnose(live)
    body = find_resource(store.read("Condition", id_)) or {}
    store.submit(lambda tx: tx.put(body | {"onsetString": "felt it in January"}), MADE).result()
    act(live, "correct_diagnosis", diagnosis=id_, **(BREAST | {"morphology": "8520/3"}), reason="second look")
    tumour = get_tumour(live).diagnosis
    assert (tumour.morphology, [one.text for one in tumour.notes]) == ("8520/3", ["second look"])
    assert tumour.notes[0].by == "Practitioner/somebody"
    assert (find_resource(store.read("Condition", id_)) or {})["onsetString"] == "felt it in January"


def test_a_diagnosis_in_error_takes_its_stages_with_it(live: Live, store: Store) -> None:
    id_ = diagnose(live)
    act(live, "stage_tumour", diagnosis=id_, **CLINICAL)
    act(live, "withdraw_diagnosis", diagnosis=id_, reason="another patient's")
    tumour = get_tumour(live)
    assert tumour.diagnosis.state == "withdrawn"
    assert tumour.stage is None
    bodies = list_bodies(store)
    assert not read_cases(bodies)
    assert not [one for body in bodies for one in validate(body) if one.severity == "error"]
    with pytest.raises(ConflictError):
        act(live, "stage_tumour", diagnosis=id_, **CLINICAL)


def test_a_stage_group_becomes_the_stage_of_a_pathway(live: Live) -> None:
    routes = [one for one in live.house.network.routes.values() if one.stage]
    for route in routes[:1]:
        assert to_stage(live.house, route.pathway, route.site or "", "nothing") == ""
    assert to_stage(live.house, "none", "", "IIIC") == ""


def test_a_course_belongs_to_a_diagnosis_of_its_patient(live: Live, store: Store) -> None:
    id_ = diagnose(live)
    act(live, "stage_tumour", diagnosis=id_, **CLINICAL)
    course = act(live, "start_course", patient="p1", pathway="care", diagnosis=id_)["course"]
    assert live.ask(lambda floor: floor.get(Course, course)).diagnosis == id_
    body = find_resource(store.read("CarePlan", course)) or {}
    assert body["addresses"] == [{"reference": f"Condition/{id_}"}]
    other = {"resourceType": "Patient", "id": "p2", "active": True}
    store.submit(lambda tx: tx.put(other), MADE).result()
    with pytest.raises(InputError) as refused:
        act(live, "start_course", patient="p2", pathway="care", diagnosis=id_)
    assert refused.value.code == "OPS-455"
