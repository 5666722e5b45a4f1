"""Diagnosis first, law second: who may have what, and what a withdrawal does."""

from pathlib import Path
from typing import Any

import pytest
from tests.banks import ANNA, BEK, KIM, NOON_MS, act, keep, make_donor, make_tissue
from tests.records import make_keys, make_patient, query
from tests.unit.biobank.conftest import Do

from oncopolis.biobank.consents.following import follow_consents
from oncopolis.biobank.consents.scopes import SCOPES, to_bits, to_scopes
from oncopolis.biobank.inventory.checking import verify as verify_all
from oncopolis.biobank.performing import Bank
from oncopolis.biobank.requests.asked import assess
from oncopolis.biobank.requests.catalogue import list_cells
from oncopolis.foundation import OncopolisError
from oncopolis.record.biobank.criteria import Criteria
from oncopolis.record.biobank.custody import verify
from oncopolis.record.biobank.requests import Request
from oncopolis.record.fhir.text import parse
from oncopolis.record.fhir.validating import validate
from oncopolis.record.store import open_store

REQUEST: dict[str, Any] = {
    "title": "Fusions in breast cancer", "applicant": "dr-lee", "organisation": "Institute",
    "scopes": ["research", "genetic"], "criteria": {"kinds": ["TIS"], "sites": ["C50"]}, "n_wanted": 2,
}  # fmt: skip


@pytest.fixture
def ready(bank: Bank, do: Do) -> Bank:
    """Three tissues of a donor who agrees to research and genetics, and a request that was approved."""
    do("bank_form", version=1, scopes=list(SCOPES[:3]), digest="0" * 64, from_ms=NOON_MS - 10, name="broad")
    do("bank_consent", pseudonym="D0001", form="broad", version=1, scopes=["research", "genetic"])
    keep(bank.store, [make_tissue(n, 102, n) for n in (1, 2, 3)])
    assert do("bank_request", **REQUEST)["request"] == 1
    do("bank_decide_request", who=KIM, request=1, verdict="approved", reason="sound", mta="MTA-7")
    return bank


def states(bank: Bank) -> dict[str, str]:
    return {one.barcode: one.state for one in bank.ask(lambda books: books.list_of_donor(1))}


def release(do: Do) -> None:
    do("bank_select", request=1)
    for barcode in ("S00001", "S00002"):
        do("bank_pick", request=1, barcode=barcode)
    do("bank_sign_release", request=1)
    do("bank_sign_release", who=BEK, request=1)


def test_from_request_to_return(ready: Bank, do: Do) -> None:
    release(do)
    assert states(ready) == {"S00001": "away", "S00002": "away", "S00003": "stored"}
    shipment = do("bank_ship", request=1, courier="DHL", recipient="Lee", lowest_c=-200, highest_c=-150)
    logger = "time,celsius\n2027-03-01T12:00:00Z,-180\n2027-03-01T12:10:00Z,-140\n2027-03-01T12:30:00Z,-180\n"
    told = do("bank_receive", shipment=shipment["shipment"], logger=logger)
    assert told["outside_min"] == 20
    do("bank_return", request=1, barcode="S00001")
    do("bank_publish", request=1, publication="doi:10.1/x")
    assert states(ready)["S00001"] == "out"
    assert ready.store.ask(lambda reading: list(verify(reading.session))) == []


def test_who_asks_neither_decides_nor_tells_of_others_publications(ready: Bank, do: Do) -> None:
    do("bank_request", who=BEK, **REQUEST)
    with pytest.raises(OncopolisError, match=r"a decision by Practitioner/bek, who asks.*BIO-219"):
        do("bank_decide_request", who=BEK, request=2, verdict="approved", reason="mine", mta="MTA-8")
    do("bank_decide_request", who=KIM, request=2, verdict="refused", reason="no")
    release(do)
    with pytest.raises(
        OncopolisError, match=r"request 1: got a publication told by Practitioner/bek.*BIO-220"
    ):
        do("bank_publish_own", who=BEK, request=1, publication="doi:10.1/not-mine")
    do("bank_publish_own", who=ANNA, request=1, publication="doi:10.1/x")
    found = ready.ask(lambda books: books.find(Request, 1))
    assert found is not None
    assert found.publication == "doi:10.1/x"


