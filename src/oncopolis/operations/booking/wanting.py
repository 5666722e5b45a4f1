"""What somebody wants a time for."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from oncopolis.centre.number import USUAL_PRIORITY
from oncopolis.foundation.units import DAYS_PER_WEEK
from oncopolis.operations.booking.slots import N_SLOTS, make_mask
from oncopolis.operations.booking.views import Window

Part = Literal["morning", "afternoon"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A time for one activity.

    Parameters
    ----------
    n_slots
        How long, in slots.
    window
        Days on which it should be.
    part
        Part of the day that is wished for.
    about
        Slot of the day the nearest to which is wished for; the earliest if None.
    units
        Units wished for: the same person or machine as before.
    only
        Unit without which it is not done (the machine of a series); empty if none.
    without
        Days on which it must not be: ordinals.
    """

    patient: str
    activity: str
    n_slots: int
    window: Window
    priority: int = USUAL_PRIORITY
    part: Part | None = None
    about: int | None = None
    units: tuple[str, ...] = ()
    only: str = ""
    without: Collection[int] = ()

    @property
    def is_urgent(self) -> bool:
        """Whether it may have what is kept for the urgent."""
        return self.priority < USUAL_PRIORITY

    @property
    def has_wishes(self) -> bool:
        """Whether it wishes for more than any time."""
        return self.part is not None or bool(self.units)


def find_part(part: Part | None) -> int:
    """Return the slots at which something of a part of the day may begin."""
    noon = N_SLOTS // 2
    if part is None:
        return make_mask(0, N_SLOTS)
    return make_mask(0, noon) if part == "morning" else make_mask(noon, N_SLOTS)


def list_days(window: Window, first: date, last: date) -> Iterator[date]:
    """Yield the days of a window in the order they are tried: from the target on, then before it.

    Parameters
    ----------
    first, last
        Days between which anything can be booked.
    """
    target = max(window.target, window.earliest, first)
    end = last if window.latest is None else min(window.latest, last)
    for n in range((end - target).days + 1):
        yield target + timedelta(days=n)
    before = min(target - timedelta(days=1), end)
    while before >= max(window.earliest, first):
        yield before
        before -= timedelta(days=1)


def shorten(window: Window) -> Window:
    """Return a window for wishes: they may cost a week after the day that is aimed at, not more."""
    latest = max(window.target, window.earliest) + timedelta(days=DAYS_PER_WEEK)
    return Window(
        window.earliest, window.target, latest if window.latest is None else min(latest, window.latest)
    )
