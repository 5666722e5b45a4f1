"""The modality worklist as dcmtk's findscu and a pynetdicom station ask for it."""

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pynetdicom import AE
from pynetdicom.sop_class import ModalityWorklistInformationFind  # type: ignore[attr-defined]
from tests.booked import at, get_booked_house
from tests.live import SOMEBODY, wish
from tests.records import make_keys as make_record_keys
from tests.records import query

from oncopolis.foundation import InputError
from oncopolis.interop.dicom.settings import DicomSettings
from oncopolis.operations import Live, get_act
from oncopolis.operations.booking.views import Booking
from oncopolis.record import Act as Audited
from oncopolis.record.store import Transaction, open_store
from oncopolis.web.exchange import serve_worklist

NAMES: dict[str, list[dict[str, Any]]] = {
    "hong": [{"family": "Hong", "given": ["Gildong"]}, {"family": "홍", "given": ["길동"]}],
    "ivanov": [{"family": "Иванов", "given": ["Иван", "Петрович"]}],
    "kim": [{"family": "김", "given": ["민준"]}],
}
SETTINGS = DicomSettings.model_validate({
    "ae_title": "ONCOPOLIS",
    "stations": {
        "LINAC1": {"modality": "RTIMAGE", "units": ["machine.linac.1"]},
        "LINACS": {"modality": "RTIMAGE", "units": ["linac"]},
        "CYR": {"modality": "CT", "units": ["consult_room"], "charset": "ISO_IR 144"},
        "KOR": {"modality": "MR", "units": ["consult_room"], "charset": "ISO 2022 IR 149"},
        "AWAY": {"modality": "US", "units": ["linac"], "addresses": ["10.9.0.0/16"]},
    },
})  # fmt: skip
STEP = "(0040,0100)[0]"
DAYS = "20270301-20270310"


