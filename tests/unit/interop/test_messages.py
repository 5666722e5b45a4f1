"""Messages become records, once, and are kept; what cannot be applied waits for somebody."""

import base64
from typing import Any

import pytest
from tests.hl7 import PATIENT, admit, book, make_settings, message, order, register, report, segment, visit
from tests.reading import get_only, list_records
from tests.records import ACT

from oncopolis.foundation.errors import OncopolisError
from oncopolis.interop.messages.listing import list_waiting, show
from oncopolis.interop.messages.taking import Taker
from oncopolis.record.store import Store

HERE = "127.0.0.1"


def take(taker: Taker, data: bytes, code: str = "AA", address: str = HERE) -> bytes:
    answer = taker.take(data, address)
    assert answer is not None
    assert f"\rMSA|{code}|".encode() in answer, answer
    return answer


def count(store: Store) -> int:
    return len(store.history(limit=1000))


def test_a_stay_from_admission_to_discharge(taker: Taker, store: Store) -> None:
    take(taker, admit("1"))
    patient = get_only(store, "Patient")
    assert patient["birthDate"] == "1970-02-03"
    assert patient["gender"] == "female"
    assert [one["family"] for one in patient["name"]] == ["Каримова", "김"]
    assert patient["name"][1]["extension"][0]["valueCode"] == "IDE"
    assert {(one["system"], one["value"]) for one in patient["identifier"]} == {
        ("urn:oid:1.2.3", "123"), ("urn:uz:pinfl", "30102701234567"),
    }  # fmt: skip
    assert [one["use"] for one in patient["telecom"]] == ["mobile", "home"]
    stay = get_only(store, "Encounter")
    assert (stay["status"], stay["class"]["code"]) == ("in-progress", "IMP")
    assert stay["period"] == {"start": "2026-01-01T11:00:00+05:00"}
    assert stay["participant"][0]["individual"]["display"] == "Ким Александр"
    bed = get_only(store, "Location")
    assert bed["name"] == "W1 101 2"
    take(taker, message("ADT^A02^ADT_A02", "EVN|A02|20260102", PATIENT, visit(_3="W2^7^1"), id_="2"))
    moved = get_only(store, "Encounter")
    assert [one["status"] for one in moved["location"]] == ["active", "completed"]
    assert moved["location"][1]["location"]["reference"] == f"Location/{bed['id']}"
    take(taker, message("ADT^A03^ADT_A03", "EVN|A03|20260103101500", PATIENT, visit(), id_="3"))
    gone = get_only(store, "Encounter")
    assert (gone["status"], gone["period"]["end"]) == ("finished", "2026-01-03T10:15:00+05:00")
    take(taker, message("ADT^A13^ADT_A01", "EVN|A13|20260103", PATIENT, visit(), id_="4"))
    back = get_only(store, "Encounter")
    assert (back["status"], "end" in back["period"]) == ("in-progress", False)
    take(taker, message("ADT^A11^ADT_A09", "EVN|A11|20260103", PATIENT, visit(), id_="5"))
    assert get_only(store, "Encounter")["status"] == "cancelled"
    assert store.read("Patient", patient["id"]) == store.get("Patient", patient["id"])
    assert get_only(store, "Patient")["meta"]["versionId"] == "1"


def test_appointments_orders_and_results(taker: Taker, store: Store) -> None:
    take(taker, register("1"))
    take(taker, book("2"))
    booked = get_only(store, "Appointment")
    assert (booked["start"], booked["end"]) == ("2026-01-05T10:00:00+05:00", "2026-01-05T10:30:00+05:00")
    assert [one["actor"].get("reference", "").partition("/")[0] for one in booked["participant"]] == [
        "Patient", "Location", "",
    ]  # fmt: skip
    take(taker, book("3", "S13", "202601061100"))
    assert get_only(store, "Appointment")["start"] == "2026-01-06T11:00:00+05:00"
    take(taker, book("4", "S26"))
    assert get_only(store, "Appointment")["status"] == "noshow"
    take(taker, order("5"))
    asked = get_only(store, "ServiceRequest")
    assert (asked["status"], asked["priority"], asked["code"]["coding"][0]["system"]) == (
        "active", "stat", "http://loinc.org",
    )  # fmt: skip
    take(taker, report("6"))
    told = get_only(store, "DiagnosticReport")
    assert told["basedOn"] == [{"reference": f"ServiceRequest/{asked['id']}"}]
    assert base64.b64decode(told["presentedForm"][0]["data"]) == b"hello"
    found = {one["code"]["coding"][0]["code"]: one for one in list_records(store, "Observation")}
    assert str(found["718-7"]["valueQuantity"]["value"]) == "72.50"
    assert found["718-7"]["valueQuantity"]["code"] == "g/L"
    assert found["718-7"]["interpretation"][0]["coding"][0]["code"] == "L"
    assert found["NOTE"]["valueString"] == "line 1\nline 2"
    assert found["NOTE"]["note"] == [{"text": "a remark"}]
    assert found["X"]["valueQuantity"]["comparator"] == "<"
    assert found["BLD"]["valueCodeableConcept"]["text"] == "A positive"
    assert found["D"]["valueDateTime"] == "2026-01-03"
    assert len(told["result"]) == len(found) == 5
    take(taker, report("7", "positive", "C"))
    assert get_only(store, "DiagnosticReport")["status"] == "corrected"
    corrected = {one["code"]["coding"][0]["code"]: one for one in list_records(store, "Observation")}["718-7"]
    assert (corrected["valueString"], "valueQuantity" in corrected) == ("positive", False)
    take(taker, order("8", "CA"))
    assert get_only(store, "ServiceRequest")["status"] == "revoked"


