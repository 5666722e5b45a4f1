"""Tables are grids of known sources; between their places the figure that is safer is taken."""

import pytest
from pydantic import ValidationError

from oncopolis.design.shielding import (
    Layer,
    compute_area_load_kg_m2,
    compute_footing_load_kg_m2,
    compute_line_load_kg_m,
    get_density_kg_m3,
)
from oncopolis.design.shielding.attenuation import get_scatter_fraction, get_tvl
from oncopolis.design.shielding.bounding import find_bound
from oncopolis.evidence import Table, get_table, list_sources, load_tables
from oncopolis.foundation import EvidenceError, InputError

GRID = Table(
    label="x", unit="cm", column_axis="MV", row_axis="degrees", columns=(6, 10),
    rows={"30": (3, 4), "60": (1, 2)}, source="ncrp151_read", locator="t", status="published", opened=True,
)  # fmt: skip


def test_every_table_has_a_known_source_and_a_place_in_it() -> None:
    for key, table in load_tables("ncrp151").items():
        assert table.source in list_sources(), key
        assert table.locator, key


def test_layers_grow_with_the_energy_and_shrink_with_the_angle() -> None:
    """What the safe choice between two places rests on."""
    tables = load_tables("ncrp151")
    for key in ("primary_tvl.concrete", "leakage_tvl.concrete"):
        for row in tables[key].rows.values():
            figures = [figure for figure in row if figure is not None]
            assert len(figures) == len(row)
            assert figures == sorted(figures), key
    for key in ("scatter_fraction", "scatter_tvl.concrete", "scatter_tvl_first.lead"):
        for column in zip(*tables[key].rows.values(), strict=True):
            figures = [figure for figure in column if figure is not None]
            assert figures == sorted(figures, reverse=True), key


@pytest.mark.parametrize(
    ("row", "column", "value", "is_exact"),
    [(30, 6, 3, True), (60, 10, 2, True), (45, 6, 3, False), (30, 8, 4, False), (45, 8, 4, False)],
)
def test_a_place_in_between_takes_the_largest_around_it(
    row: float, column: float, value: float, is_exact: bool
) -> None:
    found = find_bound(GRID, row, column)
    assert found is not None
    assert found.value == value
    assert (found.note == "") == is_exact


@pytest.mark.parametrize(("row", "column"), [(20, 6), (70, 6), (30, 4), (30, 15)])
def test_outside_of_the_table_there_is_nothing(row: float, column: float) -> None:
    assert find_bound(GRID, row, column) is None


def test_beyond_the_last_angle_the_last_stands_where_figures_fall() -> None:
    found = find_bound(GRID, 90, 6, last_row_goes_on=True)
    assert found is not None
    assert found.value == 1


@pytest.mark.parametrize("mv", [5, 8, 12, 24])
def test_an_energy_between_those_of_the_primary_table_is_refused(mv: float) -> None:
    with pytest.raises(InputError, match="DES-107"):
        get_tvl("primary", Layer("concrete", 1, 2350), mv, {}, "file:1")


def test_4_mv_has_no_scatter_fraction() -> None:
    with pytest.raises(InputError, match="DES-108"):
        get_scatter_fraction(4, 90, "file:1")


def test_what_has_no_table_takes_the_primary_beams() -> None:
    steel = get_tvl("leakage", Layer("steel", 0.1, 7870), 6, {}, "")
    assert (steel.first_m, steel.next_m) == pytest.approx((0.1, 0.1))
    assert steel.note
    assert get_tvl("scatter", Layer("lead", 0.1, 11350), 15, {}, "", 90).first_m == pytest.approx(0.057)
    assert get_tvl("scatter", Layer("lead", 0.1, 11350), 6, {}, "", 90).first_m == pytest.approx(0.010)


@pytest.mark.parametrize(
    "change",
    [{"unit": "furlong"}, {"columns": (10, 6)}, {"rows": {"30": (1,)}}, {"locator": None}],
)
def test_what_is_no_grid_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Table.model_validate(GRID.model_dump() | change)


def test_a_table_that_is_not_there_is_told() -> None:
    with pytest.raises(EvidenceError, match="EVI-006"):
        get_table("ncrp151", "primary_tvl.wood")


def test_a_two_metre_wall_of_five_metres_weighs_23_5_t_a_metre() -> None:
    wall = [Layer("concrete", 2.0, get_density_kg_m3("concrete"))]
    assert compute_line_load_kg_m(wall, 5.0) == pytest.approx(23_500)
    assert compute_area_load_kg_m2(wall) == pytest.approx(4_700)
    assert compute_footing_load_kg_m2(5.0, 2350) == pytest.approx(11_750)
