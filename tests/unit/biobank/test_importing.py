"""Files of inventories: every wrong row is told before anything is written; a file comes in whole, or not."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import Workbook, load_workbook
from tests.banks import act, keep, make_room, make_tissue

from oncopolis.biobank.importing.bringing import MOST, import_file
from oncopolis.biobank.importing.columns import COLUMNS
from oncopolis.biobank.importing.mapping import OWN, FileMapping, load_mapping
from oncopolis.biobank.importing.previewing import Preview, preview
from oncopolis.biobank.importing.storing import import_storage
from oncopolis.biobank.inventory.admitting import Problem
from oncopolis.biobank.inventory.checking import verify
from oncopolis.biobank.performing import Bank
from oncopolis.cli.entry import oncopolis
from oncopolis.foundation import OncopolisError
from oncopolis.record.store import open_store
from oncopolis.record.store.store import get_time_ms
from oncopolis.web.publishing import Publisher

Do = Callable[..., dict[str, Any]]
HEADS = "barcode,donor,parent,box,position,kind,site,diagnosis,collected,frozen,left,unit"
ROW = "V1,D-7,,T1-B1,A1,TIS,C50.1,C50.1,2020-05-04T10:00:00Z,2020-05-04T10:20:00Z,12.5,mg"


def make_file(*rows: str, heads: str = HEADS) -> bytes:
    return "\n".join([heads, *rows]).encode()


def change(**cells: str) -> str:
    said = dict(zip(HEADS.split(","), ROW.split(","), strict=True)) | cells
    return ",".join(said.values())


def run(*arguments: str) -> tuple[int, str]:
    """Exit code and output of a command."""
    done = CliRunner().invoke(oncopolis, ["biobank", *arguments], standalone_mode=False)
    code = done.exception.exit_code if isinstance(done.exception, OncopolisError) else done.return_value
    return int(code or 0), done.output


def look(bank: Bank, source: Path | bytes, mapping: FileMapping = OWN) -> tuple[Preview, list[Problem]]:
    problems: list[Problem] = []
    return bank.ask(lambda books: preview(books, source, mapping, get_time_ms(), problems.append)), problems


WRONG = [
    (change(barcode=""), "barcode", "BIO-165"),
    (change(left="x"), "left x", "BIO-165"),
    (change(left="-1"), "left -1", "BIO-165"),
    (change(left="1e99"), "left 1e99", "BIO-165"),
    (change(left="nan"), "left nan", "BIO-165"),
    (change(left="0.0000001"), "0.0000001 mg", "BIO-165"),
    (change(unit="stone"), "unit stone", "BIO-165"),
    (change(collected="yesterday"), "collected yesterday", "BIO-165"),
    (change(collected="1492-01-01"), "collected 1492-01-01", "BIO-165"),
    (change(collected="2999-01-01", frozen=""), "a time to come", "BIO-161"),
    (change(kind="a b"), "kind a b", "BIO-165"),
    (change(box=""), "position", "BIO-165"),
    (change(position="Z9"), "position 'Z9'", "BIO-003"),
    (change(box="T9"), "box T9", "BIO-091"),
    (change(donor="D" * 65), "donor DDD", "BIO-165"),
    (change(parent="V9", position="A3"), "parent V9", "BIO-093"),
    (change(parent="V1", position="A3"), "parent V1", "BIO-093"),
    (ROW + ",more", "13 cells", "BIO-165"),
]


@pytest.mark.parametrize(("row", "told", "code"), WRONG)
def test_a_wrong_row_is_told_with_row_barcode_and_position(
    bank: Bank, row: str, told: str, code: str
) -> None:
    before = bank.store.ask(verify)
    found, problems = look(bank, make_file(change(barcode="V0", position="B2"), row))
    assert [one.error.code for one in problems] == [code]
    assert problems[0].row == 3
    assert told in problems[0].error.got
    assert "row 3" in problems[0].error.where
    assert (found.n_rows, found.n_specimens, found.bad) == (2, 1, {3})
    with pytest.raises(OncopolisError, match=code):
        import_file(bank.store, make_file(change(barcode="V0", position="B2"), row), OWN, act())
    assert bank.store.ask(verify) == before


def test_every_problem_of_a_file_is_told_and_nothing_besides(bank: Bank) -> None:
    """A fault in one row makes none in rows that have nothing to do with it, however far away they are."""
    keep(bank.store, [make_tissue(7, 102, 5)])
    good = [f"W{n},D-{n},,,,PL1,,,2020-05-04,,1,ml" for n in range(12_000)]
    late = [f"X{n},D-{n},W{n},,,PL1,,,2020-05-04,,1,ml" for n in range(0, 12_000, 500)]
    rows = [
        change(kind=""),
        *late,
        *good,
        change(),
        change(barcode="V2"),
        change(barcode="V3", position="B3"),
    ]
    found, problems = look(bank, make_file(*rows))
    assert [(one.row, one.error.code) for one in problems] == [
        (2, "BIO-165"), (12_000 + len(late) + 4, "BIO-092"), (12_000 + len(late) + 5, "BIO-092"),
    ]  # fmt: skip
    assert found.n_specimens == 12_000 + len(late) + 1


def test_a_file_in_any_order_comes_in_with_its_families_and_gets_its_records(bank: Bank) -> None:
    rows = (
        change(barcode="V3", parent="V2", position="A3", kind="DNA", left="3", unit="ug"),
        change(barcode="V2", parent="V1", position="A2"),
        "V1,D-7,,,,TIS,C50.1,C50.1,2020-05-04T10:00:00Z,,0,mg,60",
    )
    brought = import_file(bank.store, make_file(*rows, heads=f"{HEADS},initial"), OWN, act())
    assert (brought.n_specimens, brought.n_donors) == (3, 1)
    found = {one.barcode: one for one in bank.ask(lambda books: books.list_of_donor(2))}
    assert found["V3"].parent == found["V2"].id
    assert {one.root for one in found.values()} == {found["V1"].id}
    assert (found["V1"].state, found["V1"].holder, found["V1"].amount) == ("gone", "used up", 60_000)
    assert (found["V3"].amount, found["V3"].unit) == (3, "ug")
    assert bank.store.ask(verify).findings == ()
    publisher = Publisher(bank.store, rest_s=0)
    assert publisher.work() == 3
    assert publisher.work() == 0
    assert bank.store.ask(lambda reading: reading.count("Specimen")) == 3


def test_records_that_were_begun_are_gone_on_with_after_the_end_of_the_server(bank: Bank) -> None:
    rows = [f"W{n},D-{n},,,,PL1,,,2020-05-04,,1,ml" for n in range(250)]
    import_file(bank.store, make_file(*rows), OWN, act())
    stopped = Publisher(bank.store, rest_s=0)
    stopped._stopping.wait = lambda _=None: True  # type: ignore[assignment,method-assign] # after a page
    assert stopped.work() == 100
    bank.store.submit(lambda tx: tx.session.query("UPDATE outbox SET lease_until = 0"), act()).result()
    assert Publisher(bank.store, rest_s=0).work() == 150
    assert bank.store.ask(lambda reading: reading.count("Specimen")) == 250


def test_an_act_takes_a_small_file(bank: Bank, do: Do) -> None:
    told = do("bank_import", after_s=10, file=make_file(ROW).decode())
    assert (told["specimens"], told["donors"]) == (1, 1)
    assert [one.kind for one in bank.store.jobs.list()] == ["bank_records"]
    with pytest.raises(OncopolisError, match=r"row 2, specimen V1, T1-B1 A1.*BIO-090"):
        do("bank_import", file=make_file(ROW).decode())
    with pytest.raises(OncopolisError, match="BIO-167"):
        do("bank_import", file=make_file(*["x"] * (MOST + 1)).decode())
    with pytest.raises(OncopolisError, match="BIO-168"):
        do("bank_import", file=HEADS)
    with pytest.raises(OncopolisError, match="BIO-164"):
        do("bank_import", file=HEADS, mapping="/etc/passwd")


OPEN = """
CP Short Title,PPID,Specimen Label,Class,Type,Parent Specimen Label,Collection Status,Initial Quantity,\
Available Quantity,Created On,Collection Date,Container,Row,Column,Anatomic Site
BREAST,P-1,S-1,Tissue,Frozen Tissue,,Collected,1.5,0,,03-02-2021 09:30,,,,"Breast, NOS"
BREAST,P-1,S-1_1,Tissue,Frozen Tissue,S-1,Collected,0.5,0.5,03-02-2021 11:00,03-02-2021 09:30,T1-B1,B,3,
BREAST,P-1,S-1_2,Molecular,DNA,S-1_1,Collected,5,4,03-03-2021 11:00,03-02-2021 09:30,T1-B1,1,1,
BREAST,P-2,S-2,Fluid,Plasma,,Pending,,,,,,,,
"""


def test_an_export_of_openspecimen_comes_in(bank: Bank) -> None:
    mapping = load_mapping("openspecimen").model_copy(
        update={"times": "%m-%d-%Y %H:%M", "zone": "Asia/Tashkent"}
    )
    text = OPEN.strip().encode()
    found, problems = look(bank, text, mapping)
    assert problems == []
    assert (found.n_rows, found.n_skipped, found.n_specimens, found.n_used_up) == (4, 1, 3, 1)
    import_file(bank.store, text, mapping, act())
    kept = {one.barcode: one for one in bank.ask(lambda books: books.list_of_donor(2))}
    assert (kept["S-1"].state, kept["S-1"].amount, kept["S-1"].unit) == ("gone", 1_500_000, "ug")
    assert (kept["S-1_1"].box, kept["S-1_1"].place, kept["S-1_1"].kind) == (102, 5, "TIS")
    assert (kept["S-1_2"].place, kept["S-1_2"].remaining, kept["S-1_2"].kind) == (0, 4, "DNA")
    assert kept["S-1_1"].made_ms - kept["S-1_1"].collected_ms == 90 * 60_000
    assert kept["S-1"].collected_ms == 1_614_659_400_000  # 2021-03-02 04:30 UTC
    assert bank.store.ask(verify).findings == ()


def test_what_is_exported_is_what_comes_in_elsewhere(bank: Bank, tmp_path: Path) -> None:
    rows = (
        ROW, change(barcode="=V2", parent="V1", position="B1"), change(barcode="0012", box="", position="")
    )  # fmt: skip
    import_file(bank.store, make_file(*rows), OWN, act())
    bank.store.close()
    database = ("--database", f"sqlite:///{tmp_path / 'bank.db'}")
    for name in ("all.csv", "all.xlsx"):
        path, url = str(tmp_path / name), f"sqlite:///{tmp_path / name}.db"
        assert run("export", path, *database) == (0, f"{path}: 3 specimens\n")
        with open_store(url) as store:
            keep(store, make_room())
        assert run("import", path, "--database", url, "--preview")[0] == 0
        assert "3 specimens of 1 new donors" in run("import", path, "--database", url, "--by", "Anna")[1]
        again = tmp_path / f"again-{name}"
        run("export", str(again), "--database", url)
        assert read(again) == read(tmp_path / name)
        code, told = run("compare", str(again), *database)
        assert (code, "3 of 3 rows are as in the books; no difference" in told) == (0, True)


def read(path: Path) -> list[list[Any]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))
    return [list(row) for row in load_workbook(path).worksheets[0].iter_rows(values_only=True)]


def test_where_a_file_and_the_books_differ_is_told(bank: Bank, tmp_path: Path) -> None:
    keep(bank.store, [make_tissue(7, 102, 0), make_tissue(8, 102, 1), make_tissue(9, 103, 0)])
    rows = (
        "S00007,D0001,,T1-B1,A2,TIS,,,2020-05-04,,100,mg", "S00008,D9,,T1-B1,A02,PL1,,,2020-05-04,,99,mg",
        "S00099,D9,,T1-B1,A3,PL1,,,2020-05-04,,99,mg", "S00100,D9,,T1-B1,A3,PL1,,,?,,99,mg",
    )  # fmt: skip
    (tmp_path / "old.csv").write_bytes(make_file(*rows))
    bank.store.close()
    database = ("--database", f"sqlite:///{tmp_path / 'bank.db'}", "--out", str(tmp_path / "out.csv"))
    code, told = run("compare", str(tmp_path / "old.csv"), *database)
    assert code == 1
    assert "1 amount, 1 donor, 1 missing here, 1 place, 1 type, 1 unreadable" in told
    assert "1 specimens are stored in boxes that the file does not name" in told
    assert [row[:3] for row in read(tmp_path / "out.csv")[1:]] == [
        ["5", "S00100", "unreadable"], ["2", "S00007", "place"], ["3", "S00008", "donor"],
        ["3", "S00008", "type"], ["3", "S00008", "amount"], ["4", "S00099", "missing here"],
    ]  # fmt: skip


def test_good_rows_come_in_and_the_others_are_listed_if_that_is_wanted(bank: Bank, tmp_path: Path) -> None:
    rows = (
        ROW,
        change(barcode="V2"),
        change(barcode="V3", parent="V2", position="B1"),
        change(barcode="V4", left="x"),
    )
    (tmp_path / "old.csv").write_bytes(make_file(*rows))
    bank.store.close()
    old = (str(tmp_path / "old.csv"), "--database", f"sqlite:///{tmp_path / 'bank.db'}")
    code, told = run("import", *old, "--preview", "--json")
    assert (code, '"bad_rows": 3' in told) == (1, True)
    assert run("import", *old, "--by", "Anna")[0] == 2
    left = ("--leave-out", "--problems", str(tmp_path / "left.xlsx"))
    code, told = run("import", *old, "--by", "Anna", *left)
    assert (code, "1 specimens of 1 new donors came in; 3 rows were left out" in told) == (0, True)
    assert [row[:4] for row in read(tmp_path / "left.xlsx")] == [
        ["row", "barcode", "position", "code"], [5, "V4", "T1-B1 A1", "BIO-165"],
        [3, "V2", "T1-B1 A1", "BIO-092"], [4, "V3", "T1-B1 B1", "BIO-093"],
    ]  # fmt: skip


NO_TABLES = {
    "empty": b"",
    "zip": b"PK\x03\x04 no workbook",
    "quote": b'barcode,donor\n"V1,D1\n',
    "nul": b"\x00\x01\x02\x03",
    "other": b"a,b\n1,2\n",
    "twice": make_file(ROW, heads=HEADS.replace("site", "kind")),
    "utf-16": b"\xff\xfeb",
}


@pytest.mark.parametrize("name", NO_TABLES)
def test_what_is_no_table_is_refused(bank: Bank, name: str) -> None:
    with pytest.raises(OncopolisError, match=r"BIO-16[26]"):
        look(bank, NO_TABLES[name])


def test_a_spreadsheet_that_rounded_a_barcode_is_told(bank: Bank, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADS.split(","))
    sheet.append(
        [1234567890123456789, "D-7", None, "T1-B1", "A1", "TIS", None, None, "2020-01-01", None, 5, "mg"]
    )
    sheet.append([12345, "D-7", None, "T1-B1", "A1", "TIS", None, None, "2020-01-01", None, 5.5, "mg"])
    book.save(tmp_path / "old.xlsx")
    found, problems = look(bank, tmp_path / "old.xlsx")
    assert [(one.row, "rounded" in one.error.expected) for one in problems] == [(2, True)]
    assert found.n_specimens == 1


def test_storage_comes_in_before_or_not_at_all(bank: Bank) -> None:
    heads = "name,kind,parent,slot,layout,n_rows,n_columns,holds,temperature_c"
    good = [
        "T5,tank,room,,list,1,4,containers,-190",
        "T5-R1,rack,T5,1,list,1,2,containers,",
        "T5-B1,box,T5-R1,,grid,9,9,specimens,",
    ]
    assert import_storage(bank.store, make_file(*good, heads=heads), act()) == 3
    path = bank.ask(lambda books: books.list_path(books.list_named(["T5-B1"])[0].id))
    assert [one.name for one in path] == ["site", "room", "T5", "T5-R1", "T5-B1"]
    for row, code in (
        ("T5,tank,room,,list,1,4,containers,-190", "row 3.*BIO-001"),
        ("T6,tank,nowhere,,list,1,4,containers,-190", "row 3.*BIO-004"),
        ("T6,tank,room,,list,1,many,containers,-190", "row 3.*BIO-169"),
    ):
        with pytest.raises(OncopolisError, match=code):
            import_storage(
                bank.store, make_file("T7,tank,room,,list,1,4,containers,", row, heads=heads), act()
            )
        assert bank.ask(lambda books: books.find_container("T7")) is None
    with pytest.raises(OncopolisError, match="BIO-162"):
        import_storage(bank.store, make_file(heads="name,colour"), act())


def test_columns_of_the_documentation_are_those_that_are_read() -> None:
    page = (Path(__file__).parents[3] / "docs" / "how-to" / "bring_an_inventory_in.md").read_text("utf-8")
    assert all(f"`{name}`" in page for name in COLUMNS)