@dataclass
class Served:
    live: Live
    port: int
    said: list[str]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Three patients, each with a time at a linac and one in a room; on a free port."""
    said: list[str] = []
    tmp_path = tmp_path_factory.mktemp("record")
    with open_store(f"sqlite:///{tmp_path}/record.sqlite", keys=make_record_keys(tmp_path)) as store:
        live = Live(store, get_booked_house())
        live.open()
        for id_, names in NAMES.items():
            person = {
                "resourceType": "Patient",
                "id": id_,
                "name": names,
                "gender": "male",
                "birthDate": "1960-02-29",
            }
            made = Audited("C", "create", SOMEBODY, id_)
            store.submit(partial(Transaction.put, resource=person), made).result()
        now, book = at("07:00"), get_act("book")
        for activity in ("fraction", "consult"):
            for id_ in NAMES:
                said_ = {"patient": id_, "activity": activity, "earliest": "2027-03-02"}
                live.perform(wish(book, said_, now)).result()
        with serve_worklist(live, SETTINGS, ("127.0.0.1", 0), said.append):
            port = int(re.findall(r":(\d+) as ONCOPOLIS", said[0])[0])
            yield Served(live, port, said)


def find(
    served: Served, *keys: str, title: str = "LINACS", aec: str = "ONCOPOLIS", into: Path | None = None
) -> str:
    program = shutil.which("findscu")
    if program is None:
        pytest.skip("no findscu on this machine: install Debian's dcmtk")
    asked = [part for key in keys for part in ("-k", key)]
    more = ["-X", "-od", str(into)] if into else []
    done = subprocess.run(
        [program, "-v", "-W", "-aet", title, "-aec", aec, *more, "127.0.0.1", str(served.port), *asked],
        capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def list_booked(served: Served) -> list[Booking]:
    return served.live.ask(lambda floor: [one for one in floor.list(Booking) if one.activity == "fraction"])


def ask(served: Served, keys: Dataset, title: str = "LINACS") -> list[tuple[int, Dataset | None]]:
    ae = AE(ae_title=title)
    ae.add_requested_context(ModalityWorklistInformationFind)
    association = ae.associate("127.0.0.1", served.port, ae_title="ONCOPOLIS")
    assert association.is_established
    answers = [
        (status.Status, found)
        for status, found in association.send_c_find(keys, ModalityWorklistInformationFind)
    ]
    association.release()
    return answers


def make_keys(**asked: str) -> Dataset:
    keys, step = Dataset(), Dataset()
    keys.SpecificCharacterSet = "ISO_IR 192"
    for name in ("PatientName", "PatientID", "StudyInstanceUID", "AccessionNumber"):
        setattr(keys, name, asked.pop(name, ""))
    for name in (
        "Modality",
        "ScheduledStationAETitle",
        "ScheduledProcedureStepStartDate",
        "ScheduledProcedureStepStatus",
    ):
        setattr(step, name, asked.pop(name, ""))
    assert not asked
    keys.ScheduledProcedureStepSequence = [step]
    return keys


def list_steps(served: Served, **asked: str) -> list[Dataset]:
    answers = ask(served, make_keys(ScheduledProcedureStepStartDate=DAYS, **asked))
    return [found for _, found in answers if found is not None]


def test_findscu_gets_its_list(served: Served) -> None:
    said = find(
        served,
        "PatientName",
        f"{STEP}.0008,0060=RTIMAGE",
        f"{STEP}.0040,0001=LINACS",
        f"{STEP}.0040,0002={DAYS}",
    )
    assert said.count("(Pending)") == 3, said
    assert "Hong^Gildong==홍^길동" in said
    assert "Иванов^Иван^Петрович" in said
    assert "김^민준" in said


def test_names_come_in_the_character_set_a_station_reads(served: Served, tmp_path: Path) -> None:
    for title, charset, name in (
        ("CYR", "ISO_IR 144", "Иванов^Иван^Петрович"),
        ("KOR", ["", "ISO 2022 IR 149"], "김^민준"),
        ("CYR", "ISO_IR 192", "김^민준"),
    ):
        folder = tmp_path / f"{title}-{name[0]}"
        folder.mkdir()
        find(
            served,
            "PatientName",
            f"{STEP}.0040,0001={title}",
            f"{STEP}.0040,0002={DAYS}",
            title=title,
            into=folder,
        )
        read = [dcmread(file, force=True) for file in sorted(folder.iterdir())]
        found = {str(one.PatientName): one.SpecificCharacterSet for one in read}
        assert found[name] == charset


def test_a_station_sees_what_is_booked_at_its_units(served: Served) -> None:
    one = list_steps(served, ScheduledStationAETitle="LINAC1")
    both = list_steps(served, ScheduledStationAETitle="LINACS")
    booked = list_booked(served)
    on_first = [
        booking
        for booking in booked
        if booking.spot is not None and any(held.unit == "machine.linac.1" for held in booking.spot.units)
    ]
    assert len(both) == len(booked) == 3
    assert sorted(found.PatientID for found in one) == sorted(booking.patient for booking in on_first)
    assert len({found.StudyInstanceUID for found in both}) == 3


def test_who_has_come_is_told(served: Served) -> None:
    booking = next(one for one in list_booked(served) if one.patient == "hong")
    served.live.perform(wish(get_act("check_in"), {"booking": booking.id}, booking.start_ms)).result()
    answers = list_steps(served, PatientID="hong", ScheduledStationAETitle="LINACS")
    assert [found.ScheduledProcedureStepSequence[0].ScheduledProcedureStepStatus for found in answers] == [
        "ARRIVED"
    ]


def test_it_is_in_the_audit_that_a_station_was_told(served: Served) -> None:
    ask(served, make_keys(ScheduledStationAETitle="LINACS", ScheduledProcedureStepStartDate=DAYS))
    told = query(
        served.live.store,
        "SELECT p.patient FROM audit a JOIN audit_patient p ON p.seq = a.seq WHERE a.agent = ?",
        "Device/LINACS",
    )
    assert {patient for (patient,) in told} == set(NAMES)


@pytest.mark.parametrize("title", ["NOBODY", "AWAY"])
def test_strangers_and_stations_from_elsewhere_are_refused(served: Served, title: str) -> None:
    answers = ask(served, make_keys(), title)
    assert answers == [(0x0124, None)]
    assert any(f"{title} at 127.0.0.1 is refused" in line for line in served.said)


def test_another_name_for_us_is_refused(served: Served) -> None:
    assert "Called AE Title Not Recognized" in find(served, "PatientName", aec="ELSEWHERE")


def test_a_query_without_a_step_is_refused(served: Served) -> None:
    keys = Dataset()
    keys.PatientName = "*"
    assert ask(served, keys) == [(0xA900, None)]


def test_bytes_that_are_no_dicom_hurt_nobody(served: Served) -> None:
    for garbage in (b"GET / HTTP/1.1\r\n\r\n", b"\x01\x00\xff\xff\xff\xff" + bytes(64), bytes(1000)):
        with socket.create_connection(("127.0.0.1", served.port), 5) as stream:
            stream.sendall(garbage)
    assert ask(served, make_keys(ScheduledProcedureStepStartDate=DAYS))[-1][0] == 0


def test_a_unit_that_is_not_there_is_refused(served: Served) -> None:
    wrong = DicomSettings.model_validate({"stations": {"CT1": {"modality": "CT", "units": ["machine.ct.9"]}}})
    with (
        pytest.raises(InputError, match="INT-072"),
        serve_worklist(served.live, wrong, ("127.0.0.1", 0), print),
    ):
        pass


def test_a_port_that_is_taken_is_refused(served: Served) -> None:
    with (
        pytest.raises(InputError, match="INT-073"),
        serve_worklist(served.live, SETTINGS, ("127.0.0.1", served.port), print),
    ):
        pass
