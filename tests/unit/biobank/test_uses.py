"""Blocks of paraffin, permits to send abroad, and what requests cost."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.banks import BEK, KIM, NOON_MS, keep, make_tissue

from oncopolis.biobank.consents.scopes import SCOPES
from oncopolis.biobank.performing import Bank
from oncopolis.biobank.requests.paying import list_uses, load_tariff
from oncopolis.biobank.specimens.sprec import compute_sprec
from oncopolis.cli.entry import oncopolis
from oncopolis.foundation import OncopolisError
from oncopolis.record.biobank.places import Container

Do = Callable[..., dict[str, Any]]
DAY_MS = 86_400_000
PERMIT: dict[str, Any] = {
    "number": "UZ-77", "authority": "Ministry of Health", "country": "KR", "from_ms": NOON_MS - DAY_MS,
    "until_ms": NOON_MS + DAY_MS, "n_most": 3,
}  # fmt: skip
ABROAD: dict[str, Any] = {
    "request": 1, "courier": "DHL", "recipient": "Lee", "lowest_c": -200, "highest_c": -150, "country": "KR",
    "permit": "UZ-77",
}  # fmt: skip
TARIFF = """
currency: USD
items:
  - {label: Access, per: request, cost: 100}
  - {label: Vial, per: specimen, cost: 10.5}
  - {label: Clinical data, per: donor, cost: 20}
  - {label: Courier, per: shipment, cost: 300}
