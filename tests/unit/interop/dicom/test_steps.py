from datetime import UTC, datetime

import pytest
from pydicom.dataset import Dataset

from oncopolis.interop.dicom.charsets import choose_charset
from oncopolis.interop.dicom.steps import Step, make_name, to_dataset
from oncopolis.operations.people.views import Identifier, Named, Person

LATIN = Named("Hong", ("Gildong",))
HANGUL = Named("홍", ("길동",))
HAN = Named("洪", ("吉洞",))
CYRILLIC = Named("Иванов", ("Иван", "Петрович"))


@pytest.mark.parametrize(
    ("names", "written"),
    [
        ((LATIN,), "Hong^Gildong"),
        ((HANGUL, LATIN), "Hong^Gildong==홍^길동"),
        ((LATIN, HAN, HANGUL), "Hong^Gildong=洪^吉洞=홍^길동"),
        ((HANGUL,), "홍^길동"),
        ((CYRILLIC,), "Иванов^Иван^Петрович"),
        ((CYRILLIC, Named("Ivanov", ("Ivan",))), "Ivanov^Ivan"),
        ((Named("Old", ("Name",), "maiden"), LATIN), "Hong^Gildong"),
        ((Named("A^B=C\\D", ("E",)),), "A B C D^E"),
        ((Named(text="Somebody Unknown"),), "Somebody Unknown"),
        ((), ""),
    ],
)
def test_a_name_has_its_groups(names: tuple[Named, ...], written: str) -> None:
    assert make_name(names) == written


def make_step(*names: Named, booking: str = "b-1") -> Step:
    person = Person(
        "p-1", names=names, birth_date="1970-05", sex="female", identifiers=(Identifier("urn:x", "7"),)
    )
    start = datetime(2027, 3, 2, 8, 30, tzinfo=UTC)
    label = "CT of the chest" * 9
    return Step(booking, "CT1", "CT", "machine.ct.1", "ct", start, label, "ARRIVED", "HIGH", person)


def test_everything_a_station_needs_is_there_and_no_longer_than_it_may_be() -> None:
    made = to_dataset(make_step(LATIN))
    step = made.ScheduledProcedureStepSequence[0]
    assert (made.PatientID, made.PatientSex, made.PatientBirthDate) == ("p-1", "F", "")
    assert made.OtherPatientIDsSequence[0].PatientID == "7"
    assert (step.ScheduledProcedureStepStartDate, step.ScheduledProcedureStepStartTime) == (
        "20270302",
        "083000",
    )
    assert step.ScheduledProcedureStepStatus == "ARRIVED"
    assert len(made.RequestedProcedureDescription) <= 64
    assert len(made.AccessionNumber) == 16


def test_numbers_follow_from_the_appointment() -> None:
    one, again, other = make_step(), make_step(LATIN), make_step(booking="b-2")
    assert one.study_uid == again.study_uid != other.study_uid
    assert one.short_id == again.short_id != other.short_id
    assert len(one.study_uid) <= 64


@pytest.mark.parametrize(
    ("name", "wished", "charset"),
    [
        (LATIN, "ISO_IR 100", "ISO_IR 100"),
        (CYRILLIC, "ISO_IR 144", "ISO_IR 144"),
        (HANGUL, "ISO 2022 IR 149", ["", "ISO 2022 IR 149"]),
        (HANGUL, "ISO_IR 192", "ISO_IR 192"),
        (HANGUL, "ISO_IR 144", "ISO_IR 192"),
        (CYRILLIC, "ISO_IR 100", "ISO_IR 192"),
    ],
)
def test_a_name_is_never_lost_to_a_character_set(name: Named, wished: str, charset: str | list[str]) -> None:
    answer, inner = Dataset(), Dataset()
    inner.PatientName = make_name((name,))
    answer.ReferencedPatientSequence = [inner]
    assert choose_charset(answer, wished) == charset
