"""Places: what may be put where, what moves, and a tank that is emptied."""

from datetime import date

import pytest
from tests.banks import NOON_MS, keep, make_tissue
from tests.unit.biobank.conftest import Do

from oncopolis.biobank.performing import Bank
from oncopolis.biobank.storage.evacuating import list_lines, plan_evacuation
from oncopolis.biobank.storage.filling import map_box
from oncopolis.biobank.storage.finding import get_box
from oncopolis.biobank.storage.forecasting import Forecast, Intake, compute_forecast, forecast
from oncopolis.biobank.storage.geometry import describe, name_place, read_place
from oncopolis.foundation import InputError, OncopolisError
from oncopolis.record.biobank.places import Container


@pytest.mark.parametrize(
    ("layout", "rows", "columns", "names"),
    [
        ("grid", 9, 9, {"A1": 0, "b2": 10, "I9": 80, "A01": 0}),
        ("grid", 8, 12, {"H12": 95, "A12": 11}),
        ("grid", 30, 2, {"AA1": 52, "AD2": 59}),
        ("list", 1, 13, {"1": 0, "13": 12, "007": 6}),
    ],
)
def test_places_of_any_geometry_have_names(
    layout: str, rows: int, columns: int, names: dict[str, int]
) -> None:
    box = Container(1, "B", "box", None, None, layout, rows, columns, "specimens")
    for name, place in names.items():
        assert read_place(box, name) == place
    assert [read_place(box, name_place(box, place)) for place in range(box.n_places)] == list(
        range(rows * columns)
    )
    for wrong in ("", "A0", "Z99", "J10", "14", "-1", "1A", "A" * 50):
        with pytest.raises(InputError, match=f"BIO-003|{describe(box)}"):
            read_place(box, wrong)


def test_a_specimen_is_put_moved_and_taken(bank: Bank, do: Do) -> None:
    keep(bank.store, [make_tissue(1)])
    assert do("bank_place", barcode="S00001", box="T1-B1", position="B3")["position"] == "B3"
    do("bank_place", barcode="S00001", box="T2-B1", position="A1")
    do("bank_take", barcodes=["S00001"])
    do("bank_hand", barcodes=["S00001"], to="Practitioner/bek")
    one = bank.ask(lambda books: books.find_specimen("S00001"))
    assert one is not None
    assert (one.state, one.holder, one.box) == ("out", "Practitioner/bek", None)