"""


def release(bank: Bank, do: Do, *scopes: str) -> None:
    """Two tissues are given out for a request of these scopes."""
    do("bank_form", version=1, scopes=list(SCOPES), digest="0" * 64, from_ms=NOON_MS - 10, name="broad")
    do("bank_consent", pseudonym="D0001", form="broad", version=1, scopes=list(SCOPES))
    keep(bank.store, [make_tissue(n, 102, n) for n in (1, 2, 3)])
    do(
        "bank_request", title="Fusions", applicant="dr-lee", organisation="Institute", scopes=scopes,
        criteria={"kinds": ["TIS"]}, n_wanted=2,
    )  # fmt: skip
    do("bank_decide_request", who=KIM, request=1, verdict="approved", reason="sound", mta="MTA-7")
    do("bank_select", request=1)
    for barcode in ("S00001", "S00002"):
        do("bank_pick", request=1, barcode=barcode)
    do("bank_sign_release", request=1)
    do("bank_sign_release", who=BEK, request=1)


WRONG: list[tuple[dict[str, Any], dict[str, Any], int, str]] = [
    ({}, {"permit": ""}, 0, "no permit"),
    ({}, {"permit": "UZ-78"}, 0, "no permit UZ-78"),
    ({}, {"country": "US"}, 0, "a permit for KR"),
    ({}, {}, 86_400, "a permit from 2027-02-28 to 2027-03-02"),
    ({"from_ms": NOON_MS + 1}, {}, 0, "a permit from 2027-03-01"),
    ({"n_most": 1}, {}, 0, "a permit for 1 specimens, of which 0 have left"),
]


@pytest.mark.parametrize(("permit", "change", "after_s", "told"), WRONG)
def test_nothing_leaves_the_country_without_a_permit_that_holds(
    bank: Bank, do: Do, permit: dict[str, Any], change: dict[str, Any], after_s: int, told: str
) -> None:
    release(bank, do, "research", "abroad")
    do("bank_permit", **(PERMIT | permit))
    with pytest.raises(OncopolisError, match=f"(?s){told}.*BIO-188"):
        do("bank_ship", after_s=after_s, **(ABROAD | change))
    assert bank.ask(lambda books: books.list_shipments(1)) == []


def test_a_shipment_abroad_says_by_which_permit_and_uses_it_up(bank: Bank, do: Do) -> None:
    release(bank, do, "research", "abroad")
    do("bank_permit", **PERMIT)
    with pytest.raises(OncopolisError, match="BIO-184"):
        do("bank_permit", **PERMIT)
    with pytest.raises(OncopolisError, match="BIO-183"):
        do("bank_permit", **(PERMIT | {"number": "X", "until_ms": 5}))
    assert do("bank_ship", **ABROAD)["n"] == 2
    (shipment,) = bank.ask(lambda books: books.list_shipments(1))
    permit = bank.ask(lambda books: books.find_permit("UZ-77"))
    assert permit is not None
    assert (shipment.country, shipment.permit, permit.n_used) == ("KR", permit.id, 2)


def test_a_permit_that_was_taken_back_or_a_request_without_that_consent_keeps_it_here(
    bank: Bank, do: Do
) -> None:
    release(bank, do, "research")
    do("bank_permit", **PERMIT)
    with pytest.raises(OncopolisError, match=r"no consent to sending abroad.*BIO-188"):
        do("bank_ship", **ABROAD)
    do("bank_end_permit", number="UZ-77", reason="new law")
    with pytest.raises(OncopolisError, match=r"taken back.*BIO-188"):
        do("bank_ship", **ABROAD)
    with pytest.raises(OncopolisError, match="BIO-185"):
        do("bank_end_permit", number="UZ-1", reason="x")
    assert do("bank_ship", **(ABROAD | {"country": "", "permit": ""}))["n"] == 2


def test_what_a_request_cost_and_how_much_came_back(bank: Bank, do: Do, tmp_path: Path) -> None:
    release(bank, do, "research")
    do("bank_ship", **(ABROAD | {"country": "", "permit": ""}))
    do("bank_return", request=1, barcode="S00001")
    do("bank_publish", request=1, publication="doi:10.1000/1")
    do("bank_payment", request=1, amount=220.5, currency="USD", reference="INV-1")
    (tmp_path / "tariff.yaml").write_text(TARIFF, "utf-8")
    tariff = load_tariff(tmp_path / "tariff.yaml")
    (use,) = bank.ask(lambda books: list(list_uses(books, tariff)))
    assert use.costs == {"Access": 100, "Vial": 21, "Clinical data": 20, "Courier": 300}
    assert (use.n_out, use.n_back, use.n_donors, use.n_shipments) == (2, 1, 1, 1)
    assert (use.cost, use.paid, use.recovered) == (441, 220.5, 0.5)
    assert use.publications == ("doi:10.1000/1",)
    bank.store.close()
    database = ("--database", f"sqlite:///{tmp_path / 'bank.db'}")
    told = CliRunner().invoke(oncopolis, ["biobank", "use", str(tmp_path / "tariff.yaml"), *database]).output
    assert "cost 441.00 USD, paid 220.50 (50 %); 1 publications" in told
    (tmp_path / "tariff.yaml").write_text(TARIFF.replace("USD", "EUR"), "utf-8")
    refused = CliRunner().invoke(oncopolis, ["biobank", "use", str(tmp_path / "tariff.yaml"), *database])
    assert "BIO-189" in str(refused.exception) or "BIO-189" in refused.output
    (tmp_path / "tariff.yaml").write_text(TARIFF.replace("per: donor", "per: moon"), "utf-8")
    with pytest.raises(OncopolisError, match=r"tariff.yaml:6.*BIO-189"):
        load_tariff(tmp_path / "tariff.yaml")


@pytest.fixture
def cabinet(bank: Bank) -> Bank:
    """A cabinet of blocks in the room, with two drawers; one block and one frozen tissue in hand."""
    keep(bank.store, [
        Container(800, "P1", "paraffin", 2, 9, "list", 1, 2, "containers", temperature_c=20.0),
        Container(801, "P1-D1", "drawer", 800, 0, "grid", 4, 5, "specimens"),
        Container(802, "P1-D2", "drawer", 800, 1, "grid", 4, 5, "specimens", temperature_c=24.0),
        make_tissue(1, kind="FFPE", unit="pcs", amount=1, remaining=1), make_tissue(2),
    ])  # fmt: skip
    return bank


def test_blocks_of_paraffin_have_storage_of_their_own(cabinet: Bank, do: Do) -> None:
    for barcode, box in (("S00001", "T1-B1"), ("S00002", "P1-D1")):
        with pytest.raises(OncopolisError, match=f"{barcode}.*BIO-186"):
            do("bank_place", barcode=barcode, box=box, position="A1")
    do("bank_place", barcode="S00001", box="P1-D1", position="A1")
    do("bank_place", barcode="S00001", box="P1-D2", position="D5")
    with pytest.raises(OncopolisError, match=r"BIO-186"):
        do("bank_accession", box="P1-D1", scan="A1,S00002")
    heads = "barcode,donor,box,position,kind,collected,left,unit\n"
    with pytest.raises(OncopolisError, match=r"row 2, specimen B9, T1-B1 A2.*BIO-186"):
        do("bank_import", file=f"{heads}B9,D0001,T1-B1,A2,FFPE,2020-01-01,1,pcs")
    assert do("bank_import", file=f"{heads}B9,D0001,P1-D1,A2,FFPE,2020-01-01,1,pcs")["specimens"] == 1


def test_rules_of_freezing_do_not_hold_for_a_block(cabinet: Bank, do: Do) -> None:
    with pytest.raises(OncopolisError, match="BIO-187"):
        do("bank_thaw", barcodes=["S00001"])
    assert do("bank_thaw", barcodes=["S00002"])["changes"]
    assert compute_sprec("FFPE", "SRG", 60, 600, "NBF", 60_000, None) == "TIS-SRG-A-C-NBF-E-X"
    assert compute_sprec("FFPE", "SRG", 60, 600, "NBF", 60_000, 20).endswith("-P")
    assert compute_sprec("TIS", "SRG", 60, 600, "SNP", None, -80).endswith("-D")
