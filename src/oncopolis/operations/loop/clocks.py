"""Moments that something else tells: a clock that is wrong is found before its time is believed."""

from typing import Final

from oncopolis.foundation import InputError
from oncopolis.foundation.units import MS_PER_DAY, MS_PER_MINUTE
from oncopolis.operations.deciding import Moment

AHEAD_MS: Final = 2 * MS_PER_MINUTE
"""By how much another clock may be ahead of ours."""
BEHIND_MS: Final = MS_PER_DAY
"""How long ago something may be that is told now."""


def is_ahead(told_ms: int, moment: Moment) -> bool:
    """Tell whether a moment lies ahead of our clock: whoever tells it has another time."""
    return told_ms > moment.at_ms + AHEAD_MS


def check_clock(told_ms: int, moment: Moment, where: str) -> None:
    """Refuse a moment that is not over by our clock, or was long ago.

    Raises
    ------
    InputError
        OPS-245
    """
    if is_ahead(told_ms, moment) or told_ms < moment.at_ms - BEHIND_MS:
        house = moment.house
        raise InputError(
            code="OPS-245", where=where, got=f"{house.to_local(told_ms):%Y-%m-%d %H:%M}",
            expected=f"a moment of the day up to {moment.local:%Y-%m-%d %H:%M}",
            fix="correct the time, or the clock it was taken from",
        )  # fmt: skip