def test_every_message_is_kept_as_it_came_with_what_was_made_of_it(taker: Taker, store: Store) -> None:
    data = admit("1")
    take(taker, data)
    document = get_only(store, "DocumentReference")
    assert base64.b64decode(document["content"][0]["attachment"]["data"]) == data
    assert document["docStatus"] == "final"
    provenance = get_only(store, "Provenance")
    assert provenance["entity"][0]["what"]["reference"] == f"DocumentReference/{document['id']}"
    made = {one["reference"].partition("/")[0] for one in provenance["target"]}
    assert made == {"Patient", "Encounter", "Location"}
    patient = get_only(store, "Patient")
    assert patient["meta"]["source"] == "urn:oncopolis:exchange:his#1"
    entries = store.ask(lambda reading: reading.session.query("SELECT entry FROM audit"))
    assert any('"system","his"' in entry for (entry,) in entries)


def test_a_repeated_message_is_answered_with_the_first_answer_and_does_nothing(
    taker: Taker, store: Store
) -> None:
    first = take(taker, admit("1"))
    n = count(store)
    assert take(taker, admit("1")) == first
    assert count(store) == n


def test_a_number_that_comes_with_another_message_is_refused_and_kept(taker: Taker, store: Store) -> None:
    take(taker, admit("1"))
    answer = take(taker, register("1"), "AE")
    assert b"205^Duplicate key identifier" in answer
    assert take(taker, register("1"), "AE") == answer
    assert [one.kind for one in list_waiting(store)] == ["message"]


REFUSED = [
    (register(pid=PATIENT.replace("19700203", "1970-99-99")), "AE", b"PID^1^7"),
    (register(pid=PATIENT.replace("|F|", "|female|")), "AE", b"PID^1^8"),
    (register(pid="PID|1||||Каримова"), "AE", b"PID^1^3"),
    (message("ADT^A01^ADT_A01", "EVN|A01", PATIENT, "PV1|1|I"), "AE", b"PV1^1^19"),
    (message("ADT^A01^ADT_A01", "EVN|A01", PATIENT), "AE", b"PV1^1"),
    (message("ADT^A60", PATIENT), "AR", b"201^"),
    (message("MDM^T02", PATIENT), "AR", b"200^"),
    (register(version="3.0"), "AR", b"203^"),
    (register(processing="T"), "AR", b"202^"),
    (register(sender="OTHER|X"), "AR", b"MSH^1^3"),
    (register(charset="KLINGON"), "AE", b"MSH^1^18"),
    (register(charset="ASCII"), "AE", b"PID^1"),
    (register(pid=f"{PATIENT}\rPID|2||9"), "AE", b"PID^2"),
    (order(control="ZZ"), "AE", b"ORC^1^1"),
    (message("ORM^O01", PATIENT, "OBR|1|P9"), "AE", b"OBR^1"),
    (report().replace(b"|NM|", b"|RP|"), "AE", b"OBX^1^2"),
    (report().replace(b"aGVsbG8=", b"%%%"), "AE", b"Base64"),
    (report().replace(b"L9", b"").replace(b"P9", b""), "AE", b"OBR^1^3"),
    (book(start=""), "AE", b"TQ1^1^7"),
    (book(start="20260105"), "AE", b"SCH^1^11"),
]  # fmt: skip


