"""How long nitrogen lasts, against arithmetic by hand."""

import pytest

from oncopolis.biobank.watching.nitrogen import Supply, compute_autonomy_days, compute_stocks_l
from oncopolis.foundation import InputError


def test_equal_tanks_share_the_stock() -> None:
    assert compute_autonomy_days(Supply(1000.0, [40.0, 40.0], 8.0, 0.2)) == pytest.approx(5 + 800 / 16)


def test_the_emptiest_tank_is_filled_first() -> None:
    assert compute_autonomy_days(Supply(40.0, [0.0, 80.0], 8.0, 0.0)) == pytest.approx(5.0)
    assert compute_autonomy_days(Supply(96.0, [0.0, 80.0], 8.0, 0.0)) == pytest.approx(11.0)
    assert compute_autonomy_days(Supply(0.0, [16.0, 80.0], 8.0, 0.25)) == pytest.approx(2.0)


def test_a_supplier_who_does_not_come() -> None:
    supply = Supply(100.0, [10.0] * 5, 8.0, 0.2)
    assert compute_stocks_l(supply, [0.0, 100.0], 4) == pytest.approx([50.0, 100.0, 50.0, 0.0])
    assert compute_stocks_l(supply, [], 4) == pytest.approx([50.0, 0.0, 0.0, 0.0])


@pytest.mark.parametrize(
    "supply",
    [Supply(1, [], 8, 0), Supply(1, [1], 0, 0), Supply(1, [1], 8, 1), Supply(-1, [1], 8, 0)],
)
def test_what_cannot_be_is_refused(supply: Supply) -> None:
    with pytest.raises(InputError, match="BIO-133"):
        compute_autonomy_days(supply)
