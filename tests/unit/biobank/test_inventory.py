"""Inventories: made up, brought in from elsewhere whole or not at all, published, verified."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.banks import NOON_MS, act, keep, make_tissue

from oncopolis.biobank.inventory.admitting import Incoming
from oncopolis.biobank.inventory.checking import inspect, verify
from oncopolis.biobank.inventory.loading import load
from oncopolis.biobank.inventory.taking import take_in
from oncopolis.biobank.performing import Bank
from oncopolis.biobank.publishing import publish
from oncopolis.biobank.storage.building import Size, find_size, lay_out
from oncopolis.centre import copy_example, read_project
from oncopolis.cli.entry import oncopolis
from oncopolis.foundation import OncopolisError
from oncopolis.record.biobank.custody import count
from oncopolis.record.store import open_store

SMALL = Size(3, 1, 1300, 6, 0.8)
ROW: dict[str, Any] = {
    "row": 2, "barcode": "V1", "donor": "D0001", "parent": "", "box": "T1-B1", "position": "A1",
    "kind": "TIS", "site": "C50", "diagnosis": "C50.9", "collected_ms": NOON_MS - 1000, "frozen_ms": NOON_MS,
    "amount": 10, "unit": "ug",
}  # fmt: skip


def bring(bank: Bank, *rows: dict[str, Any]) -> Any:
    made = [Incoming(**(ROW | {"row": n} | row)) for n, row in enumerate(rows, 2)]
    return bank.store.submit(lambda tx: take_in(tx, made, NOON_MS, "anna"), act()).result()


@pytest.mark.slow
def test_the_example_has_26_tanks_for_about_40_000_tissues(tmp_path: Path) -> None:
    copy_example("tashkent", tmp_path / "project")
    size = find_size(read_project(tmp_path / "project", {}))
    assert (size.n_tanks, size.n_reserve, size.n_vials) == (26, 1, 13_000)
    assert 36_000 <= size.n_tissues <= 44_000
    containers = lay_out(size)
    tanks = [one for one in containers if one.kind == "tank"]
    boxes = [one for one in containers if one.kind == "box"]
    assert (len(tanks), sum(one.is_reserve for one in tanks)) == (26, 1)
    assert sum(one.n_places for one in boxes) == 25 * 13_000
    assert len({one.name for one in containers}) == len({one.id for one in containers}) == len(containers)


def test_rows_come_in_with_their_families(bank: Bank) -> None:
    rows: list[dict[str, Any]] = [
        {"box": "", "position": ""},
        {"barcode": "V2", "parent": "V1", "position": "A2"},
        {"barcode": "V3", "donor": "D7", "position": "b3", "sex": "male", "birth_year": 1950},
    ]
    taken = bring(bank, *rows)
    assert (taken.n_specimens, taken.n_donors) == (3, 1)
    found = {one.barcode: one for one in bank.ask(lambda books: books.list_of_donor(1))}
    assert found["V2"].parent == found["V2"].root == found["V1"].id
    assert (found["V1"].state, found["V2"].state) == ("out", "stored")
    assert bank.store.ask(verify).findings == ()


BAD = [
    ([{}, {"position": "A2"}], "row 3, specimen V1, T1-B1 A2: got a barcode seen before.*BIO-090"),
    ([{}, {"barcode": "V2"}], "row 3, specimen V2, T1-B1 A1: got T1-B1 A1, which has V1.*BIO-092"),
    ([{"position": "B3"}], "row 2, specimen V1, T1-B1 B3: .*which has another specimen.*BIO-092"),
    ([{"position": "C1"}], "row 2, specimen V1, T1-B1 C1: got position 'C1'.*BIO-003"),
    ([{"box": "T9"}], "row 2, specimen V1, T9 A1: got box T9.*BIO-091"),
    ([{"box": "T1"}], "BIO-091"),
    ([{"parent": "V9"}], "row 2.*parent V9.*BIO-093"),
    ([{}, {"barcode": "V2", "donor": "D7", "parent": "V1", "position": "A2"}], "row 3.*V1.*BIO-093"),
    ([{}, {"barcode": "V2", "parent": "V1", "position": "A2", "collected_ms": 5}], "row 3.*V2.*BIO-094"),
    ([{"inventory": "transplant"}], "row 2.*transplant.*BIO-095"),
    ([{"amount": 0}], "row 2.*BIO-096"),
    ([{"barcode": ""}], "row 2.*no barcode.*BIO-090"),
    ([{"barcode": "V2", "position": "X"}, {"barcode": "V3", "box": "?"}], "row 2.*V2.*\n.*row 3.*V3"),
]


@pytest.mark.parametrize(("rows", "told"), BAD)
def test_nothing_is_half_imported(bank: Bank, rows: list[dict[str, Any]], told: str) -> None:
    keep(bank.store, [make_tissue(7, 102, 5)])
    before = bank.store.ask(verify)
    with pytest.raises(OncopolisError, match=f"(?s){told}"):
        bring(bank, *rows, {"barcode": "V0", "position": "B1"})
    assert bank.store.ask(verify) == before


def test_what_came_in_gets_its_records(bank: Bank) -> None:
    bring(bank, {"box": "", "position": ""}, {"barcode": "V2", "parent": "V1"})
    events = bank.store.ask(lambda reading: count(reading.session))
    assert publish(bank.store, act()) == 2
    assert publish(bank.store, act()) == 0
    assert bank.store.ask(lambda reading: reading.count("Specimen")) == 2
    child = bank.ask(lambda books: books.find_specimen("V2"))
    parent = bank.ask(lambda books: books.find_specimen("V1"))
    assert child is not None
    assert parent is not None
    body = bank.store.get("Specimen", str(child.record)).body or b""
    assert json.loads(body)["parent"][0]["reference"] == f"Specimen/{parent.record}"
    assert bank.store.ask(lambda reading: count(reading.session)) == events


def test_a_made_up_inventory_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    told = []
    for name in ("a", "b"):
        url = f"sqlite:///{tmp_path / name}.db?synchronous=OFF"
        with open_store(url) as store:
            loaded = load(store, SMALL, 1_000, 7, act())
            assert (loaded.n_specimens, loaded.n_donors) == (1_000, 84)
            sql = "SELECT barcode, donor, box, place, site, sprec, quality FROM bank_specimen ORDER BY id"
            told.append(store.ask(lambda reading, sql=sql: reading.session.query(sql)))  # type: ignore[misc]
            with pytest.raises(OncopolisError, match="BIO-098"):
                load(store, SMALL, 10, 7, act())
            with pytest.raises(OncopolisError, match=r"at most 2600.*BIO-099"):
                load(store, SMALL, 5_000, 7, act())
        assert inspect(url).findings == ()
    assert told[0] == told[1]


BREAKS = {
    "specimen-placed": "UPDATE bank_specimen SET state = 'out', holder = 'x' WHERE id = 7",
    "specimen-accounted": "UPDATE bank_specimen SET state = 'gone', box = NULL, place = NULL, remaining = 0",
    "specimen-amount": "UPDATE bank_specimen SET remaining = amount + 1 WHERE id = 7",
    "specimen-box": "UPDATE bank_specimen SET place = 6 WHERE id = 7",
    "inventories-apart": "UPDATE bank_specimen SET inventory = 'transplant' WHERE id = 7",
    "specimen-family": "UPDATE bank_specimen SET parent = 404 WHERE id = 7",
    "specimen-donor": "UPDATE bank_specimen SET donor = 404 WHERE id = 7",
    "donor-erased": "INSERT INTO patient_key (patient, destroyed_ms) VALUES ('p1', 1);"
    "UPDATE bank_donor SET patient = 'p1'",
    "container-placed": "UPDATE bank_container SET slot = 99 WHERE id = 101",
    "release-signed": "INSERT INTO bank_request "
    "VALUES (1, 't', 'a', 'o', 1, '{}', 1, 'selected', '', '', '', '', '', 1, 1, 'a');"
    "INSERT INTO bank_pick VALUES (1, 7, 1, 'issued', NULL, 1, 1)",
    "destruction-signed": "INSERT INTO bank_task VALUES (1, 'destroy', 7, 1, 'r', 'done', 'a', 'a', 1, 1, 1)",
    "custody-chain": "UPDATE bank_custody SET at_ms = 1 WHERE seq = 1",
}


@pytest.mark.parametrize("rule", BREAKS)
def test_what_is_out_of_order_is_found(bank: Bank, rule: str) -> None:
    keep(bank.store, [make_tissue(7, 102, 5)])
    assert bank.store.ask(verify).findings == ()
    bank.store.submit(lambda tx: tx.session.run_script(BREAKS[rule]), act()).result()
    assert rule in {one.rule for one in bank.store.ask(verify).findings}


@pytest.mark.slow
def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = ("--database", f"sqlite:///{tmp_path / 'b.db'}?synchronous=OFF")
    run = CliRunner().invoke

    def tell(*arguments: str) -> str:
        found = run(oncopolis, ["biobank", *arguments, *database], standalone_mode=False)
        assert found.exception is None, found.output
        return found.output

    assert "2000 specimens of 167 donors in 26 tanks of 13000 positions" in tell(
        "load", "--specimens", "2000"
    )
    assert "nothing is amiss" in tell("verify")
    copy_example("tashkent", tmp_path / "project")
    told = json.loads(tell("forecast", str(tmp_path / "project"), "--json"))
    assert (told["n_places"], told["n_stored"], told["is_warning"]) == (260_000, 2_000, False)
    assert told["full_on"] is None or told["full_on"] > "2028"
    planned = json.loads(tell("evacuate", "T03", "--plan", "--json"))
    assert len(planned) == 10
    assert {one["into"] for one in planned} == {"T26"}
    assert "9 lines are left" in tell("evacuate", "T03", "--by", "Anna", "--done", "4")
    assert "the tank is empty" in tell("evacuate", "T03", "--by", "Anna", "--all")
    assert "nothing is amiss" in tell("verify")
    stuck = run(oncopolis, ["biobank", "evacuate", "T04", "--plan", *database], standalone_mode=False)
    assert stuck.exception is None or "BIO-022" in str(stuck.exception)