def test_what_cannot_be_applied_is_refused_with_its_place_and_kept(taker: Taker, store: Store) -> None:
    for n, (data, code, says) in enumerate(REFUSED):
        own = data.replace(b"|1|P|", f"|{n}|P|".encode(), 1)
        own = own.replace(b"|1|T|", f"|{n}|T|".encode(), 1)
        answer = take(taker, own, code)
        assert says in answer, (n, answer)
        assert b"expected" in answer
        assert take(taker, own, code) == answer
    waiting = list(list_waiting(store))
    assert len(waiting) == len(REFUSED)
    kept = {
        base64.b64decode(one["content"][0]["attachment"]["data"])
        for one in list_records(store, "DocumentReference")
    }
    assert len(kept) == len(REFUSED)
    assert all(show(store, one.id).startswith("MSH|") for one in waiting)
    assert {one.type for one in store.history(limit=100)} == {"Task", "DocumentReference"}


def test_a_message_is_replayed_after_mending(store: Store) -> None:
    """The results of an unknown patient wait until their patient is there."""
    taker = Taker(store, make_settings(masters={"demographics": "his"}), lambda _line: None)
    data = (
        report("9", sender="LIS|")
        .replace(b"^^^MRN", b"^^^HIS&1.2.3&ISO")
        .replace(b"^^^PINFL", b"^^^&1.2.9&ISO")
    )
    answer = take(taker, data, "AE")
    assert b"204^Unknown key" in answer
    (waiting,) = list_waiting(store)
    with pytest.raises(OncopolisError, match="INT-033"):
        taker.replay(waiting.id, "Dr Kim", "")
    take(taker, register("1"))
    assert taker.replay(waiting.id, "Dr Kim", "the patient was registered") == []
    assert get_only(store, "DiagnosticReport")["status"] == "final"
    task = get_only(store, "Task")
    assert (task["status"], task["note"][0]["authorString"]) == ("completed", "Dr Kim")
    assert not list(list_waiting(store))
    with pytest.raises(OncopolisError, match="INT-038"):
        taker.replay(waiting.id, "Dr Kim", "")
    take(taker, data)


def test_patients_are_merged_and_the_old_number_leads_to_the_one_that_stays(
    taker: Taker, store: Store
) -> None:
    other = PATIENT.replace("123^^^MRN", "999^^^MRN").replace("30102701234567", "1")
    take(taker, register("1"))
    take(taker, register("2", other))
    take(taker, message("ADT^A40^ADT_A39", "EVN|A40", PATIENT, "MRG|999^^^MRN^MR", id_="3"))
    by_number = {one["identifier"][0]["value"]: one for one in list_records(store, "Patient")}
    stays, ended = by_number["123"], by_number["999"]
    assert (ended["active"], ended["link"][0]["type"]) == (False, "replaced-by")
    assert stays["link"][0]["other"]["reference"] == f"Patient/{ended['id']}"
    late = report("4").replace(PATIENT.encode(), other.encode())
    take(taker, late)
    assert get_only(store, "DiagnosticReport")["subject"]["reference"] == f"Patient/{stays['id']}"


def test_what_was_of_the_merged_patient_is_of_the_one_that_stays(taker: Taker, store: Store) -> None:
    other = PATIENT.replace("123^^^MRN", "999^^^MRN").replace("30102701234567", "1")
    take(taker, admit("1"))
    take(taker, register("2", other))
    (stays,) = [one for one in list_records(store, "Patient") if one["identifier"][0]["value"] == "999"]
    take(taker, message("ADT^A40^ADT_A39", "EVN|A40", other, "MRG|123^^^MRN^MR", id_="3"))
    assert get_only(store, "Encounter")["subject"]["reference"] == f"Patient/{stays['id']}"
    told = [
        one for one in list_records(store, "Provenance") if one["activity"]["coding"][0]["code"] == "merged"
    ]
    assert told[0]["agent"][0]["who"]["identifier"] == {"system": "urn:oncopolis:system", "value": "his"}


def test_a_merge_of_two_who_are_both_in_the_house_waits(taker: Taker, store: Store) -> None:
    other = PATIENT.replace("123^^^MRN", "999^^^MRN").replace("30102701234567", "1")
    take(taker, register("1"))
    take(taker, register("2", other))
    claims = [("inside", one["id"], f"Patient/{one['id']}") for one in list_records(store, "Patient")]
    store.submit(lambda transaction: transaction.claim_all(claims), ACT).result()
    take(taker, message("ADT^A40^ADT_A39", "EVN|A40", PATIENT, "MRG|999^^^MRN^MR", id_="3"), "AE")
    assert not [one for one in list_records(store, "Patient") if "link" in one]
    assert len(list(list_waiting(store))) == 1