def test_one_person_is_not_two(ready: Bank, do: Do) -> None:
    do("bank_select", request=1)
    with pytest.raises(OncopolisError, match=r"2 still to be picked, first S00001.*BIO-069"):
        do("bank_sign_release", request=1)
    do("bank_pick", request=1, barcode="S00001")
    do("bank_pick", request=1, barcode="S00002")
    do("bank_sign_release", request=1)
    with pytest.raises(OncopolisError, match=r"Practitioner/anna.*BIO-071"):
        do("bank_sign_release", request=1)
    assert states(ready)["S00001"] == "out"


def test_no_agreement_no_release(bank: Bank, do: Do) -> None:
    do("bank_request", **REQUEST)
    with pytest.raises(OncopolisError, match=r"got one that is asked.*BIO-062"):
        do("bank_select", request=1)
    do("bank_decide_request", who=KIM, request=1, verdict="approved", reason="sound")
    with pytest.raises(OncopolisError, match=r"at most 0.*BIO-063"):
        do("bank_select", request=1)


@pytest.mark.parametrize(
    ("change", "code"),
    [({"review": "awaited"}, "BIO-066"), ({"inventory": "transplant"}, "BIO-065"), ({"donor": 2}, "BIO-067")],
)
def test_what_changes_after_the_selection_still_counts(
    ready: Bank, do: Do, change: dict[str, Any], code: str
) -> None:
    do("bank_select", request=1)
    keep(ready.store, [make_donor(2), make_tissue(1, 102, 1, **({"request": 1} | change))])
    with pytest.raises(OncopolisError, match=f"request 1, specimen S00001.*{code}"):
        do("bank_pick", request=1, barcode="S00001")


@pytest.mark.parametrize("stage", range(5))
def test_withdrawal_stops_everything_at_once(ready: Bank, do: Do, stage: int) -> None:
    """Before the selection, after it, with one picked, with both, and signed once."""
    steps: list[tuple[str, dict[str, Any]]] = [
        ("bank_select", {}),
        ("bank_pick", {"barcode": "S00001"}),
        ("bank_pick", {"barcode": "S00002"}),
        ("bank_sign_release", {}),
    ]
    for name, said in steps[:stage]:
        do(name, request=1, **said)
    told = do("bank_withdraw", pseudonym="D0001", reason="asked by letter")
    assert (told["tasks"], told["released"]) == (3, [])
    for name, said in steps[stage:]:
        with pytest.raises(OncopolisError):
            do(name, request=1, **said)
    with pytest.raises(OncopolisError):
        do("bank_sign_release", who=BEK, request=1)
    if stage < 2:
        with pytest.raises(OncopolisError, match="BIO-013"):
            do("bank_take", barcodes=["S00001"])
    assert "away" not in states(ready).values()


def test_withdrawal_after_release_says_who_has_it(ready: Bank, do: Do) -> None:
    release(do)
    told = do("bank_withdraw", pseudonym="D0001")
    assert told["tasks"] == 1
    assert [(one["barcode"], one["organisation"]) for one in told["released"]] == [
        ("S00001", "Institute"), ("S00002", "Institute"),
    ]  # fmt: skip
    with pytest.raises(OncopolisError, match="BIO-055"):
        do("bank_withdraw", pseudonym="D0001")


def test_two_people_destroy(ready: Bank, do: Do) -> None:
    do("bank_withdraw", pseudonym="D0001")
    assert do("bank_sign_destruction", task=1)["signatures"] == 1
    with pytest.raises(OncopolisError, match=r"task 1, specimen S00001.*BIO-074"):
        do("bank_sign_destruction", task=1)
    do("bank_sign_destruction", who=BEK, task=1)
    one = ready.ask(lambda books: books.find_specimen("S00001"))
    assert one is not None
    assert (one.state, one.holder, one.box, one.remaining) == (
        "gone",
        "destroyed: consent withdrawn",
        None,
        0,
    )
    with pytest.raises(OncopolisError, match="BIO-073"):
        do("bank_sign_destruction", task=1)


def keep_record(bank: Bank, record: dict[str, Any]) -> None:
    bank.store.submit(lambda tx: tx.put(record), act()).result()


