"""Tissues and aliquots: whose, how much, how old, how treated; and boxes filled from a scanner's file."""

from functools import partial
from typing import Any

import pytest
from tests.banks import NOON_MS, act, keep, make_tissue
from tests.records import make_patient
from tests.unit.biobank.conftest import Do

from oncopolis.biobank.performing import Bank
from oncopolis.biobank.specimens.sprec import compute_sprec, find_letter
from oncopolis.biobank.specimens.telling import from_record
from oncopolis.foundation import OncopolisError
from oncopolis.record.biobank.specimens import Specimen
from oncopolis.record.fhir.text import parse
from oncopolis.record.fhir.validating import validate
from oncopolis.record.store import Transaction

TISSUE: dict[str, Any] = {
    "barcode": "T1", "pseudonym": "D0001", "kind": "TIS", "site": "C50.4", "diagnosis": "C50.9",
    "amount": "120.5", "unit": "mg", "clamped_ms": NOON_MS - 900_000,
}  # fmt: skip


def get(bank: Bank, barcode: str) -> Specimen:
    found = bank.ask(lambda books: books.find_specimen(barcode))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("minutes", "letter"),
    [(0, "A"), (1.9, "A"), (2, "B"), (10, "C"), (30, "E"), (59.9, "E"), (600, "F"), (None, "X")],
)
def test_the_letters_of_ischaemia(minutes: float | None, letter: str) -> None:
    assert find_letter("ischaemia", None if minutes is None else round(minutes * 60)) == letter


def test_sprec_of_snap_frozen_breast_and_of_a_paraffin_block() -> None:
    assert compute_sprec("TIS", "SRG", 900, 1500, "SNP", None, -190) == "TIS-SRG-C-D-SNP-N-C"
    assert compute_sprec("TIS", "BPS", None, 60, "NBF", 36_000, 20) == "TIS-BPS-X-A-NBF-E-Z"
    assert compute_sprec("PL1", "SRG", 1, 1, "SNP", None, -80) == ""


@pytest.mark.parametrize(
    ("celsius", "letter"),
    [(-196, "C"), (-135, "C"), (-134, "Z"), (-86, "Z"), (-85, "D"), (-60, "D"), (-50, "Z"), (-35, "B"),
     (-18, "B"), (-10, "Z"), (4, "Z"), (20, "Z"), (None, "X")],
)  # fmt: skip
def test_the_letter_of_storage_is_that_of_its_temperature(celsius: float | None, letter: str) -> None:
    """Between two letters there is none: nothing is called colder or warmer than it is."""
    assert compute_sprec("TIS", "SRG", 1, 1, "SNP", None, celsius)[-1] == letter


@pytest.mark.parametrize(("celsius", "letter"), [(20, "P"), (4, "P"), (1, "Z"), (-80, "D")])
def test_the_letter_of_a_block_of_paraffin(celsius: float, letter: str) -> None:
    assert compute_sprec("FFPE", "SRG", 1, 1, "NBF", 60_000, celsius)[-1] == letter


def test_from_theatre_to_tank(bank: Bank, do: Do) -> None:
    """Clamped at 11:45, removed at 12:00, divided at 12:10, frozen at 12:25."""
    do("bank_collect", **TISSUE)
    parts = [{"barcode": f"A{n}", "amount": 40, "unit": "mg"} for n in (1, 2)]
    do("bank_divide", after_s=600, parent="T1", parts=parts)
    do("bank_freeze", after_s=1500, barcodes=["A1", "A2"], storage_c=-190)
    do("bank_place", barcode="A1", box="T1-B1", position="A1")
    tissue, first = get(bank, "T1"), get(bank, "A1")
    assert (tissue.remaining, tissue.unit) == (40_500, "ug")
    assert (first.warm_s, first.cold_s, first.sprec) == (900, 1500, "TIS-SRG-C-D-SNP-N-C")
    assert (first.parent, first.root, first.donor) == (tissue.id, tissue.id, 1)