def test_a_number_of_another_patient_moves_nothing(taker: Taker, store: Store) -> None:
    other = PATIENT.replace("123^^^MRN", "999^^^MRN").replace("30102701234567", "1")
    take(taker, admit("1"))
    take(taker, register("2", other))
    take(taker, admit("3").replace(PATIENT.encode(), other.encode()), "AE")
    mixed = PATIENT.replace("123^^^MRN", "999^^^MRN")
    assert b"205^" in take(taker, register("4", mixed), "AE")
    assert get_only(store, "Encounter")["meta"]["versionId"] == "1"


def test_orders_of_newer_senders_and_visits_of_older_ones(taker: Taker, store: Store) -> None:
    omg = message(
        "OMG^O19^OMG_O19", PATIENT, "ORC|NW|P1^HIS^1.2.9^ISO", "TQ1|1||||||20260110||A",
        "OBR|1|P1^HIS^1.2.9^ISO||CT^CT^L",
        "NTE|1||first line", "NTE|2||second line",
    )  # fmt: skip
    take(taker, omg)
    asked = get_only(store, "ServiceRequest")
    assert asked["identifier"][0]["system"] == "urn:oid:1.2.9"
    assert (asked["priority"], asked["occurrenceDateTime"]) == ("asap", "2026-01-10")
    assert [one["text"] for one in asked["note"]] == ["first line", "second line"]
    account = segment("PID", _3="123^^^MRN^MR", _18="ACC7")
    take(taker, message("ADT^A04", "EVN|A04|20260101", account, "PV1|1|O", id_="2", version="2.3"))
    stay = get_only(store, "Encounter")
    assert (stay["identifier"][0]["value"], stay["class"]["code"]) == ("ACC7", "AMB")


def test_a_merge_by_another_than_the_master_waits(store: Store) -> None:
    taker = Taker(store, make_settings(masters={"demographics": "us"}), lambda _line: None)
    take(Taker(store, make_settings(), lambda _line: None), register("1"))
    take(taker, message("ADT^A40", "EVN|A40", PATIENT, "MRG|999^^^MRN", id_="2"), "AE")
    assert "link" not in get_only(store, "Patient")


def test_empty_is_no_change_and_two_quotes_are_a_deletion(taker: Taker, store: Store) -> None:
    take(taker, register("1"))
    take(taker, register("2", segment("PID", _3="123^^^MRN^MR", _8='""')))
    patient = get_only(store, "Patient")
    assert "gender" not in patient
    assert patient["birthDate"] == "1970-02-03"
    assert len(patient["identifier"]) == 2


def test_a_death_keeps_its_time_until_it_is_taken_back(taker: Taker, store: Store) -> None:
    def tell(id_: str, when: str, has_died: str) -> dict[str, Any]:
        take(taker, register(id_, segment("PID", _3="123^^^MRN^MR", _29=when, _30=has_died)))
        return {
            name: value for name, value in get_only(store, "Patient").items() if name.startswith("deceased")
        }

    assert tell("1", "", "Y") == {"deceasedBoolean": True}
    assert tell("2", "202601011200", "Y") == {"deceasedDateTime": "2026-01-01T12:00:00+05:00"}
    assert tell("3", "", "Y") == {"deceasedDateTime": "2026-01-01T12:00:00+05:00"}
    assert tell("4", "", "N") == {"deceasedBoolean": False}


def test_what_is_kept_of_a_patient_is_erased_with_them(taker: Taker, store: Store) -> None:
    take(taker, admit("1"))
    take(taker, report("2", "1").replace(b"|NM|", b"|RP|"), "AE")
    patient = get_only(store, "Patient")
    store.erase(patient["id"], ACT).result()
    for type_ in ("DocumentReference", "Task", "Patient", "Encounter"):
        versions = store.history(type_, limit=100)
        assert versions
        assert all(one.erased for one in versions), type_
    take(taker, register("3"), "AE")
    (kept,) = list_records(store, "DocumentReference")
    assert "data" not in kept["content"][0]["attachment"]


def test_a_fault_of_ours_loses_no_message(
    taker: Taker, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("oncopolis.interop.messages.taking.read_statement", fail)
    assert b"207^" in take(taker, admit("1"), "AE")
    assert [one.kind for one in list_waiting(store)] == ["message"]
