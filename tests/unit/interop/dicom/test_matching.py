import pytest
from pydicom.dataset import Dataset

from oncopolis.interop.dicom.matching import matches, pick


def there() -> Dataset:
    made, step = Dataset(), Dataset()
    step.Modality = "CT"
    step.ScheduledStationAETitle = "CT1"
    step.ScheduledProcedureStepStartDate = "20270302"
    step.ScheduledProcedureStepStartTime = "083000"
    made.PatientName = "Hong^Gildong==홍^길동"
    made.PatientID = "p-1"
    made.ScheduledProcedureStepSequence = [step]
    return made


def ask(**asked: str) -> Dataset:
    made, step = Dataset(), Dataset()
    for name, value in asked.items():
        setattr(made if name.startswith("Patient") else step, name, value)
    made.ScheduledProcedureStepSequence = [step]
    return made


@pytest.mark.parametrize(
    ("asked", "is_meant"),
    [
        ({}, True),
        ({"Modality": ""}, True),
        ({"Modality": "CT"}, True),
        ({"Modality": "MR"}, False),
        ({"Modality": "C"}, False),
        ({"ScheduledStationAETitle": "CT1"}, True),
        ({"ScheduledStationAETitle": "CT?"}, True),
        ({"ScheduledStationAETitle": "CT2"}, False),
        ({"ScheduledProcedureStepStartDate": "20270302"}, True),
        ({"ScheduledProcedureStepStartDate": "20270301-20270302"}, True),
        ({"ScheduledProcedureStepStartDate": "20270303-"}, False),
        ({"ScheduledProcedureStepStartDate": "-20270301"}, False),
        ({"ScheduledProcedureStepStartDate": "-20270302"}, True),
        ({"ScheduledProcedureStepStartTime": "0830"}, True),
        ({"ScheduledProcedureStepStartTime": "0800-0830"}, True),
        ({"ScheduledProcedureStepStartTime": "0831-"}, False),
        ({"PatientID": "p-1"}, True),
        ({"PatientID": "p-*"}, True),
        ({"PatientID": "p-2"}, False),
        ({"PatientName": "hong*"}, True),
        ({"PatientName": "홍*"}, True),
        ({"PatientName": "Hong^Gildong"}, True),
        ({"PatientName": "Hong"}, False),
        ({"PatientName": "Kim*"}, False),
        ({"PatientName": "[H]ong*"}, False),
        ({"PatientName": "*"}, True),
    ],
)
def test_an_attribute_matches_as_the_standard_says(asked: dict[str, str], is_meant: bool) -> None:
    assert matches(ask(**asked), there()) is is_meant


def test_what_is_not_known_here_matches_and_comes_back_empty() -> None:
    asked = ask()
    asked.InstitutionName = "elsewhere"
    assert matches(asked, there())
    assert pick(asked, there()).InstitutionName is None


def test_only_what_was_asked_for_comes_back() -> None:
    picked = pick(ask(Modality="", PatientID=""), there())
    assert picked.PatientID == "p-1"
    assert "PatientName" not in picked
    assert [element.keyword for element in picked.ScheduledProcedureStepSequence[0]] == ["Modality"]


def test_an_empty_sequence_asks_for_all_of_it() -> None:
    asked = Dataset()
    asked.ScheduledProcedureStepSequence = []
    assert pick(asked, there()).ScheduledProcedureStepSequence[0].ScheduledStationAETitle == "CT1"