def test_nobody_becomes_a_donor_by_a_wrong_id(bank: Bank, do: Do) -> None:
    do("bank_form", version=1, scopes=["research"], digest="0" * 64, from_ms=0, name="broad")
    with pytest.raises(OncopolisError, match=r"patient p7.*BIO-224"):
        do("bank_consent", patient="p7", form="broad", version=1, scopes=["research"])
    said = {"barcode": "T1", "kind": "TIS", "amount": 1, "unit": "mg"}
    with pytest.raises(OncopolisError, match="BIO-224"):
        do("bank_collect", patient="p7", **said)
    assert bank.ask(lambda books: books.list_donors_of("p7")) == []


def test_a_consent_that_ends_in_the_record_ends_here_too(bank: Bank, do: Do) -> None:
    keep_record(bank, make_patient("p1"))
    bank.store.follow(follow_consents)
    do("bank_form", version=1, scopes=["research"], digest="0" * 64, from_ms=0, name="broad")
    do("bank_consent", patient="p1", pseudonym="D0009", form="broad", version=1, scopes=["research"])
    (consent,) = bank.ask(lambda books: books.list_consents(2))
    keep(bank.store, [make_tissue(1, 102, 1, donor=2)])
    record = parse(bank.store.get("Consent", str(consent.record)).body or b"")
    assert [one for one in validate(record) if one.severity == "error"] == []
    bank.store.submit(lambda tx: tx.put(record | {"status": "inactive"}), act()).result()
    (ended,) = bank.ask(lambda books: books.list_consents(2))
    assert (ended.withdrawn_ms is not None, ended.reason) == (True, "ended in the record")
    assert len(bank.ask(lambda books: books.list_tasks(["open"], 10))) == 1


def test_a_newer_consent_replaces_the_older_one(bank: Bank, do: Do) -> None:
    """Its record is ended, and that is no withdrawal; the withdrawal of the newer one is."""
    keep_record(bank, make_patient("p1"))
    bank.store.follow(follow_consents)
    do(
        "bank_form",
        version=1,
        scopes=["research", "genetic"],
        digest="0" * 64,
        from_ms=0,
        name="broad",
    )
    for scopes in (["research"], ["research", "genetic"]):
        do("bank_consent", patient="p1", pseudonym="D0009", form="broad", version=1, scopes=scopes)
    keep(bank.store, [make_tissue(1, 102, 1, donor=2)])
    newer, older = bank.ask(lambda books: books.list_consents(2))
    assert (newer.withdrawn_ms, older.withdrawn_ms) == (None, None)
    assert bank.ask(lambda books: books.find_scopes([2])) == {2: 3}
    statuses = [
        parse(bank.store.get("Consent", str(one.record)).body or b"")["status"] for one in (newer, older)
    ]
    assert statuses == ["active", "inactive"]
    assert do("bank_withdraw", patient="p1")["tasks"] == 1


def test_a_patient_who_was_merged_withdraws_for_both_donors(bank: Bank, do: Do) -> None:
    do("bank_form", version=1, scopes=["research"], digest="0" * 64, from_ms=0, name="broad")
    for n in (8, 9):
        keep_record(bank, make_patient(f"p{n}"))
        said = {
            "patient": f"p{n}",
            "pseudonym": f"D000{n}",
            "form": "broad",
            "version": 1,
            "scopes": ["research"],
        }
        do("bank_consent", **said)
        keep(bank.store, [make_tissue(n, 102, n - 5, donor=n - 6)])
    merged = make_patient("p9") | {
        "active": False, "link": [{"other": {"reference": "Patient/p8"}, "type": "replaced-by"}],
    }  # fmt: skip
    keep_record(bank, merged)
    told = do("bank_withdraw", patient="p8")
    assert (told["donors"], told["tasks"]) == (["D0008", "D0009"], 2)


def test_who_is_erased_leaves_a_pseudonym(tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path / 'sealed.db'}", keys=make_keys(tmp_path)) as store:
        bank = Bank(store)
        keep_record(bank, make_patient("p1"))
        said = {"barcode": "T1", "patient": "p1", "pseudonym": "D7", "kind": "TIS", "amount": 1, "unit": "mg"}
        bank.perform("bank_collect", said, act()).result()
        store.submit(lambda tx: tx.erase("p1"), act()).result()
        (donor,) = bank.ask(lambda books: books.get_donors([1]))
        assert (donor.pseudonym, donor.patient) == ("D7", None)
        told = query(store, "SELECT entry FROM bank_custody")
        assert "p1" not in str(told)
        assert store.ask(verify_all).findings == ()


