"""How long liquid nitrogen lasts: with the supplier, and when the supplier does not come."""

from collections.abc import Sequence
from dataclasses import dataclass

from oncopolis.foundation import InputError


@dataclass(frozen=True, slots=True)
class Supply:
    """What there is, and what is used.

    Parameters
    ----------
    stock_l
        In the bulk tank, litres.
    level_l
        In the tanks themselves above the level at which specimens warm, litres, one number a tank.
    use_l_a_day
        What a tank loses in a day, litres.
    lost_share
        Share of what leaves the bulk tank that is lost on the way.
    """

    stock_l: float
    level_l: Sequence[float]
    use_l_a_day: float
    lost_share: float


def compute_autonomy_days(supply: Supply) -> float:
    """Days until the first tank warms if nothing is delivered, the stock being shared where it is needed.

    The stock keeps all tanks at the same number of days: those that have least are filled first.

    Raises
    ------
    InputError
        An amount below nothing, no tank, or no use (BIO-133).
    """
    amounts = (supply.stock_l, *supply.level_l)
    is_sound = supply.level_l and supply.use_l_a_day > 0 and 0 <= supply.lost_share < 1 and min(amounts) >= 0
    if not is_sound:
        raise InputError(
            code="BIO-133", where="supply of nitrogen", got=str(supply)[:100],
            expected="amounts of at least 0, some tanks, a use above 0, and a share below 1",
            fix="correct it",
        )  # fmt: skip
    arriving_l = supply.stock_l * (1 - supply.lost_share)
    days = sorted(level / supply.use_l_a_day for level in supply.level_l)
    for n, (has, next_) in enumerate(zip(days, [*days[1:], float("inf")], strict=True), 1):
        needed_l = (next_ - has) * n * supply.use_l_a_day
        if arriving_l <= needed_l:
            return has + arriving_l / (n * supply.use_l_a_day)
        arriving_l -= needed_l
    raise AssertionError("the last tank takes what is left")


def compute_stocks_l(supply: Supply, deliveries_l: Sequence[float], n_days: int) -> list[float]:
    """What is in the bulk tank at the end of each day; days that are not told bring none."""
    drawn_l = supply.use_l_a_day * len(supply.level_l) / (1 - supply.lost_share)
    stocks, stock_l = [], supply.stock_l
    for day in range(n_days):
        delivered_l = deliveries_l[day] if day < len(deliveries_l) else 0.0
        stock_l = max(stock_l + delivered_l - drawn_l, 0.0)
        stocks.append(stock_l)
    return stocks


def list_deliveries_l(
    delivery_l: float, every_days: int, next_days: int, n_days: int, n_missed: int = 0
) -> list[float]:
    """What a supplier brings on each day to come, the first ``n_missed`` times not coming."""
    times = range(next_days, n_days, every_days) if every_days > 0 else range(0)
    coming = set(times[n_missed:])
    return [delivery_l if day in coming else 0.0 for day in range(n_days)]


def find_empty_day(stocks_l: Sequence[float]) -> int | None:
    """The first day at whose end the bulk tank is empty, counted from 0; None if there is none."""
    return next((day for day, stock in enumerate(stocks_l) if stock <= 0), None)