REFUSED = [
    ("BIO-011", {"barcode": "S00002", "box": "T1-B1", "position": "A1"}, r"S00002, T1-B1 A1.*S00001"),
    ("BIO-003", {"barcode": "S00002", "box": "T1-B1", "position": "C1"}, "A1 to B3"),
    ("BIO-004", {"barcode": "S00002", "box": "nowhere", "position": "A1"}, "nowhere"),
    ("BIO-005", {"barcode": "S00002", "box": "T1", "position": "1"}, "T1"),
    ("BIO-006", {"barcode": "unknown", "box": "T1-B1", "position": "A2"}, "unknown"),
    ("BIO-007", {"barcode": "S00003", "box": "T1-B1", "position": "A2"}, "destroyed"),
    ("BIO-009", {"barcode": "S00002", "box": "T1-B1", "position": "B1"}, "T1-B1 B1.*broken"),
    ("BIO-010", {"barcode": "S00004", "box": "T1-B1", "position": "A2"}, "transplant material for research"),
    ("BIO-012", {"barcode": "S00001", "box": "F-B1", "position": "A2"}, "-80 degrees"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "said", "told"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_may_not_be_put_there(bank: Bank, do: Do, code: str, said: dict[str, str], told: str) -> None:
    freezer = Container(300, "F", "freezer", 2, 5, "list", 1, 1, "containers", temperature_c=-80.0)
    box = Container(301, "F-B1", "box", 300, 0, "grid", 2, 3, "specimens")
    keep(bank.store, [freezer, box, make_tissue(1, 102, 0), make_tissue(2)])
    keep(
        bank.store, [make_tissue(3, state="gone", holder="destroyed"), make_tissue(4, inventory="transplant")]
    )
    do("bank_hold", box="T1-B1", positions=["B1"], kind="blocked", reason="broken")
    before = bank.ask(lambda books: books.list_in_box(102))
    with pytest.raises(OncopolisError, match=f"(?s){told}.*{code}"):
        do("bank_place", **said)
    assert bank.ask(lambda books: books.list_in_box(102)) == before


def test_a_full_box_says_so(bank: Bank, do: Do) -> None:
    keep(bank.store, [*(make_tissue(n + 1, 102, n) for n in range(6)), make_tissue(9)])
    with pytest.raises(OncopolisError, match=r"full box \(6 of 6\)"):
        do("bank_place", barcode="S00009", box="T1-B1", position="A1")


def test_a_rack_moves_with_its_boxes(bank: Bank, do: Do) -> None:
    keep(bank.store, [make_tissue(1, 102, 0)])
    do("bank_move_container", name="T1-R1", parent="T2")
    path = bank.ask(lambda books: [one.name for one in books.list_path(102)])
    assert path == ["site", "room", "T2", "T1-R1", "T1-B1"]
    with pytest.raises(OncopolisError, match="BIO-018"):
        do("bank_move_container", name="T1-B1", parent="T2-R1", slot="1")
    with pytest.raises(OncopolisError, match="BIO-015"):
        do("bank_move_container", name="T2", parent="T2-R1")
    with pytest.raises(OncopolisError, match="BIO-016"):
        do("bank_move_container", name="T1-B1", parent="T2-B1")
    do(
        "bank_add_container",
        name="X",
        kind="tank",
        parent="room",
        n_columns=2,
        holds="containers",
        inventory="transplant",
    )
    with pytest.raises(OncopolisError, match="BIO-019"):
        do("bank_move_container", name="T1-R1", parent="X")


def test_a_tank_is_emptied_rack_by_rack(bank: Bank, do: Do) -> None:
    keep(bank.store, [make_tissue(n + 1, 102 + n // 6, n % 6) for n in range(9)])
    plan = bank.ask(lambda books: plan_evacuation(books, "T1", NOON_MS))
    lines = bank.ask(lambda books: list_lines(books, plan))
    assert [(one.what, one.into, one.position, one.n_specimens) for one in lines] == [("T1-R1", "T2", "2", 9)]
    do("bank_begin_evacuation", tank="T1")
    with pytest.raises(OncopolisError, match="BIO-021"):
        do("bank_begin_evacuation", tank="T1")
    with pytest.raises(OncopolisError, match="BIO-018"):
        do(
            "bank_add_container",
            name="late",
            kind="rack",
            parent="T2",
            slot="2",
            n_columns=2,
            holds="containers",
        )
    assert do("bank_carry", tank="T1", n=1)["left"] == 0
    assert bank.ask(lambda books: len(books.list_specimens_within(200))) == 9
    assert bank.ask(lambda books: books.find_evacuation(100)) is None


def test_boxes_go_one_by_one_where_racks_do_not_fit_and_vials_where_boxes_do_not(bank: Bank, do: Do) -> None:
    """T2 has no place for a rack, one for a box, and three positions."""
    rack = Container(210, "T2-R2", "rack", 200, 1, "list", 1, 1, "containers")
    full = Container(211, "T2-B9", "box", 210, 0, "grid", 2, 3, "specimens")
    keep(bank.store, [rack, full])
    keep(bank.store, [make_tissue(n + 1, 102 + n // 6, n % 6) for n in range(9)])
    keep(bank.store, [make_tissue(20 + n, 202, n) for n in range(5)])
    keep(bank.store, [make_tissue(30 + n, 203, n) for n in range(6)])
    keep(bank.store, [make_tissue(40 + n, 211, n) for n in range(4)])
    plan = bank.ask(lambda books: plan_evacuation(books, "T1", NOON_MS))
    assert not plan.left
    lines = bank.ask(lambda books: list_lines(books, plan))
    assert [(one.kind, one.into) for one in lines] == [
        ("box", "T2-R1"), ("specimen", "T2-B1"), ("specimen", "T2-B9"), ("specimen", "T2-B9"),
    ]  # fmt: skip
    do("bank_begin_evacuation", tank="T1")
    with pytest.raises(OncopolisError, match="BIO-028"):
        do("bank_place", barcode="S00020", box="T2-B9", position="B2")
    for n in range(1, 5):
        do("bank_carry", tank="T1", n=n)
    assert bank.ask(lambda books: len(books.list_specimens_within(100))) == 0


def test_what_finds_no_place_is_told_and_nothing_begins(bank: Bank, do: Do) -> None:
    keep(bank.store, [make_tissue(n + 1, 102 + n // 6, n % 6) for n in range(9)])
    do("bank_close_container", name="T2", is_closed=True)
    with pytest.raises(OncopolisError, match=r"9 specimens, of which 9 find no place.*S00001"):
        do("bank_begin_evacuation", tank="T1")
    assert bank.ask(lambda books: books.find_evacuation(100)) is None


def test_an_evacuation_is_cancelled(bank: Bank, do: Do) -> None:
    keep(bank.store, [make_tissue(1, 102, 0)])
    do("bank_begin_evacuation", tank="T1")
    do("bank_cancel_evacuation", tank="T1")
    do("bank_place", barcode="S00001", box="T1-B1", position="A2")
    with pytest.raises(OncopolisError, match="BIO-027"):
        do("bank_carry", tank="T1", n=1)


def test_the_day_on_which_the_places_run_out() -> None:
    """1,000 places, 500 taken, 365.25 a year come: half of the rest after 250 days, full after 500."""
    told = compute_forecast(1000, 500, date(2027, 1, 1), lambda _year: 365.25, 0.0, ahead_days=365)
    assert (told.full_on, told.is_warning) == (date(2028, 5, 15), False)
    assert compute_forecast(1000, 900, date(2027, 1, 1), lambda _year: 365.25, 0.0, ahead_days=365).is_warning
    assert compute_forecast(1000, 500, date(2027, 1, 1), lambda _year: 365.25, 0.0, ahead_days=500).is_warning
    assert (
        compute_forecast(1000, 500, date(2027, 1, 1), lambda _year: 100, 0.2, ahead_days=365).full_on is None
    )
    assert not compute_forecast(0, 0, date(2027, 1, 1), lambda _year: 100, 0.2, ahead_days=365).is_warning


def test_tanks_that_are_kept_empty_or_closed_give_no_room(bank: Bank, do: Do) -> None:
    """Two tanks of 6 places that are used; 8 a year come: full after 18 months, or after nine."""
    intake = Intake({2027: 8.0}, 0.0, 0.5, 365)

    def tell() -> Forecast:
        return bank.ask(lambda books: forecast(books, intake, date(2027, 3, 1), NOON_MS))

    assert (tell().n_places, tell().is_warning) == (12, False)
    do("bank_close_container", name="T2", is_closed=True)
    assert (tell().n_places, tell().is_warning) == (6, True)


def list_uses(bank: Bank, box: str) -> str:
    """The positions of a box as letters: free, taken, reserved, blocked."""
    found = bank.ask(lambda books: map_box(books, get_box(books, box), NOON_MS + 1))
    return "".join(one.use[0] for one in found)


def test_positions_boxes_and_racks_are_reserved_blocked_and_freed(bank: Bank, do: Do) -> None:
    keep(bank.store, [make_tissue(1, 102, 0)])
    do("bank_hold", box="T1-B1", positions=["A2", "A3"], kind="blocked", reason="cracked")
    assert list_uses(bank, "T1-B1") == "tbbfff"
    assert do("bank_hold", box="T1-R1", kind="reserved", reason="study 7")["positions"] == 9
    assert (list_uses(bank, "T1-B1"), list_uses(bank, "T1-B2")) == ("tbbrrr", "rrrrrr")
    with pytest.raises(OncopolisError, match="BIO-223"):
        do("bank_hold", box="T1-R1", kind="reserved")
    with pytest.raises(OncopolisError, match=r"T1-B1 A1.*S00001.*BIO-020"):
        do("bank_hold", box="T1-B1", positions=["B1", "A1"], kind="reserved")
    with pytest.raises(OncopolisError, match="BIO-003"):
        do("bank_hold", box="T1-B1", positions=["C9"], kind="free")
    do("bank_hold", box="T1-B1", positions=["B3"], kind="free")
    assert list_uses(bank, "T1-B1") == "tbbrrf"
    assert do("bank_hold", box="T1", kind="free")["positions"] == 10
    assert (list_uses(bank, "T1-B1"), list_uses(bank, "T1-B2")) == ("tfffff", "ffffff")
    with pytest.raises(OncopolisError, match="BIO-223"):
        do("bank_hold", box="T1", kind="free")


BOX_PLACES = ("A1", "A2", "A3", "B1", "B2", "B3")


def test_what_an_evacuation_needs_is_not_reserved(bank: Bank, do: Do) -> None:
    keep(bank.store, [make_tissue(1, 102, 0)])
    keep(bank.store, [make_tissue(n, 202 + (n > 7), (n - 2) % 6) for n in range(2, 11)])
    do("bank_begin_evacuation", tank="T1")
    held = do("bank_hold", box="T2", kind="reserved")["positions"]
    promised = bank.ask(lambda books: books.list_promised([202, 203]))
    assert held + len(promised) == 3
    for box, place in promised:
        with pytest.raises(OncopolisError, match="BIO-028"):
            do("bank_hold", box=f"T2-B{box - 201}", positions=[BOX_PLACES[place]], kind="blocked")


def test_labels_are_found_by_a_part_of_them(bank: Bank) -> None:
    keep(bank.store, [make_tissue(1, 102, 0), make_tissue(12)])
    named = bank.ask(lambda books: [one.name for one in books.list_like("-b1", "specimens", 9)])
    assert named == ["T1-B1", "T2-B1"]
    assert bank.ask(lambda books: books.list_like("%", None, 9)) == []
    assert bank.ask(lambda books: len(books.list_like("T", "containers", 3))) == 3
    assert [one.barcode for one in bank.ask(lambda books: books.list_begun("S0000", 9))] == ["S00001"]