def test_forms_have_versions(bank: Bank, do: Do) -> None:
    form = {"name": "broad", "digest": "0" * 64}
    do("bank_form", version=1, scopes=["research"], from_ms=0, **form)
    do("bank_form", version=2, scopes=["research", "genetic"], from_ms=NOON_MS, **form)
    with pytest.raises(OncopolisError, match="BIO-050"):
        do("bank_form", version=2, scopes=["research"], from_ms=NOON_MS + 1, **form)
    with pytest.raises(OncopolisError, match="BIO-052"):
        do("bank_consent", pseudonym="D0001", form="broad", version=1, scopes=["research"])
    with pytest.raises(OncopolisError, match=r"got commercial.*BIO-053"):
        do("bank_consent", pseudonym="D0001", form="broad", version=2, scopes=["commercial"])
    with pytest.raises(OncopolisError, match="BIO-051"):
        do("bank_consent", pseudonym="D0001", form="broad", version=3, scopes=["research"])
    do("bank_consent", pseudonym="D0001", form="broad", version=1, scopes=["research"], given_ms=5)
    assert to_scopes(to_bits(["genetic", "abroad"])) == ("genetic", "abroad")


def test_small_cells_are_not_told(ready: Bank) -> None:
    keep(ready.store, [make_donor(n) for n in (2, 3, 4)])
    keep(ready.store, [make_tissue(20 + n, 103, n, donor=n, site="C34") for n in (2, 3, 4)])
    for donor in (2, 3, 4):
        ready.perform(
            "bank_consent",
            {"pseudonym": f"D{donor:04d}", "form": "broad", "version": 1, "scopes": ["research"]},
            act(),
            at_ms=NOON_MS,
        ).result()
    cells = ready.ask(lambda books: list_cells(books, Criteria(), ("research",), 3))
    assert [(one.site, one.n_specimens, one.n_donors) for one in cells] == [
        ("C34", 3, 3),
        ("C50", None, None),
    ]
    assert ready.ask(lambda books: list_cells(books, Criteria(), ("genetic",), 3))[0].n_specimens is None
    with pytest.raises(OncopolisError, match="BIO-060"):
        ready.ask(lambda books: list_cells(books, Criteria(), ("research",), 1))


def test_what_a_request_could_be_given(ready: Bank) -> None:
    request = ready.ask(lambda books: books.find(Request, 1))
    assert request is not None
    told = ready.ask(lambda books: assess(books, request))
    assert told == {"wanted": 2, "there": 3, "donors": 1, "given": 2, "boxes": 1}


BAD_LOGGERS = [
    ("", "0 readings.*BIO-083"),
    ("time,celsius\n2027-03-01T12:00:00Z,NaN\n", "row 2.*NaN.*BIO-081"),
    ("2027-03-01T12:00:00Z,-180\n2027-03-01T12:01:00Z,9000\n", "row 2.*9000.*BIO-081"),
    ("2027-03-01T12:00:00Z,-180\nlater,-180\n", "row 2.*later.*BIO-080"),
    ("2027-03-01T12:00:00Z,-180\n2027-03-01T11:00:00Z,-180\n", "row 2.*BIO-082"),
    ("2027-03-01T12:00:00Z,-180\n2027-03-02T12:00:00Z,-180\n", "row 2.*BIO-082"),
    ("2027-03-01T12:00:00,-180\n2027-03-02T12:00:00,-180\n", "BIO-080"),
    ("\0\0\0", "BIO-08"),
]


@pytest.mark.parametrize(("logger", "told"), BAD_LOGGERS)
def test_a_broken_logger_file_is_refused(ready: Bank, do: Do, logger: str, told: str) -> None:
    release(do)
    do("bank_ship", request=1, courier="DHL", recipient="Lee", lowest_c=-200, highest_c=-150)
    with pytest.raises(OncopolisError, match=f"logger of shipment 1.*{told}"):
        do("bank_receive", shipment=1, logger=logger)


def test_what_cannot_be_found_is_dropped_from_the_list(ready: Bank, do: Do) -> None:
    do("bank_select", request=1)
    do("bank_pick", request=1, barcode="S00001")
    do("bank_drop", request=1, barcode="S00002", reason="not in its position")
    do("bank_sign_release", request=1)
    assert do("bank_sign_release", who=BEK, request=1)["n"] == 1
    assert ANNA.id in str(ready.ask(lambda books: books.find(Request, 1)))