def test_the_records_say_what_the_rows_say(bank: Bank, do: Do) -> None:
    test_from_theatre_to_tank(bank, do)
    for barcode in ("T1", "A1"):
        row = get(bank, barcode)
        assert row.record is not None
        record = parse(bank.store.get("Specimen", row.record).body or b"")
        assert [one for one in validate(record) if one.severity == "error"] == []
        told = from_record(record)
        assert told.pop("donor") == "D0001"
        assert told.pop("parent") == (None if barcode == "T1" else "T1")
        assert told | {"state": row.state} == {name: getattr(row, name) for name in told}


def put(record: dict[str, Any], transaction: Transaction) -> None:
    transaction.put(record)


def test_whose_it_is_comes_from_the_operation(bank: Bank, do: Do) -> None:
    encounter = {
        "resourceType": "Encounter", "id": "op1", "status": "in-progress", "class": {"code": "AMB"},
        "subject": {"reference": "Patient/p1"}, "period": {"start": "2027-03-01T02:30:00Z"},
    }  # fmt: skip
    for record in (make_patient("p1"), encounter):
        bank.store.submit(partial(put, record), act()).result()
    said = TISSUE | {"pseudonym": None, "operation": "op1"}
    pseudonym = do("bank_collect", **said)["donor"]
    again = do("bank_collect", **(said | {"barcode": "T2", "patient": "p1"}))
    assert again["donor"] == pseudonym != "p1"
    assert bank.store.ask(lambda reading: len(reading.find_references("Patient", "p1", 10))) == 3
    with pytest.raises(OncopolisError, match="BIO-034"):
        do(
            "bank_collect",
            **(said | {"barcode": "T3", "clamped_ms": None, "removed_ms": NOON_MS - 86_400_000}),
        )
    with pytest.raises(OncopolisError, match="BIO-033"):
        do("bank_collect", **(said | {"barcode": "T3", "patient": "p2"}))


REFUSED: list[tuple[str, str, dict[str, Any]]] = [
    ("BIO-001", "bank_collect", TISSUE),
    ("BIO-030", "bank_collect", TISSUE | {"barcode": "T2", "amount": "0.0001"}),
    ("BIO-032", "bank_collect", TISSUE | {"barcode": "T2", "removed_ms": NOON_MS + 1}),
    ("BIO-035", "bank_collect", TISSUE | {"barcode": "T2", "patient": "p1"}),
    ("BIO-036", "bank_collect", TISSUE | {"barcode": "T2", "pseudonym": None}),
    ("BIO-031", "bank_divide", {"parent": "T1", "parts": [{"barcode": "A1", "amount": 121, "unit": "mg"}]}),
    ("BIO-031", "bank_divide", {"parent": "T1", "parts": [{"barcode": "A1", "amount": 1, "unit": "ml"}]}),
    ("BIO-039", "bank_divide", {"parent": "T1", "parts": [{"barcode": "T1", "amount": 1, "unit": "mg"}]}),
    (
        "BIO-040",
        "bank_divide",
        {"parent": "T1", "parts": [{"barcode": "A1", "amount": 1, "unit": "mg", "made_ms": NOON_MS - 1}]},
    ),
    ("BIO-038", "bank_divide", {"parent": "S00001", "parts": [{"barcode": "A1", "amount": 1, "unit": "mg"}]}),
    ("BIO-037", "bank_freeze", {"barcodes": ["S00001"]}),
    ("BIO-038", "bank_thaw", {"barcodes": ["S00001"]}),
    ("BIO-031", "bank_use", {"barcode": "T1", "amount": 1, "unit": "g", "reason": "RNA"}),
]


@pytest.mark.parametrize(("code", "name", "said"), REFUSED)
def test_what_is_refused_changes_nothing(
    bank: Bank, do: Do, code: str, name: str, said: dict[str, Any]
) -> None:
    keep(bank.store, [make_tissue(1, 102, 0)])
    do("bank_collect", **TISSUE)
    before = get(bank, "T1"), bank.store.ask(lambda reading: reading.count("Specimen"))
    with pytest.raises(OncopolisError, match=code):
        do(name, **said)
    assert (get(bank, "T1"), bank.store.ask(lambda reading: reading.count("Specimen"))) == before


