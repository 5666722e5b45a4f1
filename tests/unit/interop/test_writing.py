"""Messages of ours: of sound structure by hl7apy's strict parser, and they state what the record says."""

import warnings
from collections.abc import Mapping
from typing import Any

import pytest
from hl7apy.consts import VALIDATION_LEVEL  # type: ignore[import-untyped]
from hl7apy.parser import parse_message  # type: ignore[import-untyped]
from tests.hl7 import admit, book, make_settings, order, register, report
from tests.reading import get_only, list_records

from oncopolis.interop.hl7 import parse
from oncopolis.interop.mapping.events import choose_control, choose_event
from oncopolis.interop.mapping.writing import Envelope, write_message
from oncopolis.interop.messages.taking import Taker
from oncopolis.interop.pages import list_fields
from oncopolis.record.fhir.text import parse as parse_resource
from oncopolis.record.store import Store

TYPES = ("Patient", "Encounter", "Appointment", "ServiceRequest", "DiagnosticReport")
NAMING = make_settings().get_naming("his")
KEPT = {"meta", "text"}


def envelope(version: str = "2.5.1", charset: str = "UNICODE UTF-8") -> Envelope:
    return Envelope(("ONCOPOLIS", "CENTRE"), ("HIS", "CITY"), "77", 1_767_000_000_000, version, charset)


@pytest.fixture
def filled(taker: Taker, store: Store) -> Store:
    for n, data in enumerate((admit("1"), book("2"), order("3"), report("4"))):
        assert b"MSA|AA" in (taker.take(data, "127.0.0.1") or b""), n
    return store


def write(
    store: Store, record: dict[str, Any], version: str = "2.5.1", charset: str = "UNICODE UTF-8"
) -> bytes:
    def find(reference: str) -> Mapping[str, Any] | None:
        type_, _, id_ = reference.partition("/")
        found = store.read(type_, id_)
        return parse_resource(found.body) if found and found.body else None

    return write_message(record, None, find, NAMING, envelope(version, charset)).to_bytes()


def test_what_we_send_is_of_sound_structure_and_changes_nothing_when_it_comes_back(
    filled: Store, taker: Taker
) -> None:
    before = {type_: list_records(filled, type_) for type_ in (*TYPES, "Observation")}
    for n, type_ in enumerate(TYPES):
        data = write(filled, get_only(filled, type_))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = parse_message(data.decode(), validation_level=VALIDATION_LEVEL.STRICT)
            if type_ != "ServiceRequest":  # There hl7apy wants each of several alternatives.
                assert parsed.validate()
        back = data.replace(b"|ONCOPOLIS|CENTRE|HIS|CITY|", b"|HIS|CITY|ONCOPOLIS|CENTRE|")
        back = back.replace(b"|77|P|", f"|back-{n}|P|".encode())
        assert b"MSA|AA" in (taker.take(back, "127.0.0.1") or b""), back
    for type_, records in before.items():
        assert list_records(filled, type_) == records, type_


@pytest.mark.parametrize("version", ["2.3", "2.3.1", "2.4", "2.5"])
def test_older_versions_say_the_same(filled: Store, version: str) -> None:
    data = write(filled, get_only(filled, "Appointment"), version)
    head = parse(data).get_first("SCH")
    assert (head.get(11, 4) == "20260105100000+0500") == (version != "2.5")
    assert (b"TQ1|" in data) == (version == "2.5")


def test_records_of_ours_are_numbered_by_their_id(store: Store, taker: Taker) -> None:
    patient = {"resourceType": "Patient", "id": "p1", "name": [{"text": "김지수"}]}
    data = write(store, patient, charset="EUC-KR")
    pid = parse(data).get_first("PID")
    assert (pid.get(3), pid.get(3, 4), pid.get(5)) == ("p1", "ONCOPOLIS", "김지수")


def test_events() -> None:
    stay = {"resourceType": "Encounter", "status": "in-progress", "class": {"code": "IMP"}}
    out = {**stay, "class": {"code": "AMB"}}
    assert choose_event(stay, None) == "A01"
    assert choose_event(out, None) == "A04"
    assert choose_event({**stay, "status": "planned"}, None) == "A05"
    assert choose_event({**stay, "status": "finished"}, stay) == "A03"
    assert choose_event(stay, {**stay, "status": "finished"}) == "A13"
    assert choose_event({**stay, "status": "cancelled"}, stay) == "A11"
    assert choose_event({**stay, "location": [{}]}, stay) == "A02"
    assert choose_event({**stay, "priority": {}}, stay) == "A08"
    patient = {"resourceType": "Patient"}
    assert [choose_event(patient, None), choose_event(patient, patient)] == ["A28", "A31"]
    assert choose_event({**patient, "link": [{"type": "replaced-by"}]}, patient) == "A40"
    visit = {"resourceType": "Appointment", "status": "booked", "start": "1"}
    assert [
        choose_event(visit, None), choose_event({**visit, "start": "2"}, visit),
        choose_event({**visit, "comment": "x"}, visit), choose_event({**visit, "status": "cancelled"}, visit),
        choose_event({**visit, "status": "noshow"}, visit),
    ] == ["S12", "S13", "S14", "S15", "S26"]  # fmt: skip
    asked = {"resourceType": "ServiceRequest", "status": "active"}
    assert [
        choose_control(asked, None), choose_control(asked, asked),
        choose_control({**asked, "status": "revoked"}, asked),
        choose_control(asked, {**asked, "status": "on-hold"}),
    ] == ["NW", "XO", "CA", "RL"]  # fmt: skip


def test_a_merge_names_both(store: Store, taker: Taker) -> None:
    taker.take(register("1"), "127.0.0.1")
    stays = get_only(store, "Patient")
    ended = {
        "resourceType": "Patient", "id": "old", "identifier": [{"system": "urn:oid:1.2.3", "value": "999"}],
        "link": [{"other": {"reference": f"Patient/{stays['id']}"}, "type": "replaced-by"}],
    }  # fmt: skip
    parsed = parse(write(store, ended))
    assert parsed.kind == ("ADT", "A40")
    assert (parsed.get_first("PID").get(3), parsed.get_first("MRG").get(1)) == ("123", "999")


def test_the_table_of_fields_has_both_directions() -> None:
    rows = list_fields()
    assert ("PID-5", "XPN", "Patient.name", "in, out") in rows
    assert len({row[0] for row in rows}) > 50
