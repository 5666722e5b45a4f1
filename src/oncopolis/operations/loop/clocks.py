"""Moments that something else tells: a clock that is wrong is found before its time is believed.

The one rule for every intake. What lies ahead of our clock is never believed. How long ago something may be
depends on what it is: what a machine tells as it happens for minutes, what somebody writes down for a day.
Whoever takes in what a machine tells parks what is off on the list of its owner; a person is told at once.
"""

from typing import Final

from oncopolis.foundation import InputError
from oncopolis.foundation.units import MS_PER_DAY, MS_PER_MINUTE
from oncopolis.operations.deciding import Moment

AHEAD_MS: Final = 2 * MS_PER_MINUTE
"""By how much another clock may be ahead of ours."""
AT_ONCE_MS: Final = 30 * MS_PER_MINUTE  # structure: finds a clock that is an hour off
"""How long ago something may be that a machine tells as it happens."""
BEHIND_MS: Final = MS_PER_DAY
"""How long ago something may be that is told now."""


def is_ahead(told_ms: int, moment: Moment) -> bool:
    """Tell whether a moment lies ahead of our clock: whoever tells it has another time."""
    return told_ms > moment.at_ms + AHEAD_MS


def is_off(told_ms: int, moment: Moment, behind_ms: int = AT_ONCE_MS) -> bool:
    """Tell whether a moment cannot be that of something that is told now."""
    return is_ahead(told_ms, moment) or told_ms < moment.at_ms - behind_ms


def check_clock(told_ms: int, moment: Moment, where: str) -> None:
    """Refuse a moment that is not over by our clock, or was long ago.

    Raises
    ------
    InputError
        OPS-245
    """
    if is_off(told_ms, moment, BEHIND_MS):
        house = moment.house
        raise InputError(
            code="OPS-245", where=where, got=f"{house.to_local(told_ms):%Y-%m-%d %H:%M}",
            expected=f"a moment of the day up to {moment.local:%Y-%m-%d %H:%M}",
            fix="correct the time, or the clock it was taken from",
        )  # fmt: skip