def test_a_derivative_draws_in_its_parent_s_unit(bank: Bank, do: Do) -> None:
    do("bank_collect", **TISSUE)
    dna = {"barcode": "DNA1", "amount": 50, "unit": "ul", "kind": "DNA", "drawn": "120.5", "drawn_unit": "mg"}
    do("bank_divide", parent="T1", parts=[dna])
    assert (get(bank, "T1").state, get(bank, "T1").holder) == ("gone", "used up")
    assert (get(bank, "DNA1").remaining, get(bank, "DNA1").unit, get(bank, "DNA1").sprec) == (
        50_000,
        "nl",
        "",
    )


def test_what_pathology_says_holds_for_the_whole_tissue(bank: Bank, do: Do) -> None:
    do("bank_collect", **TISSUE)
    do("bank_divide", parent="T1", parts=[{"barcode": "A1", "amount": 1, "unit": "mg"}])
    assert do("bank_review", barcode="A1", verdict="surplus")["n"] == 2
    assert get(bank, "T1").review == get(bank, "A1").review == "surplus"


def test_quality_and_thaws(bank: Bank, do: Do) -> None:
    do("bank_collect", **TISSUE)
    do("bank_measure", barcode="T1", kind="rin", value=7.9, method="TapeStation")
    do("bank_thaw", barcodes=["T1"])
    assert (get(bank, "T1").quality, get(bank, "T1").n_thaws) == (7.9, 1)


SCAN = "Position,Barcode\r\nA1,V1\r\nA2,V2\r\nB1,NO TUBE\r\nB3,V3\r\n"


def test_a_box_is_filled_in_one_act(bank: Bank, do: Do) -> None:
    do("bank_collect", **TISSUE)
    assert do("bank_accession", box="T1-B1", scan=SCAN, parent="T1", amount=10, unit="mg")["new"] == 3
    inside = bank.ask(lambda books: books.list_in_box(102))
    assert [(one.barcode, one.place, one.remaining) for one in inside] == [
        ("V1", 0, 10_000), ("V2", 1, 10_000), ("V3", 5, 10_000),
    ]  # fmt: skip
    moved = "A1;V3\nB2;V1\nA3;V2\n"
    assert do("bank_accession", box="T1-B1", scan=moved)["moved"] == 3
    assert [one.barcode for one in bank.ask(lambda books: books.list_in_box(102))] == ["V3", "V2", "V1"]
    assert get(bank, "T1").remaining == 90_500


BAD_SCANS = [
    ("A1,V1\nA1,V2", "row 2.*V2 at A1.*row 1 has V1.*BIO-042"),
    ("A1,V1\nA2,V1", "row 2.*V1 at A2.*BIO-042"),
    ("A1,V1\nC9,V2\nQ,V3", "row 2.*C9.*\n.*row 3.*Q.*BIO-003"),
    ("A1,NO READ", "row 1.*A1.*BIO-041"),
    ("", "BIO-043"),
    ("A1,V1,S404,5", "row 1.*V1 at A1, of S404.*BIO-045"),
    ("A1,V1,T1,much", "row 1.*V1.*'much'.*BIO-046"),
    ("A1,V1,T1,NaN", "BIO-046"),
    ("A1,V1\nA2,V2\nA3,V3", "BIO-031"),
    ("B2,V1", "row 1.*V1 at B2.*S00007.*BIO-044"),
]


@pytest.mark.parametrize(("scan", "told"), BAD_SCANS)
def test_a_bad_scan_imports_nothing(bank: Bank, do: Do, scan: str, told: str) -> None:
    keep(bank.store, [make_tissue(7, 102, 4)])
    do("bank_collect", **TISSUE)
    with pytest.raises(OncopolisError, match=f"(?s){told}"):
        do("bank_accession", box="T1-B1", scan=scan, parent="T1", amount=50, unit="mg")
    assert [one.barcode for one in bank.ask(lambda books: books.list_in_box(102))] == ["S00007"]
    assert get(bank, "T1").remaining == 120_500
